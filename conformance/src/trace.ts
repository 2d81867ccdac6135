/** Which way something went; `event` is what happened to a connection or to the target, `exchange` a request with its answer. */
export type Direction = 'to-relay' | 'from-relay' | 'event' | 'exchange';

/** A message within the secure channel, as it stood on the wire. */
export interface TraceMessage {
  readonly direction: 'to-relay' | 'from-relay';
  /** Milliseconds since the check began. */
  readonly at: number;
  /** The message in one line, as in the step. */
  readonly text: string;
  /** Bytes of the whole body of its frame. */
  readonly size: number;
  /** The first of these bytes, in hex. */
  readonly bytes: string;
}

/** One numbered step of an exchange, in the form of the report's schema. */
export interface TraceStep {
  /** Counts from 1 over all connections of a check. */
  readonly n: number;
  /** Milliseconds since the check began. */
  readonly at: number;
  /** The connection: `A`, `B`, … in the order in which the check opened them; `relay` for what happened to its process. */
  readonly from: string;
  readonly direction: Direction;
  /** One line; payloads shortened to length and digest. */
  readonly text: string;
  /** The beginning of bytes that did not decode, or that were malformed on purpose. */
  readonly hex?: string;
  /** What passed in this step, in order: of a row of like exchanges the first one and the last one. */
  readonly messages?: readonly TraceMessage[];
  /** How many like exchanges the step stands for, if it is more than one. */
  readonly exchanges?: number;
}

/** How much undecodable data a step shows, in bytes. */
const HEX_BYTES = 64;

/** How much of a message that did decode is kept, in bytes: of most the whole. */
const MESSAGE_BYTES = 160;

/** The first and last steps that are kept of a long exchange: how it began, and what led to the failure. */
const KEPT_FIRST = 40;
const KEPT_LAST = 160;

/** What passed on the connections of one check, in order. Bounded, however much passes. */
export class Trace {
  readonly #began = performance.now();
  readonly #first: TraceStep[] = [];
  #last: TraceStep[] = [];
  #count = 0;

  /** @param bytes - what did not decode, or is malformed on purpose. */
  record(from: string, direction: Direction, text: string, bytes?: Uint8Array): void {
    this.#add(from, direction, text, bytes && { hex: hexOf(bytes) });
  }

  /** Records a message of the protocol. @param body - the body of its frame, without what nobody may see */
  recordMessage(from: string, direction: TraceMessage['direction'], text: string, body: Uint8Array): void {
    const bytes = Buffer.from(body.subarray(0, MESSAGE_BYTES)).toString('hex');
    this.#add(from, direction, text, { messages: [{ direction, at: this.#now(), text, size: body.length, bytes }] });
  }

  #now(): number {
    return Math.round((performance.now() - this.#began) * 10) / 10;
  }

  #add(from: string, direction: Direction, text: string, more?: Pick<TraceStep, 'hex' | 'messages'>): void {
    const step: TraceStep = { n: ++this.#count, at: this.#now(), from, direction, text, ...more };
    if (this.#first.length < KEPT_FIRST) {
      this.#first.push(step);
      return;
    }
    this.#last.push(step);
    // Cut now and then rather than at each step: shifting an array for every message would be quadratic.
    if (this.#last.length >= 2 * KEPT_LAST) this.#last = this.#last.slice(-KEPT_LAST);
  }

  /** The steps that were kept; a jump in the numbers shows where steps are left out. */
  get steps(): TraceStep[] {
    return [...this.#first, ...this.#last.slice(-KEPT_LAST)];
  }

  /** How many steps there were in all. */
  get length(): number {
    return this.#count;
  }
}

function hexOf(bytes: Uint8Array): string {
  const shown = Buffer.from(bytes.subarray(0, HEX_BYTES)).toString('hex');
  return bytes.length > HEX_BYTES ? `${shown}…` : shown;
}
