import { AREAS } from '@0k-sync/spec';
import { COMMAND } from '../../version.ts';
import { areaOf, nameOf, OUTCOME_WORDS, type Outcome, outcomeOf, type Report, type ReportCheck } from '../report.ts';
import { count } from '../style.ts';
import { titleOf, wordOf } from '../text.ts';
import { checkSection, findingParts, passedLine, rules, traceParts } from './check-section.ts';
import { html, type Markup } from './markup.ts';
import { page } from './page.ts';

/** A report as one page: the verdict, a matrix of all checks, and a section for each, with the id of the check as its anchor. */
export function reportPage(report: Report): string {
  const of = (...outcomes: Outcome[]) => report.checks.filter((check) => outcomes.includes(outcomeOf(check)));
  const word = wordOf(report.verdict, report.selection);
  return page(
    `${word}: ${nameOf(report.target)}`,
    html`${header(report, word)}
${report.problem === undefined && !report.canary.passed && canary(report)}
<h2>By area</h2>
${matrix(report)}
${full('Failures', of('fail'))}${full('Inconclusive', of('inconclusive'))}${notRun(of('not-run'))}${full('Known failures', of('known'))}${full('Warnings: allowed, but advised against', of('warned'))}${passed(of('pass'))}
<footer>Made by ${COMMAND} ${report.version}. A report shows what one run saw; it says nothing about what was not run, and nothing about security that the rules do not ask for.</footer>`,
  );
}

function header(report: Report, word: string): Markup {
  const { target, totals, selection, profiles } = report;
  const flags = [selection?.only && '--only', selection?.quick && '--quick', selection?.strict && '--strict'];
  const facts: [string, string | undefined][] = [
    ['codec', target.name && nameOf(target)],
    ['address', target.url],
    ['started by', target.startedBy],
    ['identity', target.identity],
    ['profiles', [profiles.join(', '), ...flags.filter(Boolean)].join(' ')],
    ['checks', selection && `${selection.selected} of ${selection.available} that the profiles have`],
    ['operations', target.operations?.join(', ')],
    ['inputs', report.inputs && `${report.inputs.vectors} vectors, ${report.inputs.random} random requests`],
    ['chosen by', selection?.only?.join(', ')],
    ['kit', `${report.tool} ${report.version}, specification ${report.specVersion}`],
    ['seed', String(report.seed)],
    ['when', `${report.startedAt}, for ${(report.durationMs / 1000).toFixed(1)} s`],
    [
      'limits',
      Object.entries(target.limits ?? {})
        .map(([name, value]) => `${name} ${value}`)
        .join(', ') || undefined,
    ],
    ['unused known failures', report.unusedKnownFailures?.join(', ')],
  ];
  const numbers = [
    `${totals.pass} passed${report.untrusted ? ' (untrusted)' : ''}`,
    `${totals.fail} failed`,
    totals.knownFailing > 0 && `${totals.knownFailing} known failing`,
    `${totals.notRun} not run`,
    totals.inconclusive > 0 && `${totals.inconclusive} inconclusive`,
    totals.warned > 0 && count(totals.warned, 'warning'),
  ];
  return html`<header class="verdict ${report.verdict}">
<h1>${word}</h1>
<p>${numbers.filter(Boolean).join(', ')}</p>
${
  report.problem !== undefined &&
  html`<p><b>${report.problem}</b></p>
`
}${
  report.interrupted !== undefined &&
  html`<p><b>${report.interrupted}</b></p>
`
}</header>
<dl class="facts">
${facts.map(
  ([name, value]) =>
    value !== undefined &&
    html`<dt>${name}</dt><dd>${value}</dd>
`,
)}</dl>`;
}

function canary({ canary }: Report): Markup {
  return html`<section class="alarm"><h2>The target granted what nobody may grant: its passes are not to be trusted</h2>
${canary.title !== undefined && html`<p>${canary.title}</p>`}${rules(canary.requirements ?? [])}
${findingParts(canary)}${traceParts(canary.trace ?? [], 'the first question')}</section>`;
}

const COLUMNS: readonly Outcome[] = ['pass', 'warned', 'fail', 'known', 'not-run', 'inconclusive'];

/** A row for each area: how many of each outcome, and a cell for each check that leads to its section. */
function matrix({ checks }: Report): Markup {
  const shown = COLUMNS.filter((outcome) => checks.some((check) => outcomeOf(check) === outcome));
  const areas = Map.groupBy(checks, areaOf);
  const known = AREAS.map(({ area }) => area as string);
  const order = [...areas.keys()].sort((a, b) => known.indexOf(a) - known.indexOf(b));
  const numbers = (group: readonly ReportCheck[]) =>
    shown.map((outcome) => {
      const { length } = group.filter((check) => outcomeOf(check) === outcome);
      return html`<td class="number ${length === 0 ? 'zero' : outcome}">${length}</td>`;
    });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="checks by area"><table>
<thead><tr><th>area</th>${shown.map((outcome) => html`<th class="number">${OUTCOME_WORDS[outcome]}</th>`)}<th>checks</th></tr></thead>
<tbody>
${order.map((area) => {
  const group = areas.get(area)!;
  return html`<tr><td><b>${area}</b> ${titleOf(area)}</td>${numbers(group)}<td><div class="cells">${group.map(cell)}</div></td></tr>
`;
})}<tr><td><b>all</b></td>${numbers(checks)}<td></td></tr>
</tbody></table></div>`;
}

function cell(check: ReportCheck): Markup {
  const outcome = outcomeOf(check);
  const label = `${check.id}, ${OUTCOME_WORDS[outcome]}: ${check.title}`;
  return html`<a class="${outcome}" href="#${check.id}" title="${label}" aria-label="${label}"></a>`;
}

function full(title: string, checks: readonly ReportCheck[]): Markup {
  if (checks.length === 0) return html``;
  return html`<h2>${title} (${checks.length})</h2>
${checks.map(checkSection)}`;
}

/** What was not run stands under its reason: one reason is often that of many checks. */
function notRun(checks: readonly ReportCheck[]): Markup {
  if (checks.length === 0) return html``;
  const reasons = Map.groupBy(checks, ({ reason = '' }) => reason);
  return html`<h2 class="not-run">Not run (${checks.length})</h2>
${[...reasons].map(
  ([reason, group]) => html`<article class="not-run"><h3>${reason} (${group.length})</h3>
<ul class="passed">${group.map(passedLine)}</ul></article>
`,
)}`;
}

function passed(checks: readonly ReportCheck[]): Markup {
  if (checks.length === 0) return html``;
  return html`<h2>Passed (${checks.length})</h2>
${[...Map.groupBy(checks, areaOf)].map(
  ([area, group]) => html`<h3>${area} ${titleOf(area)} (${group.length})</h3>
<ul class="passed">${group.map(passedLine)}</ul>
`,
)}`;
}
