import type { Context } from '../context.ts';
import { printableName } from '../printable.ts';
import type { CanaryFinding } from '../run/canary.ts';
import { quote } from '../target/remote.ts';
import { type CodecTarget, type Need, type Target, TargetError } from '../target/target.ts';
import { Inconclusive } from '../verdict.ts';
import { type Answer, DriverProcess, type Values } from './driver-process.ts';
import { askDriverForTheImpossible, DRIVER_CANARY } from './impossible.ts';

/** So often it may give no answer until the rest is not tried: each time costs the whole wait. */
const MOST_SILENCES = 5;
/** It may need so long to start, however short its answers have to be, in milliseconds. */
const START_MS = 10_000;

/** What a driver says of itself. */
export interface DriverDescription {
  readonly name?: string;
  readonly version?: string;
  /** Those that it has. */
  readonly operations: ReadonlySet<string>;
}

/** A codec that is being tested, behind a driver that the kit starts. */
export class DriverTarget implements Target, CodecTarget {
  readonly codec = this;
  readonly canary = DRIVER_CANARY;
  readonly command: string;
  readonly description: string;
  readonly option: string;
  readonly pin = undefined;
  readonly offers: ReadonlySet<Need> = new Set();
  /** Known once it has been started. */
  about: DriverDescription = { operations: new Set() };
  readonly #timeoutMs: number;
  #process: DriverProcess | undefined;
  #silences = 0;

  /** @param timeoutMs how long an answer may take */
  constructor(command: string, timeoutMs: number) {
    this.command = command;
    this.description = command;
    this.option = `--codec ${quote(command)}`;
    this.#timeoutMs = timeoutMs;
  }

  get url(): string {
    throw new TargetError('a driver has no address');
  }

  /** Starts the driver and asks it to describe itself. @throws TargetError with what it wrote to stderr if it does not */
  async start(): Promise<void> {
    const driver = new DriverProcess(this.command);
    const answer = await driver.ask('describe', {}, Math.max(START_MS, this.#timeoutMs), new AbortController().signal);
    const problem =
      'ok' in answer ? undefined : 'error' in answer ? `the error ${printableName(answer.error)}` : answer.broken;
    const about = 'ok' in answer ? descriptionIn(answer.ok) : undefined;
    if (about) {
      this.#process = driver;
      this.about = about;
      return;
    }
    await driver.kill();
    const got = problem ?? 'an answer without operations, a list of names';
    throw new TargetError(
      [`the driver does not describe itself: ${got}. Command: ${this.command}`, ...linesOf(driver)].join('\n'),
    );
  }

  /** Finds out whether it says yes to anything. */
  async greet(context: Context): Promise<CanaryFinding | undefined> {
    return await askDriverForTheImpossible(context, this);
  }

  /**
   * The answer to one request. A driver that gave none is ended, and started again for the next one.
   *
   * @returns with a broken answer, what it wrote to stderr
   * @throws Inconclusive if it does not start again, or was silent too often
   */
  async ask(op: string, input: Values, signal: AbortSignal): Promise<{ answer: Answer; lines: string[] }> {
    if (this.#silences >= MOST_SILENCES) {
      throw new Inconclusive(`not tried: the driver was silent for ${this.#timeoutMs / 1000} s ${MOST_SILENCES} times`);
    }
    if (!this.#process) await this.#startAgain();
    const driver = this.#process!;
    const answer = await driver.ask(op, input, this.#timeoutMs, signal).catch(async (error: unknown) => {
      this.#process = undefined;
      await driver.kill();
      throw error;
    });
    if (!('broken' in answer)) return { answer, lines: [] };
    if (answer.broken.startsWith('no answer in')) this.#silences++;
    this.#process = undefined;
    await driver.kill();
    return { answer, lines: linesOf(driver) };
  }

  async dispose(): Promise<void> {
    await this.#process?.end();
    this.#process = undefined;
  }

  async #startAgain(): Promise<void> {
    try {
      await this.start();
    } catch (error) {
      if (error instanceof TargetError)
        throw new Inconclusive(`it did not start again: ${error.message.replace(/\s*\n\s*/g, '; ')}`);
      throw error;
    }
  }
}

function descriptionIn({ operations, name, version }: Values): DriverDescription | undefined {
  if (!Array.isArray(operations) || operations.some((entry) => typeof entry !== 'string')) return undefined;
  return {
    operations: new Set(operations as string[]),
    ...(typeof name === 'string' && name !== '' && { name }),
    ...(typeof version === 'string' && version !== '' && { version }),
  };
}

function linesOf({ lines }: DriverProcess): string[] {
  return lines.length === 0 ? [] : ['What it wrote to stderr:', ...lines.map((line) => `  ${line}`)];
}
