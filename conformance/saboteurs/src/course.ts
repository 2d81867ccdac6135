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
 * The parts of a run, each with a relay of its own. The order is the same for all: what takes no more than a moment comes
 * first, restarts included, so that a run that stops early has seen most checks in little time.
 */
export function legsOf(saboteur: Saboteur, checks: readonly Check[]): Leg[] {
  const parts = [
    checks.filter((check) => !check.slow && !wantsRates(check)),
    checks.filter((check) => check.slow && !wantsRates(check)),
    checks.filter((check) => wantsRates(check)),
  ];
  return parts
    .filter((part) => part.length > 0)
    .map((part) => ({
      checks: part,
      target: new ChildTarget(sabotagedRelay(saboteur, part.some(wantsRates) ? 'certify-limits.toml' : 'certify.toml')),
    }));
}
