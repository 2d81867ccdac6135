import { setTimeout } from 'node:timers/promises';
import type { Identity } from '@0k-sync/reference';
import type { LimitName } from '@0k-sync/spec';
import { FrameConnection } from './access/frames.ts';
import { type Link, UpgradeRefused } from './access/link.ts';
import { unusedLoopback } from './access/local-address.ts';
import { type HelloOptions, MessageConnection } from './access/messages.ts';
import { NoiseConnection } from './access/noise.ts';
import { overLimit } from './access/over-limit.ts';
import { RawSocket } from './access/socket.ts';
import { Wire } from './access/wire.ts';
import { freshDevice, freshGroup, type TestGroup } from './group.ts';
import { Random } from './random.ts';
import type { Exit, Need, Target } from './target/target.ts';
import { Trace, type TraceStep } from './trace.ts';
import { type Finding, Inconclusive, Interrupted, NotRun, Violation } from './verdict.ts';

/** The limits of a Welcome, by name. */
export type Limits = ReadonlyMap<LimitName | string, bigint>;

/** With `--quick` no longer wait is begun, in milliseconds. */
const QUICK_MS = 4000;

/** What a check is run with. */
export interface Surroundings {
  readonly target: Target;
  /** The seed of the run and the id of the check: all its randomness follows from them. */
  readonly seed: readonly (string | number)[];
  /** The longest wait for one answer, in milliseconds. */
  readonly timeoutMs: number;
  /** As the relay stated them at the start of the run. */
  readonly limits: Limits;
  /** The text of each error code, as it was first seen: shared by all checks of a run. Left out, a context has its own. */
  readonly errorTexts?: Map<number, string>;
  /** How many plans a property is to run; left out, as many as it thinks right. */
  readonly plans?: number | undefined;
  /** Whether what takes seconds is left out. */
  readonly quick?: boolean;
  /** Aborted when the whole run is interrupted. */
  readonly signal: AbortSignal;
}

/** What a check that ran generated plans or requests leaves for the report. */
export interface PropertyEvidence {
  /** That of the plans or requests: 32 bits. */
  readonly seed: number;
  /** Plans that broke no rule, or requests. */
  readonly runs: number;
  /** Where fast-check found a failure; with the seed it gives the request back. */
  readonly path?: string;
  /** How many operations of each kind were really carried out by plans. */
  readonly counts?: Readonly<Record<string, number>>;
  /** Kinds that the relay's limits leave no room for. */
  readonly without?: readonly string[];
  /** Of how many groups one order of the operations was found that explains every answer, and of how many not, and why. */
  readonly orders?: { readonly found: number; readonly unknown: number; readonly leftOut: number };
  /** The smallest plan that failed. */
  readonly plan?: object;
  /** How often that plan failed when it was run again. */
  readonly confirmed?: { readonly failed: number; readonly of: number };
}

/** How much a check of a codec has asked. */
export interface AskedInputs {
  /** Vectors that were run, as `codec-bin 12`. */
  readonly vectors: readonly string[];
  /** Random requests. */
  readonly random: number;
}

/** A request that a codec answered wrongly. */
export interface AskedRequest {
  readonly op: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Where it stands, if it is not a random one. */
  readonly vector?: { readonly file: string; readonly tcId: number };
}

/** What a failure is shown with, beyond its finding. */
export interface Evidence {
  readonly trace: readonly TraceStep[];
  readonly notes: readonly string[];
  readonly property?: PropertyEvidence;
  readonly inputs?: AskedInputs;
  readonly request?: AskedRequest;
  /** Whether a driver failed by giving no answer at all. */
  readonly brokeDown?: boolean;
}

export interface ConnectOptions extends Pick<Link, 'from' | 'headers' | 'answersPings'> {
  /** A device of its own unless given. */
  readonly device?: Identity;
}

/**
 * All that a check can do. Access has four depths, each built on the one above it: `raw` (bytes and WebSocket messages),
 * `noise` (the handshake step by step), `frames` (bodies as bytes) and `messages`; `join` is the shortest way to a session.
 * Whatever a check opens is closed when it is over.
 */
export class Context {
  readonly target: Target;
  readonly limits: Limits;
  readonly timeoutMs: number;
  readonly plans: number | undefined;
  readonly random: Random;
  readonly trace = new Trace();
  readonly #surroundings: Surroundings;
  readonly #errorTexts: Map<number, string>;
  readonly #over = new AbortController();
  #connections = 0;
  #evidence: Partial<Evidence> = {};

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.#errorTexts = surroundings.errorTexts ?? new Map();
    this.target = surroundings.target;
    this.limits = surroundings.limits;
    this.timeoutMs = surroundings.timeoutMs;
    this.plans = surroundings.plans;
    this.random = new Random(...surroundings.seed);
    if (surroundings.signal.aborted) this.close(surroundings.signal.reason);
    surroundings.signal.addEventListener('abort', this.#interrupt, { once: true });
  }

