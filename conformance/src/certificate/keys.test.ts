import { createHash, createPublicKey, verify } from 'node:crypto';
import { ml_dsa65 } from '@noble/post-quantum/ml-dsa.js';
import { describe, expect, it } from 'vitest';
import { signer, stranger } from '../../test/sample-certificate.ts';
import {
  createKeys,
  isSignature,
  KeyError,
  keyId,
  keysFromSeeds,
  parsePrivateKeys,
  parsePublicKeys,
  publicKeys,
  sign,
} from './keys.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const any = new Uint8Array(32);

describe('published values', () => {
  // RFC 8032, section 7.1: the secret key, the public key, the message and the signature of tests 1 to 3.
  it.each([
    [
      '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      '',
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    ],
    [
      '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      '72',
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    ],
    [
      'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
      'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
      'af82',
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    ],
  ])('of RFC 8032, Ed25519: %s', (secret, pub, message, signature) => {
    const keys = keysFromSeeds(hex(secret), any);
    expect(Buffer.from(keys.keys[0].x, 'base64url').toString('hex')).toBe(pub);
    expect(Buffer.from(sign(keys, hex(message))[0]).toString('hex')).toBe(signature);
    expect(isSignature(keys.keys[0], hex(signature), hex(message))).toBe(true);
  });

  // Project Wycheproof, mldsa_65_sign_seed_test.json, test 1: the digests of its public key and of its signature, which is
  // the one without randomness (FIPS 204, section 3.4).
  it('of Wycheproof, ML-DSA-65', () => {
    const seed = new Uint8Array(32).fill(0x2a);
    const { keys } = keysFromSeeds(any, seed);
    expect(sha256(Buffer.from(keys[1].pub, 'base64url'))).toBe(
      'b7acce2ddb11f8cc1aa46e2bafac6eacfa2b732ef192bd636ad8d3a56d649c66',
    );
    const message = Buffer.from('Hello world');
    const signature = ml_dsa65.sign(message, ml_dsa65.keygen(seed).secretKey, { extraEntropy: false });
    expect(sha256(signature)).toBe('39fbbb0d97a52c79844213b325af823a7f16a174e00a5b3daeb3e6e6d1c89681');
    expect(isSignature(keys[1], signature, message)).toBe(true);
    signature[0]! ^= 1;
    expect(isSignature(keys[1], signature, message)).toBe(false);
  });

  it('of RFC 8037, the thumbprint of an Ed25519 key', () => {
    const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
    expect(keyId({ kty: 'OKP', crv: 'Ed25519', x })).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  });
});

describe('a signer', () => {
  const message = Buffer.from('what was seen');

  it('has two keys, and each verifies its own signature alone', () => {
    const keys = createKeys();
    const [classical, lattice] = sign(keys, message);
    expect(isSignature(keys.keys[0], classical, message)).toBe(true);
    expect(isSignature(keys.keys[1], lattice, message)).toBe(true);
    expect(isSignature(stranger.keys[0], classical, message)).toBe(false);
    expect(isSignature(stranger.keys[1], lattice, message)).toBe(false);
    expect(isSignature(keys.keys[0], lattice, message)).toBe(false);
    expect(isSignature(keys.keys[1], classical, message)).toBe(false);
    expect(isSignature(keys.keys[0], classical.subarray(1), message)).toBe(false);
  });

  it('has files that others can read: Node verifies with its own OpenSSL', () => {
    const jwks = publicKeys(signer).keys;
    for (const [index, signature] of sign(signer, message).entries()) {
      const key = createPublicKey({ key: jwks[index] as object, format: 'jwk' });
      expect(verify(null, message, key, signature)).toBe(true);
    }
  });

  it('is read back from its files, and a public file has no secret', () => {
    expect(parsePrivateKeys(JSON.stringify(signer))).toEqual(signer);
    expect(parsePublicKeys(JSON.stringify(signer))).toEqual(publicKeys(signer));
    expect(parsePublicKeys(JSON.stringify(publicKeys(signer)))).toEqual(publicKeys(signer));
    const written = JSON.stringify(publicKeys(signer));
    expect(written).not.toContain(signer.keys[0].d);
    expect(written).not.toContain(signer.keys[1].priv);
  });

  const [ed, ml] = signer.keys;
  it.each<[string, unknown]>([
    ['no JSON', undefined],
    ['null', null],
    ['no keys', {}],
    ['one key', { keys: [ed] }],
    ['the keys in another order', { keys: [ml, ed] }],
    ['three keys', { keys: [ed, ml, ed] }],
    ['a key of another curve', { keys: [{ ...ed, crv: 'X25519' }, ml] }],
    ['a key of another kind', { keys: [ed, { ...ml, alg: 'ML-DSA-44' }] }],
    ['a short key', { keys: [{ ...ed, x: ed.x.slice(4) }, ml] }],
    ['a key with padding', { keys: [{ ...ed, x: `${ed.x}=` }, ml] }],
    ['a number for a key', { keys: [{ ...ed, x: 7 }, ml] }],
    ['a short secret', { keys: [{ ...ed, d: ed.d.slice(4) }, ml] }],
    ['one secret', { keys: [publicKeys(signer).keys[0], ml] }],
  ])('is not read from %s, and no secret is told', (_, value) => {
    const read = () => parsePrivateKeys(value === undefined ? '{' : JSON.stringify(value));
    expect(read).toThrow(KeyError);
    expect(read).toThrow('it is not what `keygen` writes');
  });

  it('is not read from keys that do not belong together', () => {
    const mixed = { keys: [{ ...ed, d: stranger.keys[0].d }, ml] };
    expect(() => parsePrivateKeys(JSON.stringify(mixed))).toThrow('its public keys are not those of its private keys');
    expect(() => parsePrivateKeys(JSON.stringify(publicKeys(signer)))).toThrow('it holds public keys alone');
  });
});
