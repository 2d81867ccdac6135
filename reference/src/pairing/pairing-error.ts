import type { ErrorClass } from '@0k-sync/spec';

/**
 * An invite or a short code that cannot be used. `errorClass` is stable and is what test vectors name; the text is for people and
 * holds names of keys and offsets, never a value: an invite is a secret from its first character to its last.
 */
export class PairingError extends Error {
  override readonly name = 'PairingError';
  readonly errorClass: ErrorClass;

  constructor(errorClass: ErrorClass, message: string) {
    super(message);
    this.errorClass = errorClass;
  }
}
