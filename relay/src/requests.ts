import {
  type Delete,
  type ErrorExt,
  type ErrorName,
  FIXED_LIMITS,
  MAX_BODY,
  type Message,
  type Presence,
  type Pull,
  type Push,
  type RegisterPush,
  type RevokeDevice,
} from '@0k-sync/spec';
import { type Answer, refusal, tooMuch } from './errors.ts';
import type { Refusal } from './limits.ts';
import type { RelayContext } from './relay.ts';
import type { Session } from './session.ts';
import { type Group, keyOf, type Sessions } from './sessions.ts';
import type { DeviceRecord } from './storage.ts';

/** A message and the body it was read from. */
export interface Asked {
  message: Message;
  body: Uint8Array;
  /** What an Error in answer to it says beyond its code. */
  about: ErrorExt;
}

/** Copied, because storage takes the payload's buffer, and these bytes may lie in it. */
export const aboutBlob = (message: Message): ErrorExt =>
  message.type === 'Push' || message.type === 'Delete' ? { blob_id: message.blob_id.slice() } : {};

/** Serves a request of an Active session. Storage is asked before this returns, so that effects keep the order of the calls. */
export function serve(asked: Asked, session: Session, context: RelayContext): Answer | Promise<Answer> {
  const { message, about } = asked;
  if (message.type === 'Push') context.metrics.add('pushes_total');
  if (message.type === 'Pull') context.metrics.add('pulls_total');
  const over = context.limits.request(session.deviceKey);
  if (message.type === 'Presence') return presence(message, over !== undefined, session, context);
  if (over) return tooMuch(over, about, context);
  // Judged here and not later: what the client sent after a fatal refusal must not reach storage.
  if (!session.group!.ref.proven && needsProof(message)) return refusal('UNAUTHORIZED', about);
  // Before a new group is counted against the address: what is refused here begins none.
  const refused = refusedAsSent(message, context);
  if (refused) return refusal(refused, about);
  const tooManyGroups = beginsGroup(message) ? claimNewGroup(session, context) : undefined;
  if (tooManyGroups) return tooMuch(tooManyGroups, about, context);

  switch (message.type) {
    case 'Push':
      return push(message, asked, session, context);
    case 'Pull':
      return pull(message, session, context);
    case 'Delete':
      return remove(message, asked, session, context);
    case 'RevokeDevice':
      return revoke(message, session, context);
    case 'ListDevices':
      return listDevices(session, context);
    case 'RegisterPush':
      return registerToken(message, session, context);
    case 'UnregisterPush':
      return setToken(null, session, context);
    default:
      throw new Error(`${message.type} is no request`);
  }
}

const needsProof = (message: Message) =>
  message.type === 'RevokeDevice' || (message.type === 'Delete' && message.force);

const MOST_TOKEN_BYTES = 2048;
const MOST_APP_ID_BYTES = 256;
const WEB = 2;

/** What no state of the group could change. A web token names a host to call, and no host is allowed. */
function refusedAsSent(message: Message, { config }: RelayContext): ErrorName | undefined {
  if (message.type === 'Push' && message.payload.length > config.limits.max_blob_size) return 'BLOB_TOO_LARGE';
  if (message.type !== 'RegisterPush') return undefined;
  const length = Buffer.byteLength(message.token);
  const wrong = message.platform >= WEB || length === 0 || length > MOST_TOKEN_BYTES;
  return wrong || Buffer.byteLength(message.app_id ?? '') > MOST_APP_ID_BYTES ? 'INVALID_PUSH_TOKEN' : undefined;
}

const beginsGroup = ({ type }: Message) => type === 'Push' || type === 'RevokeDevice' || type === 'RegisterPush';

/** Takes the token of a new group once, however many requests are on their way to begin it. */
function claimNewGroup(session: Session, context: RelayContext): Refusal | undefined {
  const group = session.group!;
  if (group.begun || group.beginning) return undefined;
  const over = context.limits.newGroupFrom(session.address);
  group.beginning = !over;
  return over;
}

