import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createGroup,
  createIdentity,
  type Group,
  type Identity,
  proveMembership,
  type Session,
} from '@0k-sync/reference';
import { connect, nodeCrypto } from '@0k-sync/reference/node';
import type { HelloExt, Message, Notify, Welcome } from '@0k-sync/spec';
import { onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../src/clock.ts';
import { defaultConfig, type RelayConfig } from '../src/config.ts';
import type { LimitValues } from '../src/limits.ts';
import { createLog } from '../src/log.ts';
import { referenceParts } from '../src/reference-parts.ts';
import { createRelay, type Relay, type RelayParts } from '../src/relay.ts';

export interface StartOptions {
  limits?: Partial<LimitValues>;
  /** By section; without an admin listener unless `admin.bind` is given. */
  config?: { [Section in keyof RelayConfig]?: Partial<RelayConfig[Section]> };
  clock?: Clock;
  parts?: (parts: RelayParts) => Partial<RelayParts>;
  folder?: string;
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'relay-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A relay in this process, on a free port, without rates. It is closed with the test. */
export async function startRelay(options: StartOptions = {}): Promise<Relay & { parts: RelayParts; log: string[] }> {
  const config = defaultConfig();
  Object.assign(config.server, { bind: '127.0.0.1:0' }, options.config?.server);
  Object.assign(config.storage, options.config?.storage);
  Object.assign(config.cleanup, options.config?.cleanup);
  Object.assign(config.admin, { bind: '' }, options.config?.admin);
  Object.assign(config.log, { level: 'trace' }, options.config?.log);
  config.storage.database = join(options.folder ?? temporaryFolder(), 'relay.db');
  Object.assign(config.limits, {
    messages_per_minute: 0,
    connections_per_minute: 0,
    global_requests_per_second: 0,
    new_groups_per_hour: 0,
    ...options.limits,
  });
  const log: string[] = [];
  const clock = options.clock ?? systemClock;
  const parts: RelayParts = await referenceParts(config, clock);
  parts.log = createLog(config.log.level, clock, { write: (line) => log.push(line) });
  Object.assign(parts, options.parts?.(parts));
  const relay = await createRelay(parts);
  onTestFinished(() => relay.close());
  return { ...relay, parts, log };
}

export const newGroup = (): Group => createGroup(randomBytes(32), nodeCrypto);
export const newIdentity = (): Identity => createIdentity(nodeCrypto);
export const newBlobId = (): Uint8Array => new Uint8Array(randomBytes(16));
export const bytes = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

export interface JoinOptions {
  identity?: Identity;
  last_cursor?: bigint;
  ext?: HelloExt;
  open?: boolean;
  name?: string;
  /** The authority of a wss:// relay. */
  ca?: Uint8Array;
}

/** A session with its Welcome and what the relay sends unasked. */
export interface Client {
  session: Session;
  identity: Identity;
  welcome: Welcome;
  notifies: Notify[];
  /** The next Notify that is not looked at yet. */
  notified(): Promise<Notify>;
  events: Message[];
}

export async function joinGroup(relay: { url: string }, group: Group, options: JoinOptions = {}): Promise<Client> {
  const identity = options.identity ?? newIdentity();
  const session = await connect(relay.url, identity, { answerTimeoutMs: 10_000, ca: options.ca });
  onTestFinished(() => session.terminate());
  const notifies: Notify[] = [];
  const events: Message[] = [];
  let arrived = () => {};
  let seen = 0;
  session.onNotify = (notify) => {
    notifies.push(notify);
    arrived();
  };
  session.onEvent = (event) => events.push(event);
  const proof = proveMembership(group.authSeed, group.groupId, identity.deviceId, nodeCrypto);
  const welcome = await session.hello({
    group_id: group.groupId,
    device_name: options.name ?? 'test',
    last_cursor: options.last_cursor ?? 0n,
    ext: { ...(options.open ? {} : { proof }), ...options.ext },
  });
  return {
    session,
    identity,
    welcome,
    notifies,
    events,
    async notified() {
      while (notifies.length <= seen) {
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
      }
      return notifies[seen++]!;
    },
  };
}

/** What a promise is rejected with. */
export async function rejection(
  promise: Promise<unknown>,
): Promise<{ code?: number; closeCode?: number; name?: string }> {
  try {
    await promise;
  } catch (error) {
    return error as { code?: number };
  }
  throw new Error('it was not rejected');
}
