import type { Patch } from '../saboteur.ts';

/**
 * A fault of reference/ itself, which the kit and the relay that it certifies both run with: where they agree on what is
 * wrong, only bytes from elsewhere tell.
 */
export interface Fault {
  /** In lower case, with hyphens: `rekey-one-message-late`. */
  readonly name: string;
  /** Ids of requirements that it breaks, on both sides. */
  readonly breaks: readonly [string, ...string[]];
  /** What is wrong, in one line. */
  readonly what: string;
  readonly patches: readonly [Patch, ...Patch[]];
  /** The tests of `npm test` that are to see it: files or folders, tried in this order. */
  readonly tests: readonly string[];
}
