import { AREAS } from '@0k-sync/spec';
import { registry } from '../checks/index.ts';
import { columns } from '../report/style.ts';
import { select } from '../selection.ts';

/** Prints the checks by area. @throws UsageError */
export async function listCommand(options: { profile?: readonly string[]; only?: readonly string[] }): Promise<void> {
  const profiles = options.profile ?? ['all'];
  const checks = select(registry.all(), { profiles, ...(options.only && { only: options.only }) });
  const blocks = [...new Set(checks.map((check) => check.area))].map((area) => {
    const title = (AREAS as readonly { area: string; title: string }[]).find((entry) => entry.area === area)?.title;
    const rows = checks
      .filter((check) => check.area === area)
      .map((check) => [`  ${check.id}`, check.profile, check.needs.join(','), check.title]);
    return [`${area}${title ? `  ${title}` : ''}`, ...columns(rows, 4)].join('\n');
  });
  process.stdout.write(`${blocks.join('\n\n')}\n`);
}
