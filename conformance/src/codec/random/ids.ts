/** Random ids, texts of ids and proofs. */
import {
  createGroup,
  decodeBase64url,
  encodeBase64url,
  formatBlobId,
  groupIdOf,
  groupIdV1Of,
  parseBlobId,
  proveMembership,
  verifyMembership,
} from '@0k-sync/reference';
import { nodeCrypto } from '@0k-sync/reference/node';
import fc from 'fast-check';
import type { Trial } from '../trial.ts';
import type { Sampling } from './sampling.ts';
import { shown } from './sampling.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
export const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
/** Bytes of any length up to this one: without `size` no more than ten would ever be drawn. */
export const bytesUpTo = (length: number, minLength = 0) =>
  fc.uint8Array({ minLength, maxLength: length, size: 'max' });
/** Half of the time nothing. */
const perhaps = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 2 });

/** The text of an id, perhaps with one character changed, doubled or left out. */
const idTexts = fc
  .tuple(
    fc.constantFrom(16, 31, 32, 33),
    bytes(33),
    perhaps(fc.tuple(fc.nat(), fc.constantFrom(...'A_-+/=.~ \n', 'é', 'AA', ''))),
  )
  .map(([length, id, change]) => {
    const text = encodeBase64url(id.subarray(0, length));
    return { length, text: change ? changed(text, ...change) : text };
  });

const uuids = fc
  .tuple(bytes(16), perhaps(fc.tuple(fc.nat(), fc.constantFrom(...'0fFgG-{ \n', '٣', '00', ''))))
  .map(([id, change]) => (change ? changed(formatBlobId(id), ...change) : formatBlobId(id)));

function changed(text: string, at: number, character: string): string {
  const place = at % text.length;
  return text.slice(0, place) + character + text.slice(place + 1);
}

const MALFORMED = { errors: ['malformed'] };

function reading(op: string, input: Trial['input'], read: () => Uint8Array): Trial {
  try {
    return { op, input, allowed: { ok: [{ bytes: hex(read()) }] } };
  } catch {
    return { op, input, allowed: MALFORMED };
  }
}

/** A right proof, or one with a bit changed in one of its parts. */
const proofs = fc
  .tuple(bytes(32), bytes(32), perhaps(fc.tuple(fc.nat({ max: 3 }), fc.nat())))
  .map(([secret, deviceId, change]): Trial => {
    const group = createGroup(secret, nodeCrypto);
    const { key, signature } = proveMembership(group.authSeed, group.groupId, deviceId, nodeCrypto);
    const parts = [group.groupId, deviceId, key, signature].map((part) => Uint8Array.from(part));
    if (change) {
      const part = parts[change[0]]!;
      part[(change[1] >> 3) % part.length]! ^= 1 << (change[1] & 7);
    }
    const [groupId, device, ownKey, ownSignature] = parts as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    const isRight = verifyMembership({ key: ownKey, signature: ownSignature }, groupId, device, nodeCrypto);
    return {
      op: 'verify-proof',
      input: { group_id: hex(groupId), device_id: hex(device), key: hex(ownKey), signature: hex(ownSignature) },
      allowed: isRight ? { ok: [{}] } : { errors: ['unauthorized'] },
    };
  });

export const ID_SAMPLINGS: readonly Sampling[] = [
  {
    id: 'ENV-13/random-write-id',
    title: 'random ids have their text',
    op: 'write-id',
    runs: 100,
    trials: () =>
      bytes(32).map((id) => ({
        op: 'write-id',
        input: { bytes: hex(id) },
        allowed: { ok: [{ text: encodeBase64url(id) }] },
      })),
  },
  {
    id: 'ENV-14/random-read-id',
    title: 'texts of random ids are read, and refused where a character is changed, doubled or left out',
    requirements: ['ENV-13'],
    op: 'read-id',
    runs: 200,
    trials: () =>
      idTexts.map(({ text, length }) => reading('read-id', { text, length }, () => decodeBase64url(text, length))),
  },
  {
    id: 'ENV-16/random-read-blob-id',
    title: 'UUIDs of random bytes are read, and refused where a character is changed, doubled or left out',
    requirements: ['ENV-15'],
    op: 'read-blob-id',
    runs: 200,
    trials: () =>
      uuids.map((text) => {
        const trial = reading('read-blob-id', { text }, () => parseBlobId(text));
        // Capitals may be read or refused.
        return trial.allowed.ok && /[A-F]/.test(text)
          ? { ...trial, allowed: { ...trial.allowed, ...MALFORMED } }
          : trial;
      }),
  },
  {
    id: 'MEM-21/random-group-id',
    title: 'random keys have their group id',
    op: 'group-id',
    runs: 50,
    trials: () =>
      bytes(32).map((key) => ({
        op: 'group-id',
        input: { group_key: hex(key) },
        allowed: { ok: [{ id: hex(groupIdOf(key, nodeCrypto)) }] },
      })),
  },
  {
    id: 'MEM-22/random-group-id-v1',
    title: 'random secrets have their group id',
    op: 'group-id-v1',
    runs: 50,
    trials: () =>
      bytes(32).map((secret) => ({
        op: 'group-id-v1',
        input: { group_secret: hex(secret) },
        allowed: { ok: [{ id: hex(groupIdV1Of(secret, nodeCrypto)) }] },
      })),
  },
  {
    id: 'MEM-01/random-prove',
    title: 'the proofs of random groups and devices are these',
    requirements: ['MEM-21', 'KEY-17'],
    op: 'prove',
    runs: 50,
    trials: () =>
      fc.tuple(bytes(32), bytes(32)).map(([secret, deviceId]): Trial => {
        const { groupId, authSeed } = createGroup(secret, nodeCrypto);
        const proof = proveMembership(authSeed, groupId, deviceId, nodeCrypto);
        return {
          op: 'prove',
          input: { group_secret: hex(secret), device_id: hex(deviceId) },
          allowed: { ok: [shown({ group_id: groupId, ...proof }) as Record<string, unknown>] },
        };
      }),
  },
  {
    id: 'MEM-03/random-verify-proof',
    title: 'random proofs are right, and wrong with one bit changed',
    requirements: ['MEM-01', 'MEM-02', 'MEM-04', 'MEM-05'],
    op: 'verify-proof',
    runs: 150,
    trials: () => proofs,
  },
];
