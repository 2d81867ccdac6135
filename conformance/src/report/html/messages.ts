import type { TraceMessage, TraceStep } from '../../trace.ts';
import { wireParts } from '../wire-parts.ts';
import { html, type Markup } from './markup.ts';

const ARROWS = { 'to-relay': '→', 'from-relay': '←', event: '·', exchange: '⇄' } as const;

/** Every step of a trace as text, and below each message its bytes beside what they mean. */
export function stepList(trace: readonly TraceStep[]): Markup {
  return html`<ol class="steps">
${trace.map(
  ({
    n,
    at,
    from,
    direction,
    text,
    hex,
    messages,
    exchanges = 1,
  }) => html`<li value="${n}"><p><span class="when">${at.toFixed(1)} ms</span> <b>${from}</b> ${exchanges > 1 && html`<i>the first and the last of ${exchanges}</i> `}${!messages?.length && html`${ARROWS[direction]} ${text}`}</p>
${
  hex !== undefined &&
  html`<pre class="hex">${spaced(hex)}</pre>
`
}${messages?.map(message)}</li>
`,
)}</ol>`;
}

function message({ direction, text, size, bytes }: TraceMessage): Markup {
  const kept = Uint8Array.from(Buffer.from(bytes, 'hex'));
  const parts = wireParts(kept);
  const split = parts.reduce((end, { offset, length }) => Math.max(end, offset + length), 0);
  const rest = kept.subarray(split);
  const more = size - kept.length;
  return html`<details><summary>${ARROWS[direction]} ${text}</summary>
<table class="wire"><thead><tr><th>at</th><th>bytes</th><th>field</th><th>what it says</th></tr></thead><tbody>
${parts.map(
  ({ offset, length, depth, name, meaning }) =>
    html`<tr><td>${offset}</td><td class="hex">${hexOf(kept.subarray(offset, offset + length))}</td><td class="depth${Math.min(depth, 4)}">${name}</td><td>${meaning}</td></tr>
`,
)}${
  rest.length > 0 &&
  html`<tr><td>${split}</td><td class="hex">${hexOf(rest)}</td><td></td><td>not split</td></tr>
`
}${
  more > 0 &&
  html`<tr><td>${kept.length}</td><td colspan="3">${more} more bytes, which the report does not keep</td></tr>
`
}</tbody></table></details>
`;
}

const hexOf = (bytes: Uint8Array) => spaced(Buffer.from(bytes).toString('hex'));

/** Bytes apart, so that lines can be broken between them. */
function spaced(hex: string): string {
  return hex.replace(/[0-9a-f]{2}(?!$|…)/g, '$& ');
}
