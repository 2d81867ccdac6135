import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/** A relay that runs as a process of its own. */
export interface RelayProcess extends AsyncDisposable {
  /** Its address with its identity, as it printed it: `ws://127.0.0.1:port/#identity`. */
  readonly url: string;
  readonly pid: number;
}

/**
 * Starts `0k-sync-relay` on a free port, with its certify.toml, and waits for the line with its address.
 *
 * @param bin the launcher, an absolute path
 * @param folder its working directory, an empty one, where it keeps its state
 * @throws Error when the relay ends, or is silent for 20 s, before it has printed its address
 */
export async function startRelay(bin: string, folder: string): Promise<RelayProcess> {
  // The bin of an installed package is a link to its file.
  const configuration = join(dirname(realpathSync(bin)), '..', 'certify.toml');
  const relay = spawn(process.execPath, [bin, '--listen', '127.0.0.1:0', '--config', configuration], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = once(relay, 'exit');
  let complaints = '';
  relay.stderr.on('data', (text) => {
    complaints += text;
  });
  const timer = setTimeout(() => relay.kill('SIGKILL'), 20_000);
  const address = new Promise<string>((found) => {
    createInterface(relay.stdout).on('line', (line) => {
      const url = /\bwss?:\/\/\S+#\S+/.exec(line)?.[0];
      if (url) found(url);
    });
  });
  const url = await Promise.race([address, gone.then(() => undefined)]);
  clearTimeout(timer);
  if (!url) throw new Error(`0k-sync-relay printed no address within 20 s or ended: ${complaints}`);
  return {
    url,
    pid: relay.pid!,
    async [Symbol.asyncDispose]() {
      relay.kill('SIGTERM');
      await gone;
    },
  };
}
