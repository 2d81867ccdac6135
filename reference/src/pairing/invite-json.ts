/**
 * Invites 2 and 3, for groups with devices of the deployed implementation: JSON, byte strings as arrays of integers (INV-01 to
 * INV-05). Times may reach 2^64 − 1, which JSON.parse rounds: numbers are taken from the text as it stands (INV-06).
 */
import { INVITES } from '@0k-sync/spec';
import type { CryptoProvider } from '../crypto/provider.ts';
import { equals } from '../crypto/public-key-checks.ts';
import { groupIdV1Of } from '../ids.ts';
import { PairingError } from './pairing-error.ts';

export interface InviteJson {
  /** 2 with one relay, 3 with several: what is written follows their number (INV-02). */
  version: 2 | 3;
  /** EndpointIds of relays, 32 bytes each, the primary one first. */
  relay_node_ids: Uint8Array[];
  /** Of the v1 group, 32 bytes. */
  group_id: Uint8Array;
  /** 32 bytes. */
  group_secret: Uint8Array;
  /** Of the passphrase that the secret came from, if there was one; of any length. */
  salt: Uint8Array;
  /** Unix seconds. */
  created_at: bigint;
  /** Unix seconds. */
  expires_at: bigint;
}

const { versions, one_relay } = INVITES.json;
const MAX_U64 = 2n ** 64n - 1n;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The bytes before base64url. @throws PairingError */
export function encodeInviteJson(invite: InviteJson): Uint8Array {
  const { relay_node_ids, group_id, group_secret, salt, created_at, expires_at } = invite;
  if (relay_node_ids.length === 0) throw noRelay();
  for (const [name, bytes] of [
    ['group_id', group_id],
    ['group_secret', group_secret],
    ...relay_node_ids.map((id) => ['relay_node_ids', id] as const),
  ] as const) {
    if (bytes.length !== 32) throw wrongLength(name);
  }
  for (const [name, time] of Object.entries({ created_at, expires_at })) {
    if (time < 0n || time > MAX_U64) throw outOfRange(name);
  }
  // By hand, since JSON.stringify takes no bigint, and this is only digits and the names of keys.
  const list = (bytes: Uint8Array) => `[${bytes.join(',')}]`;
  const values = {
    version: versions[relay_node_ids.length === 1 ? 0 : 1],
    relay_node_ids: `[${relay_node_ids.map(list).join(',')}]`,
    group_id: list(group_id),
    group_secret: list(group_secret),
    salt: list(salt),
    created_at,
    expires_at,
  };
  const text = INVITES.json.keys.map((key) => `"${key}":${values[key]}`).join(',');
  return new TextEncoder().encode(`{${text}}`);
}

/** @throws PairingError */
export function decodeInviteJson(bytes: Uint8Array, crypto: CryptoProvider): InviteJson {
  const object = parseObject(bytes);
  const version = uint(object, 'version', MAX_U64);
  const known = versions.find((each) => BigInt(each) === version);
  if (known === undefined) throw new PairingError('wrong-version', 'the invite has a version that is not read in JSON');
  const invite: InviteJson = {
    version: known,
    relay_node_ids: relayIds(object),
    group_id: byteArray(value(object, 'group_id'), 'group_id', 32),
    group_secret: byteArray(value(object, 'group_secret'), 'group_secret', 32),
    salt: 'salt' in object ? byteArray(object['salt'], 'salt') : new Uint8Array(0),
    created_at: uint(object, 'created_at', MAX_U64),
    expires_at: uint(object, 'expires_at', MAX_U64),
  };
  if (!equals(groupIdV1Of(invite.group_secret, crypto), invite.group_id)) {
    throw new PairingError(
      'wrong-group',
      'the group_id is not that of the group_secret: the invite is forged or damaged',
    );
  }
  return invite;
}

type JsonObject = Record<string, unknown>;

/** Integers become bigints; other numbers stay, and are of the wrong type wherever one is looked for. */
function parseObject(bytes: Uint8Array): JsonObject {
  const reviver = (_: string, item: unknown, context?: { source: string }) =>
    typeof item === 'number' && /^(0|-?[1-9][0-9]*)$/.test(context!.source) ? BigInt(context!.source) : item;
  let parsed: unknown;
  try {
    // The cause is left out on purpose: the errors of JSON.parse show a piece of the text.
    parsed = JSON.parse(utf8.decode(bytes), reviver);
  } catch {
    parsed = undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new PairingError('malformed', 'the invite begins like a JSON object and is none');
  }
  return parsed as JsonObject;
}

function value(object: JsonObject, name: string): unknown {
  if (!(name in object)) throw new PairingError('missing-key', `the invite has no ${name}`);
  return object[name];
}

function uint(object: JsonObject, name: string, max: bigint): bigint {
  const item = value(object, name);
  if (typeof item !== 'bigint') throw wrongType(name, 'an integer');
  if (item < 0n || item > max) throw outOfRange(name);
  return item;
}

function byteArray(item: unknown, name: string, length?: number): Uint8Array {
  if (!Array.isArray(item)) throw wrongType(name, 'an array of integers');
  if (length !== undefined && item.length !== length) throw wrongLength(name);
  return Uint8Array.from(item, (byte: unknown) => {
    if (typeof byte !== 'bigint') throw wrongType(name, 'an array of integers');
    if (byte < 0n || byte > 255n) throw outOfRange(name);
    return Number(byte);
  });
}

function relayIds(object: JsonObject): Uint8Array[] {
  if (one_relay in object && !('relay_node_ids' in object)) return [byteArray(object[one_relay], one_relay, 32)];
  const list = value(object, 'relay_node_ids');
  if (!Array.isArray(list)) throw wrongType('relay_node_ids', 'an array');
  if (list.length === 0) throw noRelay();
  return list.map((id) => byteArray(id, 'relay_node_ids', 32));
}

const wrongType = (name: string, wanted: string) => new PairingError('wrong-type', `${name} is not ${wanted}`);
const wrongLength = (name: string) => new PairingError('wrong-length', `${name} has not 32 bytes`);
const outOfRange = (name: string) => new PairingError('out-of-range', `a number in ${name} is out of its range`);
const noRelay = () => new PairingError('no-relay', 'the invite names no relay');
