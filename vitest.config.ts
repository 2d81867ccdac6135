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
    // Most tests wait for processes of their own more than they work.
    maxWorkers: '100%',
    testTimeout: 60_000,
  },
});
