/**
 * Loaded by `--import` before anything else of a relay's process, in its main thread and in each worker thread: changes the
 * source files that the query of its own address names as Node loads them, and prints a line for each. A file that is never
 * loaded would leave a relay that is not different at all.
 */
import { readFileSync, writeSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { patched, patchedLine } from './patch.ts';
import type { Patch } from './saboteur.ts';

const root = new URL('../../../', import.meta.url);
const given = new URL(import.meta.url).searchParams.get('patches') ?? '[]';
const patches = Map.groupBy(JSON.parse(given) as Patch[], ({ file }) => new URL(file, root).href);

registerHooks({
  load(url, context, nextLoad) {
    const own = patches.get(url);
    if (!own) return nextLoad(url, context);
    const source = own.reduce(patched, readFileSync(fileURLToPath(url), 'utf8'));
    // Not by process.stderr: that of a worker thread waits until the main thread has time for it.
    writeSync(2, `${patchedLine(own[0]!.file)}\n`);
    return { ...nextLoad(url, context), source };
  },
});
