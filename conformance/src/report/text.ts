import { AREAS, REQUIREMENTS } from '@0k-sync/spec';
import { printable } from '../printable.ts';
import {
  type CheckResult,
  confirmationOf,
  exitCodeOf,
  inputsOf,
  isUnexpectedPass,
  isWarning,
  keptOutBy,
  type RunResult,
  type RunVerdict,
  totalsOf,
  verdictOf,
} from '../run/result.ts';
import type { Need } from '../target/target.ts';
import type { TraceStep } from '../trace.ts';
import { EXIT, type Finding } from '../verdict.ts';
import { COMMAND } from '../version.ts';
import { type Colors, columns, count, wrap } from './style.ts';
import { renderColumns } from './trace-columns.ts';

const WIDTH = 120;
/** Ids of checks that are named with a reason. */
const SHOWN_IDS = 30;
const ARROWS = { 'to-relay': '→', 'from-relay': '←', event: '·', exchange: '→' } as const;

/**
 * The end of a run for people: failures, what was not run, a table by area, and the verdict as the last line.
 *
 * @param certified - the limits of a relay that is made for the test.
 */
export function renderRun(run: RunResult, colors: Colors, certified: ReadonlyMap<string, bigint> = new Map()): string {
  const { checks, problem } = run;
  const failures = checks.filter(({ verdict, known }) => verdict === 'fail' && !known);
  const parts = [
    ...(run.canary.finding ? [renderCanary(run, colors)] : []),
    ...failures.map((result) => renderFailure(result, colors)),
    ...renderKnown(run),
    ...renderUnknown(checks, colors),
    ...(problem ? [] : renderNotRun(checks)),
    ...renderWarnings(checks),
    ...(checks.some(({ verdict }) => verdict !== 'not-run') ? [renderTable(run)] : []),
    ...(run.kind === 'codec' ? [renderInputs(run)] : []),
    ...renderLimits(run, certified),
    ...(problem?.lines ? [problem.lines.map(printable).join('\n')] : []),
    renderVerdict(run, colors),
  ];
  return `${parts.join('\n\n')}\n`;
}

const WORDS: Readonly<Record<RunVerdict, string>> = {
  conformant: 'conformant',
  passed: 'passed',
  'known-failures': 'only known failures',
  'unexpected-pass': 'known failures passed',
  'not-conformant': 'not conformant',
  inconclusive: 'inconclusive',
};

/** The verdict in words; without a failure in a part of the profiles it is none. */
export function wordOf(verdict: RunVerdict, { only }: { readonly only?: readonly string[] } = {}): string {
  return verdict === 'passed' && !only ? 'no failure' : WORDS[verdict];
}

/** The last line: the verdict, the profiles it speaks of, and the numbers. A part of the profiles is never called conformant. */
export function renderVerdict(run: RunResult, colors: Colors): string {
  const verdict = verdictOf(run);
  const { only, quick, strict, selected, available } = run.selection;
  const word = wordOf(verdict, run.selection);
  const code = exitCodeOf(run);
  const paint = code === EXIT.conformant ? colors.green : code === EXIT.inconclusive ? colors.yellow : colors.red;
  const totals = totalsOf(run.checks);
  const profiles = `profile${run.profiles.length === 1 ? '' : 's'} ${run.profiles.join(', ')}`;
  const ran = quick ? selected - totals.notRun : selected;
  const flags = [only && '--only', quick && '--quick', strict && '--strict'].filter(Boolean);
  const what = [
    ...(only || quick ? [`${ran} of ${count(available, 'check')} of`] : []),
    profiles,
    ...(flags.length > 0 ? [`(${flags.join(', ')})`] : []),
  ];
  const numbers = [
    `${totals.pass} passed${run.canary.passed || run.problem ? '' : ' (untrusted)'}`,
    `${totals.fail} failed`,
    ...(totals.knownFailing > 0 ? [`${totals.knownFailing} known failing`] : []),
    `${totals.notRun} not run`,
    ...(totals.inconclusive > 0 ? [`${totals.inconclusive} inconclusive`] : []),
    ...(totals.warned > 0 ? [count(totals.warned, 'warning')] : []),
    ...(run.interrupted !== undefined && !run.problem ? [run.interrupted] : []),
  ];
  const why = run.problem ? [printable(run.problem.text)] : whatToDo(run);
  return [`${paint(word)}: ${what.join(' ')}`, numbers.join(', '), ...why].join(' · ');
}

