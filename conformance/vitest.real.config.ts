import { defineConfig } from 'vitest/config';
import workspace from '../vitest.config.ts';

// What needs Chromium: `npm run test:real --workspace 0k-conformance`.
export default defineConfig({
  ...workspace,
  test: { ...workspace.test, include: ['test/real/*.real.ts'], testTimeout: 300_000, hookTimeout: 300_000 },
});
