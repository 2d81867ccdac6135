import * as nodeModule from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { nobleCrypto } from './noble.ts';
import { hasNativeArgon2, hasNativeMlKem, nodeCrypto } from './node.ts';
import { wipeSecretKey } from './provider.ts';

const providers = [nobleCrypto, nodeCrypto];
const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const ascii = (text: string) => new TextEncoder().encode(text);
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

describe.each(providers)('published vectors with $name', (crypto) => {
  test('X25519, RFC 7748, 5.2', () => {
    const scalar = hex('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4');
    const u = hex('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c');
    const result = 'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552';
    expect(toHex(crypto.x25519(scalar, u))).toBe(result);
    expect(toHex(crypto.x25519(crypto.x25519Keygen(scalar).secretKey, u))).toBe(result);
  });

  test('X25519 key agreement, RFC 7748, 6.1', () => {
    const bob = crypto.x25519Keygen(hex('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb'));
    expect(toHex(bob.publicKey)).toBe('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f');
    const alice = hex('8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a');
    expect(toHex(crypto.x25519(bob.secretKey, alice))).toBe(
      '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742',
    );
  });

  test('ChaCha20-Poly1305, RFC 8439, 2.8.2', () => {
    const key = Uint8Array.from({ length: 32 }, (_, i) => 0x80 + i);
    const nonce = hex('07000000 40414243 44454647');
    const aad = hex('50515253c0c1c2c3c4c5c6c7');
    const plaintext = ascii(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
    );
    const sealed = crypto.chacha20Poly1305Seal(key, nonce, aad, plaintext);
    expect(toHex(sealed.subarray(0, 16))).toBe('d31a8d34648e60db7b86afbc53ef7ec2');
    expect(toHex(sealed.subarray(-16))).toBe('1ae10b594f09e26a7e902ecbd0600691');
    expect(crypto.chacha20Poly1305Open(key, nonce, aad, sealed)).toEqual(plaintext);
  });

  test('XChaCha20-Poly1305, draft-irtf-cfrg-xchacha-03, A.3.1', () => {
    const key = Uint8Array.from({ length: 32 }, (_, i) => 0x80 + i);
    const nonce = Uint8Array.from({ length: 24 }, (_, i) => 0x40 + i);
    const aad = hex('50515253c0c1c2c3c4c5c6c7');
    const plaintext = ascii(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
    );
    const sealed = crypto.xchacha20Poly1305Seal(key, nonce, aad, plaintext);
    expect(toHex(sealed.subarray(0, 16))).toBe('bd6d179d3e83d43b9576579493c0e939');
    expect(toHex(sealed.subarray(-16))).toBe('c0875924c1c7987947deafd8780acf49');
    expect(crypto.xchacha20Poly1305Open(key, nonce, aad, sealed)).toEqual(plaintext);
  });

  test('BLAKE3, the test vectors of its authors', () => {
    const pattern = Uint8Array.from({ length: 1025 }, (_, i) => i % 251);
    for (const [length, hash] of [
      [0, 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262'],
      [1, '2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213'],
      [1024, '42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7'],
      [1025, 'd00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444'],
    ] as const) {
      expect(toHex(crypto.blake3(pattern.subarray(0, length)))).toBe(hash);
      expect(toHex(crypto.blake3(pattern.subarray(0, length >> 1), pattern.subarray(length >> 1, length)))).toBe(hash);
    }
  });

  test('BLAKE2s, RFC 7693, appendix B', () => {
    expect(toHex(crypto.blake2s(ascii('abc')))).toBe(
      '508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982',
    );
  });

  test('SHA-256, FIPS 180-4', () => {
    expect(toHex(crypto.sha256(ascii('a'), ascii('bc')))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  test('HKDF-SHA256, RFC 5869, A.1', () => {
    const okm = crypto.hkdfSha256(
      new Uint8Array(22).fill(0x0b),
      hex('000102030405060708090a0b0c'),
      hex('f0f1f2f3f4f5f6f7f8f9'),
      42,
    );
    expect(toHex(okm)).toBe('3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865');
  });

  test('Ed25519, RFC 8032, 7.1, tests 1 and 2', () => {
    for (const [seed, publicKey, message, signature] of [
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
    ] as const) {
      expect(toHex(crypto.ed25519PublicKey(hex(seed)))).toBe(publicKey);
      expect(toHex(crypto.ed25519Sign(hex(message), hex(seed)))).toBe(signature);
      expect(crypto.ed25519Verify(hex(signature), hex(message), hex(publicKey))).toBe(true);
      expect(crypto.ed25519Verify(hex(signature), hex(`${message}00`), hex(publicKey))).toBe(false);
    }
  });
});

describe('noble and node give the same bytes', () => {
  const equal = (of: (crypto: (typeof providers)[number]) => unknown) =>
    expect(of(nobleCrypto)).toEqual(of(nodeCrypto));

  test('hashes and key derivation', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 4 }), bytes(32), (parts, key) => {
        equal((crypto) => crypto.sha256(...parts));
        equal((crypto) => crypto.blake2s(...parts));
        const [ikm = key, info = key] = parts;
        equal((crypto) => crypto.hkdfSha256(ikm, key, info));
        equal((crypto) => crypto.hkdfBlake2s(ikm, key, 64));
        equal((crypto) => crypto.hkdfBlake2s(ikm, key, 96));
      }),
      { numRuns: 200 },
    );
  });

  test('ChaCha20-Poly1305', () => {
    const data = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(bytes(32), bytes(12), data, data, (key, nonce, aad, plaintext) => {
        equal((crypto) => crypto.chacha20Poly1305Seal(key, nonce, aad, plaintext));
        const sealed = nobleCrypto.chacha20Poly1305Seal(key, nonce, aad, plaintext);
        for (const crypto of providers) {
          expect(crypto.chacha20Poly1305Open(key, nonce, aad, sealed)).toEqual(plaintext);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('XChaCha20-Poly1305', () => {
    const data = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(bytes(32), bytes(24), data, data, (key, nonce, aad, plaintext) => {
        equal((crypto) => crypto.xchacha20Poly1305Seal(key, nonce, aad, plaintext));
        const sealed = nobleCrypto.xchacha20Poly1305Seal(key, nonce, aad, plaintext);
        for (const crypto of providers) {
          expect(crypto.xchacha20Poly1305Open(key, nonce, aad, sealed)).toEqual(plaintext);
          // Written into a part of something larger, it touches nothing else.
          const whole = new Uint8Array(sealed.length + 5).fill(0xee);
          crypto.xchacha20Poly1305Seal(key, nonce, aad, plaintext, whole.subarray(3, -2));
          expect(whole).toEqual(Uint8Array.of(0xee, 0xee, 0xee, ...sealed, 0xee, 0xee));
        }
      }),
      { numRuns: 200 },
    );
  });

  test('Argon2id', () => {
    const cost = fc.record({
      m: fc.integer({ min: 128, max: 300 }),
      t: fc.integer({ min: 1, max: 3 }),
      p: fc.integer({ min: 1, max: 16 }),
    });
    const salts = fc.uint8Array({ minLength: 8, maxLength: 40 });
    const lengths = fc.integer({ min: 4, max: 100 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), salts, cost, lengths, (password, salt, parameters, length) => {
        equal((crypto) => crypto.argon2id(password, salt, parameters, length));
      }),
      { numRuns: 30 },
    );
  });

  test('X25519', () => {
    fc.assert(
      fc.property(bytes(32), bytes(32), (a, b) => {
        equal((crypto) => crypto.x25519Keygen(a).publicKey);
        const { publicKey } = nodeCrypto.x25519Keygen(b);
        equal((crypto) => crypto.x25519(crypto.x25519Keygen(a).secretKey, publicKey));
      }),
      { numRuns: 40 },
    );
  });

  test('ML-KEM-768, encapsulating with one and decapsulating with the other', () => {
    fc.assert(
      fc.property(bytes(64), bytes(1088), (seed, noise) => {
        equal((crypto) => crypto.mlKem768Keygen(seed).publicKey);
        const pairs = providers.map((crypto) => ({ crypto, ...crypto.mlKem768Keygen(seed) }));
        for (const { crypto, publicKey } of pairs) {
          const { ciphertext, sharedSecret } = crypto.mlKem768Encapsulate(publicKey);
          expect([ciphertext.length, sharedSecret.length]).toEqual([1088, 32]);
          for (const other of pairs) {
            expect(other.crypto.mlKem768Decapsulate(ciphertext, other.secretKey)).toEqual(sharedSecret);
          }
        }
        // Implicit rejection is deterministic too.
        const [first, second] = pairs.map(({ crypto, secretKey }) => crypto.mlKem768Decapsulate(noise, secretKey));
        expect(first).toEqual(second);
      }),
      { numRuns: 25 },
    );
  });

  test('Ed25519', () => {
    fc.assert(
      fc.property(bytes(32), fc.uint8Array({ maxLength: 200 }), bytes(32), (seed, message, key) => {
        equal((crypto) => crypto.ed25519PublicKey(seed));
        equal((crypto) => crypto.ed25519Sign(message, seed));
        const signature = nodeCrypto.ed25519Sign(message, seed);
        const publicKey = nodeCrypto.ed25519PublicKey(seed);
        for (const crypto of providers) expect(crypto.ed25519Verify(signature, message, publicKey)).toBe(true);
        // `key` is a point of the curve in one case of two.
        equal((crypto) => crypto.ed25519Verify(signature, message, key));
      }),
      { numRuns: 25 },
    );
  });
});

describe.each(providers)('what $name refuses', (crypto) => {
  const key = new Uint8Array(32).fill(1);
  const nonce = new Uint8Array(12);
  const nothing = new Uint8Array(0);

  it('does not open what was changed, or is too short for a tag', () => {
    const sealed = crypto.chacha20Poly1305Seal(key, nonce, key, key);
    const changed = sealed.slice();
    changed[40]! ^= 1;
    const wrong = [
      () => crypto.chacha20Poly1305Open(key, nonce, key, changed),
      () => crypto.chacha20Poly1305Open(key, nonce, nothing, sealed),
      () => crypto.chacha20Poly1305Open(key, nonce, key, sealed.subarray(0, -1)),
      () => crypto.chacha20Poly1305Open(key, nonce, nothing, nothing),
      () => crypto.chacha20Poly1305Open(key, nonce, nothing, new Uint8Array(15)),
    ];
    for (const open of wrong) expect(open).toThrow(expect.objectContaining({ errorClass: 'decrypt' }));
  });

  it('does not open with XChaCha20 what was changed, or is too short for a tag', () => {
    const longNonce = new Uint8Array(24);
    const sealed = crypto.xchacha20Poly1305Seal(key, longNonce, key, key);
    const changed = sealed.slice();
    changed[40]! ^= 1;
    const otherNonce = longNonce.with(0, 1);
    const wrong = [
      () => crypto.xchacha20Poly1305Open(key, longNonce, key, changed),
      () => crypto.xchacha20Poly1305Open(key, otherNonce, key, sealed),
      () => crypto.xchacha20Poly1305Open(key, longNonce, nothing, sealed),
      () => crypto.xchacha20Poly1305Open(key, longNonce, key, sealed.subarray(0, -1)),
      () => crypto.xchacha20Poly1305Open(key, longNonce, nothing, nothing),
      () => crypto.xchacha20Poly1305Open(key, longNonce, nothing, new Uint8Array(15)),
    ];
    for (const open of wrong) {
      expect(open).toThrow(expect.objectContaining({ name: 'SealError', errorClass: 'decrypt' }));
    }
  });

  it('does not take arguments of another length', () => {
    const seed = new Uint8Array(64);
    const pair = crypto.mlKem768Keygen(seed);
    const wrong = [
      () => crypto.x25519Keygen(new Uint8Array(31)),
      () => crypto.mlKem768Keygen(new Uint8Array(63)),
      () => crypto.mlKem768Decapsulate(new Uint8Array(1087), pair.secretKey),
      () => crypto.ed25519PublicKey(new Uint8Array(33)),
      () => crypto.ed25519Sign(key, new Uint8Array(64)),
      () => crypto.chacha20Poly1305Seal(key, new Uint8Array(8), nothing, nothing),
      () => crypto.chacha20Poly1305Seal(new Uint8Array(16), nonce, nothing, nothing),
      () => crypto.xchacha20Poly1305Seal(key, nonce, nothing, nothing),
      () => crypto.xchacha20Poly1305Seal(new Uint8Array(16), new Uint8Array(24), nothing, nothing),
      () => crypto.xchacha20Poly1305Seal(key, new Uint8Array(24), nothing, key, new Uint8Array(47)),
      () => crypto.xchacha20Poly1305Open(key, nonce, nothing, key),
      () => crypto.xchacha20Poly1305Open(new Uint8Array(16), new Uint8Array(24), nothing, key),
      () => crypto.argon2id(key, new Uint8Array(7), { m: 8, t: 1, p: 1 }, 32),
      () => crypto.argon2id(key, key, { m: 15, t: 1, p: 2 }, 32),
      () => crypto.argon2id(key, key, { m: 8, t: 0, p: 1 }, 32),
      () => crypto.argon2id(key, key, { m: 8, t: 1, p: 0 }, 32),
      () => crypto.argon2id(key, key, { m: 8.5, t: 1, p: 1 }, 32),
      () => crypto.argon2id(key, key, { m: 8, t: 1, p: 1 }, 3),
    ];
    for (const call of wrong) expect(call).toThrow(RangeError);
  });

  it('gives plain Uint8Arrays, whose slice copies', () => {
    const results = [
      crypto.randomBytes(32),
      crypto.sha256(key),
      crypto.sha256(key, key),
      crypto.hkdfBlake2s(key, key, 64),
      crypto.x25519Keygen(key).publicKey,
      crypto.chacha20Poly1305Seal(key, nonce, nothing, key),
      crypto.ed25519Sign(key, key),
      crypto.xchacha20Poly1305Seal(key, new Uint8Array(24), nothing, key),
      crypto.xchacha20Poly1305Open(
        key,
        new Uint8Array(24),
        nothing,
        crypto.xchacha20Poly1305Seal(key, new Uint8Array(24), nothing, key),
      ),
      crypto.blake3(key),
      crypto.argon2id(key, key, { m: 8, t: 1, p: 1 }, 32),
    ];
    for (const result of results) expect(result.constructor).toBe(Uint8Array);
  });
});

describe('secret keys', () => {
  test('noble copies them, and wiping overwrites the copy', () => {
    for (const secret of [new Uint8Array(32).fill(7), Buffer.alloc(32, 7)]) {
      const pair = nobleCrypto.x25519Keygen(secret);
      wipeSecretKey(pair.secretKey);
      expect(pair.secretKey).toEqual(new Uint8Array(32));
      expect(secret.every((byte) => byte === 7)).toBe(true);
    }
  });

  test('a provider says so when it is given the key of the other', () => {
    const publicKey = nobleCrypto.x25519Keygen(new Uint8Array(32).fill(2)).publicKey;
    const { secretKey } = nodeCrypto.x25519Keygen(new Uint8Array(32).fill(3));
    expect(() => nobleCrypto.x25519(secretKey, publicKey)).toThrow(/another crypto provider/);
  });

  test('node refuses the randomness of an encapsulation, with noble behind it as well', () => {
    const { publicKey } = nodeCrypto.mlKem768Keygen(new Uint8Array(64));
    expect(() => nodeCrypto.mlKem768Encapsulate(publicKey, new Uint8Array(32))).toThrow(TypeError);
  });

  test('ML-KEM comes from OpenSSL where Node has it', () => {
    const { secretKey } = nodeCrypto.mlKem768Keygen(new Uint8Array(64));
    expect(secretKey instanceof Uint8Array).toBe(!hasNativeMlKem);
  });
});

test('Argon2 comes from OpenSSL where Node has it', () => {
  expect(hasNativeArgon2).toBe('argon2Sync' in nodeModule && typeof nodeModule.argon2Sync === 'function');
});
