import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message } from '@0k-sync/spec';
import reportSchema from '@0k-sync/spec/schemas/report.schema.json' with { type: 'json' };
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kit } from '../../test/kit.ts';
import { fail, runOf } from '../../test/sample-run.ts';
import { scripted } from '../../test/scripted.ts';
import { ScriptedSession } from '../model/scripted-relay.ts';
import { jsonReport } from '../report/json.ts';

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

  const again = await kit(
    'replay',
    path('failed.json'),
    'CUR-37/plans',
    '--json',
    path('again.json'),
    '--timeout',
    '9',
  );
  expect(again.out).toMatch(/^0k-conformance: the plan of \d+ operations? in .*failed\.json\n/);
  expect(again.out).toMatch(/\nFAIL 5\/5 CUR-37\/plans {2}/);
  expect(again.out).toContain(`  again     0k-conformance replay ${path('failed.json')} CUR-37/plans --timeout 9\n`);
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

const lane = { device: 0, group: 0, ops: [{ op: 'push', blob: 0 }] };
const plan = { devices: 1, groups: 1, blobs: [1], prefix: [], lanes: [lane], faults: [{ kind: 'kill', after: 1 }] };

/** Writes a report of one check, CUR-26/plans, with changes. */
async function written(check: object = {}, changes: object = {}, target: object = {}): Promise<string> {
  const json = jsonReport(runOf([fail]));
  const checks = [{ ...json.checks[0], id: 'CUR-26/plans', ...check }];
  await writeFile(
    path('report.json'),
    JSON.stringify({ ...json, target: { kind: 'relay', ...target }, checks, ...changes }),
  );
  return path('report.json');
}

it('needs a relay that it can kill for a plan with a fault', async () => {
  const file = await written({ property: { seed: 1, runs: 1, plan } });
  const remote = await kit('replay', file, 'CUR-26/plans', '--relay', await scripted());
  expect(remote.out).toContain('needs a relay that the kit can kill (--start)');
  expect(remote.code).toBe(3);
  const own = await kit('replay', file, 'CUR-26/plans');
  expect(own.out).toContain('it did not fail: 0/5\n');
  expect(own.code).toBe(0);
});

it('starts the reference relay again where it was that, in whatever configurations', async () => {
  const startedBy = ['certify.toml', 'certify-limits.toml'].map(
    (name) => `the bin of @0k-sync/relay, with its ${name}`,
  );
  const { code, out } = await kit(
    'replay',
    await written({ id: 'CUR-47' }, {}, { startedBy: startedBy.join('; ') }),
    'CUR-47',
  );
  expect(out).toContain('no relay named, so this starts the bin of @0k-sync/relay, with its certify.toml\n');
  expect(code).toBe(0);
});

it.each([
  'touch {dir}/../started; my-relay',
  'node_modules/@0k-sync/relay/bin/0k-sync-relay.js --with-a-fault',
  'the bin of @0k-sync/relay, with its certify.toml; touch started',
])('runs no command because a file says so: %s', async (command) => {
  const startedBy = command.replace('{dir}/..', folder);
  const { code, out, err } = await kit(
    'replay',
    await written({}, {}, { startedBy, url: 'ws://127.0.0.1:9/' }),
    'CUR-26/plans',
  );
  expect(err).toMatch(/report\.json is about a relay that a command started\. It is not run because a file says so; /);
  expect(err).toContain(`--start '${startedBy}'\n`);
  expect([code, out]).toEqual([2, '']);
  expect(await readdir(folder)).not.toContain('started');
});

it('shows nothing that a terminal would act upon', async () => {
  const { err } = await kit('replay', await written({}, {}, { startedBy: 'a\u001b[2Jb' }), 'CUR-26/plans');
  expect(err).toContain("--start 'a\\u{1b}[2Jb'");
});

it.each([
  ...[
    ['--only', 'SES-01'],
    ['--profile', 'core'],
    ['--codec', 'driver'],
    ['--chaos', 'cut'],
    ['--toxiproxy', 'x'],
  ],
  ...[['--quick'], ['--known-failing', 'x'], ['--jobs', '2']],
  ...[
    ['--certificate', 'x'],
    ['--key', 'x'],
    ['--badge', 'x'],
    ['--artifact', 'x'],
    ['--report-url', 'http://a/'],
  ],
])('is no place for %s', async (option, ...value) => {
  const { code, out, err } = await kit('replay', await written(), 'CUR-26/plans', option!, ...value);
  expect(err).toBe(
    `0k-conformance: ${option} is not for replay, which runs one check as the report says: leave it out\n`,
  );
  expect([code, out]).toEqual([2, '']);
});

