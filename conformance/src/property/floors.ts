import { canFill, type PlanLimits } from './generate.ts';
import { KINDS, type Kind, type Theme } from './plan.ts';

/** What costs much of a relay, and what is rare by nature: once is enough. */
const ONCE: readonly Kind[] = ['largest', 'too-large', 'full', 'hello-wrong', 'hello-beyond', 'elsewhere'];
const USUAL = 3;

/** Of the theme of expiry alone, and of faults. */
const OF_EXPIRY: readonly Kind[] = ['ttl-short', 'expired'];
const OF_FAULTS: readonly Kind[] = ['restart', 'kill'];

/** Kinds of operations that the limits of a relay leave no room for. */
export function impossibleKinds({ maxBlob, ...limits }: PlanLimits): readonly Kind[] {
  return [
    ...(maxBlob === undefined ? (['largest', 'too-large'] as const) : []),
    ...(canFill({ ...limits, ...(maxBlob !== undefined && { maxBlob }) }) ? [] : (['full'] as const)),
  ];
}

/** How often each kind of operation has to be carried out by the plans of a theme. */
export function floorsFor(theme: Theme, limits: PlanLimits): ReadonlyMap<Kind, number> {
  const impossible = impossibleKinds(limits);
  const floors = (kinds: readonly Kind[], usual: number) =>
    new Map(
      kinds
        .filter((kind) => !impossible.includes(kind))
        .map((kind) => [kind, ONCE.includes(kind) ? 1 : usual] as const),
    );
  if (theme === 'expiry') return floors(OF_EXPIRY, USUAL);
  if (theme === 'faults') return floors(OF_FAULTS, 1);
  return floors(
    KINDS.filter((kind) => !OF_EXPIRY.includes(kind) && !OF_FAULTS.includes(kind)),
    USUAL,
  );
}
