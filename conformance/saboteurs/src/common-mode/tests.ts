import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { patchedLine } from '../patch.ts';
import type { Fault } from './fault.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
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
  const dir = await mkdtemp(join(tmpdir(), 'fault-'));
  try {
    const report = join(dir, 'report.json');
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const options = ['--config', config, '--bail', '1', '--reporter', 'json', '--outputFile', report];
    const child = spawn(process.execPath, [vitest, 'run', ...options, ...tests], {
      cwd: root,
      env: { ...process.env, FAULT_PATCHES: JSON.stringify(patches) },
      stdio: ['ignore', 'ignore', 'pipe'],
      signal,
    });
    let complaints = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints += text;
    });
    await once(child, 'close');
    const { testResults } = JSON.parse(await readFile(report, 'utf8').catch(() => notRun(complaints))) as Report;
    for (const { name, status, message, assertionResults } of testResults) {
      const failed = assertionResults.find((result) => result.status === 'failed');
      if (failed && complaints.includes(patchedLine(patches[0].file)))
        return `${relative(root, name)}: ${failed.fullName}`;
      // With `--bail` those that were not come to are skipped.
      if (status === 'failed' && assertionResults.length === 0 && message !== '') notRun(message);
    }
    if (testResults.length === 0) notRun(complaints);
    for (const { file } of patches) {
      if (!complaints.includes(patchedLine(file))) notRun(`${file} was not loaded with its change`);
    }
    return undefined;
  } finally {
    await rm(dir, { recursive: true });
  }
}

function notRun(why: string): never {
  throw new TestsNotRun(`the tests could not be run: ${why.trim().slice(0, 500)}`);
}
