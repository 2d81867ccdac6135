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

/**
 * What went wrong in opening something sealed under a group's keys. The words are stable: vectors and callers compare them.
 *
 * - `too-short`: it has no room for a nonce and a tag
 * - `wrong-version`: it is marked as another kind of seal, or not marked as one
 * - `decrypt`: the AEAD tag does not fit: changed, or sealed under another key, or for another blob, group or device
 * - `malformed`: it opened, but what is inside does not have the form that the seal prescribes; or its text form is none
 * - `wrong-padding`: it opened, but the padding has another length, or a byte that is not zero
 * - `too-large`: there is more data than the seal may carry
 * - `wrong-size`: content has another size than its reference says
 * - `wrong-hash`: content is not what its reference names
 */
export type SealErrorClass =
  | 'too-short'
  | 'wrong-version'
  | 'decrypt'
  | 'malformed'
  | 'wrong-padding'
  | 'too-large'
  | 'wrong-size'
  | 'wrong-hash';

/** A refusal to seal or to open. Its text holds lengths and positions, never bytes of a key, a name or data. */
export class SealError extends Error {
  override readonly name = 'SealError';
  readonly errorClass: SealErrorClass;

  constructor(errorClass: SealErrorClass, message: string) {
    super(message);
    this.errorClass = errorClass;
  }
}

/** Why the tag of a seal does not fit: for both providers, since one cannot know more than the other. */
export const SEAL_DOES_NOT_OPEN = 'it does not open: it was changed, or sealed under another key or for another place';
