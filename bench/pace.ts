/** How long measuring may take. */
export interface Pace {
  /** How often each figure is measured, in turns with its limit. */
  readonly rounds: number;
  /** How long one measurement of calls takes, ms. */
  readonly ms: number;
  /** How long one measurement over the network takes, ms. */
  readonly networkMs: number;
}

export const FULL: Pace = { rounds: 5, ms: 150, networkMs: 700 };
/** Enough to see that everything runs; the figures mean little. */
export const QUICK: Pace = { rounds: 1, ms: 10, networkMs: 100 };
