import type { Page, Refused } from '../storage.ts';

/** A page as it crosses from one thread to the other: a few buffers for all blobs, since each array that crosses costs. */
interface PackedPage extends Omit<Page, 'blobs'> {
  packed: {
    cursors: BigUint64Array<ArrayBuffer>;
    timestamps: Float64Array<ArrayBuffer>;
    /** Of the payloads. */
    sizes: Uint32Array<ArrayBuffer>;
    /** For each blob its id, its sender, its payload. */
    bytes: Uint8Array<ArrayBuffer>;
  };
}

const ID = 16;
const SENDER = 32;

export function isPage(value: unknown): value is Page {
  return typeof value === 'object' && value !== null && Array.isArray((value as Page).blobs);
}

export function packPage({ blobs, ...figures }: Page): PackedPage {
  const count = blobs.length;
  const cursors = new BigUint64Array(count);
  const timestamps = new Float64Array(count);
  const sizes = new Uint32Array(count);
  const bytes = new Uint8Array(blobs.reduce((sum, { payload }) => sum + ID + SENDER + payload.length, 0));
  let at = 0;
  for (const [index, { blobId, cursor, payload, timestamp, sender }] of blobs.entries()) {
    cursors[index] = cursor;
    timestamps[index] = timestamp;
    sizes[index] = payload.length;
    bytes.set(blobId, at);
    bytes.set(sender, at + ID);
    bytes.set(payload, at + ID + SENDER);
    at += ID + SENDER + payload.length;
  }
  return { ...figures, packed: { cursors, timestamps, sizes, bytes } };
}

export const buffersOf = ({ packed }: PackedPage): ArrayBuffer[] => Object.values(packed).map(({ buffer }) => buffer);

/** The page that was packed, with views of its buffers. */
export function unpackPage(answer: unknown): Page | Refused {
  const value = answer as PackedPage | Refused;
  if ('refused' in value) return value;
  const { packed, ...figures } = value;
  const { cursors, timestamps, sizes, bytes } = packed;
  const blobs: Page['blobs'] = [];
  let at = 0;
  const next = (length: number) => bytes.subarray(at, (at += length));
  for (const [index, cursor] of cursors.entries()) {
    const blobId = next(ID);
    const sender = next(SENDER);
    blobs.push({ blobId, cursor, payload: next(sizes[index]!), timestamp: timestamps[index]!, sender });
  }
  return { ...figures, blobs };
}
