import type { ErrorClass } from '@0k-sync/spec';

/**
 * The only error that the codec and the frame reader throw. `errorClass` is stable and is what test vectors name; the
 * text is for people and holds field names and offsets, never values.
 */
export class CodecError extends Error {
  override readonly name = 'CodecError';
  readonly errorClass: ErrorClass;
  /** Where in the input it was noticed, in bytes from its start; undefined when writing. */
  readonly offset: number | undefined;

  constructor(errorClass: ErrorClass, what: string, offset?: number) {
    super(offset === undefined ? `${what} (${errorClass})` : `${what} at byte ${offset} (${errorClass})`);
    this.errorClass = errorClass;
    this.offset = offset;
  }
}
