// Packs what is published, installs it into an empty folder as a user would, and tries it there:
// sizes, contents, install scripts, publint, each command, and the answer that an old Node gets.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { startRelay } from './relay-process.ts';

const PACKED_BYTES = 2_000_000;
const INSTALLED_BYTES = 20_000_000;
const HELP_MILLISECONDS = 150;
const OLD_NODES = ['4.9.1', '20'];

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
// What `npm run` sets for this workspace must not reach the npm and the commands of the empty folder.
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));

interface Result {
  code: number | string | null | undefined;
  stdout: string;
  stderr: string;
}

/** Runs a command to its end, at most `timeout` ms; its exit code is for the caller to judge. */
function run(command: string, args: string[], cwd: string, timeout = 120_000): Promise<Result> {
  return new Promise((done) => {
    execFile(command, args, { cwd, timeout, env: environment, maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
      done({ code: error ? (error.code ?? error.signal) : 0, stdout, stderr }),
    );
  });
}

async function succeed(command: string, args: string[], cwd: string, timeout?: number): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, cwd, timeout);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}: exit ${code}\n${stdout}${stderr}`);
  return stdout;
}

let failed = 0;
function expect(holds: boolean, what: string): void {
  if (!holds) failed++;
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}`);
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path);
  if (!found.isDirectory()) return found.size;
  const sizes = await Promise.all((await readdir(path)).map((name) => sizeOf(join(path, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;

async function checkTarball(tarball: string, packed: { name: string; size: number; files: { path: string }[] }) {
  const { name, size, files } = packed;
  expect(size <= PACKED_BYTES, `${name}: ${megabytes(size)} packed, at most ${megabytes(PACKED_BYTES)}`);
  const unwanted = files
    .filter(({ path }) => /^(src|tests?)\/|\.test\.|tsconfig|tsup/.test(path))
    .map(({ path }) => path);
  expect(unwanted.length === 0, `${name}: no sources, no tests ${unwanted}`);
  const present = files.map(({ path }) => path);
  const licences = present.includes('LICENSE') ? [] : ['LICENSE-APACHE', 'LICENSE-MIT'];
  const absent = [...licences, 'README.md'].filter((path) => !present.includes(path));
  expect(absent.length === 0, `${name}: licence and README ${absent.map((path) => `(without ${path})`)}`);
  const bytes = new Uint8Array(await readFile(tarball));
  const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer }, strict: true });
  expect(
    messages.length === 0,
    `${name}: publint ${messages.map((message) => formatMessage(message, pkg, { color: false }))}`,
  );
}

const work = await mkdtemp(join(tmpdir(), 'tarballs-'));
try {
  await succeed('npm', ['run', 'build'], root, 300_000);

  const published: string[] = [];
  for (const folder of manifest.workspaces) {
    const { name, private: isPrivate } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
    // By its name: a folder would stand for the workspaces inside it, too.
    if (!isPrivate) published.push(name);
  }
  const tarballs = join(work, 'tarballs');
  await mkdir(tarballs);
  const workspaces = published.flatMap((folder) => ['-w', folder]);
  const packed = JSON.parse(
    await succeed('npm', ['pack', '--json', '--pack-destination', tarballs, ...workspaces], root),
  );
  for (const entry of packed) await checkTarball(join(tarballs, entry.filename), entry);

  const home = join(work, 'home');
  await mkdir(home);
  await writeFile(join(home, 'package.json'), '{ "private": true }');
  const files = packed.map(({ filename }: { filename: string }) => join(tarballs, filename));
  await succeed('npm', ['install', '--no-audit', '--no-fund', ...files], home);
  const installed = await sizeOf(join(home, 'node_modules'));
  expect(installed <= INSTALLED_BYTES, `${megabytes(installed)} installed, at most ${megabytes(INSTALLED_BYTES)}`);
  const lock = JSON.parse(await readFile(join(home, 'node_modules/.package-lock.json'), 'utf8'));
  const scripted = Object.entries<{ hasInstallScript?: boolean }>(lock.packages).filter(
    ([, entry]) => entry.hasInstallScript,
  );
  expect(scripted.length === 0, `no install scripts ${scripted.map(([path]) => path)}`);

  const entries: string[] = [];
  for (const { name } of packed) {
    const { exports = {} } = JSON.parse(await readFile(join(home, 'node_modules', name, 'package.json'), 'utf8'));
    const typed = Object.entries<{ types?: string }>(exports).filter(([, target]) => target.types);
    entries.push(...typed.map(([path]) => join(name, path)));
  }
  await writeFile(
    join(home, 'user.mts'),
    entries.map((entry, i) => `export * as entry${i} from '${entry}';\n`).join(''),
  );
  // Checks the declarations themselves too: they must not need types that only this workspace has.
  const options = ['--strict', '--target', 'es2024', '--module', 'nodenext', '--types', 'node'];
  const typeRoots = ['--typeRoots', join(root, 'node_modules/@types')];
  const compiled = await run(
    join(root, 'node_modules/.bin/tsc'),
    ['--noEmit', ...options, ...typeRoots, 'user.mts'],
    home,
  );
  expect(compiled.code === 0, `types of ${entries.join(', ')} ${compiled.stdout}`);
  const loaded = await run(process.execPath, ['user.mts'], home);
  expect(loaded.code === 0 && loaded.stderr === '', `import of ${entries.join(', ')} ${loaded.stderr}`);

  const bin = (name: string) => join(home, 'node_modules/.bin', name);
  const commands = (await readdir(join(home, 'node_modules/.bin'))).filter((name) => name.startsWith('0k-'));
  expect(commands.length === 3, `commands: ${commands.join(', ')}`);
  for (const name of commands) {
    const { code, stderr } = await run(process.execPath, [bin(name), '--help'], home);
    expect(code === 0 && stderr === '', `${name} --help: exit ${code} ${stderr}`);
  }
  // It reads the vectors of their own package.
  const codec = await run(process.execPath, [bin('0k-conformance'), 'list', '--profile', 'codec'], home);
  expect(codec.code === 0 && codec.stdout.includes('FRAME-05/frames'), `checks of codecs ${codec.stderr}`);
  const times: number[] = [];
  for (let i = 0; i < 10; i++) {
    const start = performance.now();
    await succeed(process.execPath, [bin('0k-conformance'), '--help'], home);
    times.push(performance.now() - start);
  }
  const time = times.sort((a, b) => a - b)[times.length >> 1]!;
  expect(
    time < HELP_MILLISECONDS,
    `0k-conformance --help: ${time.toFixed(0)} ms (median of ${times.length}), less than ${HELP_MILLISECONDS} ms`,
  );

  const state = join(work, 'state');
  await mkdir(state);
  {
    await using relay = await startRelay(bin('0k-sync-relay'), state);
    expect(true, `0k-sync-relay: ${relay.url}`);
  }
  const verdict = await run(process.execPath, [bin('0k-conformance')], state, 300_000);
  expect(
    verdict.code === 0,
    `0k-conformance: exit ${verdict.code} ${verdict.code === 0 ? '' : verdict.stdout + verdict.stderr}`,
  );

  for (const version of OLD_NODES) {
    const prefix = join(work, `node-${version}`);
    await mkdir(prefix);
    await writeFile(join(prefix, 'package.json'), '{ "private": true, "allowScripts": { "node": true } }');
    await succeed('npm', ['install', '--no-audit', '--no-fund', `node@${version}`], prefix);
    for (const name of commands) {
      const { code, stderr } = await run(join(prefix, 'node_modules/node/bin/node'), [bin(name)], home);
      const plain = new RegExp(`^${name}: Node >=\\S+ is needed, this is v${version}[^\\n]*\\n$`).test(stderr);
      expect(code === 2 && plain, `${name} on Node ${version}: exit ${code}, ${stderr.trim()}`);
    }
  }
} finally {
  await rm(work, { recursive: true, force: true });
}
console.log(failed === 0 ? 'The tarballs are as they should be.' : `${failed} checks of the tarballs failed.`);
process.exitCode = failed === 0 ? 0 : 1;
