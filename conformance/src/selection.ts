import { nearest } from './nearest.ts';
import type { Check } from './registry.ts';
import { COMMAND } from './version.ts';

/** The profiles that a run covers unless told otherwise: what every relay has to keep. */
export const DEFAULT_PROFILES: readonly string[] = ['core', 'membership', 'ops'];

/** The word for what depends on the seed: every check that searches by plans. */
const PROPERTIES = 'properties';

/** What the person asked for. */
export interface Selection {
  /** Profile names, or `all`; left out: the default ones, or every profile if `only` is given. */
  readonly profiles?: readonly string[];
  /** Patterns: a check id, a requirement id, an area or `properties`, with `*` for any characters. */
  readonly only?: readonly string[];
}

/** The person asked for something that does not exist: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * The checks that a selection names, in their order.
 *
 * @throws UsageError for a profile without checks, and for each pattern that matches nothing: a filter that silently
 *   selects nothing would look like a relay that passes.
 */
export function select(checks: readonly Check[], selection: Selection): Check[] {
  const known = [...new Set(checks.map((check) => check.profile))];
  const asked = selection.profiles ?? (selection.only ? ['all'] : DEFAULT_PROFILES);
  const unknown = selection.profiles?.find((profile) => profile !== 'all' && !known.includes(profile));
  if (unknown !== undefined) {
    throw new UsageError(
      `no check belongs to profile "${unknown}"${nearest(unknown, known)}; there are ${known.join(', ')} and all`,
    );
  }
  const inProfile = checks.filter((check) => asked.includes('all') || asked.includes(check.profile));
  if (!selection.only) return inProfile;

  const patterns = selection.only.map((text) => ({ text, pattern: globPattern(text) }));
  for (const { text, pattern } of patterns) {
    if (inProfile.some((check) => matches(check, pattern))) continue;
    const names = checks.flatMap(({ id, area, requirements }) => [area, ...requirements.map((each) => each.id), id]);
    names.push(PROPERTIES);
    const elsewhere = checks.find((check) => matches(check, pattern));
    throw new UsageError(
      elsewhere
        ? `--only ${text} matches nothing in profile ${asked.join(', ')}; ${elsewhere.id} is in profile ${elsewhere.profile}`
        : `--only ${text} matches no check, requirement or area${nearest(text, names)}; \`${COMMAND} list\` shows them`,
    );
  }
  return inProfile.filter((check) => patterns.some(({ pattern }) => matches(check, pattern)));
}

function matches(check: Check, pattern: RegExp): boolean {
  if (check.isProperty && pattern.test(PROPERTIES)) return true;
  return pattern.test(check.id) || pattern.test(check.area) || check.requirements.some(({ id }) => pattern.test(id));
}

/** `*` stands for any characters, also none; everything else for itself. Case does not matter. */
export function globPattern(text: string): RegExp {
  const literal = (part: string) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${text.split('*').map(literal).join('.*')}$`, 'i');
}
