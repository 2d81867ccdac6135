import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { parseAddress, quote } from './remote.ts';
import { type Need, type Target, TargetError } from './target.ts';

/** How long a relay may take until it can be reached. */
const START_MS = 10_000;
/** How long it may say nothing before its port is tried: a connection that is only tried counts against a relay's limits. */
const QUIET_MS = 1_000;
/** How long it may take to end in order. */
const STOP_MS = 10_000;
/** Lines that are shown when it fails. */
const SHOWN_LINES = 20;
/** Lines that are kept, for checks that look for what must not be logged. */
const KEPT_LINES = 10_000;

const WEBSOCKET_URL = /\bwss?:\/\/[^\s"'<>()[\]]*(?:\[[0-9a-f:.]+\][^\s"'<>()[\]]*)?/i;

/** What is filled in for `{port}`, `{http_port}` and `{dir}`. */
export interface Places {
  readonly port: number;
  readonly httpPort: number;
  readonly dir: string;
}

/** How to start a relay. */
export interface Launch {
  /** For people and for reports: the command, with its placeholders. */
  readonly command: string;
  /** How the kit's command line names it; undefined for the relay that is started without being named. */
  readonly option: string;
  /** The program and its arguments; without `file` it is a line for the shell. */
  prepare(
    places: Places,
  ): Promise<{ file?: string; args: readonly string[] }> | { file?: string; args: readonly string[] };
  readonly usesPort: boolean;
  readonly usesHttpPort: boolean;
}

/** A command line with placeholders, run by the shell. */
export function shellLaunch(command: string): Launch {
  return {
    command,
    option: `--start ${quote(command)}`,
    prepare: ({ port, httpPort, dir }) => ({
      args: [
        command.replaceAll('{port}', String(port)).replaceAll('{http_port}', String(httpPort)).replaceAll('{dir}', dir),
      ],
    }),
    usesPort: command.includes('{port}'),
    usesHttpPort: command.includes('{http_port}'),
  };
}

/** A relay that runs as a child of the kit, in a process group of its own, so that nothing of it is left behind. */
export class ChildTarget implements Target {
  readonly description: string;
  readonly option: string;
  readonly command: string;
  readonly offers: ReadonlySet<Need>;
  died: string | undefined;
  readonly #launch: Launch;
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #places: Places | undefined;
  #address: { url: string; pin: Uint8Array | undefined } | undefined;
  #lines: string[] = [];
  #heard: ((line: string) => void) | undefined;
  #isExpectedToEnd = false;

  constructor(launch: Launch) {
    this.#launch = launch;
    this.command = launch.command;
    this.description = launch.command;
    this.option = launch.option;
    this.offers = new Set<Need>(['restart', 'kill', 'process', ...(launch.usesHttpPort ? (['http'] as const) : [])]);
  }

  get url(): string {
    if (!this.#address) throw new TargetError('the relay has not been started');
    return this.#address.url;
  }

  get pin(): Uint8Array | undefined {
    return this.#address?.pin;
  }

  get httpUrl(): string | undefined {
    return this.#places && this.#launch.usesHttpPort ? `http://127.0.0.1:${this.#places.httpPort}` : undefined;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it on the same ports and the same folder as before. @throws TargetError with its last lines if it cannot be reached in time */
  async start(): Promise<void> {
    this.#places ??= await findPlaces();
    const { file, args } = await this.#launch.prepare(this.#places);
    this.died = undefined;
    this.#isExpectedToEnd = false;
    const options = {
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'],
    };
    const child = file === undefined ? spawn(args[0]!, { ...options, shell: true }) : spawn(file, args, options);
    this.#child = child;
    // For an exit in a hurry; `stop` is the orderly way.
    const killAtExit = () => {
      this.#signal('SIGKILL');
      if (this.#places) rmSync(this.#places.dir, { recursive: true, force: true });
    };
    process.on('exit', killAtExit);
    // `close` and not `exit`: behind a shell the relay may outlive the process that was started.
    this.#ended = new Promise((resolve) => {
      const end = (how: string) => {
        process.off('exit', killAtExit);
        if (this.#child === child) this.#child = undefined;
        if (!this.#isExpectedToEnd) this.died ??= how;
        resolve();
      };
      child.once('error', (error) => end(`it could not be started: ${error.message}`));
      child.once('close', (code, signal) => end(signal ? `ended by ${signal}` : `ended with exit code ${code}`));
    });
    for (const stream of [child.stdout, child.stderr]) this.#listen(stream);
    try {
      this.#address = await this.#untilReachable(this.#places.port);
    } catch (error) {
      await this.#end('SIGKILL');
      throw error;
    }
  }

  async restart(): Promise<void> {
    this.#requireAlive();
    await this.#end('SIGTERM');
    await this.start();
  }

  async kill(): Promise<void> {
    this.#requireAlive();
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM').catch(() => {});
    if (this.#places) await rm(this.#places.dir, { recursive: true, force: true, maxRetries: 3 });
    this.#places = undefined;
  }

  async endsWithin(ms: number): Promise<void> {
    const over = new AbortController();
    await Promise.race([this.#ended, delay(ms, over.signal)]);
    over.abort();
  }

  lastLines(): string[] {
    return this.#lines.slice(-SHOWN_LINES);
  }

  /** All that it printed, as far as it is kept. */
  get output(): readonly string[] {
    return this.#lines;
  }

  #listen(stream: Readable): void {
    createInterface({ input: stream }).on('line', (line) => {
      this.#lines.push(line);
      if (this.#lines.length > 2 * KEPT_LINES) this.#lines = this.#lines.slice(-KEPT_LINES);
      this.#heard?.(line);
    });
  }

  /** The first WebSocket address that it prints; else its port, once that takes connections. */
  async #untilReachable(port: number): Promise<{ url: string; pin: Uint8Array | undefined }> {
    const over = new AbortController();
    const printed = new Promise<string>((resolve) => {
      this.#heard = (line) => {
        const url = WEBSOCKET_URL.exec(line)?.[0].replace(/[.,;:]+$/, '');
        if (url) resolve(reachable(url));
      };
    });
    const ended = this.#ended.then(() => {
      throw this.#failed(`it ${this.died ?? 'ended'}`);
    });
    const late = delay(START_MS, over.signal).then(() => {
      throw this.#failed(
        `it printed no address${this.#launch.usesPort ? `, and nothing listens on port ${port},` : ''} in 10 s`,
      );
    });
    const accepting = this.#launch.usesPort
      ? delay(QUIET_MS, over.signal).then(() => untilAccepting(port, over.signal))
      : new Promise<never>(() => {});
    try {
      return parseAddress(await Promise.race([printed, accepting, ended, late]));
    } finally {
      over.abort();
      this.#heard = undefined;
      for (const promise of [ended, late, accepting]) promise.catch(() => {});
    }
  }

  #failed(why: string): TargetError {
    const lines = this.lastLines();
    const said =
      lines.length === 0 ? 'It printed nothing.' : `Its last lines:\n${lines.map((line) => `  ${line}`).join('\n')}`;
    return new TargetError(`the relay did not start: ${why}. Command: ${this.command}\n${said}`);
  }

  /** A process that ended by itself must not look as if the check had ended it. */
  #requireAlive(): void {
    if (this.died !== undefined) throw new TargetError(`the relay has ${this.died} before the kit could end it`);
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (!this.#child) return;
    this.#isExpectedToEnd = true;
    this.#signal(signal);
    await this.endsWithin(STOP_MS);
    if (this.#child === undefined) return;
    this.#signal('SIGKILL');
    await this.endsWithin(STOP_MS);
    throw new TargetError(`the relay did not end within ${STOP_MS / 1000} s of ${signal}`);
  }

  /** To the whole group, so that it reaches what a shell started. */
  #signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    try {
      if (process.platform === 'win32') this.#child?.kill(signal);
      else process.kill(-pid, signal);
    } catch {
      // It has ended already.
    }
  }
}

/** A relay that listens everywhere prints an address that nobody can connect to on some systems. */
function reachable(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}

/** Two free ports and a new folder. Both ports are held until both are known, else they could be the same one. */
async function findPlaces(): Promise<Places> {
  const servers = [createServer(), createServer()];
  const ports: number[] = [];
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ports.push((server.address() as AddressInfo).port);
  }
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return { port: ports[0]!, httpPort: ports[1]!, dir: await mkdtemp(join(tmpdir(), '0k-conformance-')) };
}

async function untilAccepting(port: number, signal: AbortSignal): Promise<string> {
  while (!(await accepts(port))) await delay(100, signal);
  return `ws://127.0.0.1:${port}/`;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Resolves after a time; never if `signal` is aborted before. */
function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
}
