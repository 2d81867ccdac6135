import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { DRIVER } from '@0k-sync/spec';
import { throughShell } from '../target/child.ts';
import { eachLine } from '../target/lines.ts';
import { DRAIN_MS, letGo, signalGroup } from '../target/process-group.ts';

/** The inputs or outputs of an operation, by name. */
export type Values = Readonly<Record<string, unknown>>;

/** What came for a request: outputs, an error class, or, said in words, no answer. */
export type Answer = { readonly ok: Values } | { readonly error: string } | { readonly broken: string };

/** Lines of its stderr that are shown when it fails: a panic stands first in some languages, and last in others. */
const SHOWN_LINES = { first: 5, last: 10 };
/** How much of a line of its stderr is kept, in bytes. */
const KEPT_BYTES = 2048;
/** How much of a line that is no answer is shown. */
const SHOWN_CHARACTERS = 200;
/** How long it may take to end once its stdin has. */
const STOP_MS = 2000;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * A driver as a child process, in a process group of its own. Nothing that it writes is trusted: a line may be anything, of
 * any length, at any time. After an answer that is none it is of no further use.
 */
export class DriverProcess {
  readonly #child: ChildProcess;
  readonly #closed: Promise<void>;
  /** What it wrote to stderr since the request. */
  readonly #stderr = { first: [] as string[], left: 0, last: [] as string[] };
  #partial: Buffer[] = [];
  #partialLength = 0;
  #lines: Buffer[] = [];
  /** How it ended. */
  #ended: string | undefined;
  #notice: (() => void) | undefined;
  #requests = 0;

  /** @param command a line for the shell */
  constructor(command: string) {
    const child = spawn(throughShell(command), {
      shell: true,
      detached: process.platform !== 'win32',
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child = child;
    const killAtExit = () => this.#kill();
    process.on('exit', killAtExit);
    let drain: NodeJS.Timeout | undefined;
    this.#closed = new Promise((resolve) => {
      const end = (how: string) => {
        process.off('exit', killAtExit);
        clearTimeout(drain);
        this.#ended ??= how;
        this.#notice?.();
        resolve();
      };
      child.once('error', (error) => end(`could not be started: ${error.message}`));
      // What it left behind is of no use, and may hold its output open for ever.
      child.once('exit', () => {
        signalGroup(child, 'SIGKILL');
        drain = globalThis.setTimeout(letGo, DRAIN_MS, child);
      });
      child.once('close', (code, signal) => end(signal ? `was ended by ${signal}` : `ended with exit code ${code}`));
    });
    // Writing to one that has ended fails; that it has is known by then, or soon.
    child.stdin!.on('error', () => {});
    child.stdout!.on('data', (chunk: Buffer) => this.#take(chunk));
    eachLine(child.stderr!, KEPT_BYTES, (line) => this.#note(line));
  }

  /** What it wrote to stderr since the request: the first lines, how many follow, and the last ones. */
  get lines(): readonly string[] {
    const { first, left, last } = this.#stderr;
    return [...first, ...(left > 0 ? [`… ${left} lines more …`] : []), ...last];
  }

  /** Writes a request and waits for its answer. @throws the signal's reason once that is aborted */
  async ask(op: string, input: Values, timeoutMs: number, signal: AbortSignal): Promise<Answer> {
    const id = ++this.#requests;
    // One that has ended has said why by now.
    if (this.#ended === undefined) Object.assign(this.#stderr, { first: [], left: 0, last: [] });
    this.#child.stdin!.write(`${requestLine(id, op, input)}\n`);
    await this.#until(() => this.#lines.length > 0 || this.#ended !== undefined, timeoutMs, signal);
    const line = this.#lines.shift();
    if (line) return answerIn(line, id);
    if (this.#ended !== undefined) return { broken: `no answer: its process ${this.#ended}` };
    return { broken: `no answer in ${timeoutMs / 1000} s` };
  }

  /** Ends its stdin, and it, if it does not end for that. */
  async end(): Promise<void> {
    this.#child.stdin!.end();
    const over = new AbortController();
    const late = setTimeout(STOP_MS, undefined, { signal: over.signal }).catch(() => {});
    await Promise.race([this.#closed, late]);
    over.abort();
    await this.kill();
  }

  /** Ends it at once. */
  async kill(): Promise<void> {
    this.#kill();
    const over = new AbortController();
    const late = setTimeout(STOP_MS, undefined, { signal: over.signal }).catch(() => {});
    await Promise.race([this.#closed, late]);
    over.abort();
  }

  #kill(): void {
    // Once it has ended its number may be another's.
    if (this.#child.exitCode === null && this.#child.signalCode === null) signalGroup(this.#child, 'SIGKILL');
  }

  #note(line: string): void {
    const { first, last } = this.#stderr;
    if (first.length < SHOWN_LINES.first) {
      first.push(line);
      return;
    }
    last.push(line);
    if (last.length <= SHOWN_LINES.last) return;
    last.shift();
    this.#stderr.left++;
  }

  #take(chunk: Buffer): void {
    let rest = chunk;
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
      // One that is not asked for spoils the next answer, and what follows it need not be kept.
      if (this.#lines.length < 2) this.#lines.push(Buffer.concat([...this.#partial, rest.subarray(0, end)]));
      this.#partial = [];
      this.#partialLength = 0;
      rest = rest.subarray(end + 1);
    }
    if (rest.length > 0) this.#partial.push(rest);
    this.#partialLength += rest.length;
    if (this.#partialLength > DRIVER.max_line) {
      this.#ended ??= `wrote a line of more than ${DRIVER.max_line} bytes`;
      this.#kill();
    }
    this.#notice?.();
  }

  async #until(condition: () => boolean, timeoutMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const finish = (end: () => void) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        this.#notice = undefined;
        end();
      };
      const abort = () => finish(() => reject(signal.reason));
      const timer = globalThis.setTimeout(() => finish(resolve), timeoutMs);
      signal.addEventListener('abort', abort);
      this.#notice = () => condition() && finish(resolve);
    });
  }
}

/** A request as it is written: in ASCII, so that no reader of lines or of text can take it for anything else. */
export function requestLine(id: number, op: string, input: Values): string {
  return JSON.stringify({ id, op, ...input }).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function answerIn(line: Buffer, id: number): Answer {
  let answer: unknown;
  try {
    answer = JSON.parse(utf8.decode(line));
  } catch {
    return { broken: `a line that is not JSON: ${shown(line)}` };
  }
  if (!isObject(answer)) return { broken: `a line that is no JSON object: ${shown(line)}` };
  if (answer['id'] !== id) return { broken: `a line without the request's id ${id}: ${shown(line)}` };
  const { ok, error } = answer;
  if (typeof error === 'string' && (ok === undefined || ok === null)) return { error };
  if (isObject(ok) && (error === undefined || error === null)) return { ok };
  return { broken: `an answer that has not either an object ok or a string error: ${shown(line)}` };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(line: Buffer): string {
  const text = JSON.stringify(line.subarray(0, SHOWN_CHARACTERS).toString());
  return line.length > SHOWN_CHARACTERS ? `${text} and ${line.length - SHOWN_CHARACTERS} bytes more` : text;
}
