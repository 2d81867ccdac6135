import { type ErrorName, MESSAGES, type MessageName } from '@0k-sync/spec';

/** The states of a session at the relay. In Closing nothing that is read takes effect. */
export type Phase = 'AwaitingHello' | 'Active' | 'Closing';

/** What becomes of a well-formed message: it is served, it ends the session in order, or it is refused with a fatal Error. */
export type Ruling = 'serve' | 'leave' | ErrorName;

const requests = new Set<MessageName>(
  MESSAGES.filter(({ direction, name }) => direction === 'client-to-relay' && name !== 'Hello').map(({ name }) => name),
);

export function ruling(phase: Phase, type: MessageName): Ruling {
  if (type === 'Bye') return 'leave';
  if (phase === 'AwaitingHello') return type === 'Hello' ? 'serve' : 'UNAUTHORIZED';
  if (type === 'Error') return 'leave';
  return requests.has(type) ? 'serve' : 'INVALID_MESSAGE';
}
