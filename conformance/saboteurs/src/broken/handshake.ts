import { createIdentity } from '@0k-sync/reference';
import type { Broken } from '../saboteur.ts';
import { SOURCE } from '../sources.ts';

/** Coefficients of an ML-KEM key brought below 3,329, as a library that computes with them does silently. */
const REDUCED = `((key) => {
      const out = Uint8Array.from(key);
      for (let i = 0; i < 1152; i += 3) {
        const even = (out[i] | ((out[i + 1] & 15) << 8)) % 3329;
        const odd = ((out[i + 1] >> 4) | (out[i + 2] << 4)) % 3329;
        out.set([even & 255, (even >> 8) | ((odd & 15) << 4), odd >> 4], i);
      }
      return out;
    })(publicKey)`;

const encapsulatesToReduced = {
  file: SOURCE.nodeCrypto,
  find: "checkMlKem768PublicKey(publicKey);\n    const { ciphertext, sharedKey } = crypto.encapsulate(importPublicKey('ml-kem-768', publicKey));",
  replace: `const { ciphertext, sharedKey } = crypto.encapsulate(importPublicKey('ml-kem-768', ${REDUCED}));`,
};

/** The handshake: its bytes, what it has to refuse, and the keys. */
export const brokenHandshake: readonly Broken[] = [
  {
    name: 'another-protocol-name',
    breaks: ['HS-01'],
    harm: 'no two implementations can talk to each other',
    isNoRelay: true,
    patches: [
      {
        file: SOURCE.handshakeState,
        find: 'HANDSHAKE.protocol_name',
        replace: "HANDSHAKE.protocol_name.replace('hybridXX', 'XXhybrid')",
      },
    ],
  },
  {
    name: 'no-prologue',
    breaks: ['HS-02'],
    harm: 'a handshake of another protocol can be passed off as one of this',
    isNoRelay: true,
    patches: [{ file: SOURCE.secureChannel, find: 'prologue: PROLOGUE,', replace: 'prologue: new Uint8Array(),' }],
  },
  {
    name: 'static-keys-in-the-other-order',
    breaks: ['HS-03'],
    harm: 'clients fail in the dark',
    isNoRelay: true,
    patches: [
      {
        file: SOURCE.handshakeState,
        find: 'parts.push(this.symmetric.encryptAndHash(this.localIdentity.dhPublic));\n        parts.push(this.symmetric.encryptAndHash(this.localIdentity.kemPublic));',
        replace:
          'parts.push(this.symmetric.encryptAndHash(this.localIdentity.kemPublic));\n        parts.push(this.symmetric.encryptAndHash(this.localIdentity.dhPublic));',
      },
    ],
  },
  {
    name: 'ekem-secret-not-mixed',
    breaks: ['HS-04'],
    harm: 'sessions are open to whoever breaks X25519 later',
    isNoRelay: true,
    patches: [
      {
        file: SOURCE.handshakeState,
        find: 'this.symmetric.mixHash(ciphertext);\n        this.symmetric.mixKey(sharedSecret);',
        replace: 'this.symmetric.mixHash(ciphertext);',
      },
    ],
  },
  {
    name: 'keys-of-both-directions-swapped',
    breaks: ['HS-05'],
    harm: 'no two implementations can talk to each other',
    isNoRelay: true,
    patches: [
      {
        file: SOURCE.handshakeState,
        find: ': { send: fromResponder, receive: fromInitiator, handshakeHash }',
        replace: ': { send: fromInitiator, receive: fromResponder, handshakeHash }',
      },
    ],
  },
  {
    name: 'handshake-message-with-a-payload',
    breaks: ['HS-06'],
    harm: 'clients take what follows for a payload that must not be there',
    isNoRelay: true,
    patches: [
      { file: SOURCE.handshakeState, find: 'this.checkLength(overhead + payload.length, overhead);', replace: '' },
      {
        file: SOURCE.secureChannel,
        find: 'this.#transport.send(handshake.writeMessage())',
        replace: 'this.#transport.send(handshake.writeMessage(Uint8Array.of(0)))',
      },
    ],
  },
  {
    name: 'rest-of-short-message-awaited',
    breaks: ['HS-07'],
    harm: 'a broken client waits instead of being told',
    patches: [
      {
        file: SOURCE.secureChannel,
        find: 'else this.#advance(message);\n    } catch (error) {',
        replace:
          "else this.#advance(message);\n    } catch (error) {\n      if (this.#receive === undefined && (error as { errorClass?: string }).errorClass === 'too-short') return;",
      },
    ],
  },
  {
    name: 'payloads-taken',
    breaks: ['HS-08'],
    harm: 'data can be hidden in the handshake, before anybody is authenticated',
    patches: [
      {
        file: SOURCE.handshakeState,
        find: 'options.requireEmptyPayloads ?? true',
        replace: 'options.requireEmptyPayloads ?? false',
      },
    ],
  },
  {
    name: 'payload-judged-after-the-answer',
    breaks: ['HS-14'],
    harm: 'a stranger is shown the relay’s keys for data that must not be there',
    patches: [
      {
        file: SOURCE.handshakeState,
        find: 'options.requireEmptyPayloads ?? true',
        replace: 'options.requireEmptyPayloads ?? false',
      },
      {
        file: SOURCE.secureChannel,
        find: 'handshake.readMessage(message);',
        replace: 'const payload = handshake.readMessage(message);',
      },
      {
        file: SOURCE.secureChannel,
        find: 'if (!handshake.complete) return;',
        replace: "if (payload.length > 0) throw new Error('a payload');\n    if (!handshake.complete) return;",
      },
    ],
  },
  {
    name: 'tags-not-checked',
    breaks: ['HS-09', 'HS-15'],
    harm: 'someone in the middle can put a key of his own in place',
    patches: [{ file: SOURCE.nodeCrypto, find: 'decipher.final();', replace: '' }],
  },
  {
    name: 'last-byte-of-tags-compared',
    breaks: ['HS-15'],
    harm: 'one forgery in 256 gets through',
    patches: [
      {
        file: SOURCE.nodeCrypto,
        find: 'decipher.final();',
        replace:
          'const sealed = encrypt(key, nonce, aad, plaintext, new Uint8Array(ciphertext.length));\n    if (sealed.at(-1) !== ciphertext.at(-1)) return undefined;',
      },
    ],
  },
  {
    name: 'ephemeral-kem-key-reduced',
    breaks: ['HS-10'],
    harm: 'implementations disagree about who shakes hands',
    patches: [
      { file: SOURCE.handshakeState, find: 'checkMlKem768PublicKey(kem);', replace: '' },
      encapsulatesToReduced,
    ],
  },
  {
    name: 'static-kem-key-reduced',
    breaks: ['HS-10'],
    harm: 'one device appears under several ids',
    patches: [
      { file: SOURCE.handshakeState, find: 'checkMlKem768PublicKey(kemPublic);', replace: '' },
      encapsulatesToReduced,
    ],
  },
  {
    name: 'bit-255-ignored',
    breaks: ['HS-11'],
    harm: 'one device appears under several ids',
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
    name: 'keys-above-p-accepted',
    breaks: ['HS-11'],
    harm: 'one device appears under several ids',
    patches: [
      { file: SOURCE.publicKeyChecks, find: 'if (!isLess(publicKey, P)) {', replace: 'if (publicKey[31]! > 127) {' },
    ],
  },
  {
    name: 'zero-secrets-accepted',
    breaks: ['HS-12'],
    harm: 'a peer can force a shared secret that everybody knows',
    patches: [
      {
        file: SOURCE.publicKeyChecks,
        find: 'if (LOW_ORDER.some((point) => equals(point, publicKey))) {',
        replace: 'if (publicKey.length === 0) {',
      },
      {
        file: SOURCE.nodeCrypto,
        find: "return plain(crypto.diffieHellman({ privateKey, publicKey: importPublicKey('x25519', publicKey) }));",
        replace:
          "try {\n      return plain(crypto.diffieHellman({ privateKey, publicKey: importPublicKey('x25519', publicKey) }));\n    } catch {\n      return new Uint8Array(32);\n    }",
      },
    ],
  },
  {
    name: 'one-point-of-low-order-forgotten',
    breaks: ['HS-12'],
    harm: 'a peer can force a shared secret that everybody knows',
    patches: [
      { file: SOURCE.publicKeyChecks, find: '\n  2n ** 255n - 20n,', replace: '' },
      {
        file: SOURCE.nodeCrypto,
        find: "return plain(crypto.diffieHellman({ privateKey, publicKey: importPublicKey('x25519', publicKey) }));",
        replace:
          "try {\n      return plain(crypto.diffieHellman({ privateKey, publicKey: importPublicKey('x25519', publicKey) }));\n    } catch {\n      return new Uint8Array(32);\n    }",
      },
    ],
  },
  {
    name: 'reason-told',
    breaks: ['HS-13'],
    harm: 'an attacker learns which of his guesses came closer',
    patches: [
      {
        file: SOURCE.transport,
        find: 'close: (code) => socket.close(code),',
        replace: "close: (code) => socket.close(code, code === 1002 ? 'does not decrypt' : ''),",
      },
    ],
  },
  {
    name: 'error-before-the-close',
    breaks: ['HS-14'],
    harm: 'broken state leaks bytes, or is driven on by an attacker',
    patches: [
      {
        file: SOURCE.secureChannel,
        find: 'this.#transport.close(1002);',
        replace:
          "if (this.#send) this.#transport.send(this.#send.encrypt(Buffer.from('0000000c93a54572726f72cd03e8a178', 'hex')));\n    this.#transport.close(1002);",
      },
    ],
  },
  {
    name: 'message-2-for-a-wrong-message-1',
    breaks: ['HS-14'],
    harm: 'broken state leaks bytes, or is driven on by an attacker',
    patches: [
      {
        file: SOURCE.secureChannel,
        find: 'this.#transport.close(1002);',
        replace: 'if (this.#handshake) this.#transport.send(new Uint8Array(3568));\n    this.#transport.close(1002);',
      },
    ],
  },
  {
    name: 'new-keys-at-each-start',
    breaks: ['HS-22'],
    harm: 'users are warned of an attack whenever the relay restarts',
    parts: (parts) => ({ ...parts, identity: createIdentity(parts.crypto) }),
  },
  {
    name: 'keys-rotated',
    breaks: ['HS-22'],
    harm: 'users are warned of an attack now and then',
    patches: [
      {
        file: SOURCE.connection,
        find: "role: 'responder',\n      identity: options.identity,",
        replace:
          "role: 'responder',\n      identity: ++opened > 3 ? createIdentity(options.crypto) : options.identity,",
      },
      {
        file: SOURCE.connection,
        find: 'import {\n  type CryptoProvider,',
        replace: 'let opened = 0;\nimport {\n  createIdentity,\n  type CryptoProvider,',
      },
    ],
  },
  {
    name: 'ephemeral-keys-kept',
    breaks: ['HS-23'],
    harm: 'one stolen key opens all sessions before it',
    patches: [
      {
        file: SOURCE.handshakeState,
        find: 'return { dh: this.crypto.x25519Keygen(secret), kem: this.crypto.mlKem768Keygen(seed) };',
        replace:
          'return ((globalThis as any).kept ??= { dh: this.crypto.x25519Keygen(secret), kem: this.crypto.mlKem768Keygen(seed) });',
      },
    ],
  },
  {
    name: 'ephemeral-kem-key-kept',
    breaks: ['HS-23'],
    harm: 'one key, broken later, opens all sessions before it',
    patches: [
      {
        file: SOURCE.handshakeState,
        find: 'kem: this.crypto.mlKem768Keygen(seed) };\n    } finally',
        replace: 'kem: ((globalThis as any).kept ??= this.crypto.mlKem768Keygen(seed)) };\n    } finally',
      },
    ],
  },
  {
    name: 'encapsulations-without-randomness',
    breaks: ['HS-30'],
    harm: 'whoever watches can compute what was to protect from quantum computers',
    patches: [
      {
        file: SOURCE.nodeCrypto,
        find: "const { ciphertext, sharedKey } = crypto.encapsulate(importPublicKey('ml-kem-768', publicKey));\n    return { ciphertext: plain(ciphertext), sharedSecret: plain(sharedKey) };",
        replace: 'return nobleCrypto.mlKem768Encapsulate(publicKey, new Uint8Array(32));',
      },
    ],
  },
  {
    name: 'classical-handshake-answered',
    breaks: ['HS-24'],
    harm: 'an attacker can make both sides agree on something weaker',
    patches: [
      {
        file: SOURCE.secureChannel,
        find: 'const handshake = this.#handshake!;\n',
        replace:
          'const handshake = this.#handshake!;\n    if (message.length === 32) return this.#transport.send(new Uint8Array(96));\n',
      },
    ],
  },
  {
    name: 'handshake-counts-as-connection',
    breaks: ['HS-25'],
    harm: 'someone who knows a device’s public keys can lock it out',
    profile: 'limits',
    patches: [
      {
        file: SOURCE.relay,
        find: 'open({ deviceId }) {\n        handshakeOver();',
        replace: 'open({ deviceId }) {\n        handshakeOver();\n        parts.limits.connectionOf(keyOf(deviceId));',
      },
    ],
  },
  {
    name: 'handshakes-without-end',
    breaks: ['HS-26'],
    harm: 'half-open connections use up the relay’s memory',
    profile: 'limits',
    patches: [
      {
        file: SOURCE.relay,
        find: 'if (unfinishedHandshakes >= FIXED_LIMITS.max_unfinished_handshakes) {',
        replace: 'if (unfinishedHandshakes < 0) {',
      },
    ],
  },
];
