import type { CryptoProvider } from '../crypto/provider.ts';
import { CipherState } from './cipher-state.ts';

/**
 * The SymmetricState of the Noise specification, 5.2, with BLAKE2s: a chaining key that every secret goes into, a hash that every
 * byte on the wire goes into, and the cipher that results.
 */
export class SymmetricState {
  private readonly crypto: CryptoProvider;
  private readonly cipher: CipherState;
  private chainingKey: Uint8Array;
  private hash: Uint8Array;

  /** InitializeSymmetric. A name of at most 32 bytes would be padded rather than hashed; ours has 48. */
  constructor(crypto: CryptoProvider, protocolName: Uint8Array) {
    if (protocolName.length <= 32) throw new RangeError('protocol names of up to 32 bytes are not supported');
    this.crypto = crypto;
    this.cipher = new CipherState(crypto);
    this.hash = crypto.blake2s(protocolName);
    this.chainingKey = this.hash.slice();
  }

  /** Whether what is encrypted now is encrypted indeed. */
  get hasKey(): boolean {
    return this.cipher.hasKey;
  }

  /** h, 32 bytes: after the last message the value that names this session (channel binding). */
  get handshakeHash(): Uint8Array {
    return this.hash.slice();
  }

  mixHash(data: Uint8Array): void {
    this.hash = this.crypto.blake2s(this.hash, data);
  }

  /** MixKey. Overwrites `ikm`, which nothing needs afterwards. */
  mixKey(ikm: Uint8Array): void {
    const [key] = this.chain(ikm, 2);
    this.cipher.initializeKey(key!);
  }

  /** MixKeyAndHash. Overwrites `ikm`, which nothing needs afterwards. */
  mixKeyAndHash(ikm: Uint8Array): void {
    const [temporaryHash, key] = this.chain(ikm, 3);
    this.mixHash(temporaryHash!);
    temporaryHash!.fill(0);
    this.cipher.initializeKey(key!);
  }

  encryptAndHash(plaintext: Uint8Array): Uint8Array {
    const ciphertext = this.cipher.encrypt(plaintext, this.hash);
    this.mixHash(ciphertext);
    return ciphertext;
  }

  decryptAndHash(ciphertext: Uint8Array): Uint8Array {
    const plaintext = this.cipher.decrypt(ciphertext, this.hash);
    this.mixHash(ciphertext);
    return plaintext;
  }

  /** Split: the ciphers of the two directions, that of the initiator's messages first. Ends the use of this object. */
  split(): [CipherState, CipherState] {
    const okm = this.crypto.hkdfBlake2s(new Uint8Array(0), this.chainingKey, 64);
    const ciphers: [CipherState, CipherState] = [
      new CipherState(this.crypto, okm.slice(0, 32)),
      new CipherState(this.crypto, okm.slice(32)),
    ];
    okm.fill(0);
    this.destroy();
    return ciphers;
  }

  /** Overwrites ck and k. */
  destroy(): void {
    this.chainingKey.fill(0);
    this.cipher.destroy();
  }

  /** HKDF over `ikm`: its first output becomes the chaining key, the others are returned. */
  private chain(ikm: Uint8Array, outputs: 2 | 3): Uint8Array[] {
    const okm = this.crypto.hkdfBlake2s(ikm, this.chainingKey, 32 * outputs);
    this.chainingKey.set(okm.subarray(0, 32));
    const others = [okm.slice(32, 64), okm.slice(64)];
    okm.fill(0);
    ikm.fill(0);
    return others;
  }
}
