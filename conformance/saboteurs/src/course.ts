import { registry } from '../../src/checks/index.ts';
import { wantsRates } from '../../src/cli/run-command.ts';
import type { Check } from '../../src/registry.ts';
import type { Leg } from '../../src/run/legs.ts';
import { select } from '../../src/selection.ts';
import { ChildTarget } from '../../src/target/child.ts';
import { sabotagedRelay } from './launch.ts';
import { isBroken, type Saboteur } from './saboteur.ts';

/** The checks that a saboteur is tried with: those of its profile, or of a run that nobody has told otherwise. */
export function checksFor(saboteur: Saboteur): Check[] {
  const profile = isBroken(saboteur) ? saboteur.profile : undefined;
  return select(registry.all(), profile === undefined ? {} : { profiles: [profile] });
}

/**
 * The parts of a run, made at the same time, each with a relay of its own: what takes a moment, what takes seconds, and what
 * must not run beside others, such as restarts. So a saboteur that only one of them finds need not wait for the others. The
 * order within each is the same for all.
 */
export function legsOf(saboteur: Saboteur, checks: readonly Check[]): Leg[] {
  const { rated = [], free = [] } = Object.groupBy(checks, (check) => (wantsRates(check) ? 'rated' : 'free'));
  const parts = [
    free.filter(({ slow, alone }) => !slow && !alone),
    free.filter(({ slow, alone }) => slow && !alone),
    free.filter(({ alone }) => alone),
    rated.filter(({ slow }) => !slow),
    rated.filter(({ slow }) => slow),
  ];
  return parts
    .filter((part) => part.length > 0)
    .map((part) => ({
      checks: part,
      target: new ChildTarget(sabotagedRelay(saboteur, part.some(wantsRates) ? 'certify-limits.toml' : 'certify.toml')),
    }));
}
