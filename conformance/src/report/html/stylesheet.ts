/** The style sheet of every page: light and dark, narrow and wide, on paper. */
export const STYLE = `
:root {
  --paper: #fff; --ink: #1b1f24; --soft: #57606a; --line: #d5dae0; --shade: #f4f6f8;
  --pass: #1a7f37; --warned: #8a6100; --fail: #c4242b; --known: #8250a8; --not-run: #6a737d; --inconclusive: #9a5b00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181d; --ink: #e4e8ed; --soft: #9aa5b1; --line: #343c46; --shade: #1d232a;
    --pass: #4cc46a; --warned: #dcb13f; --fail: #ff7b78; --known: #c69bea; --not-run: #98a2ad; --inconclusive: #f0a04b;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem 1.25rem 4rem; max-width: 76rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: break-word;
}
h1 { margin: 0; font-size: 2rem; line-height: 1.2; }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.35rem; }
h3 { margin: 0 0 .75rem; font-size: 1.05rem; }
a { color: inherit; }
p { margin: .5rem 0; }
code, pre, .hex, .id, svg, .wire, .steps p { font-family: ui-monospace, 'DejaVu Sans Mono', monospace; }
code, pre, .wire, .steps p, .steps summary { font-size: .85rem; }
code { overflow-wrap: anywhere; }
pre { overflow-x: auto; padding: .6rem; background: var(--shade); border-radius: 6px; }
.verdict { border-left: .5rem solid var(--inconclusive); padding-left: 1rem; }
.verdict.conformant, .verdict.passed, .verdict.known-failures { border-color: var(--pass); }
.verdict.not-conformant, .verdict.unexpected-pass { border-color: var(--fail); }
.verdict p { color: var(--soft); }
.alarm { border: 2px solid var(--fail); border-radius: 8px; padding: .75rem 1rem; }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 1rem 0; }
dl.facts dt { color: var(--soft); }
dl.facts dd, dl.finding dd { margin: 0; overflow-wrap: anywhere; }
dl.finding { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: .75rem 0; }
dl.finding dt { color: var(--soft); }
.actual { color: var(--fail); font-weight: 600; }
.warned .actual, .known .actual { color: inherit; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { padding: .25rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
td.zero { color: var(--soft); opacity: .5; }
.cells { display: flex; flex-wrap: wrap; gap: 3px; min-width: 9rem; max-width: 34rem; padding-top: .3rem; }
.cells a { display: block; width: 11px; height: 11px; border-radius: 2px; background: currentColor; }
.cells a.fail { border-radius: 50%; }
.cells a.not-run { background: none; border: 1px solid currentColor; }
.cells a.inconclusive, .cells a.known { background: repeating-linear-gradient(45deg, currentColor 0 2px, transparent 2px 4px); border: 1px solid currentColor; }
.pass { color: var(--pass); } .warned { color: var(--warned); } .fail { color: var(--fail); }
.known { color: var(--known); } .not-run { color: var(--not-run); } .inconclusive { color: var(--inconclusive); }
article { color: var(--ink) !important; margin: 1rem 0; padding: 1rem; border: 1px solid var(--line); border-radius: 8px; }
article.fail { border-color: var(--fail); border-left-width: 6px; }
article.inconclusive { border-color: var(--inconclusive); border-left-width: 6px; }
.badge { font-size: .75rem; font-weight: 700; border: 1px solid currentColor; border-radius: 1rem; padding: .1rem .5rem; white-space: nowrap; }
blockquote { margin: .5rem 0; padding: .1rem 0 .1rem .9rem; border-left: 3px solid var(--line); color: var(--soft); }
blockquote b { color: var(--ink); }
figure { margin: 1rem 0; }
.again { color: var(--soft); font-size: .9rem; }
details > summary { cursor: pointer; }
ul.passed { list-style: none; padding: 0; margin: 0; columns: 2 30rem; column-gap: 2rem; }
ul.passed li { break-inside: avoid; padding: .1rem 0; }
:target { scroll-margin-top: 1rem; outline: 2px solid var(--warned); outline-offset: 3px; border-radius: 4px; }
.id { font-size: .85rem; font-weight: 600; }
.when { color: var(--soft); font-size: .8rem; white-space: nowrap; }
.sequence { display: block; font-size: 11px; }
.sequence text { fill: var(--ink); white-space: pre; }
.sequence .life { stroke: var(--line); }
.sequence .head { fill: var(--shade); stroke: var(--soft); }
.sequence .name { text-anchor: middle; font-weight: 700; }
.sequence .time, .sequence .note { fill: var(--soft); }
.sequence .time { font-size: 9.5px; }
.sequence .note { text-anchor: middle; }
.sequence .left { text-anchor: end; }
.sequence .label, .sequence .note { paint-order: stroke; stroke: var(--paper); stroke-width: 3px; stroke-linejoin: round; }
.sequence .arrow, .sequence .answer { stroke: var(--ink); stroke-width: 1.2; }
.sequence .answer { stroke-dasharray: 5 3; }
.sequence .tip { fill: var(--ink); }
.sequence .event { fill: var(--warned); }
.steps { padding-left: 2.2rem; }
.steps p { margin: .3rem 0; overflow-wrap: anywhere; }
.steps summary { overflow-wrap: anywhere; font-family: ui-monospace, 'DejaVu Sans Mono', monospace; }
.wire { width: 100%; margin: .5rem 0 1rem; table-layout: fixed; }
.wire th:nth-child(1) { width: 3.2rem; } .wire th:nth-child(2) { width: 40%; }
.wire td { overflow-wrap: anywhere; }
.depth1 { padding-left: .6rem; } .depth2 { padding-left: 1.4rem; } .depth3 { padding-left: 2.2rem; } .depth4 { padding-left: 3rem; }
.matrix td.mark { text-align: center; font-weight: 700; }
.matrix tr.differs td:first-child { border-left: 4px solid var(--warned); }
footer { margin-top: 3rem; color: var(--soft); font-size: .9rem; border-top: 1px solid var(--line); padding-top: 1rem; }
@media (max-width: 40rem) {
  body { padding: 1rem .75rem 3rem; }
  h1 { font-size: 1.6rem; }
  dl.facts, dl.finding { grid-template-columns: 1fr; gap: 0; }
  dl.facts dd, dl.finding dd { margin-bottom: .5rem; }
  .wire th:nth-child(1), .wire td:nth-child(1) { display: none; }
}
@media print {
  :root {
    --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --shade: #f2f2f2;
    --pass: #1a7f37; --warned: #8a6100; --fail: #c4242b; --known: #8250a8; --not-run: #555; --inconclusive: #9a5b00;
  }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .scroll { overflow: visible; }
  .sequence { max-width: 100%; height: auto; }
  article { break-inside: auto; } h2, h3, tr { break-inside: avoid; break-after: avoid; }
  tr { break-after: auto; }
  article > details::details-content { content-visibility: visible; display: block; height: auto; }
  .cells { print-color-adjust: exact; }
}
`;
