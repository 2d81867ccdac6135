/** Every vector of vectors/kdf.json, with both crypto providers. */
import { describe, expect, test } from 'vitest';
import { type CryptoProvider, contentKey, createGroup, type GroupKeyPurpose, groupKey } from '../src/index.ts';
import { fromHex, judge, providers, toHex, type Vector, VectorFile } from './vector-file.ts';

interface GroupKeyVector {
  group_secret: string;
  purpose: GroupKeyPurpose | 'authentication';
  key: string;
}

const file = new VectorFile('kdf');

/** Lengths are the caller's to check, so a wrong one is a RangeError here. */
const classOf = (error: unknown) => (error instanceof RangeError ? 'wrong-length' : undefined);

function judgeKey(vector: Vector & { key: string }, name: string, derive: () => Uint8Array): void {
  if (vector.error === 'mismatch') {
    expect(toHex(derive()), name).not.toBe(vector.key);
    return;
  }
  judge(vector, name, classOf, () => expect(toHex(derive()), name).toBe(vector.key));
}

function derived({ group_secret, purpose }: GroupKeyVector, crypto: CryptoProvider): Uint8Array {
  const secret = fromHex(group_secret);
  return purpose === 'authentication' ? createGroup(secret, crypto).authSeed : groupKey(secret, purpose, crypto);
}

describe.each(providers)('kdf.json, $name', (crypto) => {
  test('keys of a group', () => {
    file.each<GroupKeyVector>('GroupKey', (vector, name) => judgeKey(vector, name, () => derived(vector, crypto)));
  });

  test('keys of content', () => {
    file.each<{ group_secret: string; blob_id: string; key: string }>('ContentKey', (vector, name) => {
      judgeKey(vector, name, () => contentKey(fromHex(vector.group_secret), fromHex(vector.blob_id), crypto));
    });
  });
});

test('every vector of the file was run, by each provider', () => {
  expect(file.ran).toBe(file.numberOfTests * providers.length);
});
