import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { SealError } from '../crypto/errors.ts';
import { nobleCrypto } from '../crypto/noble.ts';
import { nodeCrypto } from '../crypto/node.ts';
import { groupIdV1Of } from '../ids.ts';
import { createGroup } from '../membership.ts';
import { groupKey } from './keys.ts';
import { openSeal1, SEAL_1_OVERHEAD, seal1 } from './seal-1.ts';

interface OracleSeal {
  note: string;
  group_secret: string;
  group_id: string;
  auth_key: string;
  encryption_key: string;
  nonce: string;
  plaintext: string;
  payload: string;
}

const oracle = JSON.parse(
  readFileSync(new URL(import.meta.resolve('@0k-sync/vectors/sources/seal1.json')), 'utf8'),
) as OracleSeal[];
const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));

describe.each([nobleCrypto, nodeCrypto])('seal 1 with $name', (crypto) => {
  const key = groupKey(new Uint8Array(32).fill(7), 'encryption', crypto);

  test.each(oracle)('what the deployed implementation seals: $note', (vector) => {
    const secret = hex(vector.group_secret);
    const derived = groupKey(secret, 'encryption', crypto);
    expect(derived).toEqual(hex(vector.encryption_key));
    expect(createGroup(secret, crypto).authSeed).toEqual(hex(vector.auth_key));
    expect(groupIdV1Of(secret, crypto)).toEqual(hex(vector.group_id));
    const drawn = { ...crypto, randomBytes: () => hex(vector.nonce) };
    expect(seal1(hex(vector.plaintext), derived, drawn)).toEqual(hex(vector.payload));
    expect(openSeal1(hex(vector.payload), derived, crypto)).toEqual(hex(vector.plaintext));
  });

  it('opens to what was sealed, under a new nonce each time', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (plaintext) => {
        const [one, other] = [seal1(plaintext, key, crypto), seal1(plaintext, key, crypto)];
        expect(one).not.toEqual(other);
        expect(one.length).toBe(plaintext.length + SEAL_1_OVERHEAD);
        expect(openSeal1(one, key, crypto)).toEqual(plaintext);
        expect(openSeal1(other, key, crypto)).toEqual(plaintext);
      }),
      { numRuns: 50 },
    );
  });

  it('does not open when any bit is flipped, or anything is cut off or added', () => {
    const sealed = seal1(new Uint8Array(20), key, crypto);
    const opened = (bytes: Uint8Array) => () => openSeal1(bytes, key, crypto);
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = sealed.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(opened(changed)).toThrow(refusal('decrypt'));
    }
    for (let length = 0; length < sealed.length; length++) {
      expect(opened(sealed.subarray(0, length))).toThrow(refusal(length < 40 ? 'too-short' : 'decrypt'));
    }
    expect(opened(Uint8Array.of(...sealed, 0))).toThrow(refusal('decrypt'));
  });

  it('does not open under the key of another purpose or group', () => {
    const sealed = seal1(new Uint8Array(20), key, crypto);
    const others = [
      groupKey(new Uint8Array(32).fill(7), 'encryption-2', crypto),
      groupKey(new Uint8Array(32).fill(7), 'device-name', crypto),
      groupKey(new Uint8Array(32).fill(8), 'encryption', crypto),
    ];
    for (const other of others) expect(() => openSeal1(sealed, other, crypto)).toThrow(refusal('decrypt'));
  });
});

function refusal(errorClass: string) {
  return expect.objectContaining({ name: SealError.name, errorClass });
}
