import { REQUIREMENTS } from '@0k-sync/spec';
import type { TraceStep } from '../../trace.ts';
import { OUTCOME_WORDS, outcomeOf, type ReportCheck, type ReportFinding } from '../report.ts';
import { html, type Markup } from './markup.ts';
import { stepList } from './messages.ts';
import { sequence } from './sequence.ts';

/** A check that did not simply pass: the rule, what it allows, what came, and how it came to that. */
export function checkSection(check: ReportCheck): Markup {
  const outcome = outcomeOf(check);
  return html`<article class="check ${outcome}" id="${check.id}">
<h3><a href="#${check.id}">${check.id}</a> <span class="badge ${outcome}">${OUTCOME_WORDS[outcome]}</span> ${check.title}</h3>
${rules(check.requirement === undefined ? check.requirements : [check.requirement])}
${findingParts(check)}${
  check.knownFailing !== undefined &&
  html`<p>Listed as a known failure by <code>${check.knownFailing}</code>.</p>
`
}${traceParts(check.trace ?? [], check.id)}${
  check.request &&
  html`<details open><summary>What was asked, as data</summary><pre>${JSON.stringify(check.request, null, 2)}</pre></details>
`
}${
  check.property &&
  html`<details><summary>The plan, as data</summary><pre>${JSON.stringify(check.property, null, 2)}</pre></details>
`
}${
  check.replay !== undefined &&
  html`<p class="again">again: <code>${check.replay}</code></p>
`
}</article>
`;
}

/** A check that passed, in one line; the rules are there for whoever opens it. */
export function passedLine({ id, title, ms, requirements }: ReportCheck): Markup {
  return html`<li id="${id}"><details><summary><span class="id">${id}</span> ${title} <span class="when">${ms} ms</span></summary>
${rules(requirements)}</details></li>
`;
}

/** What was allowed, what came, and why nothing is known. */
export function findingParts({ expected = [], actual, reason }: ReportFinding): Markup {
  return html`<dl class="finding">
${[expected].flat().map(
  (each, index) => html`<dt>${index === 0 ? 'expected' : 'or'}</dt><dd>${each}</dd>
`,
)}${
  actual !== undefined &&
  html`<dt>got</dt><dd class="actual">${actual}</dd>
`
}${
  reason !== undefined &&
  html`<dt>why</dt><dd>${reason}</dd>
`
}</dl>
`;
}

export function traceParts(trace: readonly TraceStep[], name: string): Markup {
  if (trace.length === 0) return html``;
  return html`<figure><div class="scroll" tabindex="0" role="region" aria-label="the exchange of ${name}">${sequence(trace, `the exchange of ${name} as a diagram; the list below says the same in words`)}</div></figure>
<details><summary>Every step, with its bytes</summary>${stepList(trace)}</details>
`;
}

/** The rules that a check cites, in the words of the specification; of one that this version does not know only the id. */
export function rules(ids: readonly string[]): Markup {
  return html`${ids.map((id) => {
    const rule = REQUIREMENTS.find((each) => each.id === id);
    return html`<blockquote><b>${id}</b>${rule && html` (${rule.level}) ${rule.text}`}</blockquote>
`;
  })}`;
}
