import { ERRORS, type ErrorExt, type ErrorName, type Message } from '@0k-sync/spec';
import type { Refusal } from './limits.ts';
import type { RelayContext } from './relay.ts';

/** WebSocket close codes that do not come from the code of an Error. */
export const CLOSE = { normal: 1000, goingAway: 1001, policy: 1008, tryAgainLater: 1013 } as const;

/** What a request brings. Presence and Bye get no message. */
export interface Answer {
  message?: Message;
  /** The session ends after this answer, with this close code. */
  close?: number;
  /** Called when the answer has taken its place among what is written. */
  written?(): void;
}

/** An Error with the fixed text of its code; a fatal one ends the session. */
export function refusal(name: ErrorName, ext: ErrorExt = {}): Answer {
  const { code, message, fatal } = ERRORS[name];
  const answer: Answer = { message: { type: 'Error', code, message, ext } };
  if (fatal) answer.close = closeCodeOf(name);
  return answer;
}

/** The Error of a rate that was reached, which is counted and logged. */
export function tooMuch({ limit, waitMs }: Refusal, ext: ErrorExt, context: RelayContext): Answer {
  context.limitReached(limit);
  return refusal('RATE_LIMITED', { ...ext, retry_after_ms: BigInt(waitMs) });
}

function closeCodeOf(name: ErrorName): number {
  if (name === 'RELAY_SHUTTING_DOWN') return CLOSE.goingAway;
  if (name === 'RELAY_OVERLOADED') return CLOSE.tryAgainLater;
  return 4000 + (ERRORS[name].code % 100);
}
