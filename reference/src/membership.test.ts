import { describe, expect, it, test } from 'vitest';
import { nobleCrypto } from './crypto/noble.ts';
import { nodeCrypto } from './crypto/node.ts';
import { createGroup, proveMembership, verifyMembership } from './membership.ts';

const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
const secret = Uint8Array.from({ length: 32 }, (_, i) => i);
const deviceId = Uint8Array.from({ length: 32 }, (_, i) => 0xd0 + (i % 16));

/** Computed with Python's hashlib and hmac, and RFC 8032 written out over integers. */
const expected = {
  authSeed: hex('9a421dc00f9f13d606ec4d538d5b2477b8d122bbe79baa0ac4c2141e0236a8a1'),
  authKey: hex('1cf4eedc10b050286247e1760a4334c8160752a0688df3c03357b8cd221c3bd1'),
  groupId: hex('3c5fe9fb38520a1d8c09f9021bf5c9913d1a0ab1bf8344a6fc9375c4c512db32'),
};
const expectedSignature = hex(
  '2745e9b2400664bbe3b1e26ccc1e51db693ea1dc01e29a3b8d814f4ac25989761edc2cc95669e22cb591be2868c751f4b08643832512aecc2faaa8705f7d6705',
);

describe.each([nobleCrypto, nodeCrypto])('membership with $name', (crypto) => {
  const group = createGroup(secret, crypto);
  const proof = proveMembership(group.authSeed, group.groupId, deviceId, crypto);
  const verify = (changed: Partial<typeof proof>, groupId = group.groupId, device: Uint8Array = deviceId) =>
    verifyMembership({ ...proof, ...changed }, groupId, device, crypto);

  test('group and proof, byte for byte', () => {
    expect(group).toEqual(expected);
    expect(proof).toEqual({ key: expected.authKey, signature: expectedSignature });
    expect(verify({})).toBe(true);
  });

  it('holds for this group and this device only', () => {
    for (let place = 0; place < 32; place++) {
      expect(verify({}, flipped(group.groupId, place))).toBe(false);
      expect(verify({}, group.groupId, flipped(deviceId, place))).toBe(false);
      expect(verify({ key: flipped(proof.key, place) })).toBe(false);
      expect(verify({ signature: flipped(proof.signature, 2 * place) })).toBe(false);
    }
  });

  it('cannot be made with a key of one’s own', () => {
    const other = createGroup(new Uint8Array(32), crypto);
    const forged = proveMembership(other.authSeed, group.groupId, deviceId, crypto);
    expect(verify(forged)).toBe(false);
    expect(verify({ signature: forged.signature })).toBe(false);
  });

  it('is false, not an error, for keys and signatures of another length', () => {
    expect(verify({ key: new Uint8Array(0) })).toBe(false);
    expect(verify({ key: new Uint8Array(33) })).toBe(false);
    expect(verify({ signature: proof.signature.subarray(1) })).toBe(false);
  });

  it('needs a secret of 32 bytes', () => {
    expect(() => createGroup(new Uint8Array(31), crypto)).toThrow(RangeError);
    expect(() => proveMembership(group.authSeed, group.groupId, new Uint8Array(31), crypto)).toThrow(RangeError);
  });
});

function flipped(bytes: Uint8Array, place: number): Uint8Array {
  const changed = bytes.slice();
  changed[place]! ^= 1;
  return changed;
}
