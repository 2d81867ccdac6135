import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Message } from '@0k-sync/spec';
import reportSchema from '@0k-sync/spec/schemas/report.schema.json' with { type: 'json' };
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority } from '../../../relay/test/certificates.ts';
import { kit } from '../../test/kit.ts';
import { scripted } from '../../test/scripted.ts';
import { ScriptedSession } from '../model/scripted-relay.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-command-'));
});
afterAll(() => rm(folder, { recursive: true }));

const path = (name: string) => join(folder, name);
const validate = new Ajv2020({ allErrors: true, strict: false, validateFormats: false }).compile(reportSchema);

/** A run with its report. */
async function report(...args: string[]) {
  const result = await kit('--json', path('report.json'), ...args);
  const json = JSON.parse(await readFile(path('report.json'), 'utf8'));
  expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
  return { ...result, json };
}

/** Breaks CUR-40, which CUR-47 finds, and leaves the rest right. */
class NeverDone extends ScriptedSession {
  override pull(pull: Extract<Message, { type: 'Pull' }>) {
    return { ...super.pull(pull), has_more: true };
  }
}

describe('known failures', () => {
  async function listed(text: string) {
    await writeFile(path('known.txt'), text);
    return ['--known-failing', path('known.txt')];
  }

  it('that fail do not count, and are told', async () => {
    const known = await listed('# ours\nCUR-47 # issue 12\nLIM-0*\n');
    const { code, last, out, json } = await report('--relay', await scripted(NeverDone), '--only', 'CUR-47', ...known);
    expect(last).toMatch(/^only known failures: 1 of .* · 0 passed, 0 failed, 1 known failing, 0 not run$/);
    expect(code).toBe(0);
    expect(out).toMatch(/Known failures:\n {2}CUR-47 \(.*known\.txt:2\): got /);
    expect(out).toMatch(/not among these checks:\n {2}LIM-0\* \(.*known\.txt:3\)/);
    expect(json).toMatchObject({
      verdict: 'known-failures',
      totals: { fail: 0, knownFailing: 1 },
      unusedKnownFailures: ['LIM-0*'],
      checks: [{ verdict: 'fail', knownFailing: 'CUR-47' }],
    });
  });

  it('that pass fail the run, and their line is named', async () => {
    const known = await listed('CUR-47\n');
    const { code, last, json } = await report('--relay', await scripted(), '--only', 'CUR-47', ...known);
    expect(last).toMatch(/^known failures passed: .* · 1 passed, 0 failed, 0 not run · correct .*known\.txt:1$/);
    expect(code).toBe(1);
    expect(json.verdict).toBe('unexpected-pass');
  });

  it('do not hide others', async () => {
    const known = await listed('SES-01\n');
    const { code, json } = await report('--relay', await scripted(NeverDone), '--only', 'CUR-47', ...known);
    expect(code).toBe(1);
    expect(json).toMatchObject({ verdict: 'not-conformant', totals: { fail: 1, knownFailing: 0 } });
  });

  it('that match nothing end the run before it begins', async () => {
    const { code, out, err } = await kit(...(await listed('CUR-47\nCUR-37/plan\n')));
    expect(code).toBe(2);
    expect(err).toMatch(/known\.txt:2: CUR-37\/plan matches no check; did you mean CUR-37\/plans\?\n$/);
    expect(out).toBe('');
  });
});

describe('a JUnit report', () => {
  it('is written with failures, and replaces the one before', async () => {
    const file = path('report.xml');
    await writeFile(file, 'an older one');
    await kit('--relay', await scripted(NeverDone), '--only', 'CUR-47', '--junit', file);
    const xml = await readFile(file, 'utf8');
    expect(xml).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites>/);
    expect(xml).toContain('classname="0k-conformance.core.CUR"');
    expect(xml).toMatch(/<failure message="expected .*; got .*" type="CUR-4\d">FAIL CUR-47 /);
    expect((await readdir(folder)).filter((name) => name.startsWith('report.xml'))).toEqual(['report.xml']);
  });
});

describe('the part that is run', () => {
  it('is without what is slow, and says so, when it is to be quick', async () => {
    const { code, last, json } = await report('--relay', await scripted(), '--only', 'CUR-01,HS-19', '--quick');
    expect(last).toMatch(/^passed: 2 of \d{3} checks of .* \(--only, --quick\) · 2 passed, 0 failed, 1 not run$/);
    expect(code).toBe(0);
    expect(json).toMatchObject({
      verdict: 'passed',
      selection: { quick: true, runs: 5 },
      notRun: [{ reason: 'it takes seconds: left out by --quick', checks: 1 }],
    });
  });

  it('has as many plans as are asked for', async () => {
    const runs = async (...args: string[]) => {
      const { json } = await report('--relay', await scripted(), '--only', 'CUR-37/plans', '--seed', '5', ...args);
      return json.checks[0].property.runs;
    };
    // More only until each kind of operation was among them often enough.
    expect(await runs('--runs', '40')).toBeGreaterThanOrEqual(40);
    expect(await runs('--quick')).toBeLessThan(30);
  });

  it('ends with the time that it is given, and leaves its reports', async () => {
    const url = await scripted(
      class extends ScriptedSession {
        override push(): void {}
      },
    );
    const limits = ['--max-time', '1', '--timeout', '60', '--junit', path('late.xml')];
    const { code, last, out, json } = await report('--relay', url, '--only', 'CUR-01', ...limits);
    expect(last).toMatch(/^inconclusive: .* · 0 passed, 0 failed, 2 not run, stopped after 1 s \(--max-time\)$/);
    expect(code).toBe(3);
    expect(out).toContain('2 checks, stopped after 1 s (--max-time): CUR-01, CUR-37/plans');
    expect(json).toMatchObject({ interrupted: 'stopped after 1 s (--max-time)', selection: { maxTimeSeconds: 1 } });
    expect(await readFile(path('late.xml'), 'utf8')).toContain('<error message="inconclusive: ');
  });
});

