import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { eachLine } from './lines.ts';
import { DRAIN_MS, isGroupLeft, letGo, signalGroup } from './process-group.ts';
import { parseAddress, quote } from './remote.ts';
import { type Exit, type Need, type Target, TargetError, type TargetOptions } from './target.ts';

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
/** How much of a line is kept, in bytes: more than anybody reads, for what must not be logged may stand far behind. */
const KEPT_BYTES = 8192;

/** Of a process that never ran. */
const NO_EXIT: Exit = { code: null, signal: null };

const WEBSOCKET_URL = /\bwss?:\/\/[^\s"'<>()[\]]*(?:\[[0-9a-f:.]+\][^\s"'<>()[\]]*)?/i;

/** Where a relay says that its admin HTTP is: a line of its own. */
const ADMIN_LINE = /^admin (https?:\/\/\S+)$/;

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
        throughShell(
          command
            .replaceAll('{port}', String(port))
            .replaceAll('{http_port}', String(httpPort))
            .replaceAll('{dir}', dir),
        ),
      ],
    }),
    usesPort: command.includes('{port}'),
    usesHttpPort: command.includes('{http_port}'),
  };
}

/**
 * A shell is replaced by a single command. Where it has to stay, it outlives the signals that go to its process group: they
 * would end it before the relay, and nobody would learn the relay's exit code.
 */
export function throughShell(line: string): string {
  if (process.platform === 'win32' || /^\s*exec\s/.test(line)) return line;
  const isSingle = !/[;&|(){}\n]|^\s*\w+=/.test(line);
  return isSingle ? `exec ${line}` : `trap : TERM INT; ${line}`;
}

/** A relay that runs as a child of the kit, in a process group of its own, so that nothing of it is left behind. */
export class ChildTarget implements Target {
  readonly description: string;
  readonly option: string;
  readonly command: string;
  readonly ca: string | undefined;
  died: string | undefined;
  readonly #launch: Launch;
  readonly #givenAdmin: string | undefined;
  #child: ChildProcess | undefined;
  #ended: Promise<Exit> = Promise.resolve(NO_EXIT);
  #places: Places | undefined;
  #address: { url: string; pin: Uint8Array | undefined } | undefined;
  #printedAdmin: string | undefined;
  #lines: string[] = [];
  #heard: ((line: string) => void) | undefined;
  #isExpectedToEnd = false;

  constructor(launch: Launch, { admin, ca }: TargetOptions = {}) {
    this.#launch = launch;
    this.#givenAdmin = admin;
    this.ca = ca;
    this.command = launch.command;
    this.description = launch.command;
    this.option = launch.option;
  }

  get offers(): ReadonlySet<Need> {
    const offers: Need[] = ['restart', 'kill', 'stop', 'process'];
    if (this.httpUrl !== undefined) offers.push('http');
    if (this.admin !== undefined) offers.push('admin');
    return new Set(offers);
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

  get admin(): string | undefined {
    return this.#givenAdmin ?? this.#printedAdmin;
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
    this.#printedAdmin = undefined;
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
    let drain: NodeJS.Timeout | undefined;
    this.#ended = new Promise((resolve) => {
      const end = (how: string, exit: Exit) => {
        process.off('exit', killAtExit);
        clearTimeout(drain);
        if (this.#child === child) this.#child = undefined;
        if (!this.#isExpectedToEnd) this.died ??= how;
        resolve(exit);
      };
      child.once('error', (error) => end(`it could not be started: ${error.message}`, NO_EXIT));
      // Whoever still holds its output then has left the group.
      child.once('exit', () => {
        if (this.#isExpectedToEnd && !isGroupLeft(child)) drain = globalThis.setTimeout(letGo, DRAIN_MS, child);
      });
      child.once('close', (code, signal) =>
        end(signal ? `ended by ${signal}` : `ended with exit code ${code}`, { code, signal }),
      );
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
    const { signal } = await this.stop();
    if (signal === 'SIGKILL') throw new TargetError(`the relay did not end within ${STOP_MS / 1000} s of SIGTERM`);
    await this.start();
  }

  async stop(signal: 'SIGTERM' | 'SIGINT' = 'SIGTERM'): Promise<Exit> {
    this.#requireAlive();
    return await this.#end(signal);
  }

  async kill(): Promise<void> {
    this.#requireAlive();
    await this.#end('SIGKILL');
  }

  async dispose(): Promise<void> {
    await this.#end('SIGTERM').catch(() => {});
    if (this.#places) await rm(this.#places.dir, { recursive: true, force: true, maxRetries: 3 });
    this.#places = undefined;
  }

  async endsWithin(ms: number): Promise<void> {
    const over = new AbortController();
    const late = setTimeout(ms, undefined, { signal: over.signal }).catch(() => {});
    await Promise.race([this.#ended, late]);
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
    eachLine(stream, KEPT_BYTES, (line) => {
      this.#lines.push(line);
      if (this.#lines.length > 2 * KEPT_LINES) this.#lines = this.#lines.slice(-KEPT_LINES);
      const admin = ADMIN_LINE.exec(line)?.[1];
      if (admin !== undefined) this.#printedAdmin ??= reachable(admin);
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
    const { usesPort } = this.#launch;
    const late = setTimeout(START_MS, undefined, { signal: over.signal }).then(() => {
      const silent = usesPort ? `, and nothing listens on port ${port},` : '';
      throw this.#failed(`it printed no address ws://host:port/${silent} in ${START_MS / 1000} s`);
    });
    const accepting = usesPort
      ? setTimeout(QUIET_MS, undefined, { signal: over.signal }).then(() => untilAccepting(port, over.signal))
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

  /** @returns how it ended: by SIGKILL where `signal` did not do in time. @throws TargetError if nothing ends it */
  async #end(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<Exit> {
    const child = this.#child;
    if (!child) return NO_EXIT;
    this.#isExpectedToEnd = true;
    this.#signal(signal);
    await this.endsWithin(STOP_MS);
    if (this.#child !== undefined) {
      this.#signal('SIGKILL');
      await this.endsWithin(DRAIN_MS);
      letGo(child);
      await this.endsWithin(STOP_MS);
    }
    if (this.#child !== undefined) throw new TargetError('the relay does not end, not even by SIGKILL');
    return await this.#ended;
  }

  /** To the whole group, so that it reaches what a shell started. */
  #signal(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): void {
    if (this.#child) signalGroup(this.#child, signal);
  }
}

/** A relay that listens everywhere prints an address that nobody can connect to on some systems. */
function reachable(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}

/**
 * Ports that systems do not give to outgoing connections: one of those could take the relay's place while it is restarted.
 * The lower end is above what people configure by hand.
 */
const PORTS = { least: 20_000, most: 32_000 };
/** If none of so many is free, it is something else. */
const MOST_TRIES = 20;

/** Two free ports and a new folder. */
async function findPlaces(): Promise<Places> {
  const port = await findPort();
  let httpPort = await findPort();
  while (httpPort === port) httpPort = await findPort();
  return { port, httpPort, dir: await mkdtemp(join(tmpdir(), '0k-conformance-')) };
}

async function findPort(): Promise<number> {
  for (let tries = 1; ; tries++) {
    const port = randomInt(PORTS.least, PORTS.most);
    const server = createServer().listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch (error) {
      if (tries === MOST_TRIES) throw error;
      continue;
    }
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

/** @throws Error once `signal` is aborted */
async function untilAccepting(port: number, signal: AbortSignal): Promise<string> {
  while (!(await accepts(port))) await setTimeout(100, undefined, { signal });
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
