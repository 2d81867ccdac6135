import { ERRORS, type ErrorName } from '@0k-sync/spec';

const byCode = new Map<number, { name: string; fatal: boolean }>(
  Object.values(ERRORS).map((error) => [error.code, error]),
);

/** The connection could not be opened: nothing was sent. */
export class ConnectError extends Error {
  override readonly name: string = 'ConnectError';
  /** The HTTP status of the answer that was no WebSocket. */
  readonly status: number | undefined;
  /** What the relay asked to wait, milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: { cause?: unknown; status?: number; retryAfterMs?: number } = {}) {
    super(message, { cause: options.cause });
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The relay's identity is not the one that the address pins. Nothing of ours was sent. */
export class IdentityMismatchError extends Error {
  override readonly name = 'IdentityMismatchError';

  constructor() {
    super('the relay has another identity than its address says: do not use it unless its operator changed the key');
  }
}

/** The relay answered with an Error (spec/protocol/errors.yaml). */
export class RelayError extends Error {
  override readonly name = 'RelayError';
  readonly code: number;
  /** The code's name, as `BLOB_CONFLICT`; undefined for a code that protocol 1 does not have. */
  readonly errorName: ErrorName | undefined;
  /** Whether the session ended with it; unanswered requests are then indeterminate. */
  readonly fatal: boolean;
  readonly retryAfterMs: number | undefined;
  readonly blobId: Uint8Array | undefined;

  constructor(code: number, options: { fatal?: boolean; retryAfterMs?: number; blobId?: Uint8Array } = {}) {
    const known = byCode.get(code);
    super(`the relay answered ${code}${known ? ` ${known.name}` : ''}`);
    this.code = code;
    this.errorName = known?.name as ErrorName | undefined;
    this.fatal = options.fatal ?? known?.fatal ?? true;
    this.retryAfterMs = options.retryAfterMs;
    this.blobId = options.blobId;
  }
}

/** No answer in time. The request is indeterminate: it may have taken effect. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';

  constructor(what: string, milliseconds: number) {
    super(`no ${what} within ${milliseconds / 1000} s`);
  }
}

/** The connection ended. Requests without an answer are indeterminate. */
export class ConnectionClosedError extends Error {
  override readonly name = 'ConnectionClosedError';
  /** The WebSocket close code; 1006 where there was none. */
  readonly closeCode: number;

  constructor(closeCode: number, cause?: unknown) {
    super(`the connection was closed (${closeCode})`, { cause });
    this.closeCode = closeCode;
  }
}

/** The relay sent what no relay may send. */
export class ProtocolViolationError extends Error {
  override readonly name = 'ProtocolViolationError';
}
