import { brokenCursors } from './broken/cursors.ts';
import { brokenEpochs } from './broken/epochs.ts';
import { brokenErrors } from './broken/errors.ts';
import { brokenExpiry } from './broken/expiry.ts';
import { brokenFrames } from './broken/frames.ts';
import { brokenHandshake } from './broken/handshake.ts';
import { brokenPushes } from './broken/idempotence.ts';
import { brokenLenientReader } from './broken/lenient-reader.ts';
import { brokenLimits } from './broken/limits.ts';
import { brokenMembership } from './broken/membership.ts';
import { brokenNotifications } from './broken/notifications.ts';
import { brokenOperations } from './broken/operations.ts';
import { brokenPages } from './broken/pages.ts';
import { brokenSecureChannel } from './broken/secure-channel.ts';
import { brokenSessions } from './broken/sessions.ts';
import { brokenSilence } from './broken/silence.ts';
import { brokenStrictReader } from './broken/strict-reader.ts';
import { brokenWebSocket } from './broken/websocket.ts';
import { brokenWrittenMessages } from './broken/written-messages.ts';
import { legalAnswers } from './legal/answers.ts';
import { legalCarriage } from './legal/carriage.ts';
import { legalKeeping } from './legal/keeping.ts';
import { legalNotifications } from './legal/notifications.ts';
import type { Broken, Legal, Saboteur } from './saboteur.ts';

/** Every broken relay, by the area of the rule that it breaks. */
export const BROKEN: readonly Broken[] = [
  ...brokenCursors,
  ...brokenPushes,
  ...brokenPages,
  ...brokenExpiry,
  ...brokenNotifications,
  ...brokenSessions,
  ...brokenEpochs,
  ...brokenMembership,
  ...brokenOperations,
  ...brokenLimits,
  ...brokenErrors,
  ...brokenWrittenMessages,
  ...brokenStrictReader,
  ...brokenLenientReader,
  ...brokenFrames,
  ...brokenWebSocket,
  ...brokenSilence,
  ...brokenHandshake,
  ...brokenSecureChannel,
];

/** Every odd but legal relay. */
export const LEGAL: readonly Legal[] = [...legalAnswers, ...legalNotifications, ...legalCarriage, ...legalKeeping];

export const SABOTEURS: readonly Saboteur[] = [...BROKEN, ...LEGAL];

export function saboteurNamed(name: string): Saboteur | undefined {
  return SABOTEURS.find((saboteur) => saboteur.name === name);
}
