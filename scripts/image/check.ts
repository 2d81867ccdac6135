/**
 * `node --conditions=source scripts/image/check.ts`: builds the image of the relay with buildah and tries it. Needs root,
 * buildah and, unless BASE names a base image that can be pulled, debootstrap.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createIdentity } from '@0k-sync/reference';
import { connect, nodeCrypto } from '@0k-sync/reference/node';
import { METRICS } from '@0k-sync/spec';

const root = fileURLToPath(new URL('../..', import.meta.url));
const image = 'localhost/0k-sync-relay';
const USER = 10001;
/** What the relay may take after 64 MiB went through it, bytes. */
const MOST_MEMORY = 256 * 2 ** 20;

const work = mkdtempSync(join(tmpdir(), 'image-'));
const buildah = (...args: string[]) =>
  execFileSync('buildah', ['--storage-driver', 'vfs', ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim();

let failed = 0;
async function check(title: string, run: () => Promise<void> | void): Promise<void> {
  try {
    await run();
    console.log(`ok    ${title}`);
  } catch (error) {
    failed++;
    console.log(`FAIL  ${title}: ${(error as Error).message}`);
  }
}

function verify(condition: unknown, problem: string): asserts condition {
  if (!condition) throw new Error(problem);
}

interface Config {
  User: string;
  Env: string[];
  Entrypoint: string[];
  Healthcheck?: { Test: string[] };
  Volumes?: Record<string, unknown>;
}

interface Running {
  url: string;
  admin: string;
  pid: number;
  stop(): Promise<number | null>;
}

/** All descendants of a process; each of its threads may have started some. */
function descendants(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return children.flatMap((child) => [child, ...descendants(child)]);
}

const started = new Set<ChildProcess>();
let container = '';
let config: Config;

const inContainer = (options: string[], command: string[]) => [
  ...['--storage-driver', 'vfs', 'run', '--isolation', 'chroot', ...options, container, '--', ...command],
];

/** Starts the image's own command over a folder as its volume. */
async function start(
  volume: string,
  env: Record<string, string>,
  args: string[] = [],
  mounts: string[] = [],
): Promise<Running> {
  const options = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  for (const mount of [`${volume}:/data`, ...mounts]) options.push('--volume', mount);
  const process = spawn('buildah', inContainer(options, [...config.Entrypoint, ...args]), {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.add(process);
  const ended = once(process, 'exit') as Promise<[number | null]>;
  let complaints = '';
  process.stderr.on('data', (text) => (complaints += text));
  const lines: string[] = [];
  const ready = new Promise<string>((found) => {
    createInterface(process.stdout).on('line', (line) => {
      lines.push(line);
      if (line.startsWith('ws://')) found(line);
    });
  });
  const url = await Promise.race([ready, ended.then(() => undefined)]);
  if (url === undefined) throw new Error(`it ended before it was ready: ${complaints.slice(0, 500)}`);
  const pid = descendants(process.pid!).find((child) => readlinkSync(`/proc/${child}/exe`).endsWith('/node'));
  verify(pid !== undefined, 'its process was not found');
  return {
    url: url.replace('0.0.0.0', '127.0.0.1'),
    admin: lines.find((line) => line.startsWith('admin '))?.slice('admin '.length) ?? '',
    pid,
    async stop() {
      globalThis.process.kill(pid, 'SIGTERM');
      const [code] = await ended;
      started.delete(process);
      return code;
    },
  };
}

const FREE_PORTS = { ZK_SYNC_SERVER_BIND: '0.0.0.0:0', ZK_SYNC_ADMIN_BIND: '127.0.0.1:0' };
const status = (pid: number, name: string) =>
  new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];

async function runChecks(): Promise<void> {
  const volume = join(work, 'data');
  mkdirSync(volume);
  chownSync(volume, USER, USER);
  const identity = createIdentity(nodeCrypto);
  const group_id = nodeCrypto.randomBytes(32);
  const payload = nodeCrypto.randomBytes(64 * 1024);
  let relay = await start(volume, FREE_PORTS);

  await check('starts, and listens on all addresses', async () => {
    verify(config.Env.includes('ZK_SYNC_SERVER_BIND=0.0.0.0:8080'), 'its default is not 0.0.0.0:8080');
    const session = await connect(relay.url, identity);
    await session.hello({ group_id });
    const { cursor } = await session.push({ blob_id: nodeCrypto.randomBytes(16), payload });
    verify(cursor === 1n, `the first cursor is ${cursor}`);
    await session.close();
  });

  await check('is healthy, by its own health check, and not when it is away', () => {
    const [kind, ...command] = config.Healthcheck?.Test ?? [];
    verify(kind === 'CMD', 'it has no health check');
    const exitCode = (bind: string) => {
      try {
        execFileSync('buildah', inContainer(['--env', `ZK_SYNC_ADMIN_BIND=${bind}`], command), { stdio: 'ignore' });
        return 0;
      } catch (error) {
        return (error as { status: number }).status;
      }
    };
    verify(exitCode(new URL(relay.admin).host) === 0, 'the health check fails');
    verify(exitCode('127.0.0.1:1') === 1, 'the health check of nothing passes');
  });

  await check('is not root, and owns nothing but its volume', () => {
    verify(config.User === `${USER}:${USER}`, `its user is ${config.User}`);
    verify(status(relay.pid, 'Uid') === String(USER), `it runs as ${status(relay.pid, 'Uid')}`);
    const unreadable = ['-not', '-readable', '-prune', '-o'];
    const find = ['find', '/app', '/usr', '/etc', ...unreadable, '-writable', '-not', '-type', 'l', '-print'];
    const own = execFileSync('buildah', inContainer([], find), { encoding: 'utf8' });
    verify(own === '', `it can write ${own.split('\n')[0]}`);
  });

  await check('has the metrics of the table', async () => {
    const text = await (await fetch(new URL('/metrics', relay.admin))).text();
    const missing = METRICS.filter(({ name }) => !text.includes(`# TYPE ${name} `)).map(({ name }) => name);
    verify(missing.length === 0, `lacks ${missing.join(', ')}`);
    verify(/^sync_relay_blobs_stored_total 1$/m.test(text), 'does not count the blob that was pushed');
  });

  await check('stays bounded in memory', async () => {
    const session = await connect(relay.url, createIdentity(nodeCrypto));
    await session.hello({ group_id: nodeCrypto.randomBytes(32) });
    for (let blob = 0; blob < 1000; blob++) await session.push({ blob_id: nodeCrypto.randomBytes(16), payload });
    await session.close();
    const resident = Number(status(relay.pid, 'VmRSS')) * 1024;
    verify(resident < MOST_MEMORY, `takes ${Math.round(resident / 2 ** 20)} MiB`);
  });

  await check('ends with 0 on SIGTERM', async () => {
    const code = await relay.stop();
    verify(code === 0, `exit code ${code}`);
  });

  await check('keeps identity and blobs in its volume over a restart', async () => {
    verify(Object.keys(config.Volumes ?? {}).includes('/data'), '/data is no volume');
    const before = new URL(relay.url).hash;
    relay = await start(volume, FREE_PORTS);
    verify(new URL(relay.url).hash === before, 'it is another relay');
    const session = await connect(relay.url, identity);
    await session.hello({ group_id });
    const { blobs } = await session.pull({ after_cursor: 0n });
    verify(Buffer.compare(blobs[0]?.payload ?? Buffer.alloc(0), payload) === 0, 'the blob is not there');
    await session.close();
    await relay.stop();
  });

  await check('takes its configuration from a file, and the environment before it', async () => {
    const file = join(work, 'relay.toml');
    writeFileSync(file, '[limits]\nmax_pull_limit = 7\nmessages_burst = 8\n');
    const environment = { ...FREE_PORTS, ZK_SYNC_LIMITS_MESSAGES_BURST: '9' };
    relay = await start(volume, environment, ['--config', '/etc/relay.toml'], [`${file}:/etc/relay.toml:ro`]);
    const session = await connect(relay.url, identity);
    const { limits } = (await session.hello({ group_id })).ext ?? {};
    verify(limits?.max_pull_limit === 7n, `max_pull_limit of the file is ${limits?.max_pull_limit}`);
    verify(limits.messages_burst === 9n, `messages_burst of the environment is ${limits.messages_burst}`);
    await session.close();
    await relay.stop();
  });
}

function cleanUp(): void {
  for (const process of started) for (const pid of descendants(process.pid!)) globalThis.process.kill(pid, 'SIGKILL');
  if (container !== '') buildah('rm', container);
  rmSync(work, { recursive: true, force: true });
}
process.on('SIGINT', () => {
  cleanUp();
  process.exit(130);
});

try {
  let base = process.env.BASE;
  if (base === undefined) {
    base = 'localhost/0k-sync-base';
    if (!buildah('images', '--quiet', '--filter', `reference=${base}`)) {
      execFileSync(join(root, 'scripts/image/base.sh'), [base, process.execPath], {
        stdio: ['ignore', 'inherit', 'inherit'],
      });
    }
  }
  const certificates = process.env.NODE_EXTRA_CA_CERTS;
  const secret = certificates === undefined ? [] : ['--secret', `id=ca,src=${certificates}`];
  buildah(
    'build',
    '--quiet',
    '--isolation',
    'chroot',
    '--format',
    'docker',
    '--build-arg',
    `BASE=${base}`,
    ...secret,
    '--tag',
    image,
    '.',
  );
  config = JSON.parse(buildah('inspect', '--type', 'image', image)).Docker.config;
  container = buildah('from', image);
  await runChecks();
} finally {
  cleanUp();
}
console.log(failed === 0 ? 'the image passes all checks' : `${failed} checks of the image failed`);
process.exitCode = failed === 0 ? 0 : 1;
