// `node scripts/check-seeds.ts 20`: certifies two relays, each in a process of its own, with the seeds 1 to 20 in turn.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startRelay } from './relay-process.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const certifier = join(root, 'conformance/bin/0k-conformance.js');
const count = Number(process.argv[2]);
if (!(count > 0)) throw new Error('how many seeds? node scripts/check-seeds.ts 20');
/** A run waits as long as it works: two share the machine well. */
const LANES = 2;

const failed: number[] = [];
let next = 1;

function certify(url: string, seed: number): Promise<{ code: unknown; output: string }> {
  const args = [certifier, '--relay', url, '--seed', String(seed), '--jobs', '8'];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      resolve({ code: error ? (error.code ?? error.signal) : 0, output: `${stdout}${stderr}` });
    });
  });
}

async function lane(): Promise<void> {
  const state = await mkdtemp(join(tmpdir(), 'seeds-'));
  try {
    await using relay = await startRelay(join(root, 'relay/bin/0k-sync-relay.js'), state);
    while (next <= count) {
      const seed = next++;
      const start = performance.now();
      const { code, output } = await certify(relay.url, seed);
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      console.log(`seed ${seed}: ${code === 0 ? 'conformant' : `exit ${code}`}, ${seconds} s`);
      if (code === 0) continue;
      failed.push(seed);
      console.log(output);
    }
  } finally {
    await rm(state, { recursive: true, force: true });
  }
}

await Promise.all(Array.from({ length: LANES }, lane));
console.log(
  failed.length === 0 ? `${count} seeds, all conformant` : `not conformant with the seeds ${failed.join(', ')}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