it('takes --runs without a plan only', async () => {
  const file = await written({ property: { seed: 1, runs: 1, plan } });
  const { code, err } = await kit('replay', file, 'CUR-26/plans', '--runs', '9');
  expect(err).toContain('--runs is not for a plan, which is run again as often as it takes: leave it out');
  expect(code).toBe(2);
});

it('does not write over the report', async () => {
  const file = await written();
  const { code, err } = await kit('replay', file, 'CUR-26/plans', '--json', file);
  expect(err).toContain('that is the same file as the report, which would be overwritten');
  expect(code).toBe(2);
});

it.each<[string, string | undefined, RegExp]>([
  ['no file', undefined, /it cannot be read \(ENOENT\)/],
  ['no JSON', 'FAIL', /it is no JSON; a report is what `0k-conformance --json /],
  ['another JSON', '{"tool": "something"}', /it is no report of 0k-conformance: /],
  ['null', 'null', /it is no report of 0k-conformance: /],
])('says what is wrong with %s', async (_, text, message) => {
  const file = path('wrong.json');
  await rm(file, { force: true });
  if (text !== undefined) await writeFile(file, text);
  const { code, err, out } = await kit('replay', file, 'CUR-37/plan');
  expect(err).toMatch(message);
  expect(err).toMatch(/^0k-conformance: .*\n$/);
  expect(out).toBe('');
  expect(code).toBe(2);
});

const selection = { timeoutSeconds: 10, jobs: 1, strict: false, quick: false, selected: 1, available: 1 };

it.each<[string, object, object, RegExp]>([
  ['the check', { id: 'CUR-26/plan' }, {}, /has no check "CUR-26\/plans"; did you mean CUR-26\/plan\?/],
  ['a target', {}, { target: undefined }, /the report is broken: it must have required property 'target'/],
  ['a check that is one', {}, { checks: [null] }, /the report is broken: checks\/0 must be object/],
  ['a selection', {}, { selection: null }, /the report is broken: selection must be object/],
  ['a command that is one', {}, { target: { kind: 'relay', startedBy: 5 } }, /target\/startedBy must be string/],
  ['a time', {}, { selection: { ...selection, timeoutSeconds: 'abc' } }, /selection\/timeoutSeconds must be number/],
  [
    'a time from now on',
    {},
    { selection: { ...selection, timeoutSeconds: -1 } },
    /selection\/timeoutSeconds must be > 0/,
  ],
  ['a time to live', {}, { selection: { ...selection, timeoutSeconds: 1e9 } }, /timeoutSeconds is above 3600/],
  ['an end', {}, { selection: { ...selection, runs: 1e9 } }, /runs is above 100000/],
  [
    'a plan that is one',
    { property: { seed: 1, runs: 1, plan: { devices: 0 } } },
    {},
    /CUR-26\/plans: its plan cannot be read: devices is no whole number from 1 to 64/,
  ],
  [
    'a plan that ends',
    { property: { seed: 1, runs: 1, plan: { ...plan, devices: 1e9 } } },
    {},
    /CUR-26\/plans: its plan cannot be read: devices is no whole number from 1 to 64/,
  ],
])('says what is wrong with a report without %s', async (_, check, changes, message) => {
  const { code, err, out } = await kit('replay', await written(check, changes), 'CUR-26/plans');
  expect(err).toMatch(message);
  expect(err).toMatch(/^0k-conformance: .*\n$/);
  expect([code, out]).toEqual([2, '']);
});

it('says of a check that it does not have how the report would run it again', async () => {
  const { code, err } = await kit('replay', await written({ id: 'CUR-26/plan', replay: 'th\u001bis' }), 'CUR-26/plan');
  expect(err).toContain('"CUR-26/plan" is no check that can be replayed; the report says: th\\u{1b}is\n');
  expect(code).toBe(2);
});
