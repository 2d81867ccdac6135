import type { Report } from './report.ts';

/** A report with the name under which it is shown. */
export interface NamedReport {
  readonly name: string;
  readonly report: Report;
}

/** What is to be the same in runs that are compared. */
const CONDITIONS: readonly [string, (report: Report) => string][] = [
  ['the specification', ({ specVersion }) => specVersion],
  ['the kit', ({ version }) => version],
  ['the profiles', ({ profiles }) => [...profiles].sort().join(', ')],
  ['what is tested', ({ target }) => target.kind],
  ['--only', ({ selection }) => selection?.only?.join(', ') ?? 'not used'],
  ['--quick', ({ selection }) => (selection?.quick ? 'used' : 'not used')],
  ['--strict', ({ selection }) => (selection?.strict ? 'used' : 'not used')],
];

/**
 * How the conditions of runs differ, a line for each: results of different rules or different parts are not to be compared
 * without knowing it. Also said is what keeps a single run from being one to compare with.
 */
export function differingConditions(reports: readonly NamedReport[]): string[] {
  const differing = CONDITIONS.flatMap(([what, of]) => {
    const values = Map.groupBy(reports, ({ report }) => of(report));
    if (values.size < 2) return [];
    const each = Array.from(values, ([value, group]) => `${value} (${group.map(({ name }) => name).join(', ')})`);
    return [`${what} differs: ${each.join(', ')}`];
  });
  const spoilt = reports.flatMap(({ name, report }) => {
    if (report.problem !== undefined) return [`${name}: no check could be run: ${report.problem}`];
    if (report.untrusted) return [`${name}: it granted what nobody may grant, its passes are not to be trusted`];
    return report.interrupted === undefined ? [] : [`${name}: the run did not end by itself: ${report.interrupted}`];
  });
  return [...differing, ...spoilt];
}
