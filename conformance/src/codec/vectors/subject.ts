import { ERROR_CLASSES } from '@0k-sync/spec';
import type { Values } from '../driver-process.ts';
import type { Allowed, Trial } from '../trial.ts';
import type { Group, Vector } from './vector-file.ts';

/** What one operation makes of the vectors of one type of group. */
export interface Subject {
  /** An operation of driver.yaml. */
  readonly op: string;
  /** The vectors of the operation that belong together in a check; left out, all of them: the operation's name. */
  readonly part?: string;
  /** A file of vectors/, without `.json`. */
  readonly file: string;
  /** A type of its groups. */
  readonly group: string;
  /** Which vectors are about the operation; left out, all. */
  applies?(vector: Vector, group: Group): boolean;
  /** The requests that a vector makes, and what it allows as answers. */
  trials(vector: Vector, group: Group): Trial[];
}

/**
 * A subject whose vectors have fields of their own, `V`, and make one request each.
 *
 * @param ask the inputs, and the outputs where there are any to be right
 */
export function subject<V>(
  place: Pick<Subject, 'op' | 'file' | 'group'> & Partial<Pick<Subject, 'part'>>,
  ask: (vector: V & Vector) => { input: Values; ok?: Values },
  applies?: (vector: V & Vector) => boolean,
): Subject {
  return {
    ...place,
    ...(applies && { applies: (vector) => applies(vector as V & Vector) }),
    trials(vector) {
      const { input, ok } = ask(vector as V & Vector);
      return [{ op: place.op, input, allowed: allowedBy(vector, ok ?? {}) }];
    },
  };
}

/** What the verdict of a vector allows, if `ok` is what it gives. */
export function allowedBy({ result, error, otherErrors = [] }: Vector, ok: Values): Allowed {
  // The claim is wrong, not the input: whatever comes must be something else.
  if (error === 'mismatch') return { not: ok };
  if (result === 'invalid') return { errors: [error!, ...otherErrors] };
  // Where a vector may be refused, it does not say why.
  return { ok: [ok], ...(result === 'acceptable' && { errors: ERROR_CLASSES }) };
}

/** Whether writing what the vector reads as gives its bytes. */
export function isCanonical({ flags }: Vector): boolean {
  return flags.includes('Canonical');
}
