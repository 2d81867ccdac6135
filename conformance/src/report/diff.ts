import { printable } from '../printable.ts';
import { differingConditions, type NamedReport } from './conditions.ts';
import { verdictWord } from './matrix.ts';
import { OUTCOME_WORDS, type Outcome, outcomeOf, type ReportCheck } from './report.ts';
import { type Colors, count, wrap } from './style.ts';

const WIDTH = 120;
/** Checks of one kind that are named; more of them have one cause, as a rule. */
const SHOWN = 40;

/** Whether one thing that changed is worse, better, or neither. */
export type Weight = 'worse' | 'better' | 'neither';

/** Changes of one kind. */
export interface Change {
  readonly kind: string;
  readonly weight: Weight;
  /** A line for each check. */
  readonly lines: readonly string[];
}

export interface Diff {
  readonly before: NamedReport;
  readonly after: NamedReport;
  readonly conditions: readonly string[];
  readonly changes: readonly Change[];
  readonly isWorse: boolean;
}

type Pair = readonly [before: ReportCheck | undefined, after: ReportCheck | undefined];

const passes = (outcome: Outcome | undefined) => outcome === 'pass' || outcome === 'warned';
const fails = (outcome: Outcome | undefined) => outcome === 'fail' || outcome === 'known';
const isUnknown = (outcome: Outcome | undefined) => outcome === 'not-run' || outcome === 'inconclusive';

/**
 * The kinds of change, in the order in which they are told; each check is of the first kind that fits. Worse is what fails
 * now and did not, a new check too, and what passed and is not known to pass any more, or is gone: else a run of less would do.
 */
const KINDS: readonly {
  readonly kind: string;
  readonly weight: Weight;
  fits(before: Outcome | undefined, after: Outcome | undefined, pair: Pair): boolean;
}[] = [
  { kind: 'New failures', weight: 'worse', fits: (a, b) => fails(b) && !fails(a) },
  { kind: 'Passed, and now nothing is known', weight: 'worse', fits: (a, b) => passes(a) && isUnknown(b) },
  { kind: 'Passed, and now gone', weight: 'worse', fits: (a, b) => passes(a) && b === undefined },
  { kind: 'New warnings', weight: 'worse', fits: (a, b) => a === 'pass' && b === 'warned' },
  { kind: 'Mended', weight: 'better', fits: (a, b) => fails(a) && passes(b) },
  { kind: 'Known at last, and passed', weight: 'better', fits: (a, b) => isUnknown(a) && passes(b) },
  { kind: 'Warnings that are gone', weight: 'better', fits: (a, b) => a === 'warned' && b === 'pass' },
  { kind: 'Failures out of sight', weight: 'neither', fits: (a, b) => fails(a) && isUnknown(b) },
  { kind: 'Listed as known, or not any more', weight: 'neither', fits: (a, b) => fails(a) && fails(b) && a !== b },
  {
    kind: 'Failing otherwise',
    weight: 'neither',
    fits: (a, b, [x, y]) => fails(a) && fails(b) && x!.actual !== y!.actual,
  },
  { kind: 'Unknown otherwise', weight: 'neither', fits: (a, b) => isUnknown(a) && isUnknown(b) && a !== b },
  {
    kind: 'Other reasons',
    weight: 'neither',
    fits: (a, b, [x, y]) => isUnknown(a) && isUnknown(b) && x!.reason !== y!.reason,
  },
  { kind: 'New checks', weight: 'neither', fits: (a) => a === undefined },
  { kind: 'Checks that are gone', weight: 'neither', fits: (_, b) => b === undefined },
];

export function diffOf(before: NamedReport, after: NamedReport): Diff {
  const old = new Map(before.report.checks.map((check) => [check.id, check]));
  const now = new Map(after.report.checks.map((check) => [check.id, check]));
  const ids = [...new Set([...now.keys(), ...old.keys()])];
  const lines = new Map<string, string[]>();
  for (const id of ids) {
    const pair: Pair = [old.get(id), now.get(id)];
    const [a, b] = pair.map((check) => check && outcomeOf(check)) as [Outcome | undefined, Outcome | undefined];
    const found = KINDS.find(({ fits }) => fits(a, b, pair));
    if (!found) continue;
    const ofKind = lines.get(found.kind);
    if (ofKind) ofKind.push(describe(pair));
    else lines.set(found.kind, [describe(pair)]);
  }
  const changes = KINDS.flatMap(({ kind, weight }) => {
    const found = lines.get(kind);
    return found ? [{ kind, weight, lines: found }] : [];
  });
  const isUntrusted = after.report.untrusted === true && before.report.untrusted !== true;
  return {
    ...{ before, after, changes },
    conditions: differingConditions([before, after]),
    isWorse: isUntrusted || changes.some(({ weight }) => weight === 'worse'),
  };
}

function describe([before, after]: Pair): string {
  const check = (after ?? before)!;
  const word = (each: ReportCheck) => OUTCOME_WORDS[outcomeOf(each)];
  const was = before && word(before);
  const is = after ? word(after) : 'gone';
  const moved = was !== undefined && was !== is ? `${was} → ${is}` : is;
  const saidOf = (each: ReportCheck | undefined) => each?.reason ?? (each?.actual && `got ${each.actual}`);
  const [then, now] = [saidOf(before), saidOf(after)];
  const said = was === is && then !== now ? `${then ?? 'no reason'} → ${now ?? 'no reason'}` : now;
  return `${check.id}  ${check.title}: ${moved}${said === undefined ? '' : `, ${said}`}`;
}

/** A diff for a terminal; the last line says whether it got worse. */
export function renderDiff({ before, after, conditions, changes, isWorse }: Diff, colors: Colors): string {
  const paint = { worse: colors.red, better: colors.green, neither: colors.yellow };
  const verdicts = [before, after].map(({ report }) => verdictWord(report));
  const shown = changes.map(({ kind, weight, lines }) => {
    const more = lines.length > SHOWN ? [`  and ${lines.length - SHOWN} more`] : [];
    const body = lines.slice(0, SHOWN).map((line) => wrap(printable(line), WIDTH, '  '));
    return [paint[weight](`${kind}:`), ...body, ...more].join('\n');
  });
  const numbers = changes.map(({ kind, lines }) => `${kind.toLowerCase()}: ${lines.length}`);
  const word = isWorse ? colors.red('worse') : colors.green(changes.length === 0 ? 'the same' : 'not worse');
  return `${[
    `${printable(before.name)}: ${verdicts[0]}\n${printable(after.name)}: ${verdicts[1]}`,
    ...(conditions.length > 0 ? [conditions.map((each) => colors.yellow(printable(each))).join('\n')] : []),
    ...shown,
    `${word}: ${numbers.length === 0 ? `${count(after.report.checks.length, 'check')} came to the same` : numbers.join(', ')}`,
  ].join('\n\n')}\n`;
}
