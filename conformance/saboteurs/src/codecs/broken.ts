import type { Broken } from '../saboteur.ts';
import { brokenClients } from './broken/client.ts';
import { brokenHandshakes } from './broken/handshake.ts';
import { brokenMessages } from './broken/messages.ts';
import { brokenPairing } from './broken/pairing.ts';
import { brokenSecrets } from './broken/secrets.ts';

/** A codec is its sources: it differs by them alone. */
export type BrokenCodec = Omit<Broken, 'parts' | 'profile' | 'isNoRelay'>;

/** Codecs that are broken in one way each. */
export const BROKEN_CODECS: readonly BrokenCodec[] = [
  ...brokenMessages,
  ...brokenSecrets,
  ...brokenHandshakes,
  ...brokenPairing,
  ...brokenClients,
];
