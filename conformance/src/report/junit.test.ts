import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { checks, fail, known, knownFail, notRun, pass, result, runOf, unknown, warned } from '../../test/sample-run.ts';
import type { RunResult } from '../run/result.ts';
import { junitReport } from './junit.ts';

const schema = await readFile(fileURLToPath(new URL('../../test/junit.xsd', import.meta.url)), 'utf8');

async function errorsOf(xml: string): Promise<string[]> {
  const { errors } = await validateXML({ xml: [{ fileName: 'report.xml', contents: xml }], schema: [schema] });
  return errors.map(({ message }) => message);
}

/** A report that is valid. */
async function report(run: RunResult): Promise<string> {
  const xml = junitReport(run);
  expect(await errorsOf(xml), xml).toEqual([]);
  return xml;
}

/** The case of a check, up to its end. */
function caseOf(xml: string, name: string): string {
  return new RegExp(`<testcase name="${name}[^>]*(?:/>|[^/]>.*?</testcase>)`, 's').exec(xml)![0];
}

describe('the JUnit report', () => {
  it('has a suite for each area, and a case for each check', async () => {
    const xml = await report(runOf([pass, notRun, unknown]));
    expect(xml.match(/<testsuite .*/g)).toEqual([
      '<testsuite name="run" package="0k-conformance" timestamp="1970-01-01T00:00:00" hostname="localhost" tests="1" failures="0" errors="0" skipped="0" time="0.000" id="0">',
      '<testsuite name="CUR Cursor semantics" package="0k-conformance" timestamp="1970-01-01T00:00:00" hostname="localhost" tests="2" failures="0" errors="0" skipped="1" time="0.006" id="1">',
      '<testsuite name="SES Session" package="0k-conformance" timestamp="1970-01-01T00:00:00" hostname="localhost" tests="1" failures="0" errors="1" skipped="0" time="0.003" id="2">',
    ]);
    expect(caseOf(xml, 'CUR-01')).toBe(
      '<testcase name="CUR-01 the title of CUR-01" classname="0k-conformance.core.CUR" time="0.003"/>',
    );
    expect(caseOf(xml, 'CUR-03')).toContain('<skipped message="needs a miracle"/>');
  });

  it('tells what the relay did wrong from what is not known', async () => {
    const xml = await report(runOf([pass, fail, unknown]));
    const failure = caseOf(xml, 'CUR-02');
    expect(failure).toContain('<failure message="expected cursor 2 or Error 3002; got cursor 3" type="CUR-02">');
    for (const text of [
      'rule      CUR-02 (MUST): ',
      'Push {}  00ff',
      'again     0k-conformance --only CUR-02 --seed 9',
    ]) {
      expect(failure).toContain(text);
    }
    expect(caseOf(xml, 'SES-01')).toMatch(
      /<error message="who knows" type="inconclusive">who knows\nat here\nagain: 0k-conformance --only SES-01 --seed 9<\/error>/,
    );
    expect(caseOf(xml, 'the run as a whole')).toMatch(/\/>$/);
  });

  it('does not count a known failure, but one that passes', async () => {
    const xml = await report(runOf([{ ...pass, known }, knownFail, warned]));
    expect(caseOf(xml, 'CUR-02')).toContain('<skipped message="known failure (known.txt:3): got cursor 3"/>');
    expect(caseOf(xml, 'CUR-01')).toContain('type="known failure passed">it passed, and known.txt:3 lists it');
    expect(xml).toContain('<system-out>CUR-01: CUR-01 (SHOULD) is not kept\n</system-out>');
  });

  const keptOut = result(checks[2]!, { verdict: 'not-run', reason: 'needs lifted limits', missing: 'lifted-limits' });
  const lifted = { 'lifted-limits': ['messages_per_minute is 100'] };
  const unreached = { passed: false, ms: 0, reason: 'it was not reached', trace: [] };
  const finding = { requirement: 'WIRE-28', expected: ['Error 1000'], actual: 'Ok' };
  it.each<[string, RunResult, string]>([
    [
      'could not begin',
      runOf([notRun], { canary: unreached, problem: { verdict: 'inconclusive', text: 'gone' } }),
      'error',
    ],
    [
      'met no relay',
      runOf([notRun], { canary: unreached, problem: { verdict: 'not-conformant', text: 'no' } }),
      'failure',
    ],
    ['was interrupted', runOf([pass], { interrupted: 'interrupted' }), 'error'],
    ['met rates', runOf([pass, keptOut], { unmet: lifted }), 'error'],
    ['passed nothing', runOf([notRun]), 'error'],
    ['met a canary', runOf([pass], { canary: { ...unreached, reason: 'it granted it', finding } }), 'failure'],
  ])('of a run that %s is not green', async (_, run, kind) => {
    const whole = caseOf(await report(run), 'the run as a whole');
    expect(whole).toContain(`<${kind} message=`);
    expect(whole).toMatch(/(inconclusive|not conformant): profile/);
  });

  it('is XML whatever the relay or a title say', async () => {
    const hostile =
      'a ]]> <b attr="x">\'&amp; \0\x07\x1b[31m\u{fffe}\ud800 \udc00\ud83d\ude00 \t\r\n<!-- --> <![CDATA[';
    const xml = await report(
      runOf([
        {
          ...result({ ...checks[0]!, title: hostile }, {}),
          verdict: 'inconclusive',
          reason: hostile,
          notes: [hostile],
        },
        { ...fail, finding: { requirement: 'CUR-02', expected: [hostile], actual: hostile }, replay: hostile },
        { ...knownFail, known: { place: hostile, pattern: hostile } },
        { ...warned, reason: hostile },
      ]),
    );
    expect(xml).toContain('a ]]&gt; &lt;b attr=&quot;x&quot;&gt;&apos;&amp;amp; [31m 😀 ');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(xml).not.toMatch(/[\0\x07\x1b\ufffe]/);
    expect(xml.isWellFormed()).toBe(true);
    expect(caseOf(xml, 'CUR-02')).toMatch(/message="expected a \]\]&gt;[^\n\r\t"]*"/);
  });

  it('is XML for any texts', async () => {
    // Any UTF-16 code units, so that surrogates are alone as often as not.
    const text = fc.uint16Array({ maxLength: 100 }).map((units) => String.fromCharCode(...units));
    const texts = fc.array(text, { minLength: 40, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(texts, async (reasons) => {
        await report(runOf(reasons.map((reason) => ({ ...unknown, reason, notes: [reason] }))));
      }),
      { numRuns: 3 },
    );
  });

  it('that lacks what the schema asks for is found out', async () => {
    const xml = junitReport(runOf([pass, fail, unknown]));
    for (const [right, wrong] of [
      [' classname="0k-conformance.core.CUR"', ''],
      ['time="0.003"', 'time="3 ms"'],
      ['<properties/>', ''],
      [' type="CUR-02"', ''],
      ['timestamp="1970-01-01T00:00:00"', 'timestamp="1970-01-01T00:00:00.000Z"'],
      ['<failure', '<skipped/><failure'],
      ['got cursor 3', 'got \x01'],
    ] as const) {
      expect(xml).toContain(right);
      expect(await errorsOf(xml.replace(right, wrong)), wrong).not.toEqual([]);
    }
  });
});
