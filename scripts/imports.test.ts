// Each rule of .dependency-cruiser.cjs is broken once, in a copy of the folders that holds nothing else.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const config = join(root, '.dependency-cruiser.cjs');
const folders = ['spec', 'vectors', 'reference', 'relay', 'conformance', 'cli', 'docs-site'];

interface Violation {
  from: string;
  to: string;
  rule: { name: string };
}

let copy: string;
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'imports-'));
  await mkdir(join(copy, 'node_modules'));
  for (const folder of folders) {
    await mkdir(join(copy, folder));
    await cp(join(root, folder, 'package.json'), join(copy, folder, 'package.json'));
    const { name } = JSON.parse(await readFile(join(copy, folder, 'package.json'), 'utf8'));
    await mkdir(dirname(join(copy, 'node_modules', name)), { recursive: true });
    await symlink(join(copy, folder), join(copy, 'node_modules', name));
  }
  for (const name of ['ws', 'fast-check', 'yaml', 'pino', 'prom-client']) {
    await symlink(join(root, 'node_modules', name), join(copy, 'node_modules', name));
  }
});
afterAll(() => rm(copy, { recursive: true }));

/** Writes `files` (path → text) and returns what the rules say about them, as `rule: file`. */
async function violations(files: Record<string, string>): Promise<string[]> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await writeFile(join(copy, path), text);
  }
  const bin = join(root, 'node_modules/.bin/depcruise');
  const output = await new Promise<string>((done) => {
    execFile(process.execPath, [bin, '--config', config, '-T', 'json', ...folders], { cwd: copy }, (_, stdout) =>
      done(stdout),
    );
  });
  for (const path of Object.keys(files)) await rm(join(copy, path));
  const found: Violation[] = JSON.parse(output).summary.violations;
  return [...new Set(found.map(({ rule, from }) => `${rule.name}: ${from}`))].sort();
}

const entries = {
  'spec/src/index.ts': 'export const a = 1;',
  'reference/src/index.ts': "export * from '@0k-sync/spec';",
  'reference/src/node.ts': "import './transport/websocket.ts'; import 'node:crypto'; export * from './index.ts';",
  'reference/src/transport/websocket.ts': "import 'ws';",
  'relay/src/index.ts': "export * from '@0k-sync/reference/node';",
};

test('imports along the arrows, and each foreign module in its adapter, are accepted', async () => {
  expect(
    await violations({
      ...entries,
      'relay/src/websocket.ts': "import 'ws';",
      'relay/src/log.ts': "import 'pino';",
      'relay/src/metrics.ts': "import 'prom-client';",
      'relay/src/sqlite/database.ts': "import 'node:sqlite';",
      'conformance/src/access/wire.ts': "import 'ws'; import '@0k-sync/reference/node'; import '@0k-sync/spec';",
      'conformance/src/a.test.ts': "import '@0k-sync/relay';",
      'conformance/src/a.ts': "import 'fast-check';",
      'cli/src/main.ts': "import '@0k-sync/reference'; import './session.ts';",
      'cli/src/session.ts': "import type {} from './main.ts';",
    }),
  ).toEqual([]);
});

test('each rule fails when it is broken', async () => {
  expect(
    await violations({
      ...entries,
      'spec/src/a.ts': "import '@0k-sync/reference';",
      'vectors/a.ts': "import '../reference/src/index.ts';",
      'reference/src/a.ts': "import type {} from '../../relay/src/index.ts';",
      'relay/src/a.ts': "import '../../conformance/src/a.ts';",
      'conformance/src/a.ts': "import '@0k-sync/relay';",
      'cli/src/a.ts': "import '../../conformance/src/b.ts';",
      'conformance/src/b.ts': '',
      'docs-site/a.ts': "import '../relay/src/index.ts';",
      'spec/src/cycle.ts': "import './index.ts'; import './cycle-back.ts';",
      'spec/src/cycle-back.ts': "import './cycle.ts';",
      'reference/src/codec/a.ts': "import 'node:fs';",
      'conformance/src/model/a.ts': "import 'node:crypto';",
      'reference/src/index.ts': "export * from './provider.ts';",
      'reference/src/provider.ts': "import './crypto/node.ts';",
      'reference/src/crypto/node.ts': "import 'node:crypto';",
      'relay/src/sessions.ts': "import 'ws'; import 'node:sqlite';",
      'relay/src/noise.ts': "import 'pino'; import 'prom-client';",
      'relay/src/tool.ts': "import 'fast-check';",
      'spec/src/dev.ts': "import 'yaml';",
      'spec/src/shipped.ts': "import './a.test.ts';",
      'spec/src/a.test.ts': '',
      'cli/src/nowhere.ts': "import './gone.ts';",
    }),
  ).toEqual([
    'declared-dependency: relay/src/tool.ts',
    'declared-dependency: spec/src/dev.ts',
    'direction-cli: cli/src/a.ts',
    'direction-conformance: conformance/src/a.ts',
    'direction-docs-site: docs-site/a.ts',
    'direction-reference: reference/src/a.ts',
    'direction-relay: relay/src/a.ts',
    'direction-spec: spec/src/a.ts',
    'direction-vectors: vectors/a.ts',
    'no-cycle: spec/src/cycle-back.ts',
    'no-test-code: spec/src/shipped.ts',
    'one-log: relay/src/noise.ts',
    'one-registry: relay/src/noise.ts',
    'portable-core: conformance/src/model/a.ts',
    'portable-core: reference/src/codec/a.ts',
    'portable-entry: reference/src/index.ts',
    'resolvable: cli/src/nowhere.ts',
    'sqlite-in-its-adapter: relay/src/sessions.ts',
    'ws-in-its-adapter: relay/src/sessions.ts',
  ]);
});
