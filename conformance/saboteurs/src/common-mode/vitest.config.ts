import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig, type Plugin } from 'vitest/config';
import own from '../../../../vitest.config.ts';
import { patched, patchedLine } from '../patch.ts';
import type { Patch } from '../saboteur.ts';

const root = new URL('../../../../', import.meta.url);
const faults = JSON.parse(process.env['FAULT_PATCHES'] ?? '[]') as Patch[];
const byPath = Map.groupBy(faults, ({ file }) => fileURLToPath(new URL(file, root)));

/** Puts changed sources in place of those on the disk: tests are loaded by Vite, where a hook of Node sees nothing of them. */
const sabotage: Plugin = {
  name: 'sabotage',
  enforce: 'pre',
  load(id) {
    const own = byPath.get(id);
    if (!own) return undefined;
    process.stderr.write(`${patchedLine(own[0]!.file)}\n`);
    return own.reduce(patched, readFileSync(id, 'utf8'));
  },
};

/** The tests of this repository with a fault in the sources, in the variable FAULT_PATCHES as JSON. */
export default mergeConfig(
  own,
  defineConfig({
    root: fileURLToPath(root),
    plugins: [sabotage],
    // It would take sources of another run for those of this one.
    test: { fsModuleCache: false },
  }),
);
