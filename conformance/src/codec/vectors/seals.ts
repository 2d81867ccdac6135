/** Seals of payloads and names, content, and envelopes. */
import { nodeCrypto } from '@0k-sync/reference/node';
import { isCanonical, type Subject, subject } from './subject.ts';
import { type Bytes, expand, expandAll, fromHex, toHex } from './vector-file.ts';

interface Record {
  key: string;
  group_id: string;
  blob_id: string;
  sealed: string;
  opened?: object;
}

interface Large extends Record {
  nonce: string;
  plaintext: Bytes;
  sealedSha256: string;
}

interface Name {
  key: string;
  group_id: string;
  device_id: string;
  sealed: string;
  opened?: string;
  name: string;
  nonce: string;
}

interface Content {
  group_secret: string;
  blob_id: string;
  ref: { content_hash: string; encryption_nonce: string; content_size: number; encrypted_size: number };
  fetched: string;
  content?: string;
}

interface Envelope {
  hex: Bytes;
  envelope?: object;
}

const contextOf = ({ key, group_id, blob_id }: Record) => ({ key, group_id, blob_id });
const ownerOf = ({ key, group_id, device_id }: Name) => ({ key, group_id, device_id });

/** The blob of a large vector: it is too long to stand there. */
function sealedOf({ key, group_id, blob_id, nonce, plaintext, sealedSha256 }: Large): string {
  const aad = Buffer.concat([Buffer.from('0k-sync-seal-2'), fromHex(group_id), fromHex(blob_id)]);
  const ciphertext = nodeCrypto.xchacha20Poly1305Seal(fromHex(key), fromHex(nonce), aad, fromHex(expand(plaintext)));
  const sealed = new Uint8Array(Buffer.concat([Uint8Array.of(2), fromHex(nonce), ciphertext]));
  if (toHex(nodeCrypto.sha256(sealed)) !== sealedSha256) throw new Error('seal-2.json: a large blob has another hash');
  return toHex(sealed);
}

function referenceOf({ ref }: Content) {
  return { ...ref, content_size: String(ref.content_size), encrypted_size: String(ref.encrypted_size) };
}

/** The nonce at the beginning of a sealed name. */
const nonceOf = (sealed: string) => Buffer.from(sealed.slice(1), 'base64url').subarray(0, 24).toString('hex');

const envelopes = ['Envelope1', 'Envelope2'].map((group) =>
  subject<Envelope>({ op: 'read-envelope', file: 'envelope', group }, ({ hex, envelope }) => ({
    input: { hex: expand(hex) },
    ok: { envelope: envelope && envelopeOf(envelope) },
  })),
);

/** Vectors give numbers of 64 bits in both ways; what travels to a driver has one. */
function envelopeOf(envelope: object): object {
  return Object.fromEntries(
    Object.entries(envelope).map(([name, value]) => [
      name,
      ['cursor', 'timestamp', 'expires'].includes(name) ? String(value) : expandAll(value),
    ]),
  );
}

export const SEAL_SUBJECTS: readonly Subject[] = [
  subject<{ key: string; sealed: string; opened?: string }>(
    { op: 'open-1', file: 'seal-1', group: 'Seal1' },
    ({ key, sealed, opened }) => ({ input: { key, sealed }, ok: { plaintext: opened } }),
  ),
  subject<{ key: string; sealed: string; opened: string }>(
    { op: 'seal-1', file: 'seal-1', group: 'Seal1' },
    ({ key, sealed, opened }) => ({
      input: { key, nonce: sealed.slice(0, 48), plaintext: opened },
      ok: { sealed },
    }),
    ({ result }) => result === 'valid',
  ),
  subject<Record>({ op: 'open-2', file: 'seal-2', group: 'Seal2' }, (vector) => ({
    input: { ...contextOf(vector), sealed: vector.sealed },
    ok: { record: expandAll(vector.opened) },
  })),
  subject<Record>(
    { op: 'seal-2', file: 'seal-2', group: 'Seal2' },
    (vector) => ({
      input: { ...contextOf(vector), nonce: vector.sealed.slice(2, 50), record: expandAll(vector.opened) },
      ok: { sealed: vector.sealed },
    }),
    isCanonical,
  ),
  subject<Large>({ op: 'open-2', file: 'seal-2', group: 'Seal2Large' }, (vector) => ({
    input: { ...contextOf(vector), sealed: sealedOf(vector) },
    ok: { record: expandAll(vector.opened) },
  })),
  subject<Large>(
    { op: 'seal-2', file: 'seal-2', group: 'Seal2Large' },
    (vector) => ({
      input: { ...contextOf(vector), nonce: vector.nonce, record: expandAll(vector.opened) },
      ok: { sealed: sealedOf(vector) },
    }),
    isCanonical,
  ),
  subject<Name>({ op: 'open-name', file: 'device-name', group: 'Open' }, (vector) => ({
    input: { ...ownerOf(vector), sealed: vector.sealed },
    ok: { name: vector.opened },
  })),
  subject<Name>(
    { op: 'seal-name', file: 'device-name', group: 'Open' },
    (vector) => ({
      input: { ...ownerOf(vector), nonce: nonceOf(vector.sealed), name: vector.opened },
      ok: { sealed: vector.sealed },
    }),
    isCanonical,
  ),
  subject<Name>({ op: 'seal-name', file: 'device-name', group: 'Seal' }, (vector) => ({
    input: { ...ownerOf(vector), nonce: vector.nonce, name: vector.name },
    ok: { sealed: vector.sealed },
  })),
  subject<Content>(
    { op: 'seal-content', file: 'content', group: 'Content' },
    (vector) => ({
      input: {
        group_secret: vector.group_secret,
        blob_id: vector.blob_id,
        nonce: vector.ref.encryption_nonce,
        content: vector.content,
      },
      ok: { ref: referenceOf(vector), ciphertext: vector.fetched },
    }),
    ({ result }) => result !== 'invalid',
  ),
  subject<{ content_size: number; encrypted_size: number }>(
    { op: 'check-content', file: 'content', group: 'Sizes' },
    ({ content_size, encrypted_size }) => ({
      input: { content_size: String(content_size), encrypted_size: String(encrypted_size) },
    }),
  ),
  subject<Content>({ op: 'open-content', file: 'content', group: 'Content' }, (vector) => ({
    input: {
      group_secret: vector.group_secret,
      blob_id: vector.blob_id,
      ref: referenceOf(vector),
      fetched: vector.fetched,
    },
    ok: { content: vector.content },
  })),
  ...envelopes,
  subject<Envelope>(
    { op: 'write-envelope', file: 'envelope', group: 'Envelope2' },
    ({ hex, envelope }) => ({ input: { envelope: envelopeOf(envelope!) }, ok: { hex: expand(hex) } }),
    isCanonical,
  ),
];
