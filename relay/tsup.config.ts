import { packageBuild } from '../scripts/package-build.ts';

export default packageBuild({
  // The storage starts its worker thread from `./sqlite-worker`: all output lies flat in dist/, so it is found there too.
  entry: { index: 'src/index.ts', main: 'src/main.ts', 'sqlite-worker': 'src/sqlite/sqlite-worker.ts' },
  dts: { entry: { index: 'src/index.ts' } },
});
