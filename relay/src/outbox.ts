import { encodeFrame } from '@0k-sync/reference';
import { HANDSHAKE } from '@0k-sync/spec';

const CHUNK = HANDSHAKE.transport.max_plaintext;

/** So many written frames at the front of the list are let go together. */
const FORGET_AFTER = 1024;

export interface OutboxTarget {
  /** Takes one piece of the stream of frames, at most 65,519 bytes. */
  write(plaintext: Uint8Array): void;
  /** Whether the network takes nothing more at the moment; `flush` is called when it does again. */
  blocked(): boolean;
  /** Everything was written and `end` was called. */
  finished(code: number): void;
}

/**
 * Frames on their way to one client. Small ones written together share a Noise message; large ones go piece by piece, as the
 * network takes them, so that what waits is counted here. Notifies are merged to one until it can be written.
 */
export class Outbox {
  #target: OutboxTarget;
  #frames: Uint8Array[] = [];
  /** Where the first frame stands. Those before it are written: taking each from a long list as it goes would move all others. */
  #first = 0;
  /** How much of the first frame is written. */
  #offset = 0;
  #bytes = 0;
  #written = 0;
  #notify: { latest: bigint; count: number } | undefined;
  #scheduled = false;
  #endCode: number | undefined;
  #finished = false;

  constructor(target: OutboxTarget) {
    this.#target = target;
  }

  /** Bytes that wait here. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes written so far. */
  get written(): number {
    return this.#written;
  }

  send(frame: Uint8Array): void {
    if (this.#endCode !== undefined || this.#finished) return;
    this.#frames.push(frame);
    this.#bytes += frame.length;
    this.#schedule();
  }

  notify(latest: bigint, count: number): void {
    const before = this.#notify;
    this.#notify = before
      ? { latest: latest > before.latest ? latest : before.latest, count: before.count + count }
      : { latest, count };
    this.#schedule();
  }

  dropNotify(): void {
    this.#notify = undefined;
  }

  /** Takes nothing more; when all is written, `finished` is called. */
  end(code: number): void {
    this.#endCode ??= code;
    this.#notify = undefined;
    this.#schedule();
  }

  /** Drops what waits. */
  discard(): void {
    this.#finished = true;
    this.#frames = [];
    this.#first = 0;
    this.#bytes = 0;
    this.#notify = undefined;
  }

  // In a microtask, so that frames queued by the same event share a Noise message.
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  flush(): void {
    while (!this.#finished && !this.#target.blocked()) {
      this.#queueNotify();
      if (this.#bytes === 0) break;
      const piece = this.#take();
      this.#written += piece.length;
      this.#target.write(piece);
    }
    if (this.#bytes === 0 && this.#endCode !== undefined && !this.#finished) {
      this.#finished = true;
      this.#target.finished(this.#endCode);
    }
  }

  /** Between two frames a Notify goes first, but never before the first frame, which is Welcome. */
  #queueNotify(): void {
    if (!this.#notify || this.#offset > 0 || this.#written === 0) return;
    const { latest, count } = this.#notify;
    this.#notify = undefined;
    const frame = encodeFrame({ type: 'Notify', latest_cursor: latest, count: Math.min(count, 2 ** 32 - 1) }, 'bin');
    this.#frames.splice(this.#first, 0, frame);
    this.#bytes += frame.length;
  }

  #take(): Uint8Array {
    const first = this.#frames[this.#first]!;
    const rest = first.length - this.#offset;
    if (rest >= CHUNK || this.#frames.length === this.#first + 1) return this.#takeFrom(first, Math.min(rest, CHUNK));
    const piece = new Uint8Array(Math.min(this.#bytes, CHUNK));
    for (let filled = 0; filled < piece.length; ) {
      const part = this.#takeFrom(this.#frames[this.#first]!, piece.length - filled);
      piece.set(part, filled);
      filled += part.length;
    }
    return piece;
  }

  #takeFrom(frame: Uint8Array, most: number): Uint8Array {
    const part = frame.subarray(this.#offset, this.#offset + most);
    this.#offset += part.length;
    this.#bytes -= part.length;
    if (this.#offset === frame.length) {
      this.#offset = 0;
      if (++this.#first === FORGET_AFTER || this.#first === this.#frames.length) {
        this.#frames.splice(0, this.#first);
        this.#first = 0;
      }
    }
    return part;
  }
}
