// `node scripts/check-seeds.ts 20`: certifies the reference relay, in a process of its own, with the seeds 1 to 20; what follows
// the number goes to the certifier, as in `node scripts/check-seeds.ts 1000 --only properties`.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const certifier = join(fileURLToPath(new URL('..', import.meta.url)), 'conformance/bin/0k-conformance.js');
const [most, ...options] = process.argv.slice(2);
const count = Number(most);
if (!(count > 0)) throw new Error('how many seeds? node scripts/check-seeds.ts 20');
/** A run waits as long as it works: two share the machine well. */
const LANES = 2;

const failed: number[] = [];
let next = 1;

function certify(seed: number): Promise<{ code: unknown; output: string }> {
  const args = [certifier, '--seed', String(seed), ...options];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      resolve({ code: error ? (error.code ?? error.signal) : 0, output: `${stdout}${stderr}` });
    });
  });
}

async function lane(): Promise<void> {
  while (next <= count) {
    const seed = next++;
    const start = performance.now();
    const { code, output } = await certify(seed);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const isWhole = code === 0 && / 0 not run\s*$/.test(output);
    console.log(`seed ${seed}: ${isWhole ? 'no failure, all run' : `exit ${code}`}, ${seconds} s`);
    if (isWhole) continue;
    failed.push(seed);
    console.log(output);
  }
}

await Promise.all(Array.from({ length: LANES }, lane));
console.log(failed.length === 0 ? `${count} seeds without a failure` : `not so with the seeds ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
