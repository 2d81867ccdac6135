import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { patchedLine } from '../patch.ts';
import type { Patch } from '../saboteur.ts';
import type { Fault } from './fault.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const config = fileURLToPath(new URL('vitest.config.ts', import.meta.url));

/** What is used of the report of vitest. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Tests with a fault in the sources could not be run. */
export class TestsNotRun extends Error {
  override readonly name = 'TestsNotRun';
}

/**
 * Runs the tests that a fault names, with the fault in the sources, up to the first that fails.
 *
 * @returns its file and name, or undefined if all pass.
 * @throws TestsNotRun if they cannot be loaded: that would be no merit of theirs
 */
export async function failingTest({ patches, tests }: Fault, signal: AbortSignal): Promise<string | undefined> {
  const loaded = new Set<string>();
  // In their order, so that it is always the same one that fails.
  for (const path of tests) {
    const failed = await failingTestIn(path, patches, loaded, signal);
    if (failed !== undefined && loaded.size > 0) return failed;
  }
  for (const { file } of patches) if (!loaded.has(file)) notRun(`${file} was not loaded with its change`);
  return undefined;
}

/** @param loaded - takes the files that were loaded with their changes. */
async function failingTestIn(path: string, patches: readonly Patch[], loaded: Set<string>, signal: AbortSignal) {
  const dir = await mkdtemp(join(tmpdir(), 'fault-'));
  try {
    const report = join(dir, 'report.json');
    const options = [
      '--config',
      config,
      '--bail',
      '1',
      '--no-file-parallelism',
      '--reporter',
      'json',
      '--outputFile',
      report,
    ];
    const child = spawn(process.execPath, [vitest, 'run', ...options, path], {
      cwd: root,
      env: { ...process.env, FAULT_PATCHES: JSON.stringify(patches) },
      stdio: ['ignore', 'ignore', 'pipe'],
      signal,
    });
    const [complaints] = await Promise.all([text(child.stderr), once(child, 'close')]);
    for (const { file } of patches) if (complaints.includes(patchedLine(file))) loaded.add(file);
    const { testResults } = JSON.parse(await readFile(report, 'utf8').catch(() => notRun(complaints))) as Report;
    if (testResults.length === 0) notRun(complaints);
    for (const { name, status, message, assertionResults } of testResults) {
      const failed = assertionResults.find((result) => result.status === 'failed');
      if (failed) return `${relative(root, name)}: ${failed.fullName}`;
      // With `--bail` those that were not come to have no results either, but no message.
      if (status === 'failed' && assertionResults.length === 0 && message !== '') notRun(message);
    }
    return undefined;
  } finally {
    await rm(dir, { recursive: true });
  }
}

function notRun(why: string): never {
  throw new TestsNotRun(`the tests could not be run: ${why.trim().slice(0, 500)}`);
}
