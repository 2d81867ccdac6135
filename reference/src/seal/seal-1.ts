/**
 * Seal 1, for v1 groups: nonce 24 ‖ XChaCha20-Poly1305(key, nonce, plaintext). It binds a payload to nothing but the group, and
 * shows its length; it is what the deployed implementation reads (SEAL-01).
 */
import { SEAL } from '@0k-sync/spec';
import { SealError } from '../crypto/errors.ts';
import type { CryptoProvider } from '../crypto/provider.ts';

const NONCE_LENGTH = SEAL.sizes.nonce;
const NO_AAD = new Uint8Array(0);

/** What seal 1 adds to a plaintext, in bytes. */
export const SEAL_1_OVERHEAD = SEAL.seal_1.overhead;

/** Seals a plaintext of any length. `key`: `groupKey(…, 'encryption')`, 32 bytes. */
export function seal1(plaintext: Uint8Array, key: Uint8Array, crypto: CryptoProvider): Uint8Array {
  const sealed = new Uint8Array(plaintext.length + SEAL_1_OVERHEAD);
  const nonce = crypto.randomBytes(NONCE_LENGTH);
  sealed.set(nonce);
  crypto.xchacha20Poly1305Seal(key, nonce, NO_AAD, plaintext, sealed.subarray(NONCE_LENGTH));
  return sealed;
}

/** @throws SealError `too-short` or `decrypt` (SEAL-02, SEAL-03) */
export function openSeal1(sealed: Uint8Array, key: Uint8Array, crypto: CryptoProvider): Uint8Array {
  if (sealed.length < SEAL_1_OVERHEAD) {
    throw new SealError('too-short', `${sealed.length} bytes are too few for seal 1, which adds ${SEAL_1_OVERHEAD}`);
  }
  const nonce = sealed.subarray(0, NONCE_LENGTH);
  return crypto.xchacha20Poly1305Open(key, nonce, NO_AAD, sealed.subarray(NONCE_LENGTH));
}
