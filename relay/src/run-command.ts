import { systemClock } from './clock.ts';
import { loadConfig } from './config.ts';
import { type ConfigFlags, configSources } from './config-flags.ts';
import { referenceParts } from './reference-parts.ts';
import { createRelay, type Relay, type RelayParts } from './relay.ts';

/** A terminal and whoever started the relay both pass on one Ctrl-C: a second signal so soon is the same one, ms. */
const SAME_SIGNAL = 500;

export interface RunFlags extends ConfigFlags {
  newIdentity?: boolean;
}

/**
 * Runs the relay until a signal or a failure ends the process.
 * @param change takes the parts of the reference relay and returns those to run with
 * @throws ConfigError, or another Error if it cannot start
 */
export async function run(flags: RunFlags, change = (parts: RelayParts) => parts): Promise<void> {
  const { config } = loadConfig(configSources(flags));
  let relay: Relay | undefined;
  let stoppingSince: number | undefined;
  function stop(): void {
    // Nobody is connected yet.
    if (!relay) process.exit(0);
    if (stoppingSince !== undefined) {
      // Somebody asks twice, who does not want to wait for slow clients.
      if (performance.now() - stoppingSince >= SAME_SIGNAL) process.exit(1);
      return;
    }
    stoppingSince = performance.now();
    void relay.close().then(() => process.exit(0));
  }
  // Before it starts: the first process of a container would not hear them otherwise.
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', () => relay?.reloadCertificate());

  relay = await createRelay(change(await referenceParts(config, systemClock, flags.newIdentity)));
  void relay.failed.then((error) => {
    process.stderr.write(`0k-sync-relay: storage failed: ${error.message}\n`);
    process.exit(1);
  });
  process.stdout.write(`${relay.adminUrl ? `admin ${relay.adminUrl}\n` : ''}${relay.url}\n`);
}
