/**
 * Seal 2, for v2 groups: 0x02 ‖ nonce 24 ‖ XChaCha20-Poly1305(key, nonce, P, AAD "0k-sync-seal-2" ‖ group_id 32 ‖ blob_id 16).
 *
 * The AAD ties a payload to its blob_id, so a relay cannot pass one blob off as another. P says who wrote it as which of their blobs,
 * and what they had seen by then, so that a relay that hides, reorders or forks history is noticed. P is
 *
 *     MessagePack [author 16, seq u64, seen_epoch 16 or nil, seen_cursor u64, seen_blob 16 or nil, data]  then zero bytes
 *
 * up to max(256, PADMÉ(length of the array)), so that little of a length shows. A reader takes no other padding: it would be a
 * channel that the group does not know of (SEAL-15, SEAL-16).
 */
import { SEAL } from '@0k-sync/spec';
import { CodecError } from '../codec/codec-error.ts';
import { Reader } from '../codec/reader.ts';
import { sizeOfArrayHeader, sizeOfBin, sizeOfUint64, Writer } from '../codec/writer.ts';
import { SealError } from '../crypto/errors.ts';
import { type CryptoProvider, requireLength } from '../crypto/provider.ts';
import { paddedLength } from './padme.ts';

/** What one blob of a v2 group says, under the names of the protocol. */
export interface SealedRecord {
  /** 16 random bytes, one for each device and group. */
  author: Uint8Array;
  /** The number of this blob among the author's, from 1. */
  seq: bigint;
  /** 16 bytes: the epoch of the author's primary relay; null if it gave none. */
  seen_epoch: Uint8Array | null;
  /** The newest cursor that the author had pulled from there; 0 for none. */
  seen_cursor: bigint;
  /** 16 bytes: the blob_id at that cursor; null for none. */
  seen_blob: Uint8Array | null;
  /** What the app wrote: at most 1,032,064 bytes. */
  data: Uint8Array;
}

/** What a sealed blob is bound to. */
export interface Seal2Context {
  /** `groupKey(…, 'encryption-2')`, 32 bytes. */
  readonly key: Uint8Array;
  /** 32 bytes. */
  readonly groupId: Uint8Array;
  /** 16 bytes. */
  readonly blobId: Uint8Array;
}

/** The most data that one blob carries: its padded and sealed form is under 1 MiB. */
export const SEAL_2_MAX_DATA = SEAL.seal_2.max_data;

const VERSION = SEAL.seal_2.version;
const NONCE_LENGTH = SEAL.sizes.nonce;
const HEADER_LENGTH = 1 + NONCE_LENGTH;
const FIELDS = SEAL.seal_2.fields.length;
const ID_LENGTH = 16;
const MAX_U64 = 2n ** 64n - 1n;
const LABEL = new TextEncoder().encode(SEAL.seal_2.aad.label);

/**
 * Seals a record for one blob.
 * @throws SealError `too-large`: over `SEAL_2_MAX_DATA` bytes of data (SEAL-18)
 * @throws RangeError: an id of another length, a number outside of u64, or a seq of 0
 */
export function seal2(record: SealedRecord, context: Seal2Context, crypto: CryptoProvider): Uint8Array {
  const padded = writePadded(record);
  const sealed = new Uint8Array(SEAL.seal_2.overhead + padded.length);
  const nonce = crypto.randomBytes(NONCE_LENGTH);
  sealed[0] = VERSION;
  sealed.set(nonce, 1);
  crypto.xchacha20Poly1305Seal(context.key, nonce, aadOf(context), padded, sealed.subarray(HEADER_LENGTH));
  return sealed;
}

/**
 * Opens a blob. Its byte strings are views of one array, which is not the input.
 * @throws SealError `too-short`, `wrong-version`, `decrypt`, `malformed`, `wrong-padding` or `too-large`
 */
