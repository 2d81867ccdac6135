import { encodeMessage } from '@0k-sync/reference';
import { expect, test } from 'vitest';
import {
  checks,
  fail,
  known,
  knownFail,
  notRun,
  pass,
  result,
  runOf,
  unknown,
  warned,
} from '../../../test/sample-run.ts';
import type { TraceStep } from '../../trace.ts';
import { jsonReport } from '../json.ts';
import { matrixOf } from '../matrix.ts';
import type { Report } from '../report.ts';
import { matrixPage } from './matrix-page.ts';
import { reportPage } from './report-page.ts';

const bytes = Buffer.from(encodeMessage({ type: 'Pull', after_cursor: 300n, limit: 5 }, 'bin')).toString('hex');
const pull = { direction: 'to-relay', at: 2, text: 'Pull {after_cursor: 300, limit: 5}', size: 99, bytes } as const;
const trace: TraceStep[] = [
  { n: 1, at: 1, from: 'A', direction: 'event', text: 'connected' },
  {
    n: 2,
    at: 2,
    from: 'A',
    direction: 'exchange',
    text: 'Pull {} ← x',
    messages: [pull, pull, pull, pull],
    exchanges: 7,
  },
  { n: 3, at: 3, from: 'B', direction: 'from-relay', text: 'what did not decode', hex: 'c1ff…' },
  { n: 4, at: 4, from: 'relay', direction: 'event', text: 'killed with SIGKILL' },
  { n: 5, at: 5, from: '…', direction: 'event', text: '30 steps are left out' },
  { n: 6, at: 6, from: 'A', direction: 'exchange', text: 'Bye {} ← Ok' },
];

const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;

test('has a section for each check, what went wrong first and what passed short', () => {
  const page = reportPage(jsonReport(runOf([{ ...fail, trace }, unknown, notRun, pass])));
  for (const { check } of [fail, unknown, notRun, pass])
    expect(count(page, new RegExp(` id="${check.id}"`, 'g'))).toBe(1);
  const order = ['<h1>not conformant</h1>', 'id="CUR-02"', 'id="SES-01"', 'id="CUR-03"', 'id="CUR-01"'];
  expect(order.map((part) => page.indexOf(part))).toEqual(
    order.map((part) => page.indexOf(part)).toSorted((a, b) => a - b),
  );
  expect(page).toMatch(/<li id="CUR-01"><details><summary>/);
  // The rule in the words of the specification, what it allows, what came, and how to see it again.
  expect(page).toMatch(/<blockquote><b>CUR-02<\/b> \(MUST\) /);
  expect(page).toContain('<dt>expected</dt><dd>cursor 2</dd>\n<dt>or</dt><dd>Error 3002</dd>');
  expect(page).toContain('<dt>got</dt><dd class="actual">cursor 3</dd>');
  expect(page).toContain('<code>0k-conformance --only CUR-02 --seed 9</code>');
  // Every link within the page leads somewhere.
  for (const [, id] of page.matchAll(/href="#([^"]+)"/g)) expect(page).toContain(` id="${id}"`);
});

test('draws the trace, with connections and the relay as columns', () => {
  const page = reportPage(jsonReport(runOf([{ ...fail, trace }])));
  const svg = /<svg.*?<\/svg>/s.exec(page)![0];
  expect(Array.from(svg.matchAll(/class="name"[^>]*>([^<]*)/g), ([, name]) => name)).toEqual(['A', 'B', 'relay']);
  expect(count(svg, /class="(arrow|answer)"/g)).toBe(4 + 1 + 2);
  expect(svg).toContain('… 5 more like it …');
  expect(svg).toContain('… 30 steps are left out …');
  expect(count(svg, /class="event"/g)).toBe(2);
});

test('shows the bytes of a message beside what they mean', () => {
  const page = reportPage(jsonReport(runOf([{ ...fail, trace }])));
  expect(page).toMatch(/<td class="hex">cd 01 2c<\/td><td class="depth1">after_cursor<\/td><td>300<\/td>/);
  expect(page).toContain('89 more bytes, which the report does not keep');
  expect(page).toContain('<pre class="hex">c1 ff…</pre>');
});

