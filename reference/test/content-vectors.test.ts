/** Every vector of vectors/content.json, with both crypto providers. */
import type { ContentRef } from '@0k-sync/spec';
import { describe, expect, test } from 'vitest';
import { checkContentReference, contentKey, openContent, SealError, sealContent } from '../src/index.ts';
import { fromHex, judge, providers, toHex, VectorFile } from './vector-file.ts';

interface ContentVector {
  group_secret: string;
  blob_id: string;
  ref: { content_hash: string; encryption_nonce: string; content_size: number; encrypted_size: number };
  fetched: string;
  content?: string;
}

const file = new VectorFile('content');

function referenceOf({ ref }: ContentVector): ContentRef {
  return {
    type: 'ContentRef',
    content_hash: fromHex(ref.content_hash),
    encryption_nonce: fromHex(ref.encryption_nonce),
    content_size: BigInt(ref.content_size),
    encrypted_size: BigInt(ref.encrypted_size),
  };
}

/** A blob id of another length, which no Push carries, is the caller's mistake and so a RangeError. */
function classOf(error: unknown): string | undefined {
  if (error instanceof SealError) return error.errorClass;
  return error instanceof RangeError ? 'blob id' : undefined;
}

describe.each(providers)('content.json, $name', (crypto) => {
  test('content', () => {
    file.each<ContentVector>('Content', (vector, name) => {
      const fetched = fromHex(vector.fetched);
      const reference = referenceOf(vector);
      judge(vector, name, classOf, () => {
        const key = contentKey(fromHex(vector.group_secret), fromHex(vector.blob_id), crypto);
        const content = openContent(fetched, reference, key, crypto);
        expect(toHex(content), name).toBe(vector.content);
        const drawn = { ...crypto, randomBytes: () => reference.encryption_nonce };
        expect(sealContent(content, key, drawn), name).toEqual({ reference, ciphertext: fetched });
      });
    });
  });

  test('sizes, before anything is fetched', () => {
    file.each<{ content_size: number; encrypted_size: number }>('Sizes', (vector, name) => {
      const reference: ContentRef = {
        type: 'ContentRef',
        content_hash: new Uint8Array(32),
        encryption_nonce: new Uint8Array(24),
        content_size: BigInt(vector.content_size),
        encrypted_size: BigInt(vector.encrypted_size),
      };
      judge(vector, name, classOf, () => checkContentReference(reference));
    });
  });
});

test('every vector of the file was run, by each provider', () => {
  expect(file.ran).toBe(file.numberOfTests * providers.length);
});
