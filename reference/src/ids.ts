import { LABELS } from '@0k-sync/spec';
import { type CryptoProvider, requireLength } from './crypto/provider.ts';

/** A text that is not what it should be. Says what is wrong and where, and repeats nothing of the text. */
export class IdentifierError extends Error {
  override readonly name = 'IdentifierError';
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const VALUES = new Map([...ALPHABET].map((character, value) => [character, value]));

/** base64url without padding (RFC 4648, 5): the form of DeviceIds, GroupIds and relay identities (ENV-13). */
export function encodeBase64url(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let pending = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += ALPHABET[(pending >> bits) & 63];
    }
    pending &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + ALPHABET[pending << (6 - bits)];
}

/**
 * The strict inverse: only what `encodeBase64url` writes is read, so that one id has one text (ENV-14).
 * @param length of the result in bytes, if it is known
 * @throws IdentifierError: padding or another character, bits that stand for nothing, or another length
 */
export function decodeBase64url(text: string, length?: number): Uint8Array {
  const decoded = Math.floor((text.length * 6) / 8);
  if (length !== undefined && text.length !== Math.ceil((length * 8) / 6)) {
    throw new IdentifierError(`expected ${length} bytes in base64url without padding, found ${text.length} characters`);
  }
  if (text.length % 4 === 1) throw new IdentifierError(`no bytes have a base64url form of ${text.length} characters`);
  const bytes = new Uint8Array(decoded);
  let bits = 0;
  let pending = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const value = VALUES.get(text[i]!);
    if (value === undefined) {
      throw new IdentifierError(`character ${i + 1} is not in the base64url alphabet (padding is not used)`);
    }
    pending = (pending << 6) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = pending >> bits;
      pending &= (1 << bits) - 1;
    }
  }
  if (pending !== 0)
    throw new IdentifierError('the last character has bits that stand for nothing: the text was altered');
  return bytes;
}

/** GroupId of a v2 group, 32 bytes: SHA-256("0k-sync-group-id-v2" ‖ Ed25519 group key 32) (MEM-21). */
export function groupIdOf(groupKey: Uint8Array, crypto: CryptoProvider): Uint8Array {
  requireLength(groupKey, 32, 'an Ed25519 group key');
  return crypto.sha256(ascii(LABELS.group_id_v2), groupKey);
}

/** GroupId of a v1 group, 32 bytes, as groups with Rust devices have: SHA-256("0k-sync-group-id-v1" ‖ group_secret 32). */
export function groupIdV1Of(groupSecret: Uint8Array, crypto: CryptoProvider): Uint8Array {
  requireLength(groupSecret, 32, 'a group secret');
  return crypto.sha256(ascii(LABELS.group_id_v1), groupSecret);
}

/** A new BlobId: 16 random bytes marked as UUID version 4 (RFC 9562). */
export function createBlobId(crypto: CryptoProvider): Uint8Array {
  const id = crypto.randomBytes(16);
  id[6] = (id[6]! & 0x0f) | 0x40;
  id[8] = (id[8]! & 0x3f) | 0x80;
  return id;
}

/** Two lower-case digits for each byte. */
export function encodeHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The text of a BlobId: a UUID in lower case. Any 16 bytes have one (ENV-15). */
export function formatBlobId(blobId: Uint8Array): string {
  requireLength(blobId, 16, 'a blob id');
  return encodeHex(blobId).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The 16 bytes of a UUID text, of whatever version and case (ENV-16, ENV-17). @throws IdentifierError */
export function parseBlobId(text: string): Uint8Array {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) {
    throw new IdentifierError('a blob id is written as a UUID: 8-4-4-4-12 hexadecimal digits');
  }
  const hex = text.replaceAll('-', '');
  return Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

/** Where a relay is, and who it must be. */
export interface RelayAddress {
  /** `ws:` or `wss:`, without fragment. */
  readonly url: string;
  /** The relay's identity, 32 bytes, made as a DeviceId is. Without it the first identity seen is kept for that url. */
  readonly pin?: Uint8Array;
}

/**
 * Reads `ws(s)://host:port/#<base64url of the relay's identity>`; any path, the fragment optional.
 * @throws IdentifierError
 */
export function parseRelayAddress(text: string): RelayAddress {
  // The URL parser drops spaces and line breaks without a word; a pasted address with them is rather an accident.
  if (/[\s\p{Cc}]/u.test(text)) throw new IdentifierError('the relay address contains a space or a control character');
  if (!URL.canParse(text))
    throw new IdentifierError('the relay address is not a URL: expected wss://host:port/#identity');
  const url = new URL(text);
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') {
    throw new IdentifierError(`the relay address begins with ${url.protocol}//: expected ws:// or wss://`);
  }
  // The URL parser takes any number of slashes, of either kind.
  if (!/^[^:]+:\/\/[^/\\]/.test(text)) {
    throw new IdentifierError(
      `the relay address has not two slashes before its host: expected ${url.protocol}//host:port/`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new IdentifierError(
      'the relay address holds a user name or password: relays know devices by their keys only',
    );
  }
  const hash = text.indexOf('#');
  url.hash = '';
  if (hash < 0) return { url: url.href };
  try {
    return { url: url.href, pin: decodeBase64url(text.slice(hash + 1), 32) };
  } catch (error) {
    throw new IdentifierError(`the identity after # in the relay address is wrong: ${(error as Error).message}`);
  }
}

/** The inverse of `parseRelayAddress`. */
export function formatRelayAddress({ url, pin }: RelayAddress): string {
  if (!pin) return url;
  requireLength(pin, 32, "a relay's identity");
  return `${url}#${encodeBase64url(pin)}`;
}

function ascii(label: string): Uint8Array {
  return new TextEncoder().encode(label);
}
