import { CodecError, decodeMessage, FrameReader } from '@0k-sync/reference';
import { FRAME, MAX_BODY, type Message } from '@0k-sync/spec';
import { describeMessage } from '../describe.ts';
import { maskTokens } from '../masked.ts';
import { Violation } from '../verdict.ts';
import { refusedOverLimit } from './errors.ts';
import { NOTHING } from './inbox.ts';
import type { NoiseConnection } from './noise.ts';
import { closedOverLimit } from './over-limit.ts';
import { describeEvent, type WireEvent } from './wire.ts';

export type FrameEvent =
  | { readonly kind: 'body'; readonly data: Uint8Array }
  | Exclude<WireEvent, { kind: 'message' }>
  | typeof NOTHING;

/** The stream of frames inside a finished secure channel: bodies as bytes, whatever they hold. */
export class FrameConnection {
  readonly noise: NoiseConnection;
  /** Whether a Welcome has come: from then on the relay has taken the session on. */
  isServed = false;
  readonly #reader = new FrameReader({ maxBody: MAX_BODY.bin });

  constructor(noise: NoiseConnection) {
    this.noise = noise;
  }

  /** Sends one body as a frame. `announced` replaces its true length in the header. */
  sendFrame(body: Uint8Array, announced: number = body.length): void {
    const frame = new Uint8Array(FRAME.header_bytes + body.length);
    new DataView(frame.buffer).setUint32(0, announced);
    frame.set(body, FRAME.header_bytes);
    const lie = announced === body.length ? '' : `, announced as ${announced}`;
    this.#record('to-relay', body, `frame of ${body.length} bytes${lie}`);
    this.noise.sendStream(frame);
  }

  /** Sends bytes of the stream as they are: a part of a frame, several frames, or none. */
  sendBytes(bytes: Uint8Array): void {
    this.noise.wire.link.trace.record(this.#name, 'to-relay', `${bytes.length} bytes of the frame stream`, bytes);
    this.noise.sendStream(bytes);
  }

  /** Sends bytes of the stream without a line in the trace: for what was recorded in another form. */
  sendSilently(bytes: Uint8Array): void {
    this.noise.sendStream(bytes);
  }

  /** The body of the next frame, or what came instead of one. A frame that the protocol does not allow is a violation. */
  async next(ms: number = this.#timeoutMs): Promise<FrameEvent> {
    const deadline = performance.now() + ms;
    for (;;) {
      const body = this.#nextBody();
      if (body) {
        const message = this.#record('from-relay', body, `frame of ${body.length} bytes`);
        this.isServed ||= message?.type === 'Welcome';
        return { kind: 'body', data: body };
      }
      const event = await this.noise.next(Math.max(0, deadline - performance.now()));
      if (event === NOTHING || event.kind !== 'plaintext') return event;
      this.#reader.push(event.data);
    }
  }

  /** The body of the next frame. @throws Violation if none came; Inconclusive if the relay has no room */
  async receive(awaited = 'a frame'): Promise<Uint8Array> {
    const event = await this.next();
    if (event === NOTHING || event.kind !== 'body') {
      throw (
        closedOverLimit(event) ??
        new Violation({ expected: [awaited], actual: describeFrameEvent(event, this.#timeoutMs) })
      );
    }
    const message = tryDecode(event.data);
    const over = message && refusedOverLimit(message, this.isServed);
    if (over) throw over;
    return event.data;
  }

  #nextBody(): Uint8Array | undefined {
    try {
      return this.#reader.next();
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      throw new Violation({
        requirement: 'FRAME-01',
        expected: [`a frame of 1 to ${MAX_BODY.bin} bytes`],
        actual: error.message,
      });
    }
  }

  /** One line for a body: the message if it is one, else its bytes. @returns the message */
  #record(direction: 'to-relay' | 'from-relay', body: Uint8Array, otherwise: string): Message | undefined {
    const { trace } = this.noise.wire.link;
    try {
      const message = decodeMessage(body, 'bin');
      trace.recordMessage(this.#name, direction, describeMessage(message), maskTokens(message, body));
      return message;
    } catch (error) {
      const why = error instanceof CodecError ? ` (${error.errorClass})` : '';
      trace.record(this.#name, direction, `${otherwise}${why}`, body);
      return undefined;
    }
  }

  get #name(): string {
    return this.noise.wire.link.name;
  }

  get #timeoutMs(): number {
    return this.noise.wire.link.timeoutMs;
  }
}

function tryDecode(body: Uint8Array): Message | undefined {
  try {
    return decodeMessage(body, 'bin');
  } catch {
    return undefined;
  }
}

/** What came instead of a frame, in words. */
export function describeFrameEvent(event: FrameEvent, timeoutMs: number): string {
  if (event !== NOTHING && event.kind === 'body') return `a frame of ${event.data.length} bytes`;
  return describeEvent(event, timeoutMs);
}
