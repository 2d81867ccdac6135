/** Random keys, seals, names, content and envelopes. What is sealed is also opened, and refused with a bit changed. */
import {
  checkContentReference,
  contentKey,
  createGroup,
  decodeEnvelope,
  encodeEnvelope,
  groupKey,
  openContent,
  openDeviceName,
  openSeal1,
  openSeal2,
  paddedLength,
  passphraseBytes,
  type SealedRecord,
  seal1,
  seal2,
  sealContent,
  sealDeviceName,
} from '@0k-sync/reference';
import { nodeCrypto } from '@0k-sync/reference/node';
import type { ContentRef } from '@0k-sync/spec';
import fc from 'fast-check';
import type { Trial } from '../trial.ts';
import { bytes, bytesUpTo } from './ids.ts';
import { allowed, type SampledTrial, type Sampling, shown } from './sampling.ts';

const hex = (value: Uint8Array) => Buffer.from(value).toString('hex');
const drawing = (nonce: Uint8Array) => ({ ...nodeCrypto, randomBytes: () => nonce });
const id = bytes(16);
const key = bytes(32);
const nonce = bytes(24);
const u64 = fc.oneof(
  fc.constantFrom(1n, 127n, 128n, 65_536n, 2n ** 32n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n),
  fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }),
);
/** A place to change, or none. */
const change = fc.option(fc.nat(), { freq: 2 });

/** A copy with one bit changed. */
function flipped(value: Uint8Array, at: number | null): Uint8Array {
  const copy = Uint8Array.from(value);
  if (at !== null && copy.length > 0) copy[(at >> 3) % copy.length]! ^= 1 << (at & 7);
  return copy;
}

/** Characters whose normal form is the same in every version of Unicode that is in use. */
const anyName = fc
  .array(
    fc.constantFrom(
      'a',
      'B',
      '3',
      ' ',
      '-',
      'é',
      'e\u0301',
      'A\u030a',
      '\u1100\u1161\u11a8',
      '한',
      '\u0928\u093c',
      '日',
      '😀',
      '~',
      '\u{1d15e}',
    ),
    { maxLength: 60, size: 'max' },
  )
  .map((parts) => parts.join(''));

/** Of them some as long as the longest device name that is not cut, 127 bytes, or by a little longer or shorter. */
const name = fc.oneof(
  { weight: 3, arbitrary: anyName },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('a', 'é', '日', '😀'), fc.integer({ min: 120, max: 130 }))
      .map(([last, length]) => 'x'.repeat(length - Buffer.byteLength(last)) + last),
  },
);

const purposes = ['encryption', 'authentication', 'encryption-2', 'device-name'] as const;

function keyOf(secret: Uint8Array, purpose: (typeof purposes)[number]): Uint8Array {
  return purpose === 'authentication'
    ? createGroup(secret, nodeCrypto).authSeed
    : groupKey(secret, purpose, nodeCrypto);
}

const record: fc.Arbitrary<SealedRecord> = fc.record({
  author: id,
  seq: u64,
  seen_epoch: fc.option(id),
  seen_cursor: fc.oneof(fc.constant(0n), u64),
  seen_blob: fc.option(id),
  data: fc.oneof(
    bytesUpTo(300),
    fc.integer({ min: 300, max: 9000 }).map((size) => new Uint8Array(size).fill(7)),
  ),
});

const sealed2 = fc.record({ key, groupId: key, blobId: id, nonce, record });

function opening2(blob: Uint8Array, context: { key: Uint8Array; groupId: Uint8Array; blobId: Uint8Array }): Trial {
  const { key, groupId, blobId } = context;
  return {
    op: 'open-2',
    input: { key: hex(key), group_id: hex(groupId), blob_id: hex(blobId), sealed: hex(blob) },
    allowed: allowed(() => ({ record: openSeal2(blob, context, nodeCrypto) })),
  };
}

