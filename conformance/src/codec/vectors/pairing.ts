/** Invites of all versions, and the short codes that lead to them. */
import { isCanonical, type Subject, subject } from './subject.ts';

interface Invite {
  text: string;
  invite?: object;
}

interface Keys {
  lookup_key: string;
  seal_key: string;
}

interface Payload extends Keys {
  payload: string;
  invite?: string;
}

/** 24 bytes at the beginning of a payload. */
const NONCE_DIGITS = 48;

const invites = ['InviteJson', 'InviteMap'].flatMap((group): Subject[] => [
  subject<Invite>({ op: 'read-invite', file: 'invite', group }, ({ text, invite }) => ({
    input: { text },
    ok: { invite },
  })),
  subject<Invite>(
    { op: 'write-invite', file: 'invite', group },
    ({ text, invite }) => ({ input: { invite }, ok: { text } }),
    isCanonical,
  ),
]);

export const PAIRING_SUBJECTS: readonly Subject[] = [
  ...invites,
  subject<{ created_at: string; expires_at: string; now: string }>(
    { op: 'check-expiry', file: 'invite', group: 'Expiry' },
    ({ created_at, expires_at, now }) => ({ input: { created_at, expires_at, now } }),
  ),
  subject<{ text: string; passphrase: string; group_secret?: string }>(
    { op: 'join-by-passphrase', file: 'invite', group: 'Join' },
    ({ text, passphrase, group_secret }) => ({ input: { text, passphrase }, ok: { group_secret } }),
  ),
  subject<{ typed: string; normalised?: string }>(
    { op: 'read-short-code', file: 'short-code', group: 'Typed' },
    ({ typed, normalised }) => ({ input: { typed }, ok: { characters: normalised } }),
  ),
  subject<{ bytes: string; text: string }>(
    { op: 'write-short-code', file: 'short-code', group: 'Written' },
    ({ bytes, text }) => ({ input: { bytes }, ok: { text } }),
  ),
  subject<Keys & { characters: string }>(
    { op: 'short-code-keys', file: 'short-code', group: 'Keys' },
    ({ characters, lookup_key, seal_key }) => ({ input: { characters }, ok: { lookup_key, seal_key } }),
  ),
  subject<Payload>(
    { op: 'open-invite', file: 'short-code', group: 'Payload' },
    ({ lookup_key, seal_key, payload, invite }) => ({ input: { lookup_key, seal_key, payload }, ok: { invite } }),
  ),
  subject<Payload>(
    { op: 'seal-invite', file: 'short-code', group: 'Payload' },
    ({ lookup_key, seal_key, payload, invite }) => ({
      input: { lookup_key, seal_key, nonce: payload.slice(0, NONCE_DIGITS), invite },
      ok: { payload },
    }),
    isCanonical,
  ),
];