  readonly #interrupt = () => this.close(this.#surroundings.signal.reason);

  /** Aborted when the check is over, or the whole run. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** A limit of the relay by its name, as its Welcome states it. @throws NotRun if it does not */
  limit(name: LimitName): bigint {
    return this.limits.get(name) ?? this.notRun(`the relay's Welcome does not state ${name}`);
  }

  /** What is not stated is not taken for a limit: that it is missing is for LIM-01. @throws NotRun if a group may not have so many devices */
  requireDevices(count: number): void {
    const most = this.limits.get('max_devices_per_group') ?? BigInt(count);
    if (most < count) this.notRun(`it needs ${count} devices in a group, and max_devices_per_group is ${most}`);
  }

  /** @throws NotRun if a group may not store so much: payloads, and 256 bytes more for each blob */
  requireQuota(bytes: number): void {
    const most = this.limits.get('max_group_storage') ?? BigInt(bytes);
    if (most < bytes) this.notRun(`it needs ${bytes} bytes in a group, and max_group_storage is ${most}`);
  }

  /** The size of a payload in bytes: as wanted, or as large as max_blob_size allows. */
  payloadSize(wanted: number): number {
    const most = this.limits.get('max_blob_size') ?? BigInt(wanted);
    return most < wanted ? Number(most) : wanted;
  }

  /** A new proven group. */
  group(): TestGroup {
    return freshGroup();
  }

  /** The keys of a new device. */
  device(): Identity {
    return freshDevice();
  }

  /** A TCP connection, for upgrade requests and WebSocket frames written by hand. */
  async socket(): Promise<RawSocket> {
    return await RawSocket.open(this.link());
  }

  /** A WebSocket, or how the relay refused it for a limit. @throws Violation if it refused it otherwise */
  async upgrade({ from, headers, answersPings }: ConnectOptions = {}): Promise<Wire | UpgradeRefused> {
    try {
      return await Wire.open(this.link({ from, headers, answersPings }));
    } catch (error) {
      if (!(error instanceof UpgradeRefused)) throw error;
      if (error.isOverLimit) return error;
      throw new Violation({
        requirement: 'FRAME-10',
        expected: ['a WebSocket with the subprotocol 0k-sync.1'],
        actual: error.message,
      });
    }
  }

  /** A WebSocket, before the handshake: binary messages of any content. Waits for a turn that comes within a second. */
  async raw(options: ConnectOptions = {}): Promise<Wire> {
    const deadline = performance.now() + this.timeoutMs;
    for (;;) {
      const wire = await this.upgrade(options);
      if (wire instanceof Wire) return wire;
      const { message, retryAfter = Number.POSITIVE_INFINITY } = wire;
      if (retryAfter > 1 || performance.now() > deadline) {
        throw overLimit(Number.isFinite(retryAfter) ? `${message}, Retry-After ${retryAfter}` : message);
      }
      await this.elapse(retryAfter * 1000);
    }
  }

  /** A WebSocket on which the handshake can be driven step by step. Nothing has been sent. */
  async noise(options: ConnectOptions = {}): Promise<NoiseConnection> {
    return new NoiseConnection(await this.raw(options), options.device ?? this.device());
  }

  /** A finished secure channel: frames of any content, before Hello. */
  async frames(options: ConnectOptions = {}): Promise<FrameConnection> {
    return new FrameConnection(await (await this.noise(options)).complete());
  }

  /** A finished secure channel: messages, before Hello. */
  async messages(options: ConnectOptions = {}): Promise<MessageConnection> {
    return new MessageConnection(await this.frames(options));
  }

  /** Messages over a handshake that the check drove itself. */
  messagesOver(noise: NoiseConnection): MessageConnection {
    return new MessageConnection(new FrameConnection(noise));
  }

  /** A session: of a new device in a new group, unless told otherwise. */
  async join(options: ConnectOptions & Partial<HelloOptions> = {}): Promise<MessageConnection> {
    const connection = await this.messages(options);
    await connection.hello({ group: this.group(), ...options });
    return connection;
  }

  /** Ends the relay in order and starts it again on the same data. Needs `restart`. */
  async restart(): Promise<void> {
    this.trace.record('relay', 'event', 'stopped in order and started again');
    await this.#require('restart')();
  }

  /** Ends the relay by a signal and waits until it has ended. `start` starts it again. Needs `stop`. */
  async stop(signal: 'SIGTERM' | 'SIGINT' = 'SIGTERM'): Promise<Exit> {
    this.trace.record('relay', 'event', `sent ${signal}`);
    return await this.#require('stop')(signal);
  }

  /** Kills the relay with SIGKILL. Needs `kill`. */
  async kill(): Promise<void> {
    this.trace.record('relay', 'event', 'killed with SIGKILL');
    await this.#require('kill')();
  }

