import { nodeCrypto } from '@0k-sync/reference/node';
import { type Clock, systemClock } from './clock.ts';
import type { RelayConfig } from './config.ts';
import { loadIdentity } from './identity-file.ts';
import { createLimits } from './limits.ts';
import { lineLog } from './log.ts';
import { createMetrics } from './metrics.ts';
import { createNotifier } from './notifier.ts';
import type { RelayParts } from './relay.ts';
import { createSessions } from './sessions.ts';
import { openSqliteStorage } from './sqlite/sqlite-storage.ts';

/**
 * The parts that the reference relay runs with: SQLite at `config.database`, keys beside it in `<database>.key`.
 * @throws Error with a message for the operator if the files cannot be used
 */
export async function referenceParts(config: RelayConfig, clock: Clock = systemClock): Promise<RelayParts> {
  const { limits } = config;
  const storage = await openSqliteStorage(
    {
      path: config.database,
      maxGroupStorage: limits.max_group_storage,
      maxTotalStorage: limits.max_total_storage,
      defaultTtl: limits.default_ttl,
      maxTtl: limits.max_ttl,
      maxDevices: limits.max_devices_per_group,
      retention: config.retention,
    },
    clock,
  );
  try {
    const metrics = createMetrics();
    // A relay goes on when nobody reads its log any more.
    process.stderr.on('error', () => {});
    return {
      config,
      software: '0k-sync-relay',
      identity: loadIdentity(`${config.database}.key`, nodeCrypto),
      crypto: nodeCrypto,
      storage,
      sessions: createSessions(metrics),
      notifier: createNotifier(clock),
      limits: createLimits(limits, clock),
      clock,
      metrics,
      log: lineLog(clock, (line) => process.stderr.write(line)),
    };
  } catch (error) {
    await storage.close();
    throw error;
  }
}
