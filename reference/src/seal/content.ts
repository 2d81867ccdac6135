/**
 * Content too large for a blob. It is sealed under a key of its own and kept in some store under the hash of its ciphertext; a blob
 * carries the ContentRef, which says how to find and open it. So a store can neither read content nor exchange it.
 */
import { type ContentRef, SEAL } from '@0k-sync/spec';
import { SealError } from '../crypto/errors.ts';
import { type CryptoProvider, requireLength } from '../crypto/provider.ts';
import { equals } from '../crypto/public-key-checks.ts';

/** The largest content, 100 MiB, before it is encrypted. */
export const MAX_CONTENT_SIZE = SEAL.content.max_content;

const NONCE_LENGTH = SEAL.sizes.nonce;
const TAG_LENGTH = SEAL.content.overhead;
const NO_AAD = new Uint8Array(0);

/**
 * Seals content under `contentKey(…)`: XChaCha20-Poly1305, content_hash = BLAKE3(ciphertext) (CONT-01 to CONT-03). The nonce stands
 * in the reference, which takes its extensions (mime, name, thumbnail) from the caller.
 * @throws SealError `too-large`
 */
export function sealContent(
  content: Uint8Array,
  key: Uint8Array,
  crypto: CryptoProvider,
): { reference: ContentRef; ciphertext: Uint8Array } {
  if (content.length > MAX_CONTENT_SIZE) throw tooLarge(content.length);
  const nonce = crypto.randomBytes(NONCE_LENGTH);
  const ciphertext = crypto.xchacha20Poly1305Seal(key, nonce, NO_AAD, content);
  const reference: ContentRef = {
    type: 'ContentRef',
    content_hash: crypto.blake3(ciphertext),
    encryption_nonce: nonce,
    content_size: BigInt(content.length),
    encrypted_size: BigInt(ciphertext.length),
  };
  return { reference, ciphertext };
}

/**
 * Judges the sizes in a reference, before anything is fetched or allocated for it (CONT-05, CONT-06).
 * @throws SealError `too-large`, or `wrong-size`: encrypted_size is not content_size + 16
 */
export function checkContentReference({ content_size, encrypted_size }: ContentRef): void {
  if (content_size > MAX_CONTENT_SIZE) throw tooLarge(content_size);
  if (encrypted_size !== content_size + BigInt(TAG_LENGTH)) {
    throw new SealError('wrong-size', `content of ${content_size} bytes is not ${encrypted_size} bytes when encrypted`);
  }
}

/**
 * Opens what was fetched for a reference: sizes first, then the hash, and only then the key is used (CONT-07 to CONT-09).
 * @throws SealError `too-large`, `wrong-size`, `wrong-hash` or `decrypt`
 */
export function openContent(
  ciphertext: Uint8Array,
  reference: ContentRef,
  key: Uint8Array,
  crypto: CryptoProvider,
): Uint8Array {
  requireLength(reference.content_hash, SEAL.sizes.content_hash, 'a content hash');
  checkContentReference(reference);
  if (BigInt(ciphertext.length) !== reference.encrypted_size) {
    throw new SealError('wrong-size', `${ciphertext.length} bytes were fetched, not ${reference.encrypted_size}`);
  }
  if (!equals(crypto.blake3(ciphertext), reference.content_hash)) {
    throw new SealError('wrong-hash', 'what was fetched is not the content that the reference names');
  }
  return crypto.xchacha20Poly1305Open(key, reference.encryption_nonce, NO_AAD, ciphertext);
}

function tooLarge(size: number | bigint): SealError {
  return new SealError('too-large', `${size} bytes of content are more than the ${MAX_CONTENT_SIZE} allowed`);
}
