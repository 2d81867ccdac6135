import { CELL_WORDS, type Cell, type Matrix, type MatrixRow, scoresByArea, verdictWord } from '../matrix.ts';
import { areaOf, nameOf } from '../report.ts';
import { titleOf } from '../text.ts';
import { html, type Markup } from './markup.ts';
import { page } from './page.ts';

const SIGNS: Readonly<Record<Cell, string>> = {
  pass: '✓',
  warned: '!',
  fail: '✗',
  known: '(✗)',
  'not-run': '○',
  inconclusive: '?',
  absent: '',
};

/** Several reports as one page: implementations as columns, what differs first. */
export function matrixPage(matrix: Matrix): string {
  const { reports, conditions, differing, rows } = matrix;
  const names = reports.map(({ name }) => html`<th>${name}</th>`);
  const areas = Map.groupBy(rows, areaOf);
  return page(
    `${reports.map(({ name }) => name).join(', ')}`,
    html`<h1>${reports.length} implementations side by side</h1>
<div class="scroll" tabindex="0" role="region" aria-label="who is compared"><table><thead><tr><th>name</th><th>verdict</th><th>target</th><th>profiles</th><th>kit</th><th>specification</th><th>seed</th><th>when</th></tr></thead><tbody>
${reports.map(
  ({
    name,
    report,
  }) => html`<tr><td><b>${name}</b></td><td>${verdictWord(report)}</td><td>${nameOf(report.target)}</td><td>${report.profiles.join(', ')}</td><td>${report.version}</td><td>${report.specVersion}</td><td>${report.seed}</td><td>${report.startedAt}</td></tr>
`,
)}</tbody></table></div>
${
  conditions.length > 0 &&
  html`<section class="alarm"><h2>Not all the same run</h2><ul>${conditions.map((each) => html`<li>${each}</li>`)}</ul></section>
`
}<h2>What differs (${differing.length})</h2>
${differing.length === 0 ? html`<p>Nothing: all came to the same in every check.</p>` : table(names, differing)}
<h2>By area: passed, of those in the run</h2>
<div class="scroll" tabindex="0" role="region" aria-label="by area"><table><thead><tr><th>area</th>${names}</tr></thead><tbody>
${scoresByArea(matrix).map(
  ({
    area,
    title,
    scores,
  }) => html`<tr><td><b>${area}</b> ${title}</td>${scores.map((score) => html`<td class="number">${score}</td>`)}</tr>
`,
)}</tbody></table></div>
<h2>All checks (${rows.length})</h2>
${[...areas].map(
  ([area, group]) => html`<details><summary>${area} ${titleOf(area)} (${group.length})</summary>
${table(names, group)}</details>
`,
)}
<footer>${(Object.keys(SIGNS) as Cell[]).filter((cell) => cell !== 'absent').map((cell) => html`<span class="${cell}">${SIGNS[cell]}</span> ${CELL_WORDS[cell]} `)} empty: ${CELL_WORDS.absent}</footer>`,
  );
}

function table(names: readonly Markup[], rows: readonly MatrixRow[]): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="checks"><table class="matrix"><thead><tr><th>check</th>${names}<th>what it looks at</th></tr></thead><tbody>
${rows.map(
  ({ id, title, cells }) => html`<tr><td class="id">${id}</td>${cells.map(
    (cell) => html`<td class="mark ${cell}"><span title="${CELL_WORDS[cell]}">${SIGNS[cell]}</span></td>`,
  )}<td>${title}</td></tr>
`,
)}</tbody></table></div>
`;
}
