import type { Page } from '../model/page.ts';

/**
 * What several connections of one group saw, as plain data. All times are ticks of one counter in this process: if one
 * operation's `completed` is below another's `invoked`, it really ended before the other began.
 */
export interface History {
  readonly operations: readonly Operation[];
  /** The relay's max_pull_limit, from its Welcome. */
  readonly maxPullLimit: number;
}

export type Operation = PushOperation | PullOperation | HelloOperation;

interface Base {
  /** Unique per connection of the run. */
  readonly connection: number;
  /** The DeviceId in hex. */
  readonly device: string;
  /** Position among the requests of its connection: they are sent, and take effect, in this order. */
  readonly sequence: number;
  /** Taken before the request is handed to the socket. */
  readonly invoked: number;
  /** Taken after the answer was read; left out, there was none, and the request may have taken effect at any time, or not at all. */
  readonly completed?: number;
  /**
   * Set if only one answer is right: nothing else was under way in the group. In the prefix that is so from the start of the
   * group on; in the final phase, after everything that had no answer was settled, nothing is stored any more.
   */
  readonly exact?: 'prefix' | 'final';
}

export interface PushOperation extends Base {
  readonly kind: 'push';
  readonly blobId: string;
  /** SHA-256 of the payload, hex. */
  readonly digest: string;
  readonly answer?:
    | {
        readonly kind: 'ack';
        readonly cursor: bigint /** Hex; empty if the relay did not say. */;
        readonly digest: string;
      }
    | { readonly kind: 'error'; readonly code: number };
}

export interface PullOperation extends Base {
  readonly kind: 'pull';
  readonly after: bigint;
  readonly limit: number;
  readonly answer?: ({ readonly kind: 'page' } & Page) | { readonly kind: 'error'; readonly code: number };
}

export interface HelloOperation extends Base {
  readonly kind: 'hello';
  readonly lastCursor: bigint;
  readonly answer?:
    | {
        readonly kind: 'welcome';
        readonly maxCursor: bigint;
        readonly pendingCount: number /** Hex. */;
        readonly epoch: string;
      }
    | { readonly kind: 'error'; readonly code: number };
}

/** An operation that certainly ended, and when. */
export function completedAt(operation: Operation): number {
  return operation.completed ?? Number.POSITIVE_INFINITY;
}

/** The operation as a person would say it. */
export function describeOperation(operation: Operation): string {
  const where = `connection ${operation.connection}`;
  switch (operation.kind) {
    case 'push':
      return `Push of blob ${operation.blobId.slice(0, 8)} #${operation.digest.slice(0, 8)} on ${where}`;
    case 'pull':
      return `Pull(${operation.after}, ${operation.limit}) on ${where}`;
    case 'hello':
      return `Hello with last_cursor ${operation.lastCursor} on ${where}`;
  }
}