/** What has to be done before there can be another verdict. */
function whatToDo(run: RunResult): string[] {
  const names = (need: Need) => run.unmet[need]!.map((limit) => limit.split(' ')[0]).join(', ');
  const passed = run.checks.filter(isUnexpectedPass).map(({ known }) => known!.place);
  return [
    ...(passed.length > 0 ? [`correct ${[...new Set(passed)].join(', ')}`] : []),
    ...(isShortOfLimits(run) ? [`lift ${names('lifted-limits')}`] : []),
    ...(keptOutBy(run, 'rates') > 0 ? [`set ${names('rates')}`] : []),
    ...(keptOutBy(run, 'values') > 0 ? ['take the values of `0k-conformance explain config --profile limits`'] : []),
  ];
}

/** One failure: the rule, what it allows, what came, the exchange, and how to see it again. */
export function renderFailure(result: CheckResult, colors: Colors): string {
  const word = confirmationOf(result) ?? 'FAIL';
  const lines = [
    `${colors.red(`${word} ${result.check.id}`)}  ${result.check.title}`,
    ...renderFinding(result.finding!),
  ];
  if (result.notes.length > 0) lines.push(...result.notes.map((note) => `  ${printable(note)}`));
  const trace = result.property?.plan && renderColumns(result.trace, colors, WIDTH);
  lines.push(...(trace || renderTrace(result.trace, colors)), `  again     ${result.replay}`);
  return lines.join('\n');
}

function renderFinding(finding: Finding & { requirement: string }): string[] {
  const requirement = REQUIREMENTS.find(({ id }) => id === finding.requirement);
  const rule = requirement ? `${requirement.id} (${requirement.level}): ${requirement.text}` : finding.requirement;
  return [
    field('rule', rule),
    ...finding.expected.map((outcome, index) => field(index === 0 ? 'expected' : 'or', outcome)),
    field('got', finding.actual),
  ];
}

/** A name, and a text that may take several lines. */
function field(name: string, text: string): string {
  return `  ${name.padEnd(8)}  ${wrap(printable(text), WIDTH, ' '.repeat(12)).trimStart()}`;
}

function renderTrace(trace: readonly TraceStep[], colors: Colors): string[] {
  const rows = trace.map((step) => [
    `    ${String(step.n).padStart(3)}`,
    `${step.at.toFixed(1)} ms`.padStart(11),
    step.from.padEnd(2),
    `${ARROWS[step.direction]} ${printable(step.text)}${step.hex ? `  ${colors.dim(step.hex)}` : ''}`,
  ]);
  const lines = rows.map((row) => row.join('  '));
  const gap = trace.findIndex((step, index) => index > 0 && step.n !== trace[index - 1]!.n + 1);
  if (gap > 0) lines.splice(gap, 0, `    … ${trace[gap]!.n - trace[gap - 1]!.n - 1} steps are left out`);
  return lines;
}

function renderCanary(run: RunResult, colors: Colors): string {
  const granted =
    run.canary.about?.granted ?? 'The relay granted what no relay may grant: its passes are not to be trusted.';
  const heading = colors.red(granted);
  return [heading, ...renderFinding(run.canary.finding!), ...renderTrace(run.canary.trace, colors)].join('\n');
}

function renderUnknown(results: readonly CheckResult[], colors: Colors): string[] {
  const unknown = results.filter(({ verdict }) => verdict === 'inconclusive');
  const lines = groupByReason(unknown).map(([reason, group]) => {
    const notes = group.flatMap(({ notes }) => notes).map((note) => `\n    ${printable(note)}`);
    return `${wrap(`${count(group.length, 'check')}, ${printable(reason)}: ${idsOf(group)}`, WIDTH, '  ')}${notes.join('')}`;
  });
  return lines.length === 0 ? [] : [[colors.yellow('Inconclusive:'), ...lines].join('\n')];
}

function renderNotRun(results: readonly CheckResult[]): string[] {
  const notRun = results.filter(({ verdict }) => verdict === 'not-run');
  const lines = groupByReason(notRun).map(([reason, group]) => {
    return wrap(`${count(group.length, 'check')}, ${printable(reason)}: ${idsOf(group)}`, WIDTH, '  ');
  });
  return lines.length === 0 ? [] : [['Not run:', ...lines].join('\n')];
}

