/**
 * `node --conditions=source scripts/check-kills.ts 200 [seed]`: kills a relay so many times (SIGKILL) while connections push
 * to it without stop, or while it starts, and looks after each time whether it has all that it acknowledged.
 */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as elapse } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ConnectionClosedError, createGroup, createIdentity, proveMembership, type Session } from '@0k-sync/reference';
import { connect, nodeCrypto } from '@0k-sync/reference/node';
import { Random } from '../conformance/src/random.ts';
import { type RelayProcess, startRelay } from './relay-process.ts';

const [kills = 200, seed = (Math.random() * 2 ** 32) >>> 0] = process.argv.slice(2).map(Number);
if (!(kills > 0)) throw new Error('how many kills? node --conditions=source scripts/check-kills.ts 200 [seed]');

const BIN = fileURLToPath(new URL('../relay/bin/0k-sync-relay.js', import.meta.url));
const GROUPS = 4;
const CONNECTIONS_PER_GROUP = 3;
const PUSHES_AT_ONCE = 8;
const LARGEST = 65_536;
/** One kill of so many comes while the relay starts. */
const STARTS = 10;
/** After so many kills all blobs are read again, and else those that are new. */
const ALL_AFTER = 50;

// What certify.toml has instead would soon be full, and cut off a client that a busy machine lets wait; the rest of it fits.
process.env['ZK_SYNC_STORAGE_MAX_GROUP_STORAGE'] = String(2 ** 40);
process.env['ZK_SYNC_LIMITS_IDLE_TIMEOUT_SECS'] = '90';
process.env['ZK_SYNC_LIMITS_HELLO_TIMEOUT_SECS'] = '30';

interface Blob {
  blob_id: Uint8Array;
  payload: Uint8Array;
}

interface Group {
  name: string;
  keys: ReturnType<typeof createGroup>;
  proven: boolean;
  devices: ReturnType<typeof createIdentity>[];
  epoch: Uint8Array | undefined;
  /** What must be there: id and SHA-256 by cursor. */
  acknowledged: Map<bigint, string>;
  /** Pushed, and the connection ended before the answer. */
  unanswered: Blob[];
  /** As far as it has been read. */
  through: bigint;
}

const groups: Group[] = Array.from({ length: GROUPS }, (_, index) => ({
  name: `group ${index}`,
  keys: createGroup(randomBytes(32), nodeCrypto),
  proven: index % 2 === 0,
  devices: Array.from({ length: CONNECTIONS_PER_GROUP }, () => createIdentity(nodeCrypto)),
  epoch: undefined,
  acknowledged: new Map(),
  unanswered: [],
  through: 0n,
}));
const figures = { acknowledged: 0, unanswered: 0, stored: 0 };
let identity: string | undefined;
/** What a signal to this process must end. */
let relayPid: number | undefined;
const folder = mkdtempSync(join(tmpdir(), 'kills-'));

const describe = ({ blob_id, payload }: Blob) =>
  `${Buffer.from(blob_id).toString('hex')} ${createHash('sha256').update(payload).digest('hex')}`;

function fail(group: Group, what: string): never {
  throw new Error(`${group.name}: ${what}`);
}

async function start(): Promise<RelayProcess> {
  const relay = await startRelay(BIN, folder);
  relayPid = relay.pid;
  const { hash } = new URL(relay.url);
  identity ??= hash;
  if (hash !== identity) throw new Error('the relay has another identity than before');
  return relay;
}

async function kill(relay: RelayProcess): Promise<void> {
  process.kill(relay.pid, 'SIGKILL');
  relayPid = undefined;
  await relay[Symbol.asyncDispose]();
}

/** Kills a relay that may not have come to read its database yet, or be in the middle of it. */
async function killAtStart(ms: number): Promise<void> {
  const args = [BIN, '--listen', '127.0.0.1:0', '--config', join(BIN, '../../certify.toml')];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: 'ignore' });
  relayPid = child.pid;
  const gone = once(child, 'exit');
  await elapse(ms);
  child.kill('SIGKILL');
  await gone;
  relayPid = undefined;
}

async function open(relay: RelayProcess, group: Group, device: Group['devices'][number]) {
  const session = await connect(relay.url, device);
  const proof = proveMembership(group.keys.authSeed, group.keys.groupId, device.deviceId, nodeCrypto);
  const welcome = await session.hello({ group_id: group.keys.groupId, ext: group.proven ? { proof } : {} });
  return { session, welcome };
}

const random = new Random(seed);

function size(): number {
  const kind = random.integer(1, 40);
  if (kind === 1) return 0;
  if (kind === 2) return LARGEST;
  return Math.floor(LARGEST * (random.uint32() / 2 ** 32) ** 10);
}

