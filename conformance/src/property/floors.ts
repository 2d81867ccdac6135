import { canFill, type PlanLimits } from './generate.ts';
import { KINDS, type Kind, type Theme } from './plan.ts';

/** What costs much of a relay, and what is rare by nature: once is enough. */
const ONCE: readonly Kind[] = ['largest', 'too-large', 'full', 'hello-wrong', 'hello-beyond', 'elsewhere'];
const USUAL = 3;

const OF_EXPIRY: readonly Kind[] = ['ttl-short', 'expired', 'push', 'pull-zero'];
const OF_FAULTS: readonly Kind[] = ['restart', 'kill', 'push', 'pull-zero'];

/**
 * How often each kind of operation has to be carried out by all plans of a theme together. What the relay's limits leave no
 * room for is left out.
 */
export function floorsFor(theme: Theme, limits: PlanLimits): ReadonlyMap<Kind, number> {
  if (theme === 'faults') return new Map(OF_FAULTS.map((kind) => [kind, 1]));
  if (theme === 'expiry') return new Map(OF_EXPIRY.map((kind) => [kind, USUAL]));
  const others: readonly Kind[] = ['ttl-short', 'expired', 'restart', 'kill'];
  const impossible: readonly Kind[] = [
    ...(limits.maxBlob === undefined ? (['largest', 'too-large'] as const) : []),
    ...(canFill(limits) ? [] : (['full'] as const)),
  ];
  const kinds = KINDS.filter((kind) => !others.includes(kind) && !impossible.includes(kind));
  return new Map(kinds.map((kind) => [kind, ONCE.includes(kind) ? 1 : USUAL]));
}
