/** One measured number beside the limit that was measured with it, in turns, and what is asked of the two. */
export interface Figure {
  readonly subject: string;
  readonly name: string;
  readonly unit: string;
  /** One value for each round. */
  readonly values: readonly number[];
  /** What could be reached at best on this machine in the same minute; no limit for a figure asked for by itself. */
  readonly limit?: { readonly name: string; readonly values: readonly number[] };
  readonly asked?: Bound;
}

/** What is asked of the ratio of value and limit, or of the value where there is no limit. */
export interface Bound {
  readonly sign: '≥' | '≤';
  readonly value: number;
}

export const atLeast = (value: number): Bound => ({ sign: '≥', value });
export const atMost = (value: number): Bound => ({ sign: '≤', value });

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Half of what lies between the quarters, as a part of the median: the ± of the table. */
export function spread(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.round(part * (sorted.length - 1))]!;
  return (at(0.75) - at(0.25)) / 2 / median(values);
}

/** The median of the rounds' ratios: value and limit of one round saw the same machine. */
export function ratioOf({ values, limit }: Figure): number | undefined {
  return limit && median(values.map((value, round) => value / limit.values[round]!));
}

/** Whether what was asked came true; undefined where nothing was asked. */
export function isMet(figure: Figure): boolean | undefined {
  if (!figure.asked) return undefined;
  const { sign, value } = figure.asked;
  const reached = ratioOf(figure) ?? median(figure.values);
  return sign === '≥' ? reached >= value : reached <= value;
}
