import { HANDSHAKE } from '@0k-sync/spec';
import { NoiseError } from '../crypto/errors.ts';
import type { CryptoProvider } from '../crypto/provider.ts';

/** 2^64 − 1, which no message uses: REKEY encrypts under it. */
const REKEY_NONCE = Uint8Array.of(0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255);
const NOTHING = new Uint8Array(0);
const LIMITS = HANDSHAKE.transport;
const TAG_LENGTH = HANDSHAKE.sizes.tag;

/**
 * The CipherState of the Noise specification, 5.1: a key and a counter, for one direction. Each state owns its key and
 * overwrites it when another takes its place, as far as JavaScript reaches: engines may have made copies of their own.
 *
 * A NoiseError ends its use: from then on every call throws `failed-state`.
 */
export class CipherState {
  private readonly crypto: CryptoProvider;
  private readonly nonceBytes = new Uint8Array(12);
  private readonly nonceView = new DataView(this.nonceBytes.buffer);
  private key: Uint8Array | undefined;
  private counter: number;
  private failed = false;

  /** @param key 32 bytes, owned by this object from now on @param nonce of the first message; other than 0 in tests only */
  constructor(crypto: CryptoProvider, key?: Uint8Array, nonce = 0) {
    this.crypto = crypto;
    this.key = key;
    this.counter = nonce;
  }

  get hasKey(): boolean {
    return this.key !== undefined;
  }

  /** The nonce of the next message. */
  get nonce(): number {
    return this.counter;
  }

  /** InitializeKey: takes the key over and counts from 0. */
  initializeKey(key: Uint8Array): void {
    this.key?.fill(0);
    this.key = key;
    this.counter = 0;
  }

  /**
   * EncryptWithAd: the ciphertext, 16 bytes longer than the plaintext; the plaintext itself (not a copy) while there is no key.
   * @throws NoiseError `too-long`: over 65,519 bytes; `failed-state`
   */
  encrypt(plaintext: Uint8Array, ad: Uint8Array = NOTHING): Uint8Array {
    this.requireUsable();
    if (!this.key) return plaintext;
    if (plaintext.length > LIMITS.max_plaintext) {
      throw this.fail('too-long', `${plaintext.length} bytes do not fit in one Noise message: split at 65,519`);
    }
    const ciphertext = this.crypto.chacha20Poly1305Seal(this.key, this.nonceOf(this.counter), ad, plaintext);
    this.advance();
    return ciphertext;
  }

  /**
   * DecryptWithAd: the plaintext; the ciphertext itself (not a copy) while there is no key.
   * @throws NoiseError `too-short`: under 16 bytes; `too-long`: over 65,535; `decrypt`; `failed-state`
   */
  decrypt(ciphertext: Uint8Array, ad: Uint8Array = NOTHING): Uint8Array {
    this.requireUsable();
    if (!this.key) return ciphertext;
    if (ciphertext.length < TAG_LENGTH) {
      throw this.fail('too-short', `a Noise message of ${ciphertext.length} bytes cannot hold its 16-byte tag`);
    }
    if (ciphertext.length > LIMITS.max_message) {
      throw this.fail('too-long', `a Noise message has ${ciphertext.length} bytes; 65,535 are allowed`);
    }
    try {
      const plaintext = this.crypto.chacha20Poly1305Open(this.key, this.nonceOf(this.counter), ad, ciphertext);
      this.advance();
      return plaintext;
    } catch (error) {
      this.destroy();
      throw error;
    }
  }

  /** Rekey, with the REKEY of the Noise specification, 4.2. The nonce goes on. Happens by itself every 65,536 messages. */
  rekey(): void {
    this.requireUsable();
    if (!this.key) return;
    const sealed = this.crypto.chacha20Poly1305Seal(this.key, REKEY_NONCE, NOTHING, new Uint8Array(32));
    this.key.fill(0);
    this.key = sealed.slice(0, 32);
    sealed.fill(0);
  }

  /** Overwrites the key. Nothing works afterwards. */
  destroy(): void {
    this.key?.fill(0);
    this.key = undefined;
    this.failed = true;
  }

  private advance(): void {
    this.counter++;
    if (this.counter % LIMITS.rekey_interval === 0) this.rekey();
  }

  /** ChaChaPoly's nonce: 4 zero bytes, then the counter, little-endian. A number is exact to 2^53, more than a session can send. */
  private nonceOf(counter: number): Uint8Array {
    this.nonceView.setUint32(4, counter, true);
    this.nonceView.setUint32(8, counter / 2 ** 32, true);
    return this.nonceBytes;
  }

  private fail(errorClass: 'too-short' | 'too-long', message: string): NoiseError {
    this.destroy();
    return new NoiseError(errorClass, message);
  }

  private requireUsable(): void {
    if (this.failed)
      throw new NoiseError('failed-state', 'this channel failed before or was destroyed: open another one');
  }
}
