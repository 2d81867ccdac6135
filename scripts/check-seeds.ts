// `node scripts/check-seeds.ts 20`: certifies one relay, running in a process of its own, with the seeds 1 to 20.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startRelay } from './relay-process.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const certifier = join(root, 'conformance/bin/0k-conformance.js');
const count = Number(process.argv[2]);
if (!(count > 0)) throw new Error('how many seeds? node scripts/check-seeds.ts 20');

const state = await mkdtemp(join(tmpdir(), 'seeds-'));
const failed: number[] = [];
try {
  await using relay = await startRelay(join(root, 'relay/bin/0k-sync-relay.js'), state);
  for (let seed = 1; seed <= count; seed++) {
    const start = performance.now();
    const args = [certifier, '--relay', relay.url, '--seed', String(seed), '--jobs', '8'];
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`seed ${seed}: ${status === 0 ? 'conformant' : `exit ${status ?? signal}`}, ${seconds} s`);
    if (status !== 0) {
      failed.push(seed);
      console.log(stdout, stderr);
    }
  }
} finally {
  await rm(state, { recursive: true, force: true });
}
console.log(
  failed.length === 0 ? `${count} seeds, all conformant` : `not conformant with the seeds ${failed.join(', ')}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
