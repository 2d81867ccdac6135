/**
 * `node --expose-gc --conditions=source scripts/check-fuzz.ts 1000000 20000 [seed]`: so many random and mutated inputs to
 * codec, frame reader and Noise in this process, and so many connections with such inputs to a relay in another one, half
 * of them before and half after the handshake. Nothing may crash, hang or grow.
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createIdentity } from '@0k-sync/reference';
import { connect, nodeCrypto } from '@0k-sync/reference/node';
import { Random } from '../conformance/src/random.ts';
import { PARTS } from './fuzz/in-process.ts';
import { afterHandshake, bareSocket, beforeHandshake } from './fuzz/sockets.ts';
import { startRelay } from './relay-process.ts';

const MEBI = 2 ** 20;
/** What may be left on the heap that was not there after the first fifth, bytes. */
const MOST_GROWTH = 8 * MEBI;
/** The same for the resident memory of the relay, in which a garbage collector decides. */
const MOST_RELAY_GROWTH = 64 * MEBI;
const AT_ONCE = 16;

const [inputs, connections, seed = (Math.random() * 2 ** 32) >>> 0] = process.argv.slice(2).map(Number);
if (!(inputs! >= 0 && connections! >= 0) || !globalThis.gc) {
  throw new Error('how many? node --expose-gc --conditions=source scripts/check-fuzz.ts 1000000 20000 [seed]');
}
console.log(`seed ${seed}`);

const grown = (before: number, after: number) => `${((after - before) / MEBI).toFixed(1)} MiB`;

/** Keys of OpenSSL are given back by finalizers, which run after a collection. */
async function live(): Promise<number> {
  for (let turn = 0; turn < 3; turn++) {
    globalThis.gc!();
    await setImmediate();
  }
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}

async function inProcess(): Promise<void> {
  for (const { name, share, make } of PARTS) {
    const count = Math.round(inputs! * share);
    const feed = make();
    let accepted = 0;
    let settled = 0;
    for (let number = 0; number < count; number++) {
      if (number === Math.floor(count / 5)) settled = await live();
      try {
        if (feed(new Random(seed, name, number))) accepted++;
      } catch (error) {
        throw new Error(`${name}: input ${number} of seed ${seed}`, { cause: error });
      }
    }
    const end = await live();
    console.log(`${name}: ${count} inputs, ${accepted} accepted, heap grew by ${grown(settled, end)}`);
    if (count > 0 && (accepted === 0 || accepted === count)) throw new Error(`${name}: all inputs went the same way`);
    if (end - settled > MOST_GROWTH) throw new Error(`${name}: the heap grew by ${grown(settled, end)}`);
  }
}

const residentOf = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;

async function overSockets(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'fuzz-'));
  try {
    await using relay = await startRelay(
      fileURLToPath(new URL('../relay/bin/0k-sync-relay.js', import.meta.url)),
      folder,
    );
    const url = new URL(relay.url);
    url.hash = '';
    const kinds = [bareSocket, afterHandshake, beforeHandshake, afterHandshake];
    let next = 0;
    let settled = 0;
    async function lane(): Promise<void> {
      while (next < connections!) {
        const number = next++;
        if (number === Math.floor(connections! / 5)) settled = residentOf(relay.pid);
        try {
          await kinds[number % kinds.length]!(url, new Random(seed, 'socket', number));
        } catch (error) {
          throw new Error(`connection ${number} of seed ${seed}`, { cause: error });
        }
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    const end = residentOf(relay.pid);

    const session = await connect(relay.url, createIdentity(nodeCrypto));
    await session.hello({ group_id: nodeCrypto.randomBytes(32) });
    await session.push({ blob_id: nodeCrypto.randomBytes(16), payload: nodeCrypto.randomBytes(100) });
    await session.close();
    console.log(`relay: ${connections} connections, still serves, resident memory grew by ${grown(settled, end)}`);
    if (end - settled > MOST_RELAY_GROWTH) throw new Error(`the relay grew by ${grown(settled, end)}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await inProcess();
if (connections! > 0) await overSockets();
