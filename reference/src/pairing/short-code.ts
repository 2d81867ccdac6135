/**
 * Short codes: 80 random bits as `XXXX-XXXX-XXXX-XXXX`, for people who cannot scan an invite. The code gives the key under which a
 * relay keeps the invite and the one that seals it; none of its characters leaves the devices (CODE-01, CODE-13).
 */
import { SEAL, SHORT_CODE } from '@0k-sync/spec';
import { SealError } from '../crypto/errors.ts';
import { type CryptoProvider, requireLength } from '../crypto/provider.ts';
import { encodeHex } from '../ids.ts';
import { PairingError } from './pairing-error.ts';

export interface ShortCodeKeys {
  /** Where a relay keeps the invite, 16 bytes; the additional data of the seal too. */
  readonly lookupKey: Uint8Array;
  /** The same as the relay is told it: 32 hexadecimal digits. */
  readonly lookupText: string;
  /** 32 bytes; secret. */
  readonly sealKey: Uint8Array;
}

const {
  alphabet,
  bytes: LENGTH,
  characters: CHARACTERS,
  block,
  separator,
  overhead,
  argon2,
  lookup,
  seal,
} = SHORT_CODE;
const IGNORED: readonly string[] = SHORT_CODE.ignored;
const READ_AS: Readonly<Record<string, string>> = SHORT_CODE.read_as;
const NONCE_LENGTH = SEAL.sizes.nonce;
const encoder = new TextEncoder();
const LABEL = encoder.encode(SHORT_CODE.label);

/** A new code, as it is shown. */
export function createShortCode(crypto: CryptoProvider): string {
  return formatShortCode(crypto.randomBytes(LENGTH));
}

/** Base32 (RFC 4648) of 10 bytes, in four blocks of four (CODE-02). */
export function formatShortCode(bytes: Uint8Array): string {
  requireLength(bytes, LENGTH, 'a short code');
  let text = '';
  let bits = 0;
  let pending = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      if (text.length % (block + 1) === block) text += separator;
      text += alphabet[(pending >> bits) & 31];
    }
    pending &= (1 << bits) - 1;
  }
  return text;
}

/**
 * The 16 characters of what somebody typed: case, spaces and hyphens ignored, 0, 1 and 8 read as O, I and B (CODE-03 to CODE-06).
 * @throws PairingError `malformed`: another character; `wrong-length`: more or fewer than 16
 */
export function parseShortCode(typed: string): string {
  let characters = '';
  for (const character of typed) {
    if (IGNORED.includes(character)) continue;
    // Not by toUpperCase alone, which makes letters of ASCII out of others.
    const letter = /^[a-z]$/.test(character) ? character.toUpperCase() : character;
    const read = READ_AS[letter] ?? letter;
    if (!alphabet.includes(read)) {
      throw new PairingError('malformed', 'a short code has only the letters A to Z and the digits 2 to 7');
    }
    characters += read;
  }
  if (characters.length !== CHARACTERS) {
    throw new PairingError('wrong-length', `a short code has ${CHARACTERS} characters, not ${characters.length}`);
  }
  return characters;
}

/**
 * The keys of a code (CODE-07 to CODE-09). Holds the thread: Argon2id over 64 MiB, see `CryptoProvider.argon2id`.
 * @param characters from `parseShortCode`
 */
export function shortCodeKeys(characters: string, crypto: CryptoProvider): ShortCodeKeys {
  const salt = crypto.sha256(LABEL).subarray(0, argon2.salt);
  const stretched = crypto.argon2id(encoder.encode(characters), salt, argon2, 32);
  const derive = ({ info, bytes }: { info: string; bytes: number }) =>
    crypto.hkdfSha256(stretched, LABEL, encoder.encode(info), bytes);
  const lookupKey = derive(lookup);
  const sealKey = derive(seal);
  stretched.fill(0);
  return { lookupKey, lookupText: encodeHex(lookupKey), sealKey };
}

/** Seals the bytes of `encodeInvite`: nonce 24 ‖ XChaCha20-Poly1305, 40 bytes longer (CODE-10). */
export function sealInvite(invite: Uint8Array, keys: ShortCodeKeys, crypto: CryptoProvider): Uint8Array {
  const payload = new Uint8Array(overhead + invite.length);
  const nonce = crypto.randomBytes(NONCE_LENGTH);
  payload.set(nonce);
  crypto.xchacha20Poly1305Seal(keys.sealKey, nonce, keys.lookupKey, invite, payload.subarray(NONCE_LENGTH));
  return payload;
}

/** The bytes for `decodeInvite`. @throws SealError `too-short` or `decrypt` */
export function openInvite(payload: Uint8Array, keys: ShortCodeKeys, crypto: CryptoProvider): Uint8Array {
  if (payload.length < overhead) {
    throw new SealError('too-short', `${payload.length} bytes are too few for a nonce and a tag`);
  }
  const nonce = payload.subarray(0, NONCE_LENGTH);
  return crypto.xchacha20Poly1305Open(keys.sealKey, nonce, keys.lookupKey, payload.subarray(NONCE_LENGTH));
}
