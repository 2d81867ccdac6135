/** How many plans a relay is given, and how many of them at once. */
export interface Pace {
  /** Plans that are enough, if every kind of operation is among them often enough. */
  readonly enough: number;
  readonly atOnce: number;
}

/** As many plans as a relay gets that answers at once. */
export const MAX_PLANS = 30;
/** With fewer than these there is no verdict. */
export const LEAST_PLANS = 5;

/** A plan takes about fifty round trips: what is left of the time of a search is for slow ones. */
const ROUND_TRIPS_MS = 3600;
/** From here on the way takes longer than the relay, so that plans beside each other do not blur the races. */
const FAR_MS = 20;

/** How many plans fit in the time of a search, by how long the relay takes for one answer, in milliseconds. */
export function paceFor(roundTripMs: number): Pace {
  const fitting = Math.floor(ROUND_TRIPS_MS / Math.max(1, roundTripMs));
  return {
    enough: Math.min(MAX_PLANS, Math.max(LEAST_PLANS, fitting)),
    atOnce: roundTripMs > FAR_MS ? 4 : 2,
  };
}