test('tells why a run says nothing, or is not to be trusted', () => {
  const finding = { requirement: 'WIRE-28', expected: ['Error 1000'], actual: 'Ok' };
  const untrusted = runOf([pass], { canary: { passed: false, ms: 1, reason: 'it granted it', finding, trace } });
  expect(reportPage(jsonReport(untrusted))).toMatch(/its passes are not to be trusted.*<dd class="actual">Ok<\/dd>/s);
  expect(reportPage(jsonReport(untrusted))).toContain('(untrusted)');
  const problem = runOf([notRun], { problem: { verdict: 'inconclusive', text: 'nobody is there' } });
  expect(reportPage(jsonReport(problem))).toContain('<b>nobody is there</b>');
  const more = reportPage(jsonReport(runOf([knownFail, warned], { interrupted: 'stopped', idle: [known] })));
  for (const text of ['<b>stopped</b>', 'Known failures (1)', 'Warnings', '<dd>CUR-*</dd>'])
    expect(more).toContain(text);
});

test('tells of a codec what it has and what it was asked', () => {
  const driver = { name: 'mine', version: '2.1', operations: new Set(['decode']) };
  const request = { op: 'decode', input: { body: '93' } };
  const run = runOf([{ ...fail, inputs: { vectors: ['a', 'b', 'c'], random: 4 }, request }], { kind: 'codec', driver });
  const page = reportPage(jsonReport(run));
  expect(page).toContain('<title>not conformant: mine 2.1</title>');
  for (const text of ['<dd>decode</dd>', '<dd>3 vectors, 4 random requests</dd>', '&quot;body&quot;: &quot;93&quot;']) {
    expect(page).toContain(text);
  }
});

test('of a target that is to be trusted raises no alarm', () => {
  expect(reportPage(jsonReport(runOf([pass])))).not.toMatch(/class="alarm"|untrusted/);
});

test('is made from a report as plain data, an old one too', () => {
  const report: Report = JSON.parse(JSON.stringify(jsonReport(runOf([{ ...fail, trace }, pass]))));
  expect(reportPage(report)).toBe(reportPage(jsonReport(runOf([{ ...fail, trace }, pass]))));
  const { selection, ...old } = report;
  expect(selection).toBeDefined();
  expect(reportPage(old)).toContain('id="CUR-02"');
});

const HOSTILE = `</title></style></svg><script>alert(1)</script><img src=x onerror=alert(2)>" onmouseover='x' &amp; \u202e\x1b[31m\0`;

/** Every string of a report is hostile, but for those that the schema holds to a form. */
function poison<T>(value: T, key = ''): T {
  const kept = [
    'verdict',
    'direction',
    'kind',
    'startedAt',
    'id',
    'requirements',
    'hex',
    'bytes',
    'version',
    'specVersion',
  ];
  if (kept.includes(key)) return value;
  if (typeof value === 'string') return HOSTILE as T;
  if (Array.isArray(value)) return value.map((each) => poison(each)) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, poison(each, name)])) as T;
}

test('whatever comes from a target is text', () => {
  const hostile = [
    { ...fail, trace },
    unknown,
    notRun,
    knownFail,
    result({ ...checks[0]!, title: HOSTILE }, {}),
    {
      ...warned,
      property: { seed: 1, runs: 1, counts: {}, orders: { found: 0, unknown: 0, leftOut: 0 }, plan: { a: HOSTILE } },
    },
  ];
  const limits = new Map([['max_blob_size', 1n]]);
  const report = poison(jsonReport(runOf(hostile, { startedBy: 'x', limits, idle: [known], interrupted: 'x' })));
  const matrix = matrixPage(
    matrixOf([
      { name: HOSTILE, report },
      { name: 'b', report: { ...report, checks: [] } },
    ]),
  );
  for (const page of [reportPage(report), matrix]) {
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).not.toMatch(/<script|<img/);
    // The page has one title, and so has each text of a drawing that may be cut.
    expect(count(page, /<\/title>/g)).toBe(count(page, /<title>/g));
    // All tags are the page's own, and none has an attribute that runs anything.
    const tags = page.replace(/<style>[^<]*<\/style>/, '').match(/<[^>]*>/g)!;
    expect(tags.filter((tag) => /\son\w+=|javascript:|\ssrc=|\sstyle=/.test(tag.replace(/"[^"]*"/g, '""')))).toEqual(
      [],
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(page).not.toMatch(/[\0\x1b\u202e]/);
    expect(page).toMatch(/content="default-src &#39;none&#39;; style-src &#39;sha256-/);
  }
});
