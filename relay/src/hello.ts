import { encodeBase64url, verifyMembership } from '@0k-sync/reference';
import type { Hello, UnknownKeys, Welcome } from '@0k-sync/spec';
import { type Answer, CLOSE, refusal, tooMuch } from './errors.ts';
import type { RelayContext } from './relay.ts';
import type { Session } from './session.ts';
import type { GroupRef, HelloFigures } from './storage.ts';

const LARGEST_COUNT = 2 ** 32 - 1;

/**
 * Answers Hello. The order of the checks is the protocol's: decoding (done), rate, version, proof or open group not allowed,
 * allow-list or closed, revoked or frozen, too many devices (the last three in storage).
 */
export function greet(hello: Hello, session: Session, context: RelayContext): Answer | Promise<Answer> {
  const over = context.limits.connectionOf(session.deviceKey);
  if (over) return { ...tooMuch(over, {}, context), close: CLOSE.tryAgainLater };
  if (hello.version !== 1) return refusal('UNSUPPORTED_VERSION');
  const group = admittedGroup(hello, session.device, context);
  if (!group) return refusal('UNAUTHORIZED');
  if (!isServed(group, context)) return refusal('UNKNOWN_GROUP');

  session.name = cut(hello.device_name, context.config.limits.max_device_name_len);
  session.seen = context.clock.now();
  session.horizon = hello.last_cursor;
  return join(hello, group, session, context);
}

/** The group that Hello opens, if it may. A group id in the mouth of a stranger opens the open group of that id, or none. */
function admittedGroup(hello: Hello, device: Uint8Array, context: RelayContext): GroupRef | undefined {
  const proof = hello.ext?.proof;
  if (proof ? !verifyMembership(proof, hello.group_id, device, context.crypto) : !context.config.server.open_groups) {
    return undefined;
  }
  return { id: hello.group_id.slice(), proven: proof !== undefined };
}

function isServed({ id }: GroupRef, { config }: RelayContext): boolean {
  const { allowed_groups: allowed, closed_groups: closed } = config.server;
  if (allowed.length === 0 && closed.length === 0) return true;
  const name = encodeBase64url(id);
  return !closed.includes(name) && (allowed.length === 0 || allowed.includes(name));
}

async function join(hello: Hello, ref: GroupRef, session: Session, context: RelayContext): Promise<Answer> {
  const { sessions, storage } = context;
  // Before storage is asked: should a push begin the group's state meanwhile, this device is recorded too.
  const group = sessions.join(ref, session);
  session.group = group;
  const figures = await storage.hello({
    group: ref,
    device: session.device,
    name: session.name,
    lastCursor: hello.last_cursor,
    epoch: hello.ext?.epoch?.slice(),
    lastBlob: hello.ext?.last_blob?.slice(),
  });
  if ('refused' in figures) {
    sessions.leave(group, session);
    return refusal(figures.refused);
  }
  // Storage answers in the order of effects: a push whose answer comes after this one is not in the figures.
  session.admitted = true;
  group.begun ||= figures.begun;
  if (figures.acknowledges) session.epoch = figures.epoch;
  return {
    message: welcome(figures, context),
    written() {
      session.open();
      const { count, newest } = figures.pending;
      if (count > 0) session.notify(newest, count);
      context.tellDeleted(group, figures.deleted);
    },
  };
}

function welcome(figures: HelloFigures, context: RelayContext): Welcome {
  const { limits } = context.config;
  // Random names, so that clients keep skipping what they do not know.
  const unknown: UnknownKeys = { [unknownName(context)]: context.crypto.randomBytes(4) };
  return {
    type: 'Welcome',
    version: 1,
    max_cursor: figures.maxCursor,
    pending_count: Math.min(figures.pending.count, LARGEST_COUNT),
    ext: {
      relay: context.software,
      caps: [unknownName(context)],
      limits: Object.fromEntries(Object.entries(limits).map(([name, value]) => [name, BigInt(value)])),
      epoch: figures.epoch,
      expired_through: figures.expiredThrough,
      usage: { bytes: BigInt(figures.usedBytes), quota: BigInt(limits.max_group_storage) },
      ...unknown,
    },
  };
}

const unknownName = ({ crypto }: RelayContext): `x-${string}` => `x-${encodeBase64url(crypto.randomBytes(6))}`;

/** At most `most` Unicode scalar values. */
function cut(name: string, most: number): string {
  return name.length <= most ? name : [...name].slice(0, most).join('');
}
