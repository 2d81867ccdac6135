import type { Broken } from '../saboteur.ts';
import { SOURCE } from '../sources.ts';

const RECEIVED = 'this.advance();\n      return plaintext;';
const SENT = 'this.advance();\n    return ciphertext;';

/** Transport messages after the handshake, and rekeying. */
export const brokenSecureChannel: readonly Broken[] = [
  {
    name: 'window-of-nonces',
    breaks: ['HS-16'],
    harm: 'a recorded request is carried out a second time',
    patches: [
      {
        file: SOURCE.cipherState,
        find: 'const plaintext = this.crypto.chacha20Poly1305Open(this.key, this.nonceOf(this.counter), ad, ciphertext);\n      this.advance();\n      return plaintext;',
        replace: `for (const nonce of [this.counter, this.counter - 1, this.counter + 1]) {
        try {
          const plaintext = this.crypto.chacha20Poly1305Open(this.key, this.nonceOf(nonce), ad, ciphertext);
          if (nonce >= this.counter) {
            this.counter = nonce;
            this.advance();
          }
          return plaintext;
        } catch {}
      }
      throw new NoiseError('decrypt', 'no nonce fits');`,
      },
    ],
  },
  {
    name: 'short-messages-ignored',
    breaks: ['HS-17'],
    harm: 'a broken client waits instead of being told',
    patches: [
      {
        file: SOURCE.cipherState,
        find: 'if (ciphertext.length < TAG_LENGTH) {',
        replace: 'if (ciphertext.length < TAG_LENGTH) return NOTHING;\n    if (ciphertext.length < 0) {',
      },
    ],
  },
  {
    name: 'client-never-rekeyed',
    breaks: ['HS-19'],
    harm: 'long sessions break off at the 65,537th message',
    patches: [
      { file: SOURCE.cipherState, find: RECEIVED, replace: RECEIVED.replace('this.advance()', 'this.counter++') },
    ],
  },
  {
    name: 'client-rekeyed-once',
    breaks: ['HS-19'],
    harm: 'long sessions break off at the 131,073rd message',
    patches: [
      {
        file: SOURCE.cipherState,
        find: RECEIVED,
        replace: RECEIVED.replace('this.advance()', 'if (++this.counter === LIMITS.rekey_interval) this.rekey()'),
      },
    ],
  },
  {
    name: 'relay-rekeys-one-message-late',
    breaks: ['HS-20'],
    harm: 'long sessions break off at the 65,537th message',
    patches: [
      {
        file: SOURCE.cipherState,
        find: SENT,
        replace: SENT.replace(
          'this.advance()',
          'if (++this.counter % LIMITS.rekey_interval === 1 && this.counter > 1) this.rekey()',
        ),
      },
    ],
  },
  {
    name: 'nonce-anew-after-rekey',
    breaks: ['HS-20'],
    harm: 'long sessions break off at the 65,537th message',
    patches: [
      {
        file: SOURCE.cipherState,
        find: SENT,
        replace: SENT.replace('this.advance()', 'this.advance();\n    this.counter %= LIMITS.rekey_interval'),
      },
    ],
  },
];