function renderWarnings(results: readonly CheckResult[]): string[] {
  const lines = results
    .filter(isWarning)
    .map(({ check, reason }) => wrap(`${check.id}: ${printable(reason!)}`, WIDTH, '  '));
  return lines.length === 0 ? [] : [['Allowed, but advised against (a failure with --strict):', ...lines].join('\n')];
}

/** What is on the list of known failures: those that fail, those that do not, and what does not belong to this run. */
function renderKnown({ checks, idle }: RunResult): string[] {
  const known = checks.filter(({ known }) => known);
  const sections: [string, string[]][] = [
    [
      'Known failures:',
      known
        .filter(({ verdict }) => verdict === 'fail')
        .map(({ check, finding, known }) => `${check.id} (${known!.place}): got ${printable(finding!.actual)}`),
    ],
    [
      'Listed as known failures, and they pass:',
      known.filter(isUnexpectedPass).map(({ check, known }) => `${check.id} (${known!.place}, ${known!.pattern})`),
    ],
    [
      'Listed as known failures, and not among these checks:',
      idle.map(({ place, pattern }) => `${pattern} (${place})`),
    ],
  ];
  return sections
    .filter(([, lines]) => lines.length > 0)
    .map(([heading, lines]) => [heading, ...lines.map((line) => wrap(line, WIDTH, '  '))].join('\n'));
}

function renderInputs({ checks }: RunResult): string {
  const { vectors, random } = inputsOf(checks);
  return `${count(vectors, 'vector')} and ${count(random, 'random request')} were tried`;
}

/** The limits that keep checks from running, beside those of a relay that is made for the test. */
function renderLimits(run: RunResult, certified: ReadonlyMap<string, bigint>): string[] {
  if (!isShortOfLimits(run)) return [];
  const differing = [...certified].filter(([name, value]) => run.limits.get(name) !== value);
  const rows = differing.map(([name, value]) => [
    `  ${name}`,
    String(run.limits.get(name) ?? 'not stated'),
    `${value}`,
  ]);
  const heading = `Limits that were in the way (\`${COMMAND} explain config\` says what each is for):`;
  const needed = run.unmet['lifted-limits']!.map((limit) => `  ${limit}`);
  const table = rows.length === 0 ? [] : ['', ...columns([['  limit', 'this relay', 'certify.toml'], ...rows])];
  return [[heading, ...needed, ...table].join('\n')];
}

/** Whether rates kept the kit from finding out. */
function isShortOfLimits(run: RunResult): boolean {
  const unlifted = run.unmet['lifted-limits'] ?? [];
  return unlifted.length > 0 && (keptOutBy(run, 'lifted-limits') > 0 || totalsOf(run.checks).inconclusive > 0);
}

/** Ids of checks in a list that is read: whoever wants all of many looks into the report. */
function idsOf(results: readonly CheckResult[]): string {
  const ids = results.slice(0, SHOWN_IDS).map(({ check }) => check.id);
  return [...ids, ...(results.length > SHOWN_IDS ? [`${results.length - SHOWN_IDS} more`] : [])].join(', ');
}

function groupByReason(results: readonly CheckResult[]): [string, CheckResult[]][] {
  const groups = new Map<string, CheckResult[]>();
  for (const result of results) {
    const reason = result.reason ?? '';
    groups.set(reason, [...(groups.get(reason) ?? []), result]);
  }
  return [...groups];
}

function renderTable(run: RunResult): string {
  const areas = [...new Set(run.checks.map(({ check }) => check.area))];
  const hasKnown = run.checks.some(({ known }) => known);
  const row = (area: string, title: string, results: readonly CheckResult[]) => {
    const { pass, fail, knownFailing, notRun, inconclusive } = totalsOf(results);
    return [area, title, pass, fail, ...(hasKnown ? [knownFailing] : []), notRun, inconclusive].map(String);
  };
  const rows = areas.map((area) => {
    const results = run.checks.filter(({ check }) => check.area === area);
    return row(area, titleOf(area), results);
  });
  const pass = run.canary.passed ? 'pass' : 'pass (untrusted)';
  const header = ['area', '', pass, 'fail', ...(hasKnown ? ['known'] : []), 'not run', 'inconclusive'];
  return columns([header, ...rows, row('', 'all', run.checks)], 2).join('\n');
}

/** The title of an area; empty for one that this version does not know. */
export function titleOf(area: string): string {
  return (AREAS as readonly { area: string; title: string }[]).find((entry) => entry.area === area)?.title ?? '';
}
