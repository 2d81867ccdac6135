import { setTimeout as delay } from 'node:timers/promises';
import type { LimitName } from '@0k-sync/spec';
import type { Random } from '../random.ts';
import { Violation } from '../verdict.ts';
import type { Ledger } from './ledger.ts';
import type { Action, Amount, DeviceEvent, Moment, Step } from './scenario.ts';

/** So many times the wait for one answer may a moment take that a working relay brings about. */
const MOMENT = 6;
/**
 * What is added to a limit that the relay keeps, a part of it and so many waits for one answer: timers are coarse, machines
 * busy, and a relay may wait for the answer to its Close.
 */
const MARGIN = { part: 0.25, waits: 3.5 } as const;

/** Something that should have come about did not: the relay's fault, unless the machine was too slow to say. */
export class Overdue extends Violation {}

export interface StageOptions {
  readonly timeline: readonly Step[];
  readonly ledger: Ledger;
  readonly random: Random;
  /** The longest wait for one answer, in milliseconds. */
  readonly timeoutMs: number;
  /** The names of the devices behind a proxy. */
  readonly proxied: readonly string[];
  /** Aborted when the play is over, whatever came of it. */
  readonly signal: AbortSignal;
  limit(name: LimitName): bigint;
  perform(action: Action): Promise<void>;
}

/** A moment that is being waited for. */
interface Cue {
  readonly isNow: (device: string, event: DeviceEvent) => boolean;
  readonly come: () => void;
  /** Settles when what belongs to the moment has been done. */
  readonly done: Promise<void>;
}

/**
 * Takes the steps of a timeline, each at its moment. Moments are things that devices do, so a device that comes to one waits
 * until the step is taken: the fault then hits exactly there, however fast the machine is.
 */
export class Stage {
  /** Whether every step has been taken. */
  isOver = false;
  readonly #options: StageOptions;
  #cue: Cue | undefined;

  constructor(options: StageOptions) {
    this.#options = options;
  }

  /** A device says where it is, and waits if a step belongs here. */
  async reached(device: string, event: DeviceEvent): Promise<void> {
    const cue = this.#cue;
    if (!cue?.isNow(device, event)) return;
    this.#cue = undefined;
    cue.come();
    await cue.done;
  }

  /** Takes the steps. @throws Overdue if a moment does not come */
  async run(): Promise<void> {
    for (const step of this.#options.timeline) {
      const taken = Promise.withResolvers<void>();
      // A device must not wait for ever for a step that failed.
      const release = () => taken.resolve();
      this.#options.signal.addEventListener('abort', release, { once: true });
      await this.#moment(step, taken.promise);
      for (const action of step.do) await this.#options.perform(action);
      release();
    }
    this.isOver = true;
  }

  async #moment({ when, within }: Step, done: Promise<void>): Promise<void> {
    const { signal, timeoutMs } = this.#options;
    if ('lasts' in when) {
      await delay(when.lasts, undefined, { signal });
      return;
    }
    // With nothing left to acknowledge it would never come.
    if ('acknowledged' in when && this.#options.ledger.isComplete) return;
    const come = Promise.withResolvers<void>();
    const isNow = this.#matcher(when);
    this.#cue = { isNow, come: come.resolve, done };
    const limitMs = within ? Number(this.#options.limit(within.limit)) * 1000 : undefined;
    const ms = limitMs === undefined ? MOMENT * timeoutMs : limitMs * (1 + MARGIN.part) + MARGIN.waits * timeoutMs;
    const over = new AbortController();
    const late = delay(ms, undefined, { signal: AbortSignal.any([signal, over.signal]) }).then(() => {
      const time = within
        ? `${within.limit} of ${limitMs! / 1000} s, and ${(ms - limitMs!) / 1000} s more`
        : `${ms / 1000} s`;
      throw new Overdue({
        ...(within && { requirement: within.rule }),
        expected: [`${describeMoment(when)} within ${time}`],
        actual: 'it did not come to that',
      });
    });
    try {
      await Promise.race([come.promise, late]);
    } finally {
      over.abort();
      late.catch(() => {});
    }
  }

  #matcher(when: Exclude<Moment, { lasts: number }>): Cue['isNow'] {
    const { ledger, random, proxied } = this.#options;
    if ('acknowledged' in when) {
      const goal = ledger.count + draw(when.acknowledged, random);
      return (_, event) => event === 'acknowledged' && (ledger.count >= goal || ledger.isComplete);
    }
    const counts = new Map<string, number>();
    const nth = when.nth ?? 1;
    return (device, event) => {
      if (event !== when.event || (when.of !== 'each' && device !== when.of)) return false;
      counts.set(device, (counts.get(device) ?? 0) + 1);
      const awaited = when.of === 'each' ? proxied : [when.of];
      return awaited.every((name) => (counts.get(name) ?? 0) >= nth);
    };
  }
}

export function draw(amount: Amount, random: Random): number {
  return typeof amount === 'number' ? amount : random.integer(amount[0], amount[1]);
}

function describeMoment(when: Moment): string {
  if ('lasts' in when) return `${when.lasts / 1000} s`;
  if ('acknowledged' in when) return 'acknowledgements of pushes';
  const who = when.of === 'each' ? 'each device' : `device ${when.of}`;
  return `${who} ${EVENTS[when.event]}${when.nth === undefined ? '' : `, ${when.nth} times`}`;
}

const EVENTS: Record<DeviceEvent, string> = {
  begin: 'beginning',
  open: 'connected',
  'message 2': 'with handshake message 2',
  'message 4': 'with handshake message 4',
  pushing: 'with a Push to send',
  pulling: 'with a Pull to send',
  acknowledged: 'with a push acknowledged',
  idle: 'in step with the relay',
  lost: 'with its connection ended',
};
