import { AREAS, REQUIREMENTS } from '@0k-sync/spec';
import { printable, printableName } from '../printable.ts';
import { differingConditions, type NamedReport } from './conditions.ts';
import { areaOf, nameOf, OUTCOME_WORDS, type Outcome, outcomeOf, type Report, type ReportCheck } from './report.ts';
import { type Colors, columns, count } from './style.ts';
import { titleOf, wordOf } from './text.ts';

/** What one implementation came to in a check; `absent` if its run did not have it. */
export type Cell = Outcome | 'absent';

/** One check, and what each implementation came to in it. */
export interface MatrixRow {
  readonly id: string;
  readonly title: string;
  readonly cells: readonly Cell[];
}

/** Several reports side by side. */
export interface Matrix {
  readonly reports: readonly NamedReport[];
  /** How the runs differ, a line for each way. */
  readonly conditions: readonly string[];
  /** Rows in which not all came to the same, first. */
  readonly differing: readonly MatrixRow[];
  /** All rows, in the order of the specification. */
  readonly rows: readonly MatrixRow[];
}

export const CELL_WORDS: Readonly<Record<Cell, string>> = { ...OUTCOME_WORDS, absent: 'not in this run' };

export function matrixOf(reports: readonly NamedReport[]): Matrix {
  const byId = reports.map(({ report }) => new Map(report.checks.map((check) => [check.id, check])));
  const checks = new Map<string, ReportCheck>(byId.flatMap((each) => [...each]));
  const rank = new Map<string, number>(REQUIREMENTS.map(({ id }, index) => [id, index]));
  const rankOf = (id: string) => rank.get(id.split('/')[0]!) ?? rank.size;
  const rows = [...checks.values()]
    .sort((a, b) => rankOf(a.id) - rankOf(b.id) || (a.id < b.id ? -1 : 1))
    .map(({ id, title }): MatrixRow => {
      const cells = byId.map((each) => {
        const check = each.get(id);
        return check ? outcomeOf(check) : 'absent';
      });
      return { id, title, cells };
    });
  return {
    reports,
    conditions: differingConditions(reports),
    differing: rows.filter(({ cells }) => new Set(cells).size > 1),
    rows,
  };
}

/** How many checks of an area an implementation passed, of how many it had: `41/50`. */
export function scoresByArea({ reports, rows }: Matrix): { area: string; title: string; scores: string[] }[] {
  const found = Map.groupBy(rows, areaOf);
  const areas = [...AREAS.map(({ area }) => area as string).filter((area) => found.has(area)), ...found.keys()];
  const score = (group: readonly MatrixRow[]) =>
    reports.map((_, index) => {
      const cells = group.map(({ cells }) => cells[index]).filter((cell) => cell !== 'absent');
      return `${cells.filter((cell) => cell === 'pass' || cell === 'warned').length}/${cells.length}`;
    });
  return [
    ...[...new Set(areas)].map((area) => ({ area, title: titleOf(area), scores: score(found.get(area)!) })),
    { area: '', title: 'all', scores: score(rows) },
  ];
}

/** The verdict of a report in words. */
export function verdictWord(report: Report): string {
  return wordOf(report.verdict, report.selection);
}

const MARKS: Readonly<Record<Cell, string>> = {
  pass: 'pass',
  warned: 'warned',
  fail: 'FAIL',
  known: 'known',
  'not-run': 'not run',
  inconclusive: 'unknown',
  absent: '-',
};

/** A matrix for a terminal: who is compared, what differs in how they were run, the checks that differ, then the areas. */
export function renderMatrix(matrix: Matrix, colors: Colors): string {
  const { reports, conditions, differing, rows } = matrix;
  const names = reports.map(({ name }) => printable(name));
  const who = columns(
    reports.map(({ report }, index) => [names[index]!, verdictWord(report), printableName(nameOf(report.target))]),
    3,
  );
  const paint = (cell: Cell, text: string) => {
    if (cell === 'fail') return colors.red(text);
    return cell === 'pass' ? colors.green(text) : cell === 'absent' ? colors.dim(text) : colors.yellow(text);
  };
  const widths = names.map((name) => Math.max(name.length, ...Object.values(MARKS).map(({ length }) => length)));
  const idWidth = Math.max(0, ...differing.map(({ id }) => printable(id).length));
  const line = (id: string, cells: readonly string[], title: string) =>
    `  ${id.padEnd(idWidth)}  ${cells.join('  ')}  ${title}`.trimEnd();
  const table = [
    line(
      '',
      names.map((name, index) => name.padEnd(widths[index]!)),
      '',
    ),
    ...differing.map(({ id, cells, title }) => {
      const painted = cells.map((cell, index) => paint(cell, MARKS[cell].padEnd(widths[index]!)));
      return line(printable(id), painted, printable(title));
    }),
  ];
  const areas = columns(
    [
      ['area', '', ...names],
      ...scoresByArea(matrix).map(({ area, title, scores }) => [printable(area), title, ...scores]),
    ],
    2,
  );
  const same = rows.length - differing.length;
  return `${[
    who.join('\n'),
    ...(conditions.length > 0 ? [conditions.map((each) => colors.yellow(printable(each))).join('\n')] : []),
    ...(differing.length > 0 ? [['What differs:', ...table].join('\n')] : []),
    ['Passed, of those in the run:', ...areas.map((each) => `  ${each}`)].join('\n'),
    `${count(differing.length, 'check')} ${differing.length === 1 ? 'differs' : 'differ'}, ${same} came to the same in all`,
  ].join('\n\n')}\n`;
}
