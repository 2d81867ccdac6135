import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { type CryptoProvider, nobleCrypto } from '../src/index.ts';
import { nodeCrypto } from '../src/node.ts';

/** Hex, a repeated piece of it, or pieces one after the other. */
export type Bytes = string | { repeat: string; times: number } | Bytes[];

/** What all vectors have in common; each type of group adds its own. */
export interface Vector {
  tcId: number;
  comment: string;
  flags: string[];
  result: 'valid' | 'acceptable' | 'invalid';
  error?: string;
  otherErrors?: string[];
}

export const providers: CryptoProvider[] = [nobleCrypto, nodeCrypto];

export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export function fromHex(value: Bytes): Uint8Array {
  return new Uint8Array(Buffer.from(expand(value), 'hex'));
}

export function expand(value: Bytes): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.map(expand).join('') : value.repeat.repeat(value.times);
}

/** A file of vectors, which counts those that were given out, so that none can be left out unnoticed. */
export class VectorFile {
  readonly numberOfTests: number;
  ran = 0;
  readonly #groups: { type: string; tests: unknown[] }[];

  constructor(name: string) {
    const file = JSON.parse(readFileSync(new URL(import.meta.resolve(`@0k-sync/vectors/${name}.json`)), 'utf8')) as {
      numberOfTests: number;
      testGroups: { type: string; tests: unknown[] }[];
    };
    this.numberOfTests = file.numberOfTests;
    this.#groups = file.testGroups;
  }

  /** Runs every vector of the groups of that type. */
  each<T>(type: string, run: (vector: T & Vector, name: string) => void): void {
    for (const group of this.#groups.filter((group) => group.type === type)) {
      for (const vector of group.tests as (T & Vector)[]) {
        this.ran++;
        run(vector, `${vector.tcId}: ${vector.comment}`);
      }
    }
  }
}

/**
 * Holds what `run` does against the verdict of the vector: valid does not throw, invalid throws one of its error classes, and
 * acceptable does either, but only by such an error.
 * @param classOf the error class of an error that the code under test may throw, else undefined
 * @returns whether `run` came to its end
 */
export function judge(vector: Vector, name: string, classOf: (error: unknown) => string | undefined, run: () => void) {
  let error: unknown;
  try {
    run();
  } catch (thrown) {
    error = thrown;
  }
  const errorClass = error === undefined ? 'accepted' : classOf(error);
  if (errorClass === undefined) throw new Error(`${name}: not one of the errors that it may throw`, { cause: error });
  if (vector.result === 'valid') expect(errorClass, name).toBe('accepted');
  if (vector.result === 'invalid') expect([vector.error, ...(vector.otherErrors ?? [])], name).toContain(errorClass);
  return error === undefined;
}
