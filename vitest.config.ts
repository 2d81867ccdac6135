import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// The `source` condition makes every workspace package resolve to its .ts files: no build stands between an edit and a test.
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['*/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    pool: 'forks',
    execArgv: ['--conditions=source', '--no-warnings'],
    // Hundreds of tests start a command of ours: with its types stripped and compiled once, it starts in half the time.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/compile', import.meta.url)) },
    // Most tests wait for processes of their own more than they work.
    maxWorkers: '100%',
    testTimeout: 60_000,
  },
});
