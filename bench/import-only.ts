// What the relay's process cannot be smaller than: the same packages, the same worker with a database open, and no relay.
import { Worker } from 'node:worker_threads';
import '@0k-sync/reference';
import '@0k-sync/reference/node';
import '@0k-sync/spec';
import 'commander';
import 'pino';
import 'prom-client';
import 'smol-toml';
import 'ws';

const storage = new Worker(new URL('../relay/src/sqlite/sqlite-worker.ts', import.meta.url), {
  workerData: { path: 'import-only.db', retention: 'ttl' },
});
storage.once('message', () => console.log('ready'));
process.on('SIGTERM', () => void storage.terminate().then(() => process.exit()));
