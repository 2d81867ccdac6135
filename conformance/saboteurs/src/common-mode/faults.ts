import { SOURCE } from '../sources.ts';
import type { Fault } from './fault.ts';

const CODEC_TESTS = ['reference/test/codec-vectors.test.ts', 'reference/test/codec.test.ts', 'reference/src/codec'];
const NOISE_TESTS = [
  'reference/test/noise-vectors.test.ts',
  'reference/src/noise',
  'reference/src/crypto/providers.test.ts',
  'reference/src/crypto/public-key-checks.test.ts',
];
const ID_TESTS = [
  'reference/test/ids-vectors.test.ts',
  'reference/test/membership-vectors.test.ts',
  'reference/src/membership.test.ts',
  'reference/src/ids.test.ts',
  'reference/src/noise/identity.test.ts',
];

/** In the order of what is built on what: codec, Noise, ids and proofs. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'length-little-endian',
    breaks: ['FRAME-01'],
    what: 'the length of a frame is written and read from its least byte on',
    tests: CODEC_TESTS,
    patches: [
      {
        file: SOURCE.message,
        find: 'for (let index = FRAME.header_bytes - 1, rest = size; index >= 0; index--, rest >>>= 8)',
        replace: 'for (let index = 0, rest = size; index < FRAME.header_bytes; index++, rest >>>= 8)',
      },
      {
        file: SOURCE.frameReader,
        find: 'length = length * 256 + this.#peek(index);',
        replace: 'length += this.#peek(index) * 256 ** index;',
      },
    ],
  },
  {
    name: 'single-bytes-in-another-order',
    breaks: ['FRAME-19'],
    what: 'of a frame that comes in very many pieces, some are put together from the last one on',
    tests: CODEC_TESTS,
    patches: [
      {
        file: SOURCE.frameReader,
        find: 'this.#chunks.splice(this.#merged);',
        replace: 'this.#chunks.splice(this.#merged).reverse();',
      },
    ],
  },
  {
    name: 'u64-of-53-bits',
    breaks: ['WIRE-03'],
    what: 'integers above 2^53 are rounded as they are read',
    tests: CODEC_TESTS,
    patches: [
      {
        file: SOURCE.reader,
        find: 'return high === 0 ? BigInt(low) : (BigInt(high) << 32n) | BigInt(low);',
        replace: 'return BigInt(high * 2 ** 32 + low);',
      },
    ],
  },
  {
    name: 'last-byte-width-unused',
    breaks: ['WIRE-06'],
    what: 'the integer 255 is written in 16 bits',
    tests: CODEC_TESTS,
    patches: [
      {
        file: SOURCE.writer,
        find: 'else if (value < 0x100) this.#header(0xcc',
        replace: 'else if (value < 0xff) this.#header(0xcc',
      },
      {
        file: SOURCE.writer,
        find: 'value < 0x80 ? 1 : value < 0x100 ? 2',
        replace: 'value < 0x80 ? 1 : value < 0xff ? 2',
      },
    ],
  },
  {
    name: 'keys-in-order-of-insertion',
    breaks: ['WIRE-08'],
    what: 'keys of maps are written as they come',
    tests: CODEC_TESTS,
    patches: [{ file: SOURCE.fieldCodec, find: 'return keys.sort(compareCodePoints);', replace: 'return keys;' }],
  },
  {
    name: 'keys-sorted-by-code-units',
    breaks: ['WIRE-08'],
    what: 'keys with characters beyond U+FFFF stand before some that they belong behind',
    tests: CODEC_TESTS,
    patches: [{ file: SOURCE.fieldCodec, find: 'if (x >= 0xd800 && y >= 0xd800) {', replace: 'if (x < 0) {' }],
  },
  {
    name: 'trailing-bytes-let-pass',
    breaks: ['WIRE-40'],
    what: 'bytes behind a message are not looked at',
    tests: CODEC_TESTS,
    patches: [
      {
        file: SOURCE.message,
        find: 'if (reader.position !== reader.end) {',
        replace: 'if (reader.position > reader.end) {',
      },
    ],
  },
  {
    name: 'nesting-one-deeper',
    breaks: ['WIRE-43'],
    what: 'an unknown value may nest five containers',
    tests: CODEC_TESTS,
    patches: [
      {
        file: SOURCE.fieldCodec,
        find: 'reader.skip(EXTENSION_MAP.max_nesting)',
        replace: 'reader.skip(EXTENSION_MAP.max_nesting + 1)',
      },
    ],
  },
  {
    name: 'protocol-name-cut',
    breaks: ['HS-01'],
    what: 'only 32 bytes of the protocol name are hashed',
    tests: NOISE_TESTS,
    patches: [
      {
        file: SOURCE.symmetricState,
        find: 'this.hash = crypto.blake2s(protocolName);',
        replace: 'this.hash = crypto.blake2s(protocolName.slice(0, 32));',
      },
    ],
  },
  {
    name: 'prologue-left-out',
    breaks: ['HS-02'],
    what: 'the prologue is not mixed',
    tests: NOISE_TESTS,
    patches: [{ file: SOURCE.handshakeState, find: 'this.symmetric.mixHash(options.prologue);', replace: '' }],
  },
  {
    name: 'kem-key-first',
    breaks: ['HS-03'],
    what: 'the ephemeral ML-KEM key stands and is hashed before the X25519 key',
    tests: NOISE_TESTS,
    patches: [
      {
        file: SOURCE.handshakeState,
        find: 'this.symmetric.mixHash(dh.publicKey);\n        this.symmetric.mixHash(kem.publicKey);\n        parts.push(dh.publicKey, kem.publicKey);',
        replace:
          'this.symmetric.mixHash(kem.publicKey);\n        this.symmetric.mixHash(dh.publicKey);\n        parts.push(kem.publicKey, dh.publicKey);',
      },
      {
        file: SOURCE.handshakeState,
        find: 'const dh = Uint8Array.from(reader.take(SIZES.dh_public));\n        const kem = Uint8Array.from(reader.take(SIZES.kem_public));',
        replace:
          'const kem = Uint8Array.from(reader.take(SIZES.kem_public));\n        const dh = Uint8Array.from(reader.take(SIZES.dh_public));',
      },
      {
        file: SOURCE.handshakeState,
        find: 'this.symmetric.mixHash(dh);\n        this.symmetric.mixHash(kem);',
        replace: 'this.symmetric.mixHash(kem);\n        this.symmetric.mixHash(dh);',
      },
    ],
  },
  {
    name: 'ekem-not-mixed',
    breaks: ['HS-04'],
    what: 'the secret of ekem does not get into the keys',
    tests: NOISE_TESTS,
    patches: [
      {
        file: SOURCE.handshakeState,
        find: 'this.symmetric.mixHash(ciphertext);\n        this.symmetric.mixKey(sharedSecret);',
        replace: 'this.symmetric.mixHash(ciphertext);',
      },
      {
        file: SOURCE.handshakeState,
        find: 'this.symmetric.mixKey(this.crypto.mlKem768Decapsulate(ciphertext, this.e!.kem.secretKey));',
        replace: '',
      },
    ],
  },
  {
    name: 'skem-to-the-ephemeral-key',
    breaks: ['HS-04'],
    what: 'skem takes the ephemeral ML-KEM key, so that the static one is never proven',
    tests: NOISE_TESTS,
    patches: [
      {
        file: SOURCE.handshakeState,
        find: 'this.encapsulate(this.remoteStatic!.kemPublic)',
        replace: 'this.encapsulate(this.remoteEphemeral!.kem)',
      },
      {
        file: SOURCE.handshakeState,
        find: 'this.crypto.mlKem768Decapsulate(ciphertext, this.s.kem.secretKey)',
        replace: 'this.crypto.mlKem768Decapsulate(ciphertext, this.e!.kem.secretKey)',
      },
    ],
  },
  {
    name: 'skem-not-hashed',
    breaks: ['HS-04'],
    what: 'skem is mixed as ekem is, by MixKey',
    tests: NOISE_TESTS,
    patches: [
      {
        file: SOURCE.handshakeState,
        find: 'this.symmetric.mixKeyAndHash(sharedSecret);',
        replace: 'this.symmetric.mixKey(sharedSecret);',
      },
      {
        file: SOURCE.handshakeState,
        find: 'this.symmetric.mixKeyAndHash(this.crypto.mlKem768Decapsulate(',
        replace: 'this.symmetric.mixKey(this.crypto.mlKem768Decapsulate(',
      },
    ],
  },
  {
    name: 'salt-and-secret-swapped',
    breaks: ['HS-04'],
    what: 'HKDF takes the chaining key for its input and the secret for its salt',
    tests: NOISE_TESTS,
    patches: [
      {
        file: SOURCE.symmetricState,
        find: 'this.crypto.hkdfBlake2s(ikm, this.chainingKey, 32 * outputs)',
        replace: 'this.crypto.hkdfBlake2s(this.chainingKey, ikm, 32 * outputs)',
      },
    ],
  },
  {
    name: 'wrong-hkdf-info',
    breaks: ['HS-04'],
    what: 'HKDF has an info, and Noise has none',
    tests: NOISE_TESTS,
    patches: [
      {
        file: SOURCE.nodeCrypto,
        find: "crypto.hkdfSync('blake2s256', ikm, salt, NOTHING, length)",
        replace: "crypto.hkdfSync('blake2s256', ikm, salt, Buffer.from('0k-sync'), length)",
      },
    ],
  },
  {
    name: 'directions-swapped',
    breaks: ['HS-05'],
    what: 'the client sends with the second key of Split',
    tests: NOISE_TESTS,
    patches: [
      {
        file: SOURCE.handshakeState,
        find: 'return this.initiator\n        ? { send',
        replace: 'return !this.initiator\n        ? { send',
      },
    ],
  },
  {
    name: 'one-key-for-both-directions',
    breaks: ['HS-05'],
    what: 'both directions have the first key of Split, and nonces meet',
    tests: NOISE_TESTS,
    patches: [
      {
        file: SOURCE.symmetricState,
        find: 'new CipherState(this.crypto, okm.slice(32)),',
        replace: 'new CipherState(this.crypto, okm.slice(0, 32)),',
      },
    ],
  },
  {
    name: 'nonce-big-endian',
    breaks: ['HS-01'],
    what: 'the counter is written from its most significant byte on, as AES-GCM would',
    tests: NOISE_TESTS,
    patches: [
      {
        file: SOURCE.cipherState,
        find: 'this.nonceView.setUint32(4, counter, true);\n    this.nonceView.setUint32(8, counter / 2 ** 32, true);',
        replace: 'this.nonceView.setUint32(8, counter);\n    this.nonceView.setUint32(4, counter / 2 ** 32);',
      },
    ],
  },
  {
    name: 'fixed-nonce',
    breaks: ['HS-16'],
    what: 'every message has nonce 0',
    tests: NOISE_TESTS,
    patches: [
      {
        file: SOURCE.cipherState,
        find: 'private nonceOf(counter: number): Uint8Array {',
        replace: 'private nonceOf(counter: number): Uint8Array {\n    counter = 0;',
      },
    ],
  },
  {
    name: 'kem-modulus-unchecked',
    breaks: ['HS-10'],
    what: 'ML-KEM keys that are not canonical are taken as they are',
    tests: NOISE_TESTS,
    patches: [{ file: SOURCE.publicKeyChecks, find: 'if (even >= Q || odd >= Q) {', replace: 'if (even < 0) {' }],
  },
  {
    name: 'bit-255-let-pass',
    breaks: ['HS-11'],
    what: 'an X25519 key may have bit 255 set',
    tests: NOISE_TESTS,
    patches: [
      {
        file: SOURCE.publicKeyChecks,
        find: 'if (!isLess(publicKey, P)) {',
        replace:
          'const canonical = Uint8Array.from(publicKey);\n  canonical[31]! &= 127;\n  if (!isLess(canonical, P)) {',
      },
    ],
  },
  {
    name: 'tag-compared-partially',
    breaks: ['HS-15'],
    what: 'four of the sixteen bytes of a tag are compared',
    tests: NOISE_TESTS,
    patches: [
      {
        file: SOURCE.nodeCrypto,
        find: 'decipher.final();',
        replace:
          'const sealed = encrypt(key, nonce, aad, plaintext, new Uint8Array(ciphertext.length));\n    if (length < 0 || Buffer.compare(sealed.subarray(length, length + 4), ciphertext.subarray(length, length + 4)) !== 0) return undefined;',
      },
    ],
  },
  {
    name: 'used-after-failure',
    breaks: ['HS-18'],
    what: 'a handshake that failed goes on',
    tests: NOISE_TESTS,
    patches: [
      { file: SOURCE.handshakeState, find: 'destroy(): void {\n    this.failed = true;', replace: 'destroy(): void {' },
    ],
  },
  {
    name: 'rekey-one-message-late',
    breaks: ['HS-19', 'HS-20'],
    what: 'a key is used for 65,537 messages',
    tests: NOISE_TESTS,
    patches: [
      {
        file: SOURCE.cipherState,
        find: 'if (this.counter % LIMITS.rekey_interval === 0) this.rekey();',
        replace: 'if (this.counter % LIMITS.rekey_interval === 1 && this.counter > 1) this.rekey();',
      },
    ],
  },
  {
    name: 'rekeyed-once',
    breaks: ['HS-19', 'HS-20'],
    what: 'only the first 65,536 messages end with a rekey',
    tests: NOISE_TESTS,
    patches: [
      {
        file: SOURCE.cipherState,
        find: 'if (this.counter % LIMITS.rekey_interval === 0) this.rekey();',
        replace: 'if (this.counter === LIMITS.rekey_interval) this.rekey();',
      },
    ],
  },
  {
    name: 'rekey-under-nonce-0',
    breaks: ['HS-19', 'HS-20'],
    what: 'REKEY encrypts under a nonce that a message had',
    tests: NOISE_TESTS,
    patches: [
      {
        file: SOURCE.cipherState,
        find: 'const REKEY_NONCE = Uint8Array.of(0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255);',
        replace: 'const REKEY_NONCE = new Uint8Array(12);',
      },
    ],
  },
  {
    name: 'ephemeral-keys-kept',
    breaks: ['HS-23'],
    what: 'the ephemeral keys are drawn once for all handshakes of a process',
    tests: NOISE_TESTS,
    patches: [
      {
        file: SOURCE.handshakeState,
        find: 'const draw = this.draw ?? this.crypto.randomBytes;\n    const secret = draw(32);',
        replace:
          'if (!this.draw && kept) return kept;\n    const draw = this.draw ?? this.crypto.randomBytes;\n    const secret = draw(32);',
      },
      {
        file: SOURCE.handshakeState,
        find: 'return { dh: this.crypto.x25519Keygen(secret), kem: this.crypto.mlKem768Keygen(seed) };',
        replace:
          'const keys = { dh: this.crypto.x25519Keygen(secret), kem: this.crypto.mlKem768Keygen(seed) };\n      if (!this.draw) kept = keys;\n      return keys;',
      },
      {
        file: SOURCE.handshakeState,
        find: 'const SIZES = HANDSHAKE.sizes;',
        replace: 'const SIZES = HANDSHAKE.sizes;\nlet kept: StaticKeys | undefined;',
      },
    ],
  },
  {
    name: 'random-bytes-of-zeros',
    breaks: ['HS-23'],
    what: 'the random source gives zeros',
    tests: NOISE_TESTS,
    patches: [
      {
        file: SOURCE.nodeCrypto,
        find: 'randomBytes: (length) => crypto.randomFillSync(new Uint8Array(length)),',
        replace: 'randomBytes: (length) => new Uint8Array(length),',
      },
    ],
  },
  {
    name: 'encapsulations-without-randomness',
    breaks: ['HS-30'],
    what: 'the random bytes of an encapsulation are zeros, so that everybody knows its secret',
    tests: NOISE_TESTS,
    patches: [
      {
        file: SOURCE.nodeCrypto,
        find: "const { ciphertext, sharedKey } = crypto.encapsulate(importPublicKey('ml-kem-768', publicKey));\n    return { ciphertext: plain(ciphertext), sharedSecret: plain(sharedKey) };",
        replace: 'return nobleCrypto.mlKem768Encapsulate(publicKey, new Uint8Array(32));',
      },
    ],
  },
  {
    name: 'wrong-device-id-label',
    breaks: ['WIRE-01'],
    what: 'a DeviceId is hashed under the label of group ids',
    tests: ID_TESTS,
    patches: [
      {
        file: SOURCE.identity,
        find: 'encode(LABELS.identity)',
        replace: 'encode(LABELS.group_id_v2)',
      },
    ],
  },
  {
    name: 'device-id-of-one-key',
    breaks: ['WIRE-01'],
    what: 'a DeviceId is made of the X25519 key alone',
    tests: ID_TESTS,
    patches: [
      {
        file: SOURCE.identity,
        find: 'crypto.sha256(DEVICE_ID_LABEL, dhPublic, kemPublic)',
        replace: 'crypto.sha256(DEVICE_ID_LABEL, dhPublic)',
      },
    ],
  },
  {
    name: 'group-id-without-label',
    breaks: ['MEM-01'],
    what: 'a group id is the bare hash of the key',
    tests: ID_TESTS,
    patches: [
      {
        file: SOURCE.ids,
        find: 'return crypto.sha256(ascii(LABELS.group_id_v2), groupKey);',
        replace: 'return crypto.sha256(groupKey);',
      },
    ],
  },
  {
    name: 'proof-without-device-id',
    breaks: ['MEM-04'],
    what: 'a proof is signed over the group alone, so that whoever sees it can use it',
    tests: ID_TESTS,
    patches: [{ file: SOURCE.membership, find: 'bytes.set(deviceId, MEMBER.length + 32);', replace: '' }],
  },
  {
    name: 'proof-without-label',
    breaks: ['MEM-06'],
    what: 'a proof is signed without its label',
    tests: ID_TESTS,
    patches: [{ file: SOURCE.membership, find: 'bytes.set(MEMBER);', replace: '' }],
  },
  {
    name: 'small-order-keys-verify',
    breaks: ['MEM-10'],
    what: 'a proof by a key of small order, which anybody can make, is valid',
    tests: [...ID_TESTS, 'reference/src/crypto/ed25519-strict.test.ts'],
    patches: [
      {
        file: SOURCE.strictEd25519,
        find: '!isSmallOrder(publicKey)',
        replace: 'publicKey.length === 32',
      },
    ],
  },
];
