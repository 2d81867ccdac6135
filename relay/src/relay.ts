import { type CryptoProvider, encodeBase64url, type Identity } from '@0k-sync/reference';
import { FIXED_LIMITS } from '@0k-sync/spec';
import { listenAdmin } from './admin.ts';
import { readCertificate } from './certificate.ts';
import { clientAddress } from './client-address.ts';
import type { Clock } from './clock.ts';
import { parseAddress, type RelayConfig } from './config.ts';
import { Connection, TICK } from './connection.ts';
import { CLOSE } from './errors.ts';
import type { LimitReached, Limits } from './limits.ts';
import { type Log, seldom } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Notifier } from './notifier.ts';
import { Session } from './session.ts';
import { type Group, keyOf, type Sessions } from './sessions.ts';
import type { Removal, Storage } from './storage.ts';
import { listenWebSocket, type Wire } from './websocket.ts';

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
  limitReached(limit: LimitReached): void;
  errorSent(device: Uint8Array, code: number): void;
  storageFailed(error: Error): void;
  /** Tells a group that blobs are gone: every connection but the one that asked. */
  tellDeleted(group: Group, removals: Removal[]): void;
}

export interface Relay {
  /** `ws://host:port/#identity`, or `wss://` with a certificate. */
  readonly url: string;
  /** `http://host:port/`, if there is an admin listener. */
  readonly adminUrl: string | undefined;
  /** Settles when storage has failed for good. Nothing more is served: the process should end. */
  readonly failed: Promise<Error>;
  /** Reads the certificate files again. If they cannot be used, the log says so, and those in use stay. */
  reloadCertificate(): void;
  /** Ends in order: 3001 to all, what is queued is written, storage is closed. */
  close(): Promise<void>;
}

/** When a client may try again that found no place, ms. */
const RETRY_LATER = 10_000;

/** How long clients may take to read what is left when the relay ends, ms. */
const DRAIN_TIME = 5000;

/**
 * Puts the parts together and listens. The identity's secret stays in memory until the process ends.
 * @throws Error for the operator if it cannot listen, or its certificate cannot be used; storage is closed then
 */
export async function createRelay(parts: RelayParts): Promise<Relay> {
  try {
    return await start(parts);
  } catch (error) {
    await parts.storage.close();
    throw error;
  }
}

async function start(parts: RelayParts): Promise<Relay> {
  const { config, clock, metrics, log, storage } = parts;
  const { limits, server } = config;
  const startedAt = clock.uptime();
  const connections = new Map<Connection, Session | undefined>();
  let unfinishedHandshakes = 0;
  let closing: Promise<void> | undefined;
  let lastClosed = () => {};

  const logLimit = seldom(clock, (name, times) => log('limit', { name, times }));
  const logFailure = seldom(clock, (message, times) => log('storage_failed', { message, times }));
  const context: RelayContext = {
    ...parts,
    limitReached(limit) {
      metrics.limitReached(limit);
      logLimit(limit);
    },
    errorSent(device, code) {
      metrics.errorSent(code);
      log('error_sent', { device, code });
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
      context.limitReached('unfinished_handshakes');
      return { status: 503, retryAfterMs: limits.hello_timeout_secs * 1000 };
    }
    if (closing) return { status: 503, retryAfterMs: RETRY_LATER };
    if (connections.size >= limits.max_concurrent_sessions) {
      context.limitReached('sessions');
      return { status: 503, retryAfterMs: RETRY_LATER };
    }
    const over = parts.limits.connectionFrom(address);
    if (!over) return undefined;
    context.limitReached(over.limit);
    return { status: 429, retryAfterMs: over.waitMs };
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
      closed(code) {
        handshakeOver();
        session?.closed(code);
        connections.delete(connection);
        metrics.add('connections_active', -1);
        if (connections.size === 0) lastClosed();
      },
    };
  }

  const certificate = server.tls_cert === '' ? undefined : readCertificate(server);
  const admin =
    config.admin.bind === ''
      ? undefined
      : await listenAdmin({
          ...parseAddress(config.admin.bind)!,
          metrics,
          metricsEnabled: config.admin.metrics_enabled,
          uptimeSeconds: () => (clock.uptime() - startedAt) / 1000,
          totals: async () => (closing ? undefined : storage.totals()),
        });
  const listener = await listenWebSocket({
    ...parseAddress(server.bind)!,
    certificate,
    clientAddress: clientAddress(server.trusted_proxies, server.proxy_header),
    allowedOrigins: server.allowed_origins,
    upgradeTimeout: limits.hello_timeout_secs * 1000,
    clock,
    admit,
    accept,
    crowded: () => context.limitReached('sockets_without_request'),
  }).catch((error) => {
    admin?.close();
    throw error;
  });

  const stopTicking = repeat(clock, TICK, async () => {
    for (const connection of connections.keys()) connection.tick();
  });
  const stopCleaning = config.cleanup.enabled ? repeat(clock, limits.cleanup_interval_secs * 1000, cleanUp) : () => {};

  async function cleanUp(): Promise<void> {
    try {
      for (let done = false; !done && !closing; ) {
        const cleaned = await storage.cleanUp();
        // Whoever is connected knows the epoch, and would wait for cursors beyond the one that begins anew.
        const unused = cleaned.idle.filter((ref) => !parts.sessions.isJoined(ref));
        if (unused.length > 0) await storage.forgetGroups(unused);
        done = cleaned.done;
      }
    } catch (error) {
      context.storageFailed(error as Error);
    }
  }

  async function shutDown(): Promise<void> {
    log('stopping', { connections: connections.size });
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
    admin?.close();
    log('stopped', {});
  }

  function reloadCertificate(): void {
    if (server.tls_cert === '') return;
    try {
      listener.setCertificate(readCertificate(server));
      log('certificate_read', {});
    } catch (error) {
      log('certificate_refused', { message: (error as Error).message });
    }
  }

  log('started', { listen: listener.url, open_groups: server.open_groups });
  return {
    url: `${listener.url}#${encodeBase64url(parts.identity.deviceId)}`,
    adminUrl: admin?.url,
    failed: storage.failed,
    reloadCertificate,
    close: () => (closing ??= shutDown()),
  };
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
