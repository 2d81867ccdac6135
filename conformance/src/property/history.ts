import { nameOf, type Page } from '../model/page.ts';

/**
 * What several connections saw, as plain data. All times are milliseconds of one clock that never stands still: if one
 * operation's `completed` is below another's `invoked`, it really ended before the other began.
 */
export interface History {
  readonly operations: readonly Operation[];
  readonly notifies: readonly Notified[];
  readonly endings: readonly Ending[];
  readonly faults: readonly FaultEvent[];
  readonly limits: HistoryLimits;
}

/** As the relay's Welcome states them. */
export interface HistoryLimits {
  readonly maxPullLimit: number;
  /** Of one payload, in bytes; what is not stated is not judged. */
  readonly maxBlob?: number;
  /** What a group may store, in bytes. */
  readonly quota?: number;
  /** Seconds. */
  readonly defaultTtl: number;
  /** Seconds. */
  readonly maxTtl: number;
}

export type Operation = PushOperation | PullOperation | HelloOperation;

interface Base {
  /** Counts from 0. */
  readonly group: number;
  /** Unique per connection of the run. */
  readonly connection: number;
  /** The name of the connection, for people. */
  readonly where?: string;
  /** The name of the device, or its id in hex. */
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
  /** The plan does not say it: the kit does it to carry the plan out. */
  readonly isAside?: true;
}

/** The Error that a request was answered with. */
export interface Refusal {
  readonly kind: 'error';
  readonly code: number;
}

export interface PushOperation extends Base {
  readonly kind: 'push';
  /** The name of the blob, or its id in hex. */
  readonly blobId: string;
  /** SHA-256 of the payload, hex. */
  readonly digest: string;
  /** Of the payload, in bytes. */
  readonly size: number;
  /** As sent, in seconds. */
  readonly ttl: number;
  /** The connection was cut before the last byte of the frame: it must never take effect. */
  readonly isTorn?: true;
  readonly answer?:
    | {
        readonly kind: 'ack';
        readonly cursor: bigint;
        /** Hex; empty if the relay did not say. */
        readonly digest: string;
      }
    | Refusal;
}

export interface PullOperation extends Base {
  readonly kind: 'pull';
  readonly after: bigint;
  readonly limit: number;
  readonly answer?: ({ readonly kind: 'page' } & Page) | Refusal;
}

export interface HelloOperation extends Base {
  readonly kind: 'hello';
  readonly lastCursor: bigint;
  /** The epoch that it names, in hex. */
  readonly epoch?: string;
  /** The last_blob that it names, as a blobId. */
  readonly lastBlob?: string;
  readonly answer?:
    | {
        readonly kind: 'welcome';
        readonly maxCursor: bigint;
        readonly pendingCount: number;
        /** Hex; empty if the relay did not say. */
        readonly epoch: string;
        readonly expiredThrough?: bigint;
      }
    | Refusal;
}

/** A Notify that was read. */
export interface Notified {
  readonly kind: 'notify';
  readonly group: number;
  readonly connection: number;
  readonly where?: string;
  readonly device: string;
  readonly at: number;
  readonly latest: bigint;
  readonly count: number;
}

/** A connection was ended by the kit. */
export interface Ending {
  readonly group: number;
  readonly connection: number;
  readonly where?: string;
  readonly device: string;
  readonly at: number;
  readonly how: 'bye' | 'cut';
}

/** The relay was ended and started again. */
export interface FaultEvent {
  readonly kind: 'restart' | 'kill';
  readonly began: number;
  readonly ended: number;
}

/** When an operation ended; never, if it had no answer. */
export function completedAt(operation: Operation): number {
  return operation.completed ?? Number.POSITIVE_INFINITY;
}

/** Whether the relay said that it did not store it. After 3002 it may have, as after no answer at all. */
export function isRefused(push: PushOperation): boolean {
  return push.isTorn === true || (push.answer?.kind === 'error' && push.answer.code !== 3002);
}

/** The operation as a person would say it. */
export function describeOperation(operation: Operation): string {
  const where = `on ${placeOf(operation)}`;
  switch (operation.kind) {
    case 'push':
      return `Push of ${nameOf(operation)} #${operation.digest.slice(0, 8)} ${where}`;
    case 'pull':
      return `Pull(${operation.after}, ${operation.limit}) ${where}`;
    case 'hello':
      return `Hello with last_cursor ${operation.lastCursor} ${where}`;
  }
}

/** The connection, by its name if it has one. */
export function placeOf({ connection, where }: Pick<Operation, 'connection' | 'where'>): string {
  return `connection ${where ?? connection}`;
}
