import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SPEC_VERSION } from '@0k-sync/spec';
import { expect, onTestFinished, test } from 'vitest';
import { readSaboteurScore } from './saboteur-score.ts';
import { KIT_VERSION } from './version.ts';

const score = {
  relays: { killed: 83, of: 84 },
  commonMode: { killed: 16, of: 16 },
  codecs: { killed: 25, of: 25 },
  legal: { passed: 15, of: 15 },
};

async function file(content: unknown): Promise<URL> {
  const folder = await mkdtemp(join(tmpdir(), 'score-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  if (content !== undefined) await writeFile(join(folder, 'score.json'), JSON.stringify(content));
  return pathToFileURL(join(folder, 'score.json'));
}

test('the score of this kit is read', async () => {
  const written = await file({ kit: KIT_VERSION, spec: SPEC_VERSION, ...score, at: 'some day' });
  expect(readSaboteurScore(written)).toEqual(score);
});

test.each<[string, unknown, RegExp]>([
  ['that is not there', undefined, /without a score/],
  ['of another kit', { kit: '9.9.9', spec: SPEC_VERSION, ...score }, /another version/],
  ['of another specification', { kit: KIT_VERSION, spec: '9.9.9', ...score }, /another version/],
  ['that is null', null, /another version/],
  ['without codecs', { kit: KIT_VERSION, spec: SPEC_VERSION, ...score, codecs: undefined }, /cannot be read/],
  [
    'with more than all',
    { kit: KIT_VERSION, spec: SPEC_VERSION, ...score, relays: { killed: 2, of: 1 } },
    /cannot be read/,
  ],
])('a score %s is unknown', async (_, content, message) => {
  expect(readSaboteurScore(await file(content))).toEqual({ unknown: expect.stringMatching(message) });
});
