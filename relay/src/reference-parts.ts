import { nodeCrypto } from '@0k-sync/reference/node';
import { type Clock, systemClock } from './clock.ts';
import type { RelayConfig } from './config.ts';
import { loadIdentity } from './identity-file.ts';
import { createLimits } from './limits.ts';
import { createLog, standardError } from './log.ts';
import { createMetrics } from './metrics.ts';
import { createNotifier } from './notifier.ts';
import type { RelayParts } from './relay.ts';
import { createSessions } from './sessions.ts';
import { openSqliteStorage } from './sqlite/sqlite-storage.ts';
import { VERSION } from './version.ts';

/**
 * The parts that the reference relay runs with: SQLite at `config.database`, keys beside it in `<database>.key`, the log on
 * stderr.
 * @param newIdentity whether keys that are missing may be replaced although the database has groups
 * @throws Error with a message for the operator if the files cannot be used
 */
export async function referenceParts(
  config: RelayConfig,
  clock: Clock = systemClock,
  newIdentity = false,
): Promise<RelayParts> {
  const { limits } = config;
  const { database, retention } = config.storage;
  const storage = await openSqliteStorage(
    {
      path: database,
      maxGroupStorage: limits.max_group_storage,
      maxTotalStorage: limits.max_total_storage,
      defaultTtl: limits.default_ttl,
      maxTtl: limits.max_ttl,
      maxDevices: limits.max_devices_per_group,
      retention,
    },
    clock,
  );
  try {
    const { groups } = await storage.totals();
    const metrics = createMetrics(VERSION);
    return {
      config,
      software: `0k-sync-relay ${VERSION}`,
      identity: loadIdentity(`${database}.key`, nodeCrypto, newIdentity || groups === 0),
      crypto: nodeCrypto,
      storage,
      sessions: createSessions(metrics),
      notifier: createNotifier(clock),
      limits: createLimits(limits, clock),
      clock,
      metrics,
      log: createLog(config.log.level, clock, standardError()),
    };
  } catch (error) {
    await storage.close();
    throw error;
  }
}
