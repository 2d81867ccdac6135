/** What every Error of a relay is judged by, whatever asked for it. */
import { ERRORS, type ErrorMessage, type Message } from '@0k-sync/spec';
import { type Inconclusive, Violation } from '../verdict.ts';
import { overLimit } from './over-limit.ts';

/** `Error 1006 BLOB_CONFLICT`. */
export function nameOfError(code: number): string {
  const entry = Object.values(ERRORS).find((error) => error.code === code);
  return `Error ${code}${entry ? ` ${entry.name}` : ''}`;
}

/** The close code that follows a fatal Error over WebSocket. */
export function closeCodeOf(code: number): number {
  if (code === ERRORS.RELAY_OVERLOADED.code || code === ERRORS.RATE_LIMITED.code) return 1013;
  if (code === ERRORS.RELAY_SHUTTING_DOWN.code) return 1001;
  return 4000 + (code % 100);
}

/**
 * What to throw where a message is the Error of a relay that has no room: 2000 at any time, 3000 only before the session is
 * served, for a relay that took it on has to answer its requests.
 *
 * @returns undefined for every other message.
 */
export function refusedOverLimit(message: Message, isServed: boolean): Inconclusive | undefined {
  if (message.type !== 'Error') return undefined;
  const { code } = message;
  const isOver = code === ERRORS.RATE_LIMITED.code || (code === ERRORS.RELAY_OVERLOADED.code && !isServed);
  return isOver ? overLimit(nameOfError(code), false) : undefined;
}

/**
 * Compares the text of an Error with the one that its code had before, and remembers it.
 *
 * @param texts - by code, of the whole run.
 * @throws Violation if the code had another text
 */
export function requireSameText(texts: Map<number, string>, { code, message }: ErrorMessage): void {
  const known = texts.get(code);
  if (known === undefined) texts.set(code, message);
  else if (known !== message) {
    throw new Violation({
      requirement: 'ERR-10',
      expected: [`${nameOfError(code)} with the text that it had before: ${shownText(known)}`],
      actual: shownText(message),
    });
  }
}

/** As much of a text as a fixed one has. */
function shownText(text: string): string {
  return JSON.stringify(text.slice(0, 64));
}