/** The devices to record, should the request begin the group's state. */
const connected = (group: Group, { sessions }: RelayContext) => (group.begun ? [] : sessions.connected(group));

async function push(message: Push, asked: Asked, session: Session, context: RelayContext): Promise<Answer> {
  const group = session.group!;
  const blobId = asked.about.blob_id!;
  const began = context.clock.uptime();
  const stored = await context.storage.push({
    group: group.ref,
    sender: session.device,
    blobId,
    payload: ownBuffer(message.payload, asked.body),
    ttl: message.ttl,
    connected: connected(group, context),
  });
  if ('refused' in stored) return refusal(stored.refused, asked.about);
  group.begun = true;
  if (stored.fresh) {
    context.metrics.add('blobs_stored_total');
    context.metrics.committed((context.clock.uptime() - began) / 1000);
    context.notifier.stored(group, stored.cursor, session);
  }
  return {
    message: {
      type: 'PushAck',
      blob_id: blobId,
      cursor: stored.cursor,
      ext: { timestamp: BigInt(stored.timestamp), digest: stored.digest },
    },
  };
}

/** The payload in a buffer with nothing in it but this message: large bodies have one of their own, others are copied out. */
function ownBuffer(payload: Uint8Array, body: Uint8Array): Uint8Array {
  return body.byteLength === body.buffer.byteLength ? payload : payload.slice();
}

/** What a blob in a PullResponse takes beyond its payload, at most: array 1, id 18, cursor 9, payload 5, time 9, sender 42. */
const BLOB_OVERHEAD = 84;
/** The rest of a PullResponse, at most: name and figures, and a long list of damaged blobs. */
const PAGE_OVERHEAD = 40_960;

async function pull(message: Pull, session: Session, context: RelayContext): Promise<Answer> {
  const group = session.group!;
  session.horizon = message.after_cursor;
  const page = await context.storage.pull({
    group: group.ref,
    device: session.device,
    after: message.after_cursor,
    limit: Math.min(message.limit || FIXED_LIMITS.default_pull_limit, context.config.limits.max_pull_limit),
    maxBytes: MAX_BODY.bin - PAGE_OVERHEAD,
    overhead: BLOB_OVERHEAD,
    epoch: session.epoch,
  });
  if ('refused' in page) return refusal(page.refused);
  session.horizon = page.maxCursor;
  context.tellDeleted(group, page.deleted);
  return {
    message: {
      type: 'PullResponse',
      blobs: page.blobs.map(({ blobId, cursor, payload, timestamp, sender }) => ({
        blob_id: blobId,
        cursor,
        payload,
        timestamp: BigInt(timestamp),
        ext: { sender },
      })),
      has_more: page.hasMore,
      max_cursor: page.maxCursor,
      ...(page.damaged.length > 0 ? { ext: { damaged: page.damaged } } : {}),
    },
  };
}

function presence(
  message: Presence,
  limited: boolean,
  session: Session,
  context: RelayContext,
): Answer | Promise<Answer> {
  if (message.status === 1 && !limited) {
    session.presenceChanges++;
    session.background = true;
    context.notifier.silenced(session.group!, session);
  }
  if (message.status !== 0 || !session.background) return {};
  // One question at a time: Presence 0 is free, and asking costs storage a count.
  if (session.waking?.change !== session.presenceChanges) {
    const change = ++session.presenceChanges;
    session.waking = { change, answer: wakeUp(change, session, context) };
  }
  return session.waking!.answer;
}

