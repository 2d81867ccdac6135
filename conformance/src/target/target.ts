import type { DriverDescription } from '../codec/driver-target.ts';
import type { Context } from '../context.ts';
import type { CanaryFinding } from '../run/canary.ts';
import type { CanaryQuestion } from '../run/result.ts';

/** What a check may need of its target beyond an address. */
export const NEEDS = {
  restart: 'a relay that the kit can stop and start again (--start)',
  kill: 'a relay that the kit can kill (--start)',
  process: 'a relay that runs as a child of the kit (--start)',
  http: "the relay's public HTTP address ({http_port} in --start)",
  'lifted-limits':
    'a relay whose rate limits are lifted (connections, messages, new groups and requests: 0, or out of reach)',
  rates: 'a relay that limits rates, as certify-limits.toml makes it',
  values: 'limits and timers that can be reached, as certify-limits.toml has them',
  admin: "the relay's admin HTTP address (--admin, or printed by a relay that the kit starts)",
  stop: 'a relay that the kit can end with a signal (--start)',
} as const;

export type Need = keyof typeof NEEDS;

/** How a process ended: with an exit code, or by a signal; behind a shell that stays, 128 and the signal's number is its code. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What a person says about a relay beyond where it is. */
export interface TargetOptions {
  /** The admin HTTP address, as `http://127.0.0.1:9090/`; of a relay that prints it, known once started. */
  readonly admin?: string | undefined;
  /** The certificates, as PEM, that a `wss://` relay's has to be signed by; left out, those that Node trusts. */
  readonly ca?: string | undefined;
}

/** The relay that is being tested, and what the kit can do to it. */
export interface Target extends TargetOptions {
  /** For people: the address, or the command. */
  readonly description: string;
  /** How a command line names it again. */
  readonly option: string;
  /** The command that the kit started; undefined for a relay that was already there. */
  readonly command?: string;
  /** `ws://` or `wss://` without fragment; known once started. */
  readonly url: string;
  /** The identity that the address pins, 32 bytes. */
  readonly pin: Uint8Array | undefined;
  /** The public HTTP address; undefined if it is not known. */
  readonly httpUrl?: string | undefined;
  /** What it can do, once started; `lifted-limits` and `rates` are found out by asking. */
  readonly offers: ReadonlySet<Need>;
  /** Set if the relay's process has ended without the kit's doing: how. */
  readonly died?: string | undefined;
  /** The process id of the child. */
  readonly pid?: number | undefined;
  /** Left out, it is a relay. */
  readonly codec?: CodecTarget;
  /** Starts it, if it is the kit's to start. @throws TargetError */
  start(): Promise<void>;
  /** Ends it in order and starts it again on the same data. */
  restart?(): Promise<void>;
  /** Ends it with SIGKILL. `start` starts it again on the same data. */
  kill?(): Promise<void>;
  /**
   * Sends a signal, SIGTERM unless said, and waits for the end. `start` starts it again on the same data.
   *
   * @returns how it ended; `SIGKILL` where it did not end within 10 s and had to be killed.
   */
  stop?(signal?: 'SIGTERM' | 'SIGINT'): Promise<Exit>;
  /** Waits for its process to end, but not for longer than `ms`. */
  endsWithin?(ms: number): Promise<void>;
  /** The last lines that its process printed. */
  lastLines?(): string[];
  /** All that its process printed, line by line, as far as it is kept. */
  readonly output?: readonly string[];
  /** Ends it and removes what the kit made for it. */
  dispose(): Promise<void>;
}

/** What the kit does with a target that is no relay but a codec. */
export interface CodecTarget {
  /** What it said of itself, once started. */
  readonly about: DriverDescription;
  /** What it is asked first. */
  readonly canary: CanaryQuestion;
  /** Asks for what nobody may grant. @returns what it granted, if it did. */
  greet(context: Context): Promise<CanaryFinding | undefined>;
}

/** The target cannot be used: it does not start, or what it says is no address. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
}
