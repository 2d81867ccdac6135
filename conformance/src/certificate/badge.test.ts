import { expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { statementFor, wholeRun } from '../../test/sample-certificate.ts';
import { pass, warned } from '../../test/sample-run.ts';
import { badge } from './badge.ts';

async function isWellFormed(xml: string): Promise<boolean> {
  const schema = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>';
  const { errors } = await validateXML({ xml: [{ fileName: 'badge.svg', contents: xml }], schema: [schema] });
  return errors.every(({ message }) => !/parser error/.test(message));
}

test('a badge names profiles and specification', async () => {
  const svg = badge(statementFor());
  expect(svg).toContain('>0k-Sync 0.0.0</text>');
  expect(svg).toContain('>conformant: core, membership</text>');
  expect(await isWellFormed(svg)).toBe(true);
  expect(badge(statementFor(wholeRun([warned])))).toContain('1 warning</text>');
});

test('a badge of a codec says how many of the operations it has', () => {
  const operations = new Set(['describe', 'decode', 'encode', 'an operation of its own']);
  const run = wholeRun([pass], { kind: 'codec', profiles: ['codec'], driver: { name: 'mine', operations } });
  expect(badge(statementFor(run))).toContain('>conformant: codec, 2 of 46 operations</text>');
});

test('whatever stands in a certificate, a badge is a picture and no more', async () => {
  const hostile = '</text></svg><script>alert(1)</script>" onload="x\u202e\0';
  const svg = badge(statementFor(wholeRun(undefined, { profiles: [hostile] })));
  expect(await isWellFormed(svg)).toBe(true);
  expect(svg).not.toMatch(/<script|"\s*onload/);
  expect(svg.match(/<\/svg>/g)).toHaveLength(1);
  expect(await isWellFormed(svg.replace('&lt;', '<'))).toBe(false);
});
