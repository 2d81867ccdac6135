import type { Random } from '../random.ts';
import type { Trace } from '../trace.ts';
import { OVER_LIMIT_STATUS } from './over-limit.ts';

/** What every connection of a check is given: where to, for how long, and where to write down what passes. */
export interface Link {
  /** `ws://` or `wss://`, without a fragment. */
  readonly url: string;
  /** The certificates, as PEM, that the one of a `wss://` address has to be signed by; left out, those that Node trusts. */
  readonly ca?: string | undefined;
  /** The local address that it comes from; left out, the system's choice. */
  readonly from?: string | undefined;
  /** Headers of the upgrade request beyond the usual ones. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Whether pings of the relay are answered; true unless said. */
  readonly answersPings?: boolean | undefined;
  /** The name of the connection in the trace: A, B, …. */
  readonly name: string;
  readonly trace: Trace;
  /** Aborted when the check is over, so that nothing outlives it. */
  readonly signal: AbortSignal;
  /** The longest wait for one answer, in milliseconds. */
  readonly timeoutMs: number;
  readonly random: Random;
  /** The text of each error code, as it was first seen in this run. */
  readonly errorTexts: Map<number, string>;
}

/** The target could not be reached at all: nothing listens there, the name is unknown, the network is down. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** Errors of the system that mean that nobody is there, as against somebody who speaks something else. */
const NOBODY_THERE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EADDRNOTAVAIL',
]);

/** What to throw where a connection failed because nobody is there: undefined for every other error. */
export function nobodyThere(error: NodeJS.ErrnoException): Unreachable | undefined {
  // Where a name has several addresses, the error is of all of them together.
  const code = error.code ?? (error as { errors?: NodeJS.ErrnoException[] }).errors?.[0]?.code;
  if (code === undefined || !NOBODY_THERE.has(code)) return undefined;
  return new Unreachable(`${code}: ${error.message || 'no address answers'}`);
}

/** Errors of TLS that are about the certificate, not about who answers. */
const CERTIFICATE_ERROR = /CERT|_SIGNATURE$|^INVALID_(CA|PURPOSE)$|^HOSTNAME_MISMATCH$/;

/** What to throw where a connection failed for its certificate: undefined for every other error. */
export function untrusted(error: NodeJS.ErrnoException): Unreachable | undefined {
  if (!CERTIFICATE_ERROR.test(error.code ?? '')) return undefined;
  return new Unreachable(`its certificate is not trusted (${error.message}): name the file of its CA with --ca`);
}

/** The target answered the upgrade with something else than a WebSocket. */
export class UpgradeRefused extends Error {
  override readonly name = 'UpgradeRefused';
  /** The HTTP status; 0 if what came was not HTTP, or no valid upgrade. */
  readonly status: number;
  /** Seconds, of a Retry-After header; undefined if it has none, or one that says nothing. */
  readonly retryAfter: number | undefined;

  constructor(status: number, what: string, retryAfter?: number) {
    super(what);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** Whether the target is a relay that has no room now, rather than no relay. */
  get isOverLimit(): boolean {
    return OVER_LIMIT_STATUS.has(this.status);
  }
}
