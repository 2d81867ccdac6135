// Preloaded into what is to be weighed: SIGUSR2 collects its garbage, as thoroughly as V8 does in a process that has been idle
// for some time, and prints a line.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  setFlagsFromString('--expose-gc');
  const gc: NodeJS.GCFunction = runInNewContext('gc');
  const collect = () => gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  process.on('SIGUSR2', () => {
    collect();
    // What only then is known to be unreachable, as handles of OpenSSL, goes with the second.
    setImmediate(() => {
      collect();
      console.log('collected');
    });
  });
}
