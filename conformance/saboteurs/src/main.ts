/**
 * `npm run saboteurs`: tries the certifier on relays that are broken in one way each, and on odd ones that are not; and tests
 * and certifier together on faults that kit and relay share; and codecs likewise.
 */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { collectStrays, interruptible } from '../../src/cli/run-command.ts';
import { nearest } from '../../src/nearest.ts';
import { colorsFor } from '../../src/report/style.ts';
import { globPattern } from '../../src/selection.ts';
import { BROKEN, SABOTEURS } from './all.ts';
import { CODECS, type Codec } from './codecs/all.ts';
import { type CodecGrade, gradeCodec } from './codecs/grade.ts';
import type { Fault } from './common-mode/fault.ts';
import { FAULTS } from './common-mode/faults.ts';
import { type FaultGrade, gradeFault } from './common-mode/grade-fault.ts';
import { writeResults } from './files.ts';
import { type Grade, grade, type Outcome } from './grade.ts';
import { isAsItShouldBe, matrixOf, renderMatrix, type Tried } from './matrix.ts';
import { isBroken, rulesOf, type Saboteur } from './saboteur.ts';

const EXAMPLES = `
Examples:
  $ npm run saboteurs
      tries all, each broken one until what it breaks is found, and prints the kill matrix
  $ npm run saboteurs -- --only 'cursor-*',CUR-39
      some, by their names or by the rules that they break
  $ npm run saboteurs -- --near --only cursor-gap-after-each
      a first look while writing one: with the checks of the rules that it breaks alone
  $ npm run saboteurs -- --quick
      how many of the broken relays \`--quick\` of the certifier finds: it leaves out what takes seconds
  $ npm run saboteurs -- --only codecs
      the codecs, each with the checks of the rules that it breaks; with --full with all
  $ npm run saboteurs -- --only common-mode
      the faults that kit and relay share: the tests, and where they are blind, a run in which both have it
  $ npm run saboteurs -- --write
      also writes kill-matrix.json and saboteur-score.json; with --only the rows of those
  $ npm run saboteurs -- --full --write
      each to the end of its run, so that the matrix has every check that fails: for hours

Exit codes: 0 each broken relay was found broken where it is (with --quick nine of ten), each shared fault was found, and each
legal relay passed; 1 one was not; 2 wrong usage; 130 interrupted.`;

interface Options {
  only?: string[];
  full: boolean;
  write: boolean;
  near: boolean;
  quick: boolean;
  seed: number;
  jobs: number;
}

type Subject = Saboteur | Fault | Codec;

const WRONG_USAGE = 2;
const INTERRUPTED = 130;
/** The part of the broken relays that a quick look has to find. */
const QUICKLY_KILLED = 0.9;

class UsageError extends Error {}

async function main({ only, full, near, quick, write, seed, jobs }: Options): Promise<void> {
  const chosen = select(only, quick);
  const { stdout } = process;
  const colors = colorsFor((stdout.isTTY ?? false) && !process.env['NO_COLOR']);
  const interruption = interruptible(undefined);
  const strays = collectStrays();
  const grades = new Map<Subject, Grade | FaultGrade | CodecGrade>();
  const queue = [...chosen];
  const began = performance.now();
  stdout.write(`${chosen.length} saboteurs, ${jobs} at once, seed ${seed}\n`);

  async function work(): Promise<void> {
    for (let next = queue.shift(); next && !interruption.signal.aborted; next = queue.shift()) {
      try {
        const { signal } = interruption;
        const result = await (isCodec(next)
          ? gradeCodec(next, { seed, full, signal })
          : isFault(next)
            ? gradeFault(next, { seed, near, signal })
            : grade(next, { seed, full, near, quick, signal }));
        grades.set(next, result);
        const line = `${result.outcome.padEnd(9)} ${next.name} (${(result.ms / 1000).toFixed(1)} s), ${grades.size} of ${chosen.length}`;
        stdout.write(`${isAsItShouldBe(result.outcome) ? line : colors.red(line)}\n`);
        for (const note of result.notes) stdout.write(`          ${note}\n`);
      } catch (error) {
        if (!interruption.signal.aborted) throw error;
      }
    }
  }

  try {
    await Promise.all(Array.from({ length: jobs }, work));
  } finally {
    interruption.end();
    strays.end();
  }
  const tried = triedOf(chosen.flatMap((subject) => grades.get(subject) ?? []));
  const matrix = matrixOf(tried, full && !near);
  stdout.write(
    `${renderMatrix(matrix, colors)}\n\n${summary(tried)} in ${Math.round((performance.now() - began) / 1000)} s\n`,
  );
  const outcomes = Object.values(tried).flat();
  const good = outcomes.filter(({ outcome }) => isAsItShouldBe(outcome)).length;
  if (interruption.signal.aborted) process.exitCode = INTERRUPTED;
  else if (strays.report() || good < outcomes.length * (quick ? QUICKLY_KILLED : 1)) process.exitCode = 1;
  if (write && !interruption.signal.aborted) writeResults(matrix);
}

