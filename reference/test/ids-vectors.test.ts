/** Every vector of vectors/ids.json, with both crypto providers where an id is made. */
import { describe, expect, test } from 'vitest';
import {
  decodeBase64url,
  deviceIdOf,
  encodeBase64url,
  formatBlobId,
  groupIdOf,
  groupIdV1Of,
  IdentifierError,
  parseBlobId,
} from '../src/index.ts';
import { fromHex, judge, providers, toHex, type Vector, VectorFile } from './vector-file.ts';

const file = new VectorFile('ids');
const textClassOf = (error: unknown) => (error instanceof IdentifierError ? 'malformed' : undefined);

/** Lengths of keys and secrets are the caller's to check, so a wrong one is a RangeError here. */
const keyClassOf = (error: unknown) => (error instanceof RangeError ? 'wrong-length' : undefined);

function judgeId(vector: Vector & { id: string }, name: string, make: () => Uint8Array): void {
  if (vector.error === 'mismatch') expect(toHex(make()), name).not.toBe(vector.id);
  else judge(vector, name, keyClassOf, () => expect(toHex(make()), name).toBe(vector.id));
}

describe.each(providers)('ids, $name', (crypto) => {
  test('DeviceIds', () => {
    file.each<{ dhPublic: string; kemPublic: string; id: string }>('DeviceId', (vector, name) => {
      const [dhPublic, kemPublic] = [fromHex(vector.dhPublic), fromHex(vector.kemPublic)];
      judgeId(vector, name, () => deviceIdOf(dhPublic, kemPublic, crypto));
    });
  });

  test('GroupIds', () => {
    file.each<{ groupKey: string; id: string }>('GroupIdV2', (vector, name) => {
      judgeId(vector, name, () => groupIdOf(fromHex(vector.groupKey), crypto));
    });
    file.each<{ groupSecret: string; id: string }>('GroupIdV1', (vector, name) => {
      judgeId(vector, name, () => groupIdV1Of(fromHex(vector.groupSecret), crypto));
    });
  });
});

describe('texts', () => {
  test('base64url', () => {
    file.each<{ text: string; length: number; bytes?: string }>('Base64url', (vector, name) => {
      judge(vector, name, textClassOf, () => {
        const bytes = decodeBase64url(vector.text, vector.length);
        expect(toHex(bytes), name).toBe(vector.bytes);
        if (vector.flags.includes('Canonical')) expect(encodeBase64url(bytes), name).toBe(vector.text);
      });
    });
  });

  test('BlobIds', () => {
    file.each<{ text: string; bytes?: string }>('BlobId', (vector, name) => {
      judge(vector, name, textClassOf, () => {
        const bytes = parseBlobId(vector.text);
        expect(toHex(bytes), name).toBe(vector.bytes);
        if (vector.flags.includes('Canonical')) expect(formatBlobId(bytes), name).toBe(vector.text);
      });
    });
  });
});

test('every vector of the file was run, and each id made by each provider', () => {
  let made = 0;
  for (const type of ['DeviceId', 'GroupIdV2', 'GroupIdV1']) file.each(type, () => made++);
  // Counting has given them out once more.
  expect(file.ran).toBe(file.numberOfTests + made * providers.length);
});
