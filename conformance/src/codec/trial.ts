import { DRIVER } from '@0k-sync/spec';
import type { Answer, Values } from './driver-process.ts';
import type { DriverTarget } from './driver-target.ts';
import { comparable, difference } from './values.ts';

/** One request to a driver, and what it may answer. All is data, as it travels. */
export interface Trial {
  /** An operation of driver.yaml. */
  readonly op: string;
  readonly input: Values;
  readonly allowed: Allowed;
}

/** At least one of these; an answer that one of them describes is right. */
export interface Allowed {
  /** Outputs, each list of them as right as the others. */
  readonly ok?: readonly Values[];
  /** Any outputs but these. */
  readonly not?: Values;
  readonly errors?: readonly string[];
}

/** What a driver did wrong. */
export interface Failure {
  readonly expected: readonly string[];
  readonly actual: string;
  /** What it wrote to stderr, if it broke down. */
  readonly lines: readonly string[];
  /** Whether it gave no answer at all. */
  readonly isBroken: boolean;
}

/** What came for a request, and what the driver wrote to stderr if it broke down. */
export interface Asked {
  readonly answer: Answer;
  readonly lines: readonly string[];
}

type Field = { readonly name: string; readonly type: string };

const OUTPUTS = new Map<string, readonly Field[]>(
  DRIVER.operations.map((operation) => [operation.name, 'output' in operation ? operation.output : []]),
);

/** Asks, and judges the answer. @returns undefined if it is right */
export async function attempt(driver: DriverTarget, trial: Trial, signal: AbortSignal): Promise<Failure | undefined> {
  return judge(trial, await driver.ask(trial.op, trial.input, signal));
}

/** Whether an answer is right. @returns undefined if it is */
export function judge({ op, allowed }: Trial, { answer, lines }: Asked): Failure | undefined {
  const fail = (actual: string, expected = describe(allowed)): Failure => ({
    expected,
    actual,
    lines,
    isBroken: 'broken' in answer,
  });
  if ('broken' in answer) return fail(answer.broken);
  if ('error' in answer) {
    return allowed.errors?.includes(answer.error) ? undefined : fail(`the error ${shorten(answer.error)}`);
  }
  const fields = OUTPUTS.get(op) ?? [];
  const outputs = comparable(fields, answer.ok);
  const differences = (allowed.ok ?? []).map((values) => difference(comparable(fields, values), outputs));
  if (differences.includes(undefined)) return undefined;
  if (allowed.not && difference(comparable(fields, allowed.not), outputs)) return undefined;
  const [first] = differences;
  if (!first) return fail(`ok ${shorten(JSON.stringify(answer.ok))}`);
  const others = describe({ ...allowed, ok: [] });
  const [expected, actual] = apart(first.expected, first.actual);
  return fail(`${first.path} ${actual}`, [`${first.path} ${expected}`, ...others]);
}

function describe({ ok = [], not, errors = [] }: Allowed): string[] {
  return [
    ...ok.map((values) => `ok ${shorten(JSON.stringify(values))}`),
    ...(not ? [`anything but ok ${shorten(JSON.stringify(not))}`] : []),
    ...errors.map((error) => `the error ${error}`),
  ];
}

/** Two texts that differ, each cut to where they do. */
function apart(one: string, other: string): [string, string] {
  if (one.length <= SHOWN && other.length <= SHOWN) return [one, other];
  const shorter = Math.min(one.length, other.length);
  let at = 0;
  while (at < shorter && one[at] === other[at]) at++;
  const from = Math.max(0, at - 20);
  const cut = (text: string) => {
    if (from === 0 && text.length <= SHOWN_PIECE) return text;
    const end = from + SHOWN_PIECE;
    const where = `${text.length} characters${from > 0 ? `, from the ${from + 1}. on` : ''}`;
    return `${from > 0 ? '…' : ''}${text.slice(from, end)}${text.length > end ? '…' : ''} (${where})`;
  };
  return [cut(one), cut(other)];
}

/** How much of a text is shown: enough for an id, too little to fill a screen. */
const SHOWN = 300;
/** How much of each of two long texts that differ. */
const SHOWN_PIECE = 80;

function shorten(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}… (${text.length} characters)`;
}
