/**
 * Invites: what a device must know to join a group. Versions 2 and 3 are for groups with devices of the deployed implementation,
 * version 4 for all others. Whoever has read one can read the group, so that it belongs on a screen and nowhere else.
 */
import { INVITES } from '@0k-sync/spec';
import type { CryptoProvider } from '../crypto/provider.ts';
import { decodeBase64url, encodeBase64url, IdentifierError } from '../ids.ts';
import { groupSecretFromPassphrase, PassphraseError } from '../seal/passphrase.ts';
import { decodeInviteJson, encodeInviteJson, type InviteJson } from './invite-json.ts';
import { decodeInvite4, encodeInvite4, type Invite4, requireGroup } from './invite-map.ts';
import { PairingError } from './pairing-error.ts';

export type { Invite4, InviteJson };
export type Invite = InviteJson | Invite4;

const PREFIX = INVITES.map.prefix;
const SLACK = BigInt(INVITES.slack_secs);

/**
 * The invite in bytes, as a short code seals them: JSON or MessagePack (INV-01, INV-16).
 * @throws PairingError: it is none that could be read
 */
export function encodeInvite(invite: Invite): Uint8Array {
  return invite.version === 4 ? encodeInvite4(invite) : encodeInviteJson(invite);
}

/** The inverse. Byte strings of an invite 4 are views of the input. @throws PairingError */
export function decodeInvite(bytes: Uint8Array, crypto: CryptoProvider): Invite {
  const first = bytes[0] ?? 0xc1;
  if (first === 0xde || first === 0xdf || (first >= 0x80 && first <= 0x8f)) return decodeInvite4(bytes, crypto);
  // No byte of white space or { begins a MessagePack map.
  if (first === 0x7b || [0x20, 0x09, 0x0a, 0x0d].includes(first)) return decodeInviteJson(bytes, crypto);
  throw new PairingError('malformed', 'this is no invite: neither a MessagePack map nor a JSON object');
}

/** The text for links and QR codes: base64url, of an invite 4 behind `0ksync://join/` (INV-17). @throws PairingError */
export function formatInvite(invite: Invite): string {
  return (invite.version === 4 ? PREFIX : '') + encodeBase64url(encodeInvite(invite));
}

/** Reads what was scanned, clicked or pasted, with and without `0ksync://join/` (INV-18). @throws PairingError */
export function parseInvite(text: string, crypto: CryptoProvider): Invite {
  let bytes: Uint8Array;
  try {
    bytes = decodeBase64url(text.startsWith(PREFIX) ? text.slice(PREFIX.length) : text);
  } catch (error) {
    if (!(error instanceof IdentifierError)) throw error;
    throw new PairingError('malformed', `this is no invite: ${error.message}`);
  }
  return decodeInvite(bytes, crypto);
}

/**
 * Whether a device may still join: until less than 300 s after the expiry (INV-35, INV-36). Reading an invite does not ask.
 * @param now Unix seconds
 * @throws PairingError `expired`
 */
export function requireUnexpired({ expires_at }: Pick<Invite, 'expires_at'>, now: bigint): void {
  if (now < expires_at + SLACK) return;
  throw new PairingError('expired', 'the invite has expired: make a new one on a device of the group');
}

/**
 * The secret of the group of an invite without one, 32 bytes (INV-33). Holds the thread, see `CryptoProvider.argon2id`.
 * @throws PairingError `wrong-group`: wrong passphrase or forged invite; or a class of `PassphraseError`
 */
export function joinByPassphrase(invite: Invite4, passphrase: string, crypto: CryptoProvider): Uint8Array {
  if (!invite.passphrase) throw new RangeError('the invite has the secret itself and needs no passphrase');
  try {
    const groupSecret = groupSecretFromPassphrase(passphrase, invite.passphrase, crypto);
    requireGroup(invite, groupSecret, crypto);
    return groupSecret;
  } catch (error) {
    if (!(error instanceof PassphraseError)) throw error;
    throw new PairingError(error.errorClass, error.message);
  }
}
