import { FRAME } from '@0k-sync/spec';
import { CodecError } from './codec-error.ts';

/** So many small chunks are put together into one: a sender of single bytes must not cost an object for each. */
const MERGE_AFTER = 256;

/**
 * Cuts a byte stream into the bodies of frames (FRAME). The four bytes of length are judged as soon as they are there,
 * before the body is read; no more is kept than has arrived, whatever a length announces.
 */
export class FrameReader {
  /** Largest body accepted from the next frame on, in bytes. */
  maxBody: number;
  #chunks: Uint8Array[] = [];
  /** How many chunks at the front are not merged again. */
  #merged = 0;
  #offset = 0;
  #buffered = 0;

  constructor(options: { maxBody: number }) {
    this.maxBody = options.maxBody;
  }

  /** Bytes taken in and not yet given out. */
  get buffered(): number {
    return this.#buffered;
  }

  /** Takes bytes in. The chunk is kept, not copied: the caller leaves it alone. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    if (this.#chunks.length - this.#merged >= MERGE_AFTER) this.#merge();
  }

  /**
   * The next body, if all of it has arrived: a view of the chunk where it lies within one, else a new array.
   *
   * @throws {CodecError} `frame-empty` or `frame-too-large`; the stream is then of no further use
   */
  next(): Uint8Array | undefined {
    if (this.#buffered < FRAME.header_bytes) return undefined;
    let length = 0;
    for (let index = 0; index < FRAME.header_bytes; index++) length = length * 256 + this.#peek(index);
    if (length === 0) throw new CodecError('frame-empty', 'frame announces no bytes');
    if (length > this.maxBody) {
      throw new CodecError('frame-too-large', `frame announces ${length} bytes, more than ${this.maxBody}`);
    }
    if (this.#buffered < FRAME.header_bytes + length) return undefined;
    this.#discard(FRAME.header_bytes);
    return this.#take(length);
  }

  #merge(): void {
    const parts = this.#chunks.splice(this.#merged);
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    this.#chunks.push(whole);
    this.#merged++;
  }

  #peek(index: number): number {
    let at = this.#offset + index;
    for (const chunk of this.#chunks) {
      if (at < chunk.length) return chunk[at]!;
      at -= chunk.length;
    }
    return 0;
  }

  #discard(count: number): void {
    this.#buffered -= count;
    this.#offset += count;
    let whole = 0;
    while (whole < this.#chunks.length && this.#offset >= this.#chunks[whole]!.length) {
      this.#offset -= this.#chunks[whole]!.length;
      whole++;
    }
    if (whole > 0) {
      this.#chunks.splice(0, whole);
      this.#merged = Math.max(0, this.#merged - whole);
    }
  }

  #take(length: number): Uint8Array {
    const first = this.#chunks[0]!;
    if (first.length - this.#offset >= length) {
      const body = first.subarray(this.#offset, this.#offset + length);
      this.#discard(length);
      return body;
    }
    const body = new Uint8Array(length);
    let filled = 0;
    let offset = this.#offset;
    for (const chunk of this.#chunks) {
      const part = chunk.subarray(offset, Math.min(chunk.length, offset + length - filled));
      body.set(part, filled);
      filled += part.length;
      offset = 0;
      if (filled === length) break;
    }
    this.#discard(length);
    return body;
  }
}