export function openSeal2(sealed: Uint8Array, context: Seal2Context, crypto: CryptoProvider): SealedRecord {
  if (sealed.length < SEAL.seal_2.overhead) {
    throw new SealError('too-short', `${sealed.length} bytes are too few for a nonce and a tag`);
  }
  if (sealed[0] !== VERSION) throw new SealError('wrong-version', 'the first byte is not 0x02, the mark of seal 2');
  const nonce = sealed.subarray(1, HEADER_LENGTH);
  const ciphertext = sealed.subarray(HEADER_LENGTH);
  const padded = crypto.xchacha20Poly1305Open(context.key, nonce, aadOf(context), ciphertext);
  return readPadded(padded);
}

function writePadded(record: SealedRecord): Uint8Array {
  const { author, seq, seen_epoch, seen_cursor, seen_blob, data } = record;
  requireLength(author, ID_LENGTH, 'an author');
  if (seen_epoch) requireLength(seen_epoch, ID_LENGTH, 'an epoch');
  if (seen_blob) requireLength(seen_blob, ID_LENGTH, 'a blob id');
  if (seq < 1n || seq > MAX_U64) throw new RangeError('seq must be within 1 to 2^64 − 1');
  if (seen_cursor < 0n || seen_cursor > MAX_U64) throw new RangeError('seen_cursor must be within 0 to 2^64 − 1');
  requireDataFits(data);
  const id = sizeOfBin(ID_LENGTH);
  const length =
    sizeOfArrayHeader(FIELDS) +
    id +
    sizeOfUint64(seq) +
    (seen_epoch ? id : 1) +
    sizeOfUint64(seen_cursor) +
    (seen_blob ? id : 1) +
    sizeOfBin(data.length);
  const writer = new Writer(paddedLength(length)); // zeroed, so what is not written is the padding
  writer.arrayHeader(FIELDS);
  writer.bin(author);
  writer.uint64(seq);
  if (seen_epoch) writer.bin(seen_epoch);
  else writer.nil();
  writer.uint64(seen_cursor);
  if (seen_blob) writer.bin(seen_blob);
  else writer.nil();
  writer.bin(data);
  return writer.bytes;
}

function readPadded(padded: Uint8Array): SealedRecord {
  const reader = new Reader(padded);
  const record = readArray(reader);
  requireDataFits(record.data);
  const length = reader.position;
  if (padded.length !== paddedLength(length)) {
    throw new SealError(
      'wrong-padding',
      `an array of ${length} bytes is padded to ${paddedLength(length)}, not to ${padded.length}`,
    );
  }
  for (let index = length; index < padded.length; index++) {
    if (padded[index] !== 0) throw new SealError('wrong-padding', `padding byte ${index - length} is not zero`);
  }
  return record;
}

function readArray(reader: Reader): SealedRecord {
  try {
    if (reader.arrayHeader() !== FIELDS) throw new CodecError('wrong-arity', `array has not ${FIELDS} elements`, 0);
    return {
      author: reader.bin(ID_LENGTH),
      seq: reader.uint64(),
      seen_epoch: reader.nil() ? null : reader.bin(ID_LENGTH),
      seen_cursor: reader.uint64(),
      seen_blob: reader.nil() ? null : reader.bin(ID_LENGTH),
      data: reader.bin(),
    };
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    throw new SealError('malformed', `what was sealed is not the array of seal 2: ${error.message}`);
  }
}

function requireDataFits(data: Uint8Array): void {
  if (data.length > SEAL_2_MAX_DATA) {
    throw new SealError('too-large', `${data.length} bytes of data are more than the ${SEAL_2_MAX_DATA} of one blob`);
  }
}

function aadOf({ groupId, blobId }: Seal2Context): Uint8Array {
  requireLength(groupId, 32, 'a group id');
  requireLength(blobId, ID_LENGTH, 'a blob id');
  const aad = new Uint8Array(LABEL.length + 48);
  aad.set(LABEL);
  aad.set(groupId, LABEL.length);
  aad.set(blobId, LABEL.length + 32);
  return aad;
}
