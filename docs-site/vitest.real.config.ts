import { defineConfig } from 'vitest/config';
import workspace from '../vitest.config.ts';

// What builds the whole site, needs Chromium and Python, and starts relays: `npm run test:real --workspace docs-site`.
export default defineConfig({
  ...workspace,
  test: {
    ...workspace.test,
    include: ['test/real/*.real.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
