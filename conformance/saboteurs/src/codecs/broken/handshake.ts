import type { BrokenCodec } from '../broken.ts';

const HANDSHAKE = 'reference/src/noise/handshake-state.ts';
const SYMMETRIC = 'reference/src/noise/symmetric-state.ts';
const CIPHER = 'reference/src/noise/cipher-state.ts';

/** Codecs whose Noise handshake or transport is wrong. */
export const brokenHandshakes: readonly BrokenCodec[] = [
  {
    name: 'codec-prologue-left-out',
    breaks: ['HS-02'],
    harm: 'a client of another protocol is talked to',
    patches: [{ file: HANDSHAKE, find: 'this.symmetric.mixHash(options.prologue);', replace: '' }],
  },
  {
    name: 'codec-ciphertext-not-mixed',
    breaks: ['HS-04'],
    harm: 'no handshake with anybody else comes to its end',
    patches: [{ file: SYMMETRIC, find: 'this.mixHash(temporaryHash!);', replace: '' }],
  },
  {
    name: 'codec-split-swapped',
    breaks: ['HS-05'],
    harm: 'nothing that the other side sends opens',
    patches: [
      {
        file: HANDSHAKE,
        find: '? { send: fromInitiator, receive: fromResponder, handshakeHash }',
        replace: '? { send: fromResponder, receive: fromInitiator, handshakeHash }',
      },
    ],
  },
  {
    name: 'codec-noncanonical-dh-taken',
    breaks: ['HS-11'],
    harm: 'a key has two forms, and a device two ids',
    patches: [
      {
        file: 'reference/src/crypto/public-key-checks.ts',
        find: 'if (!isLess(publicKey, P)) {',
        replace: 'if (publicKey.length === 0) {',
      },
    ],
  },
  {
    name: 'codec-payload-taken',
    breaks: ['HS-08'],
    harm: 'bytes travel in the handshake before anybody is known',
    patches: [
      { file: HANDSHAKE, find: 'if (this.requireEmptyPayloads && actual > overhead) {', replace: 'if (actual < 0) {' },
    ],
  },
  {
    name: 'codec-goes-on-after-failure',
    breaks: ['HS-18'],
    harm: 'an attacker may try again until something opens',
    patches: [
      {
        file: CIPHER,
        find: '    } catch (error) {\n      this.destroy();\n      throw error;',
        replace: '    } catch (error) {\n      throw error;',
      },
    ],
  },
  {
    name: 'codec-rekey-one-late',
    breaks: ['HS-20'],
    harm: 'a long session breaks after 65,536 messages',
    patches: [
      {
        file: CIPHER,
        find: 'if (this.counter % LIMITS.rekey_interval === 0) this.rekey();',
        replace: 'if (this.counter % LIMITS.rekey_interval === 1 && this.counter > 1) this.rekey();',
      },
    ],
  },
  {
    name: 'codec-nonce-32-bits',
    breaks: ['HS-15'],
    harm: 'a nonce is used twice after 2^32 messages',
    patches: [{ file: CIPHER, find: 'this.nonceView.setUint32(8, counter / 2 ** 32, true);', replace: '' }],
  },
];
