import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { signer } from '../conformance/test/sample-certificate.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const text = await readFile(join(root, '.github/workflows/certify.yml'), 'utf8');
interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
}
const { permissions, jobs } = parse(text) as { permissions: object; jobs: { certify: { steps: Step[] } } };
const { steps } = jobs.certify;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workflow-'));
  // In the place of the registry's package, the one that is here.
  await mkdir(join(folder, 'bin'));
  const kit = join(root, 'conformance/bin/0k-conformance.js');
  await writeFile(
    join(folder, 'bin/npx'),
    `#!/bin/sh\n[ "$1 $2" = "--yes 0k-conformance@1.2.3" ] || exit 99\nshift 2\nexec '${process.execPath}' '${kit}' "$@"\n`,
  );
  await chmod(join(folder, 'bin/npx'), 0o755);
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the script of the step Certify as GitHub does, in an empty folder. */
async function certify(name: string, given: Record<string, string>) {
  const cwd = join(folder, name);
  await mkdir(cwd);
  const { run } = steps.find((step) => step.name === 'Certify')!;
  const inputs = {
    START: '',
    RELAY: '',
    PROFILES: 'push',
    KNOWN_FAILING: '',
    STRICT: 'false',
    ARTIFACT: '',
    SIGNING_KEY: '',
  };
  const result = spawnSync('bash', ['-e', '-c', run!], {
    cwd,
    encoding: 'utf8',
    env: {
      ...process.env,
      ...{ NODE_OPTIONS: '', PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH']}` },
      ...{ KIT_VERSION: '1.2.3', RUN_URL: 'https://ci.example/runs/1' },
      ...{ REPORTS: join(cwd, 'reports'), KEY_FILE: join(cwd, 'signer.json') },
      ...inputs,
      ...given,
    },
  });
  return { ...result, files: await readdir(cwd), reports: await readdir(join(cwd, 'reports')) };
}

const relay = join(root, 'relay/bin/0k-sync-relay.js');
const START = `${process.execPath} ${relay} --listen 127.0.0.1:{port} --db {dir}/relay.db --config ${join(root, 'relay/certify.toml')}`;

test('a relay is certified, and the key is gone afterwards', async () => {
  const { status, stdout, stderr, files, reports } = await certify('good', {
    START,
    SIGNING_KEY: JSON.stringify(signer),
  });
  expect(status, stdout + stderr).toBe(0);
  expect(reports.sort()).toEqual(['badge.svg', 'certificate.json', 'junit.xml', 'report.html', 'report.json']);
  expect(files).toEqual(['reports']);
  expect(stdout + stderr).not.toContain(signer.keys[0].d);
});

test('without a key there are reports and no certificate', async () => {
  const { status, reports } = await certify('unsigned', { START });
  expect(status).toBe(0);
  expect(reports.sort()).toEqual(['junit.xml', 'report.html', 'report.json']);
});

test('what stands in an input is never a part of a script', async () => {
  const hostile = '$(touch hacked); `touch hacked`"; touch hacked #';
  for (const [index, name] of ['PROFILES', 'RELAY', 'KNOWN_FAILING'].entries()) {
    const { status, files } = await certify(`hostile-${index}`, { RELAY: 'ws://127.0.0.1:9/', [name]: hostile });
    expect(status).toBe(2);
    expect(files).toEqual(['reports']);
  }
  expect(steps.flatMap(({ run }) => run ?? []).filter((run) => run.includes('${{'))).toEqual([]);
});

test('nothing to certify is said', async () => {
  const { status, stdout } = await certify('nothing', {});
  expect(status).toBe(2);
  expect(stdout).toBe('::error::say what to certify: start, relay or image\n');
});

test('actions are pinned to commits, and the only permission is to read', () => {
  const used = steps.flatMap(({ uses }) => uses ?? []);
  expect(used).toHaveLength(3);
  for (const each of used) expect(each).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/);
  expect(permissions).toEqual({ contents: 'read' });
});
