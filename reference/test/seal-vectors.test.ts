/** Every vector of vectors/seal-1.json and vectors/seal-2.json, with both crypto providers. */
import { describe, expect, test } from 'vitest';
import { openSeal1, openSeal2, SealError, type SealedRecord, seal1, seal2 } from '../src/index.ts';
import { type Bytes, expand, fromHex, judge, providers, toHex, VectorFile } from './vector-file.ts';

interface Context {
  key: string;
  group_id: string;
  blob_id: string;
}

interface Opened {
  author: string;
  seq: string;
  seen_epoch: string | null;
  seen_cursor: string;
  seen_blob: string | null;
  data: Bytes;
}

const files = { seal1: new VectorFile('seal-1'), seal2: new VectorFile('seal-2') };
const classOf = (error: unknown) => (error instanceof SealError ? error.errorClass : undefined);

function shown(record: SealedRecord) {
  return {
    author: toHex(record.author),
    seq: String(record.seq),
    seen_epoch: record.seen_epoch && toHex(record.seen_epoch),
    seen_cursor: String(record.seen_cursor),
    seen_blob: record.seen_blob && toHex(record.seen_blob),
    data: toHex(record.data),
  };
}

function recordOf(opened: Opened): SealedRecord {
  return {
    author: fromHex(opened.author),
    seq: BigInt(opened.seq),
    seen_epoch: opened.seen_epoch === null ? null : fromHex(opened.seen_epoch),
    seen_cursor: BigInt(opened.seen_cursor),
    seen_blob: opened.seen_blob === null ? null : fromHex(opened.seen_blob),
    data: fromHex(opened.data),
  };
}

const contextOf = ({ key, group_id, blob_id }: Context) => ({
  key: fromHex(key),
  groupId: fromHex(group_id),
  blobId: fromHex(blob_id),
});

describe.each(providers)('seals, $name', (crypto) => {
  const drawing = (nonce: Uint8Array) => ({ ...crypto, randomBytes: () => nonce });

  test('seal 1', () => {
    files.seal1.each<{ key: string; sealed: string; opened?: string }>('Seal1', (vector, name) => {
      const [key, sealed] = [fromHex(vector.key), fromHex(vector.sealed)];
      let opened = new Uint8Array() as Uint8Array;
      const didOpen = judge(vector, name, classOf, () => {
        opened = openSeal1(sealed, key, crypto);
      });
      if (!didOpen) return;
      expect(toHex(opened), name).toBe(vector.opened);
      expect(toHex(seal1(opened, key, drawing(sealed.slice(0, 24)))), name).toBe(vector.sealed);
    });
  });

  test('seal 2', () => {
    files.seal2.each<Context & { sealed: string; opened?: Opened }>('Seal2', (vector, name) => {
      const [context, sealed] = [contextOf(vector), fromHex(vector.sealed)];
      let opened: SealedRecord | undefined;
      judge(vector, name, classOf, () => {
        opened = openSeal2(sealed, context, crypto);
      });
      if (!opened) return;
      expect(shown(opened), name).toEqual({ ...vector.opened, data: expand(vector.opened!.data) });
      if (!vector.flags.includes('Canonical')) return;
      expect(toHex(seal2(recordOf(vector.opened!), context, drawing(sealed.slice(1, 25)))), name).toBe(vector.sealed);
    });
  });

  test('large blobs', () => {
    interface Large extends Context {
      nonce: string;
      plaintext: Bytes;
      sealedLength: number;
      sealedSha256: string;
      opened?: Opened;
    }
    files.seal2.each<Large>('Seal2Large', (vector, name) => {
      const [context, nonce] = [contextOf(vector), fromHex(vector.nonce)];
      const aad = Buffer.concat([Buffer.from('0k-sync-seal-2'), context.groupId, context.blobId]);
      const ciphertext = crypto.xchacha20Poly1305Seal(context.key, nonce, aad, fromHex(vector.plaintext));
      const sealed = new Uint8Array(Buffer.concat([Uint8Array.of(2), nonce, ciphertext]));
      expect([sealed.length, toHex(crypto.sha256(sealed))], name).toEqual([vector.sealedLength, vector.sealedSha256]);
      let opened: SealedRecord | undefined;
      judge(vector, name, classOf, () => {
        opened = openSeal2(sealed, context, crypto);
      });
      if (!opened) return;
      expect(shown(opened), name).toEqual({ ...vector.opened, data: expand(vector.opened!.data) });
      const again = seal2(recordOf(vector.opened!), context, drawing(nonce));
      expect(toHex(crypto.sha256(again)), name).toBe(vector.sealedSha256);
    });
  });
});

test('every vector of both files was run, by each provider', () => {
  for (const file of Object.values(files)) expect(file.ran).toBe(file.numberOfTests * providers.length);
});
