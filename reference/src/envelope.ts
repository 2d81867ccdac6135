/**
 * One stored blob outside of a relay, for export and import.
 *
 * Envelope 2, [2, blob_id, sender_id, group_id, cursor, timestamp, expires, payload as pushed], is read and written. Envelope 1 is the
 * deployed implementation's: the same eight elements in number, others in kind, with byte strings as arrays of integers; it is
 * read and never written (ENV-01, ENV-02). The first element says which it is.
 */
import { ENVELOPES } from '@0k-sync/spec';
import { CodecError } from './codec/codec-error.ts';
import { Reader } from './codec/reader.ts';
import { sizeOfArrayHeader, sizeOfBin, sizeOfUint, sizeOfUint64, Writer } from './codec/writer.ts';
import { requireLength } from './crypto/provider.ts';

export interface Envelope1 {
  version: 1;
  /** Hello 1, Push 2, PushAck 3, Pull 4, PullResponse 5, Notify 6, Bye 7. */
  msg_type: number;
  /** DeviceId, 32 bytes. */
  sender_id: Uint8Array;
  /** 32 bytes. */
  group_id: Uint8Array;
  cursor: bigint;
  /** Unix seconds. */
  timestamp: bigint;
  /** 24 bytes. */
  nonce: Uint8Array;
  payload: Uint8Array;
}

export interface Envelope2 {
  version: 2;
  /** 16 bytes. Importing is a Push with it. */
  blob_id: Uint8Array;
  /** DeviceId, 32 bytes. */
  sender_id: Uint8Array;
  /** 32 bytes. */
  group_id: Uint8Array;
  cursor: bigint;
  /** When it was stored, Unix seconds. */
  timestamp: bigint;
  /** When it expires, Unix seconds; what has expired is not imported. */
  expires: bigint;
  /** As it was pushed, sealed. */
  payload: Uint8Array;
}

export type Envelope = Envelope1 | Envelope2;

const [ENVELOPE_1, ENVELOPE_2] = ENVELOPES;
const ELEMENTS = ENVELOPE_2.fields.length; // of both
const LAST_MSG_TYPE = ENVELOPE_1.msg_types.Bye;
const MAX_U64 = 2n ** 64n - 1n;

/**
 * Reads either envelope. In version 2 the byte strings are views of the input.
 * @throws CodecError: `out-of-range` also for another version (ENV-06), and for a msg_type that is none of the seven (ENV-08)
 */
export function decodeEnvelope(bytes: Uint8Array): Envelope {
  const reader = new Reader(bytes);
  if (reader.arrayHeader() !== ELEMENTS) throw new CodecError('wrong-arity', `array has not ${ELEMENTS} elements`, 0);
  const at = reader.position;
  const version = reader.uint(255);
  if (version !== 1 && version !== 2) {
    throw new CodecError('out-of-range', `envelope has version ${version}, neither 1 nor 2`, at);
  }
  const envelope = version === 1 ? readEnvelope1(reader) : readEnvelope2(reader);
  if (reader.position < reader.end) {
    throw new CodecError('trailing-bytes', 'bytes follow the envelope', reader.position);
  }
  return envelope;
}

/** Writes an envelope of version 2 (ENV-03). @throws RangeError: an id of another length, or a number outside of u64 */
export function encodeEnvelope(envelope: Envelope2): Uint8Array {
  const { version, blob_id, sender_id, group_id, cursor, timestamp, expires, payload } = envelope;
  if (version !== 2) throw new RangeError('only envelopes of version 2 are written');
  requireLength(blob_id, 16, 'a blob id');
  requireLength(sender_id, 32, 'a device id');
  requireLength(group_id, 32, 'a group id');
  for (const number of [cursor, timestamp, expires]) {
    if (number < 0n || number > MAX_U64) throw new RangeError('cursor, timestamp and expires must fit 64 bits');
  }
  const writer = new Writer(
    sizeOfArrayHeader(ELEMENTS) +
      sizeOfUint(version) +
      sizeOfBin(16) +
      2 * sizeOfBin(32) +
      sizeOfUint64(cursor) +
      sizeOfUint64(timestamp) +
      sizeOfUint64(expires) +
      sizeOfBin(payload.length),
  );
  writer.arrayHeader(ELEMENTS);
  writer.uint(version);
  writer.bin(blob_id);
  writer.bin(sender_id);
  writer.bin(group_id);
  writer.uint64(cursor);
  writer.uint64(timestamp);
  writer.uint64(expires);
  writer.bin(payload);
  return writer.bytes;
}

function readEnvelope1(reader: Reader): Envelope1 {
  const at = reader.position;
  const msg_type = reader.uint(LAST_MSG_TYPE);
  if (msg_type === 0) throw new CodecError('out-of-range', `msg_type is not within 1 to ${LAST_MSG_TYPE}`, at);
  return {
    version: 1,
    msg_type,
    sender_id: reader.byteArray(32),
    group_id: reader.byteArray(32),
    cursor: reader.uint64(),
    timestamp: reader.uint64(),
    nonce: reader.byteArray(24),
    payload: reader.byteArray(),
  };
}

function readEnvelope2(reader: Reader): Envelope2 {
  return {
    version: 2,
    blob_id: reader.bin(16),
    sender_id: reader.bin(32),
    group_id: reader.bin(32),
    cursor: reader.uint64(),
    timestamp: reader.uint64(),
    expires: reader.uint64(),
    payload: reader.bin(),
  };
}
