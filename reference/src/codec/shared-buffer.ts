/** Messages up to half of it share a buffer of that many bytes: making one costs more than writing a message of 1 KB. */
const LENGTH = 8192;

let shared = new Uint8Array(LENGTH);
let taken = 0;

/**
 * Room for one message as it goes on the wire, of `size` bytes. What else lies in its buffer belongs to other messages, so
 * nothing that stays secret is written there.
 */
export function allocate(size: number): Uint8Array<ArrayBuffer> {
  if (size > LENGTH / 2) return new Uint8Array(size);
  if (taken + size > LENGTH) {
    shared = new Uint8Array(LENGTH);
    taken = 0;
  }
  const start = taken;
  taken += size;
  return new Uint8Array(shared.buffer, start, size);
}
