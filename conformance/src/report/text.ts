import { AREAS, REQUIREMENTS } from '@0k-sync/spec';
import { type CheckResult, keptOut, type RunResult, totalsOf, verdictOf } from '../run/result.ts';
import type { TraceStep } from '../trace.ts';
import type { Finding } from '../verdict.ts';
import { type Colors, columns, count, wrap } from './style.ts';

const WIDTH = 120;
const ARROWS = { 'to-relay': '→', 'from-relay': '←', event: '·', exchange: '→' } as const;

/** The end of a run for people: failures, what was not run, a table by area, and the verdict as the last line. */
export function renderRun(run: RunResult, colors: Colors): string {
  const parts = [
    ...(run.canary.finding ? [renderCanary(run, colors)] : []),
    ...run.checks.filter(({ verdict }) => verdict === 'fail').map((result) => renderFailure(result, colors)),
    ...renderUnknown(run.checks, colors),
    ...renderNotRun(run.checks),
    ...renderRemarks(run.checks),
    ...(run.checks.length > 0 ? [renderTable(run)] : []),
    renderVerdict(run, colors),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** The last line: the verdict, the profiles it speaks of, and the numbers. A part of the profiles is never called conformant. */
export function renderVerdict(run: RunResult, colors: Colors): string {
  const verdict = verdictOf(run);
  const { only, selected, available } = run.selection;
  const word = verdict === 'not-conformant' ? 'not conformant' : verdict === 'conformant' && only ? 'passed' : verdict;
  const paint = verdict === 'conformant' ? colors.green : verdict === 'inconclusive' ? colors.yellow : colors.red;
  if (run.problem) return `${paint(word)}: ${run.problem.text}`;
  const { pass, fail, notRun, inconclusive } = totalsOf(run.checks);
  const untrusted = run.canary.passed ? '' : ' (untrusted)';
  const unknown = inconclusive > 0 ? `, ${inconclusive} inconclusive` : '';
  const interrupted = run.interrupted ? ', interrupted' : '';
  const profiles = `profile${run.profiles.length === 1 ? '' : 's'} ${run.profiles.join(', ')}`;
  const what = only ? `${selected} of ${count(available, 'check')} of ${profiles} (--only)` : profiles;
  const numbers = `${pass} passed${untrusted}, ${fail} failed, ${notRun} not run${unknown}${interrupted}`;
  return `${paint(word)}: ${what} · ${numbers}${renderKeptOut(run)}`;
}

/** What the relay's operator has to do before a verdict can be given. */
function renderKeptOut(run: RunResult): string {
  const names = run.unlifted.map((limit) => limit.split(' ')[0]);
  const kept = keptOut(run);
  return kept === 0
    ? ''
    : ` · lift ${names.join(', ')} for the ${kept === 1 ? 'one that was' : `${kept} that were`} not run for it`;
}

/** One failure: the rule, what it allows, what came, the exchange, and how to see it again. */
export function renderFailure(result: CheckResult, colors: Colors): string {
  const lines = [`${colors.red(`FAIL ${result.check.id}`)}  ${result.check.title}`, ...renderFinding(result.finding!)];
  if (result.notes.length > 0) lines.push(...result.notes.map((note) => `  ${note}`));
  lines.push(...renderTrace(result.trace, colors), `  again     ${result.replay}`);
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
  return `  ${name.padEnd(8)}  ${wrap(text, WIDTH, ' '.repeat(12)).trimStart()}`;
}

function renderTrace(trace: readonly TraceStep[], colors: Colors): string[] {
  const rows = trace.map((step) => [
    `    ${String(step.n).padStart(3)}`,
    `${step.at.toFixed(1)} ms`.padStart(11),
    step.from.padEnd(2),
    `${ARROWS[step.direction]} ${step.text}${step.hex ? `  ${colors.dim(step.hex)}` : ''}`,
  ]);
  const lines = rows.map((row) => row.join('  '));
  const gap = trace.findIndex((step, index) => index > 0 && step.n !== trace[index - 1]!.n + 1);
  if (gap > 0) lines.splice(gap, 0, `    … ${trace[gap]!.n - trace[gap - 1]!.n - 1} steps are left out`);
  return lines;
}

function renderCanary(run: RunResult, colors: Colors): string {
  const heading = colors.red('The relay granted what no relay may grant: its passes are not to be trusted.');
  return [heading, ...renderFinding(run.canary.finding!), ...renderTrace(run.canary.trace, colors)].join('\n');
}

function renderUnknown(results: readonly CheckResult[], colors: Colors): string[] {
  const unknown = results.filter(({ verdict }) => verdict === 'inconclusive');
  const lines = groupByReason(unknown).map(([reason, group]) => {
    const notes = group.flatMap(({ notes }) => notes).map((note) => `\n    ${note}`);
    return `  ${reason}: ${group.map(({ check }) => check.id).join(', ')}${notes.join('')}`;
  });
  return lines.length === 0 ? [] : [[colors.yellow('Inconclusive:'), ...lines].join('\n')];
}

function renderNotRun(results: readonly CheckResult[]): string[] {
  const notRun = results.filter(({ verdict }) => verdict === 'not-run');
  const lines = groupByReason(notRun).map(([reason, group]) => {
    const ids = group.map(({ check }) => check.id).join(', ');
    return `${wrap(`${count(group.length, 'check')}, ${reason}: ${ids}`, WIDTH, '  ')}`;
  });
  return lines.length === 0 ? [] : [['Not run:', ...lines].join('\n')];
}

function renderRemarks(results: readonly CheckResult[]): string[] {
  const lines = results
    .filter(({ verdict, reason }) => verdict === 'pass' && reason !== undefined)
    .map(({ check, reason }) => wrap(`${check.id}: ${reason}`, WIDTH, '  '));
  return lines.length === 0 ? [] : [['Allowed, but advised against:', ...lines].join('\n')];
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
  const rows = areas.map((area) => {
    const totals = totalsOf(run.checks.filter(({ check }) => check.area === area));
    return [area, titleOf(area), totals.pass, totals.fail, totals.notRun, totals.inconclusive].map(String);
  });
  const { pass, fail, notRun, inconclusive } = totalsOf(run.checks);
  const header = ['area', '', run.canary.passed ? 'pass' : 'pass (untrusted)', 'fail', 'not run', 'inconclusive'];
  const footer = ['', 'all', pass, fail, notRun, inconclusive].map(String);
  return columns([header, ...rows, footer], 2).join('\n');
}

function titleOf(area: string): string {
  return (AREAS as readonly { area: string; title: string }[]).find((entry) => entry.area === area)?.title ?? '';
}
