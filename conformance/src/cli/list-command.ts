import { AREAS } from '@0k-sync/spec';
import { chaosChecks } from '../chaos/chaos.ts';
import { registry } from '../checks/index.ts';
import { codecRegistry } from '../codec/checks.ts';
import type { Check } from '../registry.ts';
import { columns } from '../report/style.ts';
import { select } from '../selection.ts';

/** Prints the checks by area, the scenarios of --chaos and those of --codec among them. @throws UsageError */
export async function listCommand(options: { profile?: readonly string[]; only?: readonly string[] }): Promise<void> {
  const profiles = options.profile ?? ['all'];
  const checks = select([...registry.all(), ...chaosChecks(), ...codecRegistry.all()], {
    profiles,
    ...(options.only && { only: options.only }),
  });
  const blocks = [...new Set(checks.map((check) => check.area))].map((area) => {
    const title = (AREAS as readonly { area: string; title: string }[]).find((entry) => entry.area === area)?.title;
    const rows = checks
      .filter((check) => check.area === area)
      .map((check) => [`  ${check.id}`, check.profile, levelOf(check), needsOf(check), check.title]);
    return [`${area}${title ? `  ${title}` : ''}`, ...columns(rows, 5)].join('\n');
  });
  process.stdout.write(`${blocks.join('\n\n')}\n`);
}

/** That of the requirement in its id. */
function levelOf({ requirements }: Check): string {
  return requirements[0]!.level;
}

function needsOf({ needs, slow }: Check): string {
  return [...needs, ...(slow ? ['slow'] : [])].join(',');
}
