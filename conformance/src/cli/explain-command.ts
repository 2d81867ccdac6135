import type { Requirement } from '@0k-sync/spec';
import { chaosChecks } from '../chaos/chaos.ts';
import { registry } from '../checks/index.ts';
import { codecRegistry } from '../codec/checks.ts';
import { nearest } from '../nearest.ts';
import type { Check } from '../registry.ts';
import { wrap } from '../report/style.ts';
import { UsageError } from '../selection.ts';
import { NEEDS } from '../target/target.ts';
import { COMMAND } from '../version.ts';

const WIDTH = 100;

/** What is not in the registry of relays: chaos scenarios, and the checks of codecs. */
const OTHERS = [...chaosChecks(), ...codecRegistry.all()];

/** Explains a requirement, or a check or chaos scenario and its requirements. @throws UsageError */
export async function explainCommand(id: string): Promise<void> {
  const name = id.replace(/^[a-z]+-([a-z]+-)?/, (area) => area.toUpperCase());
  const check = registry.get(name) ?? OTHERS.find((other) => other.id === name);
  const requirement = registry.requirements.get(name);
  // A check without a slug has the id of its requirement: that is explained, and the check is named there.
  if (requirement) process.stdout.write(`${explainRequirement(requirement)}\n`);
  else if (check) process.stdout.write(`${explainCheck(check)}\n`);
  else {
    const checks = [...registry.all(), ...OTHERS];
    const names = [...registry.requirements.keys(), ...checks.map((each) => each.id), 'config'];
    throw new UsageError(
      `"${id}" is no requirement and no check${nearest(id, names)}; \`${COMMAND} list\` shows the checks`,
    );
  }
}

function explainRequirement(requirement: Requirement): string {
  const { untestable } = requirement;
  const citing = OTHERS.filter(({ requirements }) => requirements.includes(requirement));
  const checks = [...registry.verifying(requirement.id), ...citing];
  return [
    `${requirement.id}  ${requirement.level}, ${requirement.party === 'both' ? 'both sides' : requirement.party}, profile ${requirement.profile}`,
    '',
    wrap(requirement.text, WIDTH, '  '),
    '',
    field('why', requirement.why),
    field('source', SOURCES[requirement.source]),
    ...(requirement.errors ? [field('errors', requirement.errors.join(', '))] : []),
    ...(untestable ? [field('untestable', `${untestable.reason} Covered by ${untestable.covered_by}.`)] : []),
    ...(requirement.planned ? [field('planned', 'the kit has no check for it yet')] : []),
    '',
    ...(checks.length === 0
      ? ['  No check verifies it.']
      : ['  Verified by:', ...checks.map((check) => `    ${check.id}  ${check.title}`)]),
  ].join('\n');
}

function explainCheck(check: Check): string {
  return [
    `${check.id}  ${check.title}`,
    '',
    field('profile', check.profile),
    ...check.needs.map((need) => field('needs', NEEDS[need])),
    ...(check.slow ? [field('slow', 'it takes seconds: --quick leaves it out')] : []),
    '',
    ...check.requirements.flatMap((requirement) => [explainRequirement(requirement), '']),
  ]
    .join('\n')
    .trimEnd();
}

const SOURCES = {
  deployed: 'the implementation in use behaves so, or documents it',
  rfc: 'another specification says it',
  decision: 'decided for this protocol',
} as const;

function field(name: string, text: string): string {
  return `  ${name.padEnd(10)}  ${wrap(text, WIDTH, ' '.repeat(14)).trimStart()}`;
}
