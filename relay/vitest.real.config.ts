import { defineConfig } from 'vitest/config';
import workspace from '../vitest.config.ts';

// What needs programs that not every machine has, here nginx and openssl: `npm run test:real --workspace relay`.
export default defineConfig({
  ...workspace,
  test: { ...workspace.test, include: ['test/real/*.real.ts'] },
});
