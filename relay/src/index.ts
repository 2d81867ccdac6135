/** The reference relay of 0k-Sync: its parts, and how they are put together. */
export { type Clock, systemClock } from './clock.ts';
export {
  ConfigError,
  type ConfigSources,
  defaultConfig,
  loadConfig,
  type RelayConfig,
  type Setting,
} from './config.ts';
export { createLimits, type LimitReached, type Limits, type LimitValues, type Refusal } from './limits.ts';
export { createLog, type Log, type LogEvents } from './log.ts';
export { type CountName, createMetrics, type Metrics } from './metrics.ts';
export { createNotifier, type Notifier } from './notifier.ts';
export { referenceParts } from './reference-parts.ts';
export { createRelay, type Relay, type RelayParts } from './relay.ts';
export { createSessions, type Group, type Member, type Sessions } from './sessions.ts';
export { openSqliteStorage } from './sqlite/sqlite-storage.ts';
export type { StoreOptions } from './sqlite/store.ts';
export type * from './storage.ts';
export { StorageOpenError } from './storage.ts';
