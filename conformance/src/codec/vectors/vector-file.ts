import { readFileSync } from 'node:fs';

/** Hex, a repeated piece of it, or pieces one after the other. Texts that are repeated have the same form. */
export type Bytes = string | { readonly repeat: string; readonly times: number } | readonly Bytes[];

/** What all vectors have in common; each type of group adds its own. */
export interface Vector {
  readonly tcId: number;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly requirements: readonly string[];
  readonly result: 'valid' | 'acceptable' | 'invalid';
  readonly error?: string;
  readonly otherErrors?: readonly string[];
}

export interface Group {
  readonly type: string;
  readonly tests: readonly Vector[];
}

const files = new Map<string, readonly Group[]>();

/** The groups of a file of @0k-sync/vectors, by its name without `.json`. Read once. */
export function groupsOf(file: string): readonly Group[] {
  let groups = files.get(file);
  if (!groups) {
    const url = new URL(import.meta.resolve(`@0k-sync/vectors/${file}.json`));
    groups = (JSON.parse(readFileSync(url, 'utf8')) as { testGroups: Group[] }).testGroups;
    files.set(file, groups);
  }
  return groups;
}

/** All of it, written out. */
export function expand(value: Bytes): string {
  if (typeof value === 'string') return value;
  return 'repeat' in value ? value.repeat.repeat(value.times) : value.map(expand).join('');
}

/** A value of a vector with all that is repeated in it written out. */
export function expandAll(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('repeat' in value && 'times' in value) return expand(value as unknown as Bytes);
  if (Array.isArray(value)) {
    return value.some((piece) => typeof piece === 'object' && piece !== null && 'repeat' in piece)
      ? expand(value)
      : value.map(expandAll);
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, expandAll(inner)]));
}

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