/** Pushes until the connection ends. */
async function pushOn(session: Session, group: Group): Promise<void> {
  for (;;) {
    const blob = { blob_id: random.blobId(), payload: new Uint8Array(randomBytes(size())) };
    try {
      const { cursor } = await session.push(blob);
      if (group.acknowledged.has(cursor)) fail(group, `cursor ${cursor} was given to two blobs`);
      group.acknowledged.set(cursor, describe(blob));
      figures.acknowledged++;
    } catch (error) {
      if (!(error instanceof ConnectionClosedError)) throw error;
      group.unanswered.push(blob);
      return;
    }
  }
}

/** Loads the relay and kills it at a random moment. */
async function killInMidLoad(relay: RelayProcess): Promise<void> {
  const pushing: Promise<void>[] = [];
  for (const group of groups) {
    for (const device of group.devices) {
      const { session } = await open(relay, group, device);
      for (let lane = 0; lane < PUSHES_AT_ONCE; lane++) pushing.push(pushOn(session, group));
    }
  }
  const pushed = Promise.all(pushing);
  await Promise.race([pushed, elapse(random.integer(1, 400))]);
  await kill(relay);
  await pushed;
}

/** Reads what the relay has of a group, from where it was read last or from the start. */
async function verify(relay: RelayProcess, group: Group, all: boolean): Promise<void> {
  const { session, welcome } = await open(relay, group, group.devices[0]!);
  if (group.acknowledged.size > 0) {
    group.epoch ??= welcome.ext!.epoch!;
    if (!Buffer.from(group.epoch).equals(welcome.ext!.epoch!)) fail(group, 'has another epoch than before the kill');
  }
  const waiting = new Map(group.unanswered.map((blob) => [describe(blob), blob]));
  let expected = all ? 1n : group.through + 1n;
  for (let more = true; more; ) {
    const page = await session.pull({ after_cursor: expected - 1n, limit: 1000 });
    for (const { cursor, blob_id, payload } of page.blobs) {
      if (cursor !== expected++) fail(group, `has cursor ${cursor} where ${expected - 1n} should be`);
      const found = describe({ blob_id, payload });
      const known = group.acknowledged.get(cursor);
      if (known !== undefined ? known !== found : !waiting.has(found)) {
        fail(group, `has at cursor ${cursor} ${found}, expected ${known ?? 'one of those that were not answered'}`);
      }
      if (known === undefined) {
        waiting.delete(found);
        group.acknowledged.set(cursor, found);
        figures.stored++;
      }
    }
    more = page.has_more;
  }
  group.through = expected - 1n;
  if (welcome.max_cursor !== group.through) fail(group, `says ${welcome.max_cursor}, and has ${group.through} blobs`);
  for (const cursor of group.acknowledged.keys()) {
    if (cursor > group.through) fail(group, `has lost cursor ${cursor}, which it acknowledged`);
  }

  // Asked again, it stores those that it lacks, and knows the others.
  figures.unanswered += group.unanswered.length;
  const cursors = await Promise.all(group.unanswered.map(async (blob) => (await session.push(blob)).cursor));
  for (const [index, blob] of group.unanswered.entries()) {
    const cursor = cursors[index]!;
    const known = group.acknowledged.get(cursor);
    if (waiting.has(describe(blob)) ? known !== undefined : known !== describe(blob)) {
      fail(group, `answered a repeated push with cursor ${cursor}, which is another blob's`);
    }
    group.acknowledged.set(cursor, describe(blob));
  }
  group.unanswered = [];
  session.terminate();
}

async function run(): Promise<void> {
  let relay = await start();
  for (let round = 1; round <= kills; round++) {
    if (round % STARTS === 0) {
      await kill(relay);
      await killAtStart(random.integer(1, 600));
    } else await killInMidLoad(relay);
    relay = await start();
    const all = round % ALL_AFTER === 0 || round === kills;
    await Promise.all(groups.map((group) => verify(relay, group, all)));
    const progress = `${round} of ${kills} kills, ${figures.acknowledged} blobs acknowledged`;
    if (process.stdout.isTTY) process.stdout.write(`\r${progress} `);
    else if (round % STARTS === 0) console.log(progress);
  }
  await kill(relay);
}

function cleanUp(): void {
  if (relayPid !== undefined) process.kill(relayPid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143 })) {
  process.on(signal, () => {
    cleanUp();
    process.exit(code);
  });
}
console.log(`seed ${seed}`);
const began = performance.now();
try {
  await run();
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(
    `\n${kills} kills in ${seconds} s: all ${figures.acknowledged} acknowledged blobs are there, and ${figures.stored} of ${figures.unanswered} without an answer`,
  );
  cleanUp();
} catch (error) {
  console.error(error);
  console.error(`the database is left in ${folder}; again with: check-kills.ts ${kills} ${seed}`);
  if (relayPid !== undefined) process.kill(relayPid, 'SIGKILL');
  process.exit(1);
}