describe('the way back', () => {
  it('has everything that the outcome may rest on', async () => {
    const url = await scripted(NeverDone);
    const given = ['--admin', 'http://127.0.0.1:9090', '--strict', '--runs', '50', '--timeout', '5'];
    const { out } = await kit('--relay', url, '--only', 'CUR-47', '--seed', '3', ...given);
    expect(out).toContain(
      `  again     0k-conformance --relay ${url} --admin http://127.0.0.1:9090/ --only CUR-47 --seed 3 --timeout 5 --runs 50 --strict\n`,
    );
  });
});

describe('what an address alone does not offer', () => {
  it('is not run, and said so', async () => {
    const { code, out, json } = await report('--relay', await scripted(), '--only', 'CUR-47,OPS-07,OPS-11');
    expect(code).toBe(0);
    expect(out.replace(/\s+/g, ' ')).toContain("needs the relay's admin HTTP address (--admin, or printed by a relay");
    expect(json.notRun.map(({ need }: { need: string }) => need)).toEqual(['admin', 'stop']);
  });

  it('of its rates, which could be on, leaves the profile that wants them inconclusive', async () => {
    const { code, last, out } = await report('--relay', await scripted(), '--only', 'CUR-47,LIM-11');
    expect(last).toMatch(/^inconclusive: .* · 1 passed, 0 failed, 1 not run · set connections_per_minute, /);
    expect(code).toBe(3);
    expect(out.replace(/\s+/g, ' ')).toContain('as certify-limits.toml makes it: connections_per_minute is off,');
  });
});

describe('the reference relay', () => {
  it('is two where rates are wanted as well, and one run', async () => {
    const { code, out, json } = await report('--only', 'LIM-02,LIM-04,LIM-11');
    expect(out).toContain(
      'starts the bin of @0k-sync/relay, with its certify.toml, and then the bin of @0k-sync/relay, with its certify-limits.toml\n',
    );
    expect(out.match(/^relay ".*" at ws:/gm)).toHaveLength(2);
    expect(code).toBe(0);
    expect(json.checks.map(({ id, verdict }: { id: string; verdict: string }) => `${id} ${verdict}`)).toEqual([
      'LIM-02 pass',
      'LIM-04 pass',
      'LIM-11 pass',
    ]);
    expect(json.target.startedBy).toMatch(/certify\.toml; .*certify-limits\.toml$/);
  });
});

describe('a relay with a certificate', () => {
  const BIN = fileURLToPath(new URL('../../../relay/bin/0k-sync-relay.js', import.meta.url));

  /** Starts the reference relay on wss://. `FRAME-09` upgrades by hand. */
  async function secure(...args: string[]) {
    const authority = createAuthority();
    const { tls_cert, tls_key } = authority.sign();
    const free = ['messages_per_minute', 'connections_per_minute', 'global_requests_per_second', 'new_groups_per_hour'];
    await writeFile(
      path('tls.toml'),
      `[server]\ntls_cert = "${tls_cert}"\ntls_key = "${tls_key}"\n[admin]\nbind = "127.0.0.1:0"\n[limits]\n${free.map((name) => `${name} = 0\n`).join('')}`,
    );
    const command = `"${process.execPath}" ${BIN} --config ${path('tls.toml')} --listen 127.0.0.1:{port} --db {dir}/relay.db`;
    return await kit(
      '--start',
      command,
      '--only',
      'CUR-47,FRAME-09',
      ...args.map((arg) => arg.replace('CA', authority.path)),
    );
  }

  it('is tested by who trusts its authority', async () => {
    const { code, out } = await secure('--ca', 'CA');
    expect(out).toContain(' at wss://127.0.0.1:');
    expect(out).toMatch(/ · 3 passed, 0 failed, 0 not run\n$/);
    expect(code).toBe(0);
  });

  it('is not tested by who does not, and told what to do', async () => {
    const { code, last } = await secure();
    expect(last).toMatch(
      / · wss:\/\/127\.0\.0\.1:\d+\/ cannot be reached: its certificate is not trusted \(.*\): name the file of its CA with --ca$/,
    );
    expect(code).toBe(3);
  });
});

describe('a relay that is full as a whole', () => {
  it('is not blamed for what it refuses: the run is inconclusive', async () => {
    const certified = await readFile(new URL('../../../relay/certify.toml', import.meta.url), 'utf8');
    await writeFile(path('small.toml'), certified.replace('[storage]', '[storage]\nmax_total_storage = 3000000'));
    const relay = fileURLToPath(new URL('../../../relay/bin/0k-sync-relay.js', import.meta.url));
    const command = `"${process.execPath}" ${relay} --config ${path('small.toml')} --listen 127.0.0.1:{port} --db {dir}/relay.db`;
    const { code, out } = await kit('--start', command, '--only', 'LIM-05,CUR-37/plans');
    expect(out).not.toContain('FAIL ');
    expect(out).toContain(
      'the relay as a whole is full, max_total_storage is 3000000 bytes: raise it, or empty the relay',
    );
    expect(code).toBe(3);
  });
});
