/**
 * Device names as the relay sees them: "~" ‖ base64url(nonce 24 ‖ XChaCha20-Poly1305(name key, nonce, the name padded to 128 bytes,
 * AAD "0k-sync-name-v1" ‖ group_id 32 ‖ device_id 32)), 225 characters always (SEAL-26). A user may choose a plain name instead.
 */
import { SEAL } from '@0k-sync/spec';
import { SealError } from '../crypto/errors.ts';
import { type CryptoProvider, requireLength } from '../crypto/provider.ts';
import { decodeBase64url, encodeBase64url, IdentifierError } from '../ids.ts';

/** Whose name it is, and the key. */
export interface DeviceNameContext {
  /** `groupKey(…, 'device-name')`, 32 bytes. */
  readonly key: Uint8Array;
  /** 32 bytes. */
  readonly groupId: Uint8Array;
  /** 32 bytes. */
  readonly deviceId: Uint8Array;
}

const MARK = SEAL.device_name.mark;
const NONCE_LENGTH = SEAL.sizes.nonce;
const PADDED_LENGTH = SEAL.device_name.padded;
const MAX_NAME_LENGTH = SEAL.device_name.max_name;
const SEALED_LENGTH = NONCE_LENGTH + PADDED_LENGTH + SEAL.sizes.tag;
const LABEL = new TextEncoder().encode(SEAL.device_name.aad.label);
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whether a name announces itself as sealed. Everything else is a plain name. */
export function isSealedDeviceName(name: string): boolean {
  return name.startsWith(MARK);
}

/**
 * Seals a name in NFC, cut to at most 127 bytes of UTF-8, never within a character (SEAL-28, SEAL-29).
 * @throws RangeError: the name holds U+0000, which is the padding (SEAL-31)
 */
export function sealDeviceName(name: string, context: DeviceNameContext, crypto: CryptoProvider): string {
  if (name.includes('\0')) throw new RangeError('a device name cannot hold U+0000');
  const padded = new Uint8Array(PADDED_LENGTH);
  padded.set(cut(new TextEncoder().encode(name.normalize('NFC')), MAX_NAME_LENGTH));
  const sealed = new Uint8Array(SEALED_LENGTH);
  const nonce = crypto.randomBytes(NONCE_LENGTH);
  sealed.set(nonce);
  crypto.xchacha20Poly1305Seal(context.key, nonce, aadOf(context), padded, sealed.subarray(NONCE_LENGTH));
  return MARK + encodeBase64url(sealed);
}

/**
 * The name that a device of the group sealed, as it is (SEAL-36).
 * @throws SealError `wrong-version` (no "~": a plain name), `malformed` (no base64url of that length, or no UTF-8 within),
 * `decrypt` (also for the name of another device), `wrong-padding`
 */
export function openDeviceName(name: string, context: DeviceNameContext, crypto: CryptoProvider): string {
  if (!isSealedDeviceName(name)) throw new SealError('wrong-version', 'the name does not begin with "~": it is plain');
  const sealed = decode(name.slice(MARK.length));
  const nonce = sealed.subarray(0, NONCE_LENGTH);
  const padded = crypto.xchacha20Poly1305Open(context.key, nonce, aadOf(context), sealed.subarray(NONCE_LENGTH));
  const end = padded.indexOf(0);
  if (end < 0) throw new SealError('wrong-padding', `a name has at most ${MAX_NAME_LENGTH} bytes`);
  if (padded.subarray(end).some((byte) => byte !== 0)) {
    throw new SealError('wrong-padding', 'a byte after the name is not zero');
  }
  try {
    return utf8.decode(padded.subarray(0, end));
  } catch {
    throw new SealError('malformed', 'the name is not well-formed UTF-8');
  }
}

/**
 * As much of well-formed UTF-8 as fits, in whole characters. Not by encodeInto, which in Node 26 leaves out a last character that
 * would fit.
 */
function cut(text: Uint8Array, most: number): Uint8Array {
  if (text.length <= most) return text;
  let end = most;
  while ((text[end]! & 0xc0) === 0x80) end--; // a byte within a character
  return text.subarray(0, end);
}

function decode(text: string): Uint8Array {
  try {
    return decodeBase64url(text, SEALED_LENGTH);
  } catch (error) {
    if (!(error instanceof IdentifierError)) throw error;
    throw new SealError('malformed', `after "~": ${error.message}`);
  }
}

function aadOf({ groupId, deviceId }: DeviceNameContext): Uint8Array {
  requireLength(groupId, 32, 'a group id');
  requireLength(deviceId, 32, 'a device id');
  const aad = new Uint8Array(LABEL.length + 64);
  aad.set(LABEL);
  aad.set(groupId, LABEL.length);
  aad.set(deviceId, LABEL.length + 32);
  return aad;
}
