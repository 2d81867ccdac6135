import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const launchers = ['relay/bin/0k-sync-relay.js', 'conformance/bin/0k-conformance.js', 'cli/bin/0k-sync.js'];
const mainThat = (body: string) => `export async function main(argv: string[]) { ${body} }`;

/** A package in a temporary folder that has nothing but the launcher and what a test writes. */
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'launcher-'));
  await write('package.json', '{ "type": "module", "engines": { "node": ">=22.19" } }');
  await cp(join(root, 'relay/bin'), join(folder, 'bin'), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

async function write(path: string, content: string) {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}

function start(args: string[] = [], nodeArgs: string[] = []) {
  return spawn(process.execPath, [...nodeArgs, join(folder, 'bin/0k-sync-relay.js'), ...args]);
}

async function run(args?: string[], nodeArgs?: string[]) {
  const child = start(args, nodeArgs);
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { out, err, code, pid: child.pid };
}

test('all launchers are the same file', async () => {
  const texts = await Promise.all(launchers.map((path) => readFile(join(root, path), 'utf8')));
  expect(new Set(texts).size).toBe(1);
});

test('in the workspace the sources run, not an older build, in the process that was started', async () => {
  await write('src/main.ts', mainThat('console.log(JSON.stringify([process.pid, argv]));'));
  await write('dist/main.js', 'throw new Error("stale")');
  const { out, err, code, pid } = await run(['--seed', 'a b']);
  expect({ output: JSON.parse(out), err, code }).toEqual({ output: [pid, ['--seed', 'a b']], err: '', code: 0 });
});

test('worker threads resolve the sources of the workspace as well', async () => {
  await write('node_modules/other/package.json', '{ "exports": { "source": "./source.js", "default": "./built.js" } }');
  await write('node_modules/other/source.js', 'exports.is = "source"');
  await write('node_modules/other/built.js', 'exports.is = "built"');
  await write('src/worker.ts', "import { is } from 'other'; console.log(is);");
  await write(
    'src/main.ts',
    `import { Worker } from 'node:worker_threads';
     ${mainThat("new Worker(new URL('./worker.ts', import.meta.url));")}`,
  );
  expect(await run()).toMatchObject({ out: 'source\n', err: '', code: 0 });
});

test('a published package runs dist/', async () => {
  await write('dist/main.js', 'export function main(argv) { console.log(argv.join(), process.execArgv.length); }');
  expect(await run(['a', 'b'])).toMatchObject({ out: 'a,b 0\n', err: '', code: 0 });
});

test('a package without dist/ says so', async () => {
  expect(await run()).toMatchObject({
    err: '0k-sync-relay: the package is incomplete, dist/main.js is missing: install it again.\n',
    code: 2,
  });
});

test('signals and the exit code pass as if main had been started directly', async () => {
  await write(
    'src/main.ts',
    mainThat("process.on('SIGTERM', () => process.exit(7)); console.log('ready'); setInterval(() => {}, 60_000);"),
  );
  const child = start();
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([7, null]);
});

test('a crash does not end with exit code 1, which is a verdict', async () => {
  await write('src/main.ts', mainThat("throw new Error('broken')"));
  expect(await run()).toMatchObject({ err: expect.stringContaining('Error: broken'), code: 3 });
});

test.each([
  ['v22.18.0', 2],
  ['v20.20.2', 2],
  ['v4.9.1', 2],
  ['v22.19.0', 0],
  ['v26.0.0', 0],
])('Node %s ends with %i', async (version, expected) => {
  await write('older.cjs', `Object.defineProperty(process, 'version', { value: '${version}' })`);
  await write('dist/main.js', 'export function main() {}');
  const { err, code } = await run([], ['--require', join(folder, 'older.cjs')]);
  expect(code).toBe(expected);
  const line = `0k-sync-relay: Node >=22.19 is needed, this is ${version}: install a newer Node.\n`;
  expect(err).toBe(expected === 0 ? '' : line);

  const check = [join(folder, 'older.cjs'), join(root, 'scripts/check-node.cjs')] as const;
  const workspace = spawn(process.execPath, ['--require', ...check]);
  const [complaint, [status]] = await Promise.all([text(workspace.stderr), once(workspace, 'exit')]);
  expect(status).toBe(expected === 0 ? 0 : 1);
  const remedy = `Node >=22.19 is needed, this is ${version}: run \`npm rebuild node\`, which installs one here, then try again.\n`;
  expect(complaint).toBe(expected === 0 ? '' : remedy);
});
