import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { nobleCrypto } from '../crypto/noble.ts';
import { nodeCrypto } from '../crypto/node.ts';
import { createIdentity, deviceIdOf, identityFromSeed, identitySeed } from './identity.ts';

const seed = Uint8Array.from({ length: 96 }, (_, i) => 255 - i);

describe.each([nobleCrypto, nodeCrypto])('identities with $name', (crypto) => {
  it('come back from their 96 bytes', () => {
    const identity = createIdentity(crypto);
    expect(identitySeed(identity).length).toBe(96);
    expect(identityFromSeed(identitySeed(identity), crypto)).toEqual(identity);
    expect(createIdentity(crypto).deviceId).not.toEqual(identity.deviceId);
  });

  it('have a DeviceId over the label and both public keys', () => {
    const { dhPublic, kemPublic, deviceId } = identityFromSeed(seed, crypto);
    expect([dhPublic.length, kemPublic.length]).toEqual([32, 1184]);
    const digest = createHash('sha256').update('0k-sync-identity-v1').update(dhPublic).update(kemPublic).digest();
    expect(Buffer.compare(digest, deviceId)).toBe(0);
    expect(deviceIdOf(dhPublic, kemPublic, crypto)).toEqual(deviceId);
  });

  it('copy the seed', () => {
    for (const own of [seed.slice(), Buffer.from(seed)]) {
      const identity = identityFromSeed(own, crypto);
      own.fill(0);
      expect(identitySeed(identity)).toEqual(seed);
    }
  });

  it('need exactly 96 bytes', () => {
    for (const length of [0, 32, 95, 97]) {
      expect(() => identityFromSeed(new Uint8Array(length), crypto)).toThrow(RangeError);
    }
  });
});

it('is the same whichever provider made it', () => {
  expect(identityFromSeed(seed, nobleCrypto)).toEqual(identityFromSeed(seed, nodeCrypto));
});