/** A seal 2 whose padding has one byte that is not zero, or is longer or shorter by some. */
const wrongPadding = fc
  .tuple(sealed2, fc.nat(), fc.oneof(fc.constant(0), fc.integer({ min: -200, max: 200 })))
  .map(([{ nonce, record, ...context }, at, longer]): SampledTrial => {
    const right = seal2(record, context, drawing(nonce));
    const aad = Buffer.concat([Buffer.from('0k-sync-seal-2'), context.groupId, context.blobId]);
    const plain = nodeCrypto.xchacha20Poly1305Open(context.key, nonce, aad, right.subarray(25));
    // The array and its last header take at least 58 bytes, and the padding what is left behind them.
    const used = plain.length - trailingZeros(plain);
    const padding = plain.length - used;
    const changed = Uint8Array.from({ length: Math.max(used, plain.length + longer) }, (_, index) => plain[index] ?? 0);
    let change: Pick<SampledTrial, 'requirement' | 'about'> = { requirement: 'SEAL-14', about: 'nothing is changed' };
    if (changed.length !== plain.length) {
      const by = changed.length - plain.length;
      const about = `the padding is ${Math.abs(by)} bytes ${by > 0 ? 'longer' : 'shorter'} than it should be`;
      change = { requirement: 'SEAL-16', about };
    } else if (padding > 0) {
      changed[used + (at % padding)] = 1;
      change = { requirement: 'SEAL-15', about: `byte ${(at % padding) + 1} of the padding is 1` };
    }
    const ciphertext = nodeCrypto.xchacha20Poly1305Seal(context.key, nonce, aad, changed);
    return { ...opening2(Uint8Array.from([2, ...nonce, ...ciphertext]), context), ...change };
  })
  // Where what was cut off is part of the data, it is another fault.
  .filter(({ allowed }) => allowed.ok !== undefined || allowed.errors![0] === 'wrong-padding');

function trailingZeros(plain: Uint8Array): number {
  return plain.length - 1 - plain.findLastIndex((byte) => byte !== 0);
}

const content = fc.record({ secret: key, blobId: id, nonce, content: bytesUpTo(500) });

const inputOfReference = ({ type: _, ext: __, ...reference }: ContentRef) => shown(reference);

const sizes = fc
  .tuple(
    fc.oneof(fc.bigInt({ min: 0n, max: 104_857_620n }), fc.constantFrom(104_857_600n, 104_857_601n, 2n ** 64n - 20n)),
    fc.constantFrom(16n, 16n, 15n, 17n, 0n),
  )
  // Too large and of the wrong size at once, either may be said.
  .filter(([size, more]) => more === 16n || size <= 104_857_600n)
  .map(([content_size, more]): Trial => {
    const encrypted_size = content_size + more;
    const reference = { content_size, encrypted_size } as ContentRef;
    return {
      op: 'check-content',
      input: { content_size: String(content_size), encrypted_size: String(encrypted_size) },
      allowed: allowed(() => {
        checkContentReference(reference);
        return {};
      }),
    };
  });

const envelope = fc
  .record({
    blob_id: id,
    sender_id: key,
    group_id: key,
    cursor: u64,
    timestamp: u64,
    expires: u64,
    payload: bytesUpTo(300),
  })
  .map((fields) => ({ version: 2 as const, ...fields }));

