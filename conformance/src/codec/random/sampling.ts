import type fc from 'fast-check';
import type { Trial } from '../trial.ts';

/** Random requests of one kind, each with what the reference makes of it. */
export interface Sampling {
  /** A requirement and a slug, as the ids of checks have it. */
  readonly id: string;
  readonly title: string;
  /** Beyond the one its id begins with. */
  readonly requirements?: readonly string[];
  /** The operation of its requests. */
  readonly op: string;
  /** How many are tried; `--runs` changes all in the same proportion. */
  readonly runs: number;
  trials(): fc.Arbitrary<SampledTrial>;
}

export interface SampledTrial extends Trial {
  /** The one that a wrong answer breaks; left out, that of the sampling. */
  readonly requirement?: string;
  /** What was changed in it, where that cannot be seen in its bytes. */
  readonly about?: string;
}

/** Bytes as hex and integers of 64 bits as decimal strings, as values travel to a driver. */
export function shown(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shown(inner)]));
}

/** What the reference's answer, or the class of its error, allows. @throws what is no error of its kind */
export function allowed(run: () => Record<string, unknown>): Trial['allowed'] {
  try {
    return { ok: [shown(run()) as Record<string, unknown>] };
  } catch (error) {
    const { errorClass } = error as { errorClass?: string };
    if (errorClass === undefined) throw error;
    return { errors: [errorClass] };
  }
}