const isCodec = (subject: Subject): subject is Codec => (CODECS as readonly Subject[]).includes(subject);
const isFault = (subject: Subject): subject is Fault => 'what' in subject;

function triedOf(grades: readonly (Grade | FaultGrade | CodecGrade)[]): Tried {
  const tried = { relays: [] as Grade[], faults: [] as FaultGrade[], codecs: [] as CodecGrade[] };
  for (const each of grades) {
    if ('saboteur' in each) tried.relays.push(each);
    else if ('codec' in each) tried.codecs.push(each);
    else tried.faults.push(each);
  }
  return tried;
}

function summary({ relays, faults, codecs }: Tried): string {
  const counts = (of: readonly { outcome: Outcome }[], what: string) => {
    const good = of.filter(({ outcome }) => isAsItShouldBe(outcome)).length;
    return of.length === 0 ? [] : [`${good} of ${of.length} ${what}`];
  };
  return [
    ...counts(
      relays.filter(({ saboteur }) => isBroken(saboteur)),
      'broken relays killed',
    ),
    ...counts(faults, 'shared faults killed'),
    ...counts(
      relays.filter(({ saboteur }) => !isBroken(saboteur)),
      'legal relays passed',
    ),
    ...counts(
      codecs.filter(({ codec }) => 'breaks' in codec),
      'broken codecs killed',
    ),
    ...counts(
      codecs.filter(({ codec }) => !('breaks' in codec)),
      'legal codecs passed',
    ),
  ].join(', ');
}

/** The saboteurs that patterns name, or all; of a quick look the broken relays. @throws UsageError for a pattern that names none */
function select(only: readonly string[] | undefined, quick: boolean): readonly Subject[] {
  const all: readonly Subject[] = quick ? BROKEN : [...SABOTEURS, ...FAULTS, ...CODECS];
  if (only === undefined) return all;
  const words = (subject: Subject): string[] => {
    if (isCodec(subject)) return [subject.name, ...('breaks' in subject ? subject.breaks : []), 'codecs'];
    if (isFault(subject)) return [subject.name, ...subject.breaks, 'common-mode'];
    return [subject.name, ...rulesOf(subject), isBroken(subject) ? 'broken' : 'legal'];
  };
  for (const text of only) {
    const pattern = globPattern(text);
    if (all.some((saboteur) => words(saboteur).some((word) => pattern.test(word)))) continue;
    throw new UsageError(`--only ${text} names no saboteur${nearest(text, [...new Set(all.flatMap(words))])}`);
  }
  const patterns = only.map(globPattern);
  return all.filter((saboteur) => words(saboteur).some((word) => patterns.some((pattern) => pattern.test(word))));
}

function integer(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}

function list(text: string): string[] {
  const items = text.split(',').map((item) => item.trim());
  if (items.includes('')) throw new InvalidArgumentError('There is an empty name in it.');
  return items;
}

const program = new Command('saboteurs')
  .description('Tries the certifier on relays that are broken in one way each, and on odd ones that are not.')
  .helpOption('-h, --help', 'show this')
  .option(
    '--only <patterns>',
    'names, requirements, broken, common-mode, legal or codecs, separated by commas; * is any text',
    list,
  )
  .option('--full', 'run each to its end, not only until what it breaks is found', false)
  .option('--write', 'write the kill matrix and the score', false)
  .option('--near', 'only the checks of the rules that each broken one breaks: a first look', false)
  .addOption(
    new Option('--quick', 'the broken relays, without the slow checks: nine of ten have to be found')
      .conflicts(['full', 'near', 'write'])
      .default(false),
  )
  .option('--seed <number>', 'the random choices of the checks, the same for all', integer(0, 2 ** 32 - 1), 1)
  .option('--jobs <number>', 'how many saboteurs to try at once', integer(1, 64), 3)
  .addHelpText('after', EXAMPLES)
  .allowExcessArguments(false)
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'saboteurs: ')) })
  .action(main);

// Whoever read it has gone, as `head` does.
process.stdout.on('error', () => process.exit(INTERRUPTED));
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : WRONG_USAGE;
  else if (error instanceof UsageError) {
    process.stderr.write(`saboteurs: ${error.message}\n`);
    process.exitCode = WRONG_USAGE;
  } else throw error;
}