async function wakeUp(change: number, session: Session, context: RelayContext): Promise<Answer> {
  let waiting = { count: 0, newest: 0n };
  try {
    const pending = await context.storage.pending(session.group!.ref, session.device, session.horizon);
    if ('refused' in pending) return refusal(pending.refused);
    waiting = pending;
  } catch (error) {
    // Presence gets no answer, not even an Error; what is pushed from here on is notified all the same.
    context.storageFailed(error as Error);
  }
  // From here on pushes notify; those before are counted. A later Presence may have come in between.
  if (change === session.presenceChanges) {
    session.background = false;
    if (waiting.count > 0) session.notify(waiting.newest, waiting.count);
  }
  return {};
}

/** More deletions than this are not remembered for one connection: it may then hear of its own. */
const MOST_DELETIONS = 1024;

async function remove(message: Delete, asked: Asked, session: Session, context: RelayContext): Promise<Answer> {
  const group = session.group!;
  const blobId = asked.about.blob_id!;
  const key = keyOf(blobId);
  if (session.deletions.size < MOST_DELETIONS) session.deletions.add(key);
  const outcome = await context.storage.delete({
    group: group.ref,
    device: session.device,
    blobId,
    force: message.force,
  });
  if ('refused' in outcome) {
    session.deletions.delete(key);
    return refusal(outcome.refused, asked.about);
  }
  context.tellDeleted(group, outcome.deleted);
  return { message: { type: 'Ok' } };
}

async function revoke(message: RevokeDevice, session: Session, context: RelayContext): Promise<Answer> {
  const group = session.group!;
  const device = message.device_id.slice();
  const outcome = await context.storage.revoke({
    group: group.ref,
    device,
    by: session.device,
    reason: message.reason,
    clear: message.clear_pending,
    connected: connected(group, context),
  });
  if ('refused' in outcome) return refusal(outcome.refused);
  group.begun = true;
  const key = keyOf(device);
  for (const member of group.members) {
    if (outcome.fresh && member !== session) {
      member.tell({
        type: 'DeviceRevoked',
        device_id: device,
        revoked_by: session.device,
        timestamp: BigInt(outcome.timestamp),
        reason: message.reason,
      });
    }
    if (member.deviceKey === key && member !== session) member.fail('DEVICE_REVOKED');
  }
  context.tellDeleted(group, outcome.deleted);
  return {
    message: { type: 'Ok' },
    written() {
      if (session.deviceKey === key) session.fail('DEVICE_REVOKED');
    },
  };
}

async function listDevices(session: Session, { storage, sessions }: RelayContext): Promise<Answer> {
  const group = session.group!;
  const records = await storage.devices(group.ref, session.device);
  if ('refused' in records) return refusal(records.refused);
  const devices = (records.length > 0 ? records : withoutState(group, sessions)).map((record) => ({
    device_id: record.id,
    device_name: record.name,
    last_seen: BigInt(record.lastSeen),
    pending: record.pending,
    online: sessions.isOnline(group, record.id),
    revoked: record.revoked,
  }));
  return { message: { type: 'Devices', devices } };
}

/** The devices of a group that storage knows nothing of: those with a session. */
function withoutState(group: Group, sessions: Sessions): DeviceRecord[] {
  return sessions
    .connected(group)
    .filter(({ id }) => sessions.isOnline(group, id))
    .map(({ id, name, seen }) => ({ id, name, lastSeen: seen, pending: 0, revoked: false }))
    .sort((a, b) => Buffer.compare(a.id, b.id));
}

/** Tokens are kept; nothing sends wake-ups yet. */
function registerToken({ token, platform, app_id }: RegisterPush, session: Session, context: RelayContext) {
  return setToken({ text: token, platform, appId: app_id }, session, context);
}

async function setToken(
  token: { text: string; platform: number; appId: string | null } | null,
  session: Session,
  context: RelayContext,
): Promise<Answer> {
  const group = session.group!;
  const outcome = await context.storage.setToken({
    group: group.ref,
    device: session.device,
    token,
    connected: connected(group, context),
  });
  if (outcome) return refusal(outcome.refused);
  group.begun ||= token !== null;
  return { message: { type: 'Ok' } };
}
