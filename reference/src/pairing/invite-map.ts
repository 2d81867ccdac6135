/**
 * Invite 4, for v2 groups: a MessagePack map by the table of spec/protocol/pairing.yaml, which is read and written as an
 * extension map is: unknown keys skipped, none twice, sorted when written (INV-16, INV-19 to INV-27).
 */
import { INVITES } from '@0k-sync/spec';
import { CodecError } from '../codec/codec-error.ts';
import { type Extensions, extensionMap } from '../codec/field-codec.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import { equals } from '../crypto/public-key-checks.ts';
import { IdentifierError, parseRelayAddress } from '../ids.ts';
import { createGroup } from '../membership.ts';
import { checkPassphraseParameters, PassphraseError, type PassphraseParameters } from '../seal/passphrase.ts';
import { PairingError } from './pairing-error.ts';

export interface Invite4 {
  version: 4;
  /** Of the v2 group, 32 bytes. */
  group_id: Uint8Array;
  /** 32 bytes; left out where a passphrase makes it. */
  group_secret?: Uint8Array;
  /** What joiners need besides the passphrase; left out where group_secret stands. */
  passphrase?: PassphraseParameters;
  /** Addresses with the relay's identity, `ws(s)://…#…` or `iroh://…`, the primary one first, at least one. */
  relays: string[];
  seal: 2;
  /** The device that made the invite, 32 bytes. */
  device_id: Uint8Array;
  /** Unix seconds. */
  created_at: bigint;
  /** Unix seconds. */
  expires_at: bigint;
}

const { version: VERSION, keys, secret_keys, seals } = INVITES.map;
const SECRETS: readonly string[] = secret_keys;
const map = extensionMap(keys);

/** The bytes before base64url. @throws PairingError */
export function encodeInvite4(invite: Invite4): Uint8Array {
  const values = Object.fromEntries(keys.map(({ key, field }) => [key, invite[field]]));
  return inPairingTerms(() => {
    const writer = new Writer(map.size(values));
    check(values);
    map.write(writer, values);
    return writer.bytes;
  });
}

/** Its byte strings are views of the input. @throws PairingError */
export function decodeInvite4(bytes: Uint8Array, crypto: CryptoProvider): Invite4 {
  const reader = new Reader(bytes);
  const values = inPairingTerms(() => {
    const read = map.read(reader) ?? {};
    if (reader.position < reader.end) {
      throw new CodecError('trailing-bytes', 'bytes follow the invite', reader.position);
    }
    check(read);
    return read;
  });
  const invite = Object.fromEntries(
    keys.filter(({ key }) => values[key] !== undefined).map(({ key, field }) => [field, values[key]]),
  ) as unknown as Invite4;
  if (invite.group_secret) requireGroup(invite, invite.group_secret, crypto);
  return invite;
}

/** Whether the group is that of the secret (INV-14, INV-33). @throws PairingError `wrong-group` */
export function requireGroup({ group_id, passphrase }: Invite4, groupSecret: Uint8Array, crypto: CryptoProvider): void {
  if (equals(createGroup(groupSecret, crypto).groupId, group_id)) return;
  throw new PairingError(
    'wrong-group',
    passphrase
      ? 'wrong passphrase or forged invite: they do not make the group that the invite names'
      : 'the group of the invite is not that of its secret: the invite is forged or damaged',
  );
}

/** What the types of the keys do not say. */
function check(values: Extensions): void {
  if (values['v'] !== undefined && values['v'] !== VERSION) {
    throw new PairingError('wrong-version', `the invite has a version other than ${VERSION}`);
  }
  const secrets = SECRETS.filter((key) => values[key] !== undefined);
  if (secrets.length > 1) throw new PairingError('conflicting-keys', 'the invite has both a secret and a passphrase');
  if (secrets.length === 0) throw new PairingError('missing-key', 'the invite has neither a secret nor a passphrase');
  for (const { key, field } of keys) {
    if (values[key] === undefined && !SECRETS.includes(key)) {
      throw new PairingError('missing-key', `the invite has no ${key} (${field})`);
    }
  }
  if (!(seals as readonly unknown[]).includes(values['l'])) {
    throw new PairingError('out-of-range', 'the invite names a seal that v2 groups do not have');
  }
  const relays = values['r'] as string[];
  if (relays.length === 0) throw new PairingError('no-relay', 'the invite names no relay');
  for (const [index, address] of relays.entries()) requireIdentity(address, index);
  if (values['p'] !== undefined) checkPassphraseParameters(values['p'] as PassphraseParameters);
}

/** An address has the relay's identity: a ws URL as its fragment, an iroh address as its host (INV-30). */
function requireIdentity(address: string, index: number): void {
  if (/^iroh:\/\/[0-9a-f]{64}(\?[!"$-~]*)?$/.test(address)) return;
  try {
    if (/^wss?:\/\//.test(address) && parseRelayAddress(address).pin) return;
  } catch (error) {
    if (!(error instanceof IdentifierError)) throw error;
    throw new PairingError('bad-address', `relay ${index + 1}: ${error.message}`);
  }
  throw new PairingError('bad-address', `relay ${index + 1} has no identity, or is neither ws://, wss:// nor iroh://`);
}

/** The same refusal, whichever part of the reference made it. */
function inPairingTerms<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof CodecError || error instanceof PassphraseError)) throw error;
    throw new PairingError(error.errorClass, `the invite cannot be used: ${error.message}`);
  }
}
