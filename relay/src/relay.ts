import { type CryptoProvider, encodeBase64url, type Identity } from '@0k-sync/reference';
import { FIXED_LIMITS } from '@0k-sync/spec';
import type { Clock } from './clock.ts';
import type { RelayConfig } from './config.ts';
import { Connection, TICK } from './connection.ts';
import { CLOSE } from './errors.ts';
import type { Limits } from './limits.ts';
import { type Log, seldom } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Notifier } from './notifier.ts';
import { Session } from './session.ts';
import { type Group, keyOf, type Sessions } from './sessions.ts';
import type { Removal, Storage } from './storage.ts';
import { listenWebSocket, type WebSocketListener, type Wire } from './websocket.ts';

/** What a relay is put together from. Each part can be replaced by another of its kind. */
export interface RelayParts {
  config: RelayConfig;
  /** Name and version of the software, at most 64 bytes; told to clients. */
  software: string;
  identity: Identity;
  crypto: CryptoProvider;
  storage: Storage;
  sessions: Sessions;
  notifier: Notifier;
  limits: Limits;
  clock: Clock;
  metrics: Metrics;
  log: Log;
}

/** What serving a request needs. */
export interface RelayContext extends RelayParts {
  /** A limit turned somebody away. */
  limitHit(name: string): void;
  storageFailed(error: Error): void;
  /** Tells a group that blobs are gone: every connection but the one that asked. */
  tellDeleted(group: Group, removals: Removal[]): void;
}

export interface Relay {
  /** `ws://host:port/#identity`. */
  readonly url: string;
  /** Settles when storage has failed for good. Nothing more is served: the process should end. */
  readonly failed: Promise<Error>;
  /** Ends in order: 3001 to all, what is queued is written, storage is closed. */
  close(): Promise<void>;
}

/** How long clients may take to read what is left when the relay ends, ms. */
const DRAIN_TIME = 5000;

/** Puts the parts together and listens. The identity's secret stays in memory until the process ends. */
export async function createRelay(parts: RelayParts): Promise<Relay> {
  const { config, clock, metrics, log, storage } = parts;
  const { limits } = config;
  const connections = new Map<Connection, Session | undefined>();
  let unfinishedHandshakes = 0;
  let closing: Promise<void> | undefined;
  let lastClosed = () => {};

  const logLimit = seldom(clock, (name, times) => log('limit', { name, times }));
  const logFailure = seldom(clock, (message, times) => log('storage_failed', { message, times }));
  const context: RelayContext = {
    ...parts,
    limitHit(name) {
      metrics.add('rate_limit_hits_total');
      logLimit(name);
    },
    storageFailed: (error) => logFailure(error.message),
    tellDeleted(group, removals) {
      for (const { blobId, cursor, by } of removals) {
        const key = keyOf(blobId);
        for (const member of group.members) {
          if (!member.deletions.delete(key)) member.tell({ type: 'Deleted', blob_id: blobId, cursor, deleted_by: by });
        }
      }
    },
  };

  function admit(address: string): { status: 429 | 503; retryAfterMs: number } | undefined {
    if (unfinishedHandshakes >= FIXED_LIMITS.max_unfinished_handshakes) {
      context.limitHit('unfinished handshakes');
      return { status: 503, retryAfterMs: limits.hello_timeout_secs * 1000 };
    }
    if (closing || connections.size >= limits.max_concurrent_sessions) {
      context.limitHit('concurrent sessions');
      return { status: 503, retryAfterMs: 10_000 };
    }
    const wait = parts.limits.connectionFrom(address);
    if (wait > 0) {
      context.limitHit('connections from an address');
      return { status: 429, retryAfterMs: wait };
    }
    return undefined;
  }

  function accept(wire: Wire): void {
    let inHandshake = true;
    const handshakeOver = () => {
      if (inHandshake) unfinishedHandshakes--;
      inHandshake = false;
    };
    const connection = new Connection(wire, {
      identity: parts.identity,
      crypto: parts.crypto,
      clock,
      metrics,
      pingInterval: limits.ping_interval_secs * 1000,
      idleTimeout: limits.idle_timeout_secs * 1000,
      helloTimeout: limits.hello_timeout_secs * 1000,
    });
    let session: Session | undefined;
    unfinishedHandshakes++;
    connections.set(connection, undefined);
    metrics.add('connections_total');
    metrics.add('connections_active');
    connection.handlers = {
      open({ deviceId }) {
        handshakeOver();
        session = new Session(connection, deviceId, context);
        connections.set(connection, session);
      },
      // Its place among the unfinished handshakes is free, however long the client takes to close.
      ending: handshakeOver,
      readable: () => session?.advance(),
      drained: () => session?.advance(),
      closed() {
        handshakeOver();
        session?.closed();
        connections.delete(connection);
        metrics.add('connections_active', -1);
        if (connections.size === 0) lastClosed();
      },
    };
  }

  const listener: WebSocketListener = await listenWebSocket({
    ...config.listen,
    trustedProxies: config.trustedProxies,
    allowedOrigins: config.allowedOrigins,
    upgradeTimeout: limits.hello_timeout_secs * 1000,
    clock,
    admit,
    accept,
    crowded: () => context.limitHit('sockets without a request'),
  });

  const stopTicking = repeat(clock, TICK, async () => {
    for (const connection of connections.keys()) connection.tick();
  });
  const stopCleaning = config.cleanUp ? repeat(clock, limits.cleanup_interval_secs * 1000, cleanUp) : () => {};

  async function cleanUp(): Promise<void> {
    try {
      while (!(closing || (await storage.cleanUp()).done));
    } catch (error) {
      context.storageFailed(error as Error);
    }
  }

  async function shutDown(): Promise<void> {
    log('stopping', { sessions: connections.size });
    listener.close();
    stopCleaning();
    const drained = new Promise<void>((resolve) => {
      lastClosed = resolve;
      if (connections.size === 0) resolve();
    });
    for (const [connection, session] of [...connections]) {
      if (session) session.fail('RELAY_SHUTTING_DOWN');
      else connection.cut(CLOSE.goingAway);
    }
    const cancel = clock.after(DRAIN_TIME, () => {
      for (const connection of connections.keys()) connection.terminate();
    });
    await drained;
    cancel();
    stopTicking();
    await storage.close();
    log('stopped', {});
  }

  const url = `ws://${listener.host}:${listener.port}/#${encodeBase64url(parts.identity.deviceId)}`;
  log('started', { listen: `${listener.host}:${listener.port}`, open_groups: config.openGroups });
  return { url, failed: storage.failed, close: () => (closing ??= shutDown()) };
}

/** Calls again and again, `ms` after the call before has ended. */
function repeat(clock: Clock, ms: number, task: () => Promise<void>): () => void {
  let stopped = false;
  let cancel = () => {};
  async function again(): Promise<void> {
    await task();
    if (!stopped) cancel = clock.after(ms, again);
  }
  cancel = clock.after(ms, again);
  return () => {
    stopped = true;
    cancel();
  };
}
