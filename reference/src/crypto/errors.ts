/**
 * What went wrong in the handshake, in a transport message or in a key that came from the other side. The words are stable:
 * vectors and callers compare them.
 *
 * - `too-short`: a Noise message shorter than its tokens, or a transport message under 16 bytes
 * - `too-long`: a Noise message over 65,535 bytes
 * - `decrypt`: the AEAD tag does not fit
 * - `bad-public-key`: an X25519 key with bit 255 set or ≥ p, an ML-KEM key that fails the modulus check of FIPS 203, 7.2
 * - `low-order`: an X25519 key whose shared secret is all zero
 * - `unexpected-payload`: a handshake message with a payload
 * - `failed-state`: anything asked of an object that failed before, or was destroyed
 * - `wrong-turn`: writing when it is time to read, and the like; the only one that leaves the object usable
 */
export type NoiseErrorClass =
  | 'too-short'
  | 'too-long'
  | 'decrypt'
  | 'bad-public-key'
  | 'low-order'
  | 'unexpected-payload'
  | 'failed-state'
  | 'wrong-turn';

/** A refusal by the Noise layer. Its text holds lengths and positions, never bytes of a key or a message. */
export class NoiseError extends Error {
  override readonly name = 'NoiseError';
  readonly errorClass: NoiseErrorClass;

  constructor(errorClass: NoiseErrorClass, message: string) {
    super(message);
    this.errorClass = errorClass;
  }
}