  /** Starts the relay again, on the same data, after `kill` or `stop`. */
  async start(): Promise<void> {
    this.trace.record('relay', 'event', 'started');
    await this.target.start();
  }

  /** Lets time pass, in checks that are about it. */
  async elapse(ms: number): Promise<void> {
    const { signal } = this.#over;
    await setTimeout(ms, undefined, { signal }).catch(() => {
      throw signal.reason;
    });
  }

  /** Before a wait whose length the relay's limits decide. @throws NotRun if it is too long for `--quick` */
  requireTime(ms: number): void {
    if (!this.#surroundings.quick || ms <= QUICK_MS) return;
    this.notRun(`it waits ${Math.round(ms / 1000)} s for this relay: left out by --quick`);
  }

  /** A local address at which no limit has been touched; undefined where the kit cannot have one. */
  async unusedAddress(): Promise<string | undefined> {
    return await unusedLoopback(this.target.url);
  }

  /** @throws Violation always */
  fail(finding: Finding): never {
    throw new Violation(finding);
  }

  /** @throws Violation if `kept` is false */
  verify(kept: boolean, finding: Finding): void {
    if (!kept) throw new Violation(finding);
  }

  /** The value, which has to be there. @throws Violation if it is not */
  present<T>(value: T | undefined, what: string, requirement?: string): T {
    if (value !== undefined) return value;
    throw new Violation({ ...(requirement !== undefined && { requirement }), expected: [what], actual: 'none' });
  }

  /** Compares numbers, bigints, strings, booleans and byte strings. @throws Violation if they differ */
  equal<T extends Comparable>(actual: T, expected: T, what: string, requirement?: string): void {
    const same =
      actual instanceof Uint8Array && expected instanceof Uint8Array
        ? Buffer.compare(actual, expected) === 0
        : actual === expected;
    if (same) return;
    throw new Violation({
      ...(requirement !== undefined && { requirement }),
      expected: [`${what}: ${shown(expected)}`],
      actual: shown(actual),
    });
  }

  /** Nothing can be said. @throws Inconclusive always */
  inconclusive(reason: string): never {
    throw new Inconclusive(reason);
  }

  /** The target turns out to lack what the check needs. @throws NotRun always */
  notRun(reason: string, missing?: Need): never {
    throw new NotRun(reason, missing);
  }

  /** Its limits are too large or too small to be seen, which its configuration can mend. @throws NotRun always */
  unreachable(reason: string): never {
    throw new NotRun(reason, 'values');
  }

  /** A context for one of many runs within this check: a trace and connections of its own. Close it. */
  fork(...seed: readonly (string | number)[]): Context {
    const { signal } = this.#over;
    const errorTexts = this.#errorTexts;
    return new Context({ ...this.#surroundings, errorTexts, seed: [...this.#surroundings.seed, ...seed], signal });
  }

  /** Shows these with a failure, in place of what this context recorded itself. */
  attach(evidence: Partial<Evidence>): void {
    this.#evidence = { ...this.#evidence, ...evidence };
  }

  get evidence(): Evidence {
    return { trace: this.trace.steps, notes: [], ...this.#evidence };
  }

  /** Ends every connection and every wait. */
  close(reason: Error = new Interrupted()): void {
    this.#surroundings.signal.removeEventListener('abort', this.#interrupt);
    this.#over.abort(reason);
  }

  /**
   * What a connection of this check is given. `changes` lead it another way to the relay, as through a proxy, give it a
   * name in the trace, or a longer wait.
   */
  link(changes: Partial<Omit<Link, 'trace' | 'signal'>> = {}): Link {
    return {
      url: this.target.url,
      ca: this.target.ca,
      name: changes.name ?? connectionName(this.#connections++),
      trace: this.trace,
      signal: this.#over.signal,
      timeoutMs: this.timeoutMs,
      random: this.random,
      errorTexts: this.#errorTexts,
      ...changes,
    };
  }

  #require<A extends 'restart' | 'kill' | 'stop'>(action: A): NonNullable<Target[A]> {
    const method = this.target[action];
    if (!method) throw new Error(`the check calls ${action}() and does not say so in its needs`);
    return method.bind(this.target) as NonNullable<Target[A]>;
  }
}

type Comparable = number | bigint | string | boolean | Uint8Array | null | undefined;

function shown(value: Comparable): string {
  if (value instanceof Uint8Array) {
    const hex = Buffer.from(value.subarray(0, 16)).toString('hex');
    return `${value.length} bytes ${value.length > 16 ? `${hex}…` : hex}`;
  }
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/** A, B, …, Z, A1, B1, …. */
function connectionName(index: number): string {
  const round = Math.floor(index / 26);
  return `${String.fromCharCode(65 + (index % 26))}${round === 0 ? '' : round}`;
}
