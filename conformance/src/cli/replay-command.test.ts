import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message } from '@0k-sync/spec';
import reportSchema from '@0k-sync/spec/schemas/report.schema.json' with { type: 'json' };
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kit } from '../../test/kit.ts';
import { scripted } from '../../test/scripted.ts';
import { ScriptedSession } from '../model/scripted-relay.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-command-'));
});
afterAll(() => rm(folder, { recursive: true }));

const path = (name: string) => join(folder, name);
const validate = new Ajv2020({ allErrors: true, strict: false, validateFormats: false }).compile(reportSchema);

/** Says that there is more, always. */
class NeverDone extends ScriptedSession {
  override pull(pull: Extract<Message, { type: 'Pull' }>) {
    return { ...super.pull(pull), has_more: true };
  }
}

async function report(name: string): Promise<{ checks: { [key: string]: unknown; property: { plan?: object } }[] }> {
  const json = JSON.parse(await readFile(path(name), 'utf8'));
  expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
  return json;
}

it('runs the plan that failed again, against the same relay or another one', async () => {
  const only = ['--only', 'CUR-37/plans,CUR-47', '--seed', '3'];
  await kit('--relay', await scripted(NeverDone), ...only, '--json', path('failed.json'));
  const [{ property }] = (await report('failed.json')).checks.filter(({ id }) => id === 'CUR-37/plans') as [
    { property: { plan: object } },
  ];

  const again = await kit('replay', path('failed.json'), 'CUR-37/plans', '--json', path('again.json'));
  expect(again.out).toMatch(/^0k-conformance: the plan of \d+ operations? in .*failed\.json\n/);
  expect(again.out).toMatch(/\nFAIL 5\/5 CUR-37\/plans {2}/);
  expect(again.out).toContain(`  again     0k-conformance replay ${path('failed.json')} CUR-37/plans\n`);
  expect(again.last).toMatch(/^not conformant: /);
  expect(again.code).toBe(1);
  expect((await report('again.json')).checks).toMatchObject([
    { id: 'CUR-37/plans', confirmation: 'FAIL 5/5', property: { plan: property.plan } },
  ]);

  const right = await kit('replay', path('failed.json'), 'CUR-37/plans', '--relay', await scripted());
  expect(right.out).toContain('it did not fail: 0/5\n');
  expect(right.last).toMatch(/^passed: /);
  expect(right.code).toBe(0);
  expect(right.err).toBe('');

  const whole = await kit('replay', path('failed.json'), 'CUR-47');
  expect(whole.out).toContain('no plan in ');
  expect(whole.out).toContain('\n1 check, seed 3\n');
  expect(whole.out).toContain('FAIL CUR-47 ');
  expect(whole.code).toBe(1);
});

it('needs a relay that it can kill for a plan with a fault', async () => {
  const lane = { device: 0, group: 0, ops: [{ op: 'push', blob: 0 }] };
  const plan = { devices: 1, groups: 1, blobs: [1], prefix: [], lanes: [lane], faults: [{ kind: 'kill', after: 1 }] };
  const check = { id: 'CUR-26/plans', property: { seed: 1, plan } };
  await writeFile(path('fault.json'), JSON.stringify({ tool: '0k-conformance', target: {}, seed: 1, checks: [check] }));
  const remote = await kit('replay', path('fault.json'), 'CUR-26/plans', '--relay', await scripted());
  expect(remote.out).toContain('needs a relay that the kit can kill (--start)');
  expect(remote.code).toBe(3);
  const own = await kit('replay', path('fault.json'), 'CUR-26/plans');
  expect(own.out).toContain('it did not fail: 0/5\n');
  expect(own.code).toBe(0);
});

it.each<[string, string | undefined, RegExp]>([
  ['no file', undefined, /it cannot be read \(ENOENT\)/],
  ['no JSON', 'FAIL', /that is no JSON; a report is written by --json/],
  ['another JSON', '{"tool": "something"}', /that is no report of 0k-conformance, which --json writes/],
  [
    'a report without the check',
    '{"tool": "0k-conformance", "seed": 1, "target": {}, "checks": [{"id": "CUR-37/plans"}]}',
    /has no check "CUR-37\/plan"; did you mean CUR-37\/plans\?/,
  ],
  [
    'a report of other checks',
    '{"tool": "0k-conformance", "seed": 1, "target": {}, "checks": [{"id": "CUR-37/plan", "replay": "this"}]}',
    /"CUR-37\/plan" is no check that can be replayed; the report says: this/,
  ],
  [
    'a plan that is none',
    '{"tool": "0k-conformance", "seed": 1, "target": {}, "checks": [{"id": "CUR-37/plan", "property": {"plan": {}}}]}',
    /is no check that can be replayed/,
  ],
])('says what is wrong with %s', async (_, text, message) => {
  const file = path('wrong.json');
  await rm(file, { force: true });
  if (text !== undefined) await writeFile(file, text);
  const { code, err, out } = await kit('replay', file, 'CUR-37/plan');
  expect(err).toMatch(message);
  expect(err).toMatch(/^0k-conformance: /);
  expect(out).toBe('');
  expect(code).toBe(2);
});

it('says what is wrong with a plan', async () => {
  const check = { id: 'CUR-37/plans', property: { plan: { devices: 0 } } };
  await writeFile(path('plan.json'), JSON.stringify({ tool: '0k-conformance', target: {}, seed: 1, checks: [check] }));
  const { code, err } = await kit('replay', path('plan.json'), 'CUR-37/plans');
  expect(err).toContain('CUR-37/plans: its plan cannot be read: devices is no whole number from 1');
  expect(code).toBe(2);
});