export const SEAL_SAMPLINGS: readonly Sampling[] = [
  {
    id: 'KEY-16/random-derive-key',
    title: 'random secrets have these keys',
    requirements: ['KEY-17', 'KEY-18', 'KEY-19'],
    op: 'derive-key',
    runs: 50,
    trials: () =>
      fc.tuple(key, fc.constantFrom(...purposes)).map(([secret, purpose]) => ({
        op: 'derive-key',
        input: { group_secret: hex(secret), purpose },
        allowed: { ok: [{ key: hex(keyOf(secret, purpose)) }] },
      })),
  },
  {
    id: 'KEY-20/random-derive-content-key',
    title: 'random secrets and blobs have these keys',
    op: 'derive-content-key',
    runs: 50,
    trials: () =>
      fc.tuple(key, id).map(([secret, blobId]) => ({
        op: 'derive-content-key',
        input: { group_secret: hex(secret), blob_id: hex(blobId) },
        allowed: { ok: [{ key: hex(contentKey(secret, blobId, nodeCrypto)) }] },
      })),
  },
  {
    id: 'KEY-04/random-normalise',
    title: 'random passphrases in their normal form',
    op: 'normalise-passphrase',
    runs: 100,
    trials: () =>
      name.map((passphrase) => ({
        op: 'normalise-passphrase',
        input: { passphrase },
        allowed: allowed(() => ({ bytes: passphraseBytes(passphrase) })),
      })),
  },
  {
    id: 'SEAL-14/random-padded-length',
    title: 'random lengths are padded to these',
    op: 'padded-length',
    runs: 300,
    trials: () =>
      fc
        .tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 2 ** 20 }))
        .map(([bits, below]) => below >> bits)
        .map((length) => ({
          op: 'padded-length',
          input: { length },
          allowed: { ok: [{ padded: paddedLength(length) }] },
        })),
  },
  {
    id: 'SEAL-01/random-seal-1',
    title: 'random payloads in seal 1',
    op: 'seal-1',
    runs: 50,
    trials: () =>
      fc.tuple(key, nonce, bytesUpTo(300)).map(([own, drawn, plaintext]) => ({
        op: 'seal-1',
        input: { key: hex(own), nonce: hex(drawn), plaintext: hex(plaintext) },
        allowed: { ok: [{ sealed: hex(seal1(plaintext, own, drawing(drawn))) }] },
      })),
  },
  {
    id: 'SEAL-03/random-open-1',
    title: 'random seals 1 open, and do not with one bit changed',
    requirements: ['SEAL-01'],
    op: 'open-1',
    runs: 100,
    trials: () =>
      fc.tuple(key, nonce, bytesUpTo(300), change).map(([own, drawn, plaintext, at]) => {
        const sealed = flipped(seal1(plaintext, own, drawing(drawn)), at);
        return {
          op: 'open-1',
          input: { key: hex(own), sealed: hex(sealed) },
          allowed: allowed(() => ({ plaintext: openSeal1(sealed, own, nodeCrypto) })),
        };
      }),
  },
  {
    id: 'SEAL-04/random-seal-2',
    title: 'random records in seal 2',
    requirements: ['SEAL-05', 'SEAL-10', 'SEAL-13', 'SEAL-14'],
    op: 'seal-2',
    runs: 150,
    trials: () =>
      sealed2.map(({ nonce, record, ...context }) => ({
        op: 'seal-2',
        input: {
          key: hex(context.key),
          group_id: hex(context.groupId),
          blob_id: hex(context.blobId),
          nonce: hex(nonce),
          record: shown(record),
        },
        allowed: { ok: [{ sealed: hex(seal2(record, context, drawing(nonce))) }] },
      })),
  },
  {
    id: 'SEAL-08/random-open-2',
    title: 'random seals 2 open, and do not with one bit changed',
    requirements: ['SEAL-04', 'SEAL-05', 'SEAL-07', 'SEAL-13'],
    op: 'open-2',
    runs: 150,
    trials: () =>
      fc.tuple(sealed2, change, change).map(([{ nonce, record, ...context }, at, blob]) => {
        const sealed = flipped(seal2(record, context, drawing(nonce)), at);
        return opening2(sealed, { ...context, blobId: flipped(context.blobId, blob) });
      }),
  },
  {
    id: 'SEAL-16/random-padding',
    title: 'random seals 2 with another padding are refused',
    requirements: ['SEAL-14', 'SEAL-15'],
    op: 'open-2',
    runs: 150,
    trials: () => wrongPadding,
  },
  {
    id: 'SEAL-26/random-seal-name',
    title: 'random names are sealed',
    requirements: ['SEAL-27', 'SEAL-28', 'SEAL-29', 'SEAL-30'],
    op: 'seal-name',
    runs: 150,
    trials: () =>
      fc.tuple(key, key, key, nonce, name).map(([own, groupId, deviceId, drawn, text]) => ({
        op: 'seal-name',
        input: { key: hex(own), group_id: hex(groupId), device_id: hex(deviceId), nonce: hex(drawn), name: text },
        allowed: { ok: [{ sealed: sealDeviceName(text, { key: own, groupId, deviceId }, drawing(drawn)) }] },
      })),
  },
  {
    id: 'SEAL-33/random-open-name',
    title: 'random sealed names open, and do not for another device',
    requirements: ['SEAL-26', 'SEAL-27'],
    op: 'open-name',
    runs: 100,
    trials: () =>
      fc.tuple(key, key, key, nonce, name, change).map(([own, groupId, deviceId, drawn, text, at]) => {
        const sealed = sealDeviceName(text, { key: own, groupId, deviceId }, drawing(drawn));
        const device = flipped(deviceId, at);
        return {
          op: 'open-name',
          input: { key: hex(own), group_id: hex(groupId), device_id: hex(device), sealed },
          allowed: allowed(() => ({
            name: openDeviceName(sealed, { key: own, groupId, deviceId: device }, nodeCrypto),
          })),
        };
      }),
  },
  {
    id: 'CONT-01/random-seal-content',
    title: 'random content is sealed',
    requirements: ['CONT-02', 'CONT-03', 'KEY-20'],
    op: 'seal-content',
    runs: 50,
    trials: () =>
      content.map(({ secret, blobId, nonce, content }) => {
        const { reference, ciphertext } = sealContent(content, contentKey(secret, blobId, nodeCrypto), drawing(nonce));
        return {
          op: 'seal-content',
          input: { group_secret: hex(secret), blob_id: hex(blobId), nonce: hex(nonce), content: hex(content) },
          allowed: { ok: [{ ref: inputOfReference(reference), ciphertext: hex(ciphertext) }] },
        };
      }),
  },
  {
    id: 'CONT-06/random-sizes',
    title: 'random sizes are taken or refused as they fit',
    requirements: ['CONT-04', 'CONT-05'],
    op: 'check-content',
    runs: 100,
    trials: () => sizes,
  },
  {
    id: 'CONT-09/random-open-content',
    title: 'random content opens, and does not under another blob or with a bit changed',
    requirements: ['CONT-01', 'CONT-08'],
    op: 'open-content',
    runs: 100,
    trials: () =>
      fc.tuple(content, change, change).map(([{ secret, blobId, nonce, content }, at, blob]) => {
        const made = sealContent(content, contentKey(secret, blobId, nodeCrypto), drawing(nonce));
        const fetched = flipped(made.ciphertext, at);
        const other = flipped(blobId, blob);
        return {
          op: 'open-content',
          input: {
            group_secret: hex(secret),
            blob_id: hex(other),
            ref: inputOfReference(made.reference),
            fetched: hex(fetched),
          },
          allowed: allowed(() => ({
            content: openContent(fetched, made.reference, contentKey(secret, other, nodeCrypto), nodeCrypto),
          })),
        };
      }),
  },
  {
    id: 'ENV-03/random-write-envelope',
    title: 'random envelopes are written',
    requirements: ['ENV-04'],
    op: 'write-envelope',
    runs: 50,
    trials: () =>
      envelope.map((fields) => ({
        op: 'write-envelope',
        input: { envelope: shown(fields) },
        allowed: { ok: [{ hex: hex(encodeEnvelope(fields)) }] },
      })),
  },
  {
    id: 'ENV-09/random-read-envelope',
    title: 'random envelopes are read, and refused when cut or followed by bytes',
    requirements: ['ENV-03', 'ENV-04'],
    op: 'read-envelope',
    runs: 150,
    trials: () =>
      fc.tuple(envelope, fc.constantFrom('whole', 'cut', 'followed'), fc.nat()).map(([fields, how, at]) => {
        const whole = encodeEnvelope(fields);
        const read =
          how === 'cut'
            ? whole.slice(0, at % whole.length)
            : how === 'whole'
              ? whole
              : Uint8Array.of(...whole, at & 255);
        return {
          op: 'read-envelope',
          input: { hex: hex(read) },
          allowed: allowed(() => ({ envelope: decodeEnvelope(read) })),
        };
      }),
  },
];
