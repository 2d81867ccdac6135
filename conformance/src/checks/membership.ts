/** MEM: who may open a group. Forged proofs are made here with integers, so that each has exactly one thing wrong. */
import { createHash } from 'node:crypto';
import { nodeCrypto } from '@0k-sync/reference/node';
import type { Proof } from '@0k-sync/spec';
import type { MessageConnection } from '../access/messages.ts';
import type { Context } from '../context.ts';
import { openGroup } from '../group.ts';
import { check } from '../registry.ts';
import { Violation } from '../verdict.ts';
import { blaming } from './blame.ts';
import { bytes } from './bytes.ts';
import { quiet } from './expiry.ts';

const ascii = (text: string) => new TextEncoder().encode(text);
const sha512 = (...parts: Uint8Array[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha512')).digest();
const groupIdOf = (key: Uint8Array): Uint8Array =>
  createHash('sha256').update('0k-sync-group-id-v2').update(key).digest();

/** The order of the Ed25519 base point. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

function toInteger(littleEndian: Uint8Array): bigint {
  return littleEndian.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

function toBytes(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn));
}

/** The secret scalar of an Ed25519 seed (RFC 8032, 5.1.5). */
function scalarOf(seed: Uint8Array): bigint {
  const half = sha512(seed).subarray(0, 32);
  half[0]! &= 248;
  half[31] = (half[31]! & 127) | 64;
  return toInteger(half);
}

const messageFor = (groupId: Uint8Array, deviceId: Uint8Array, label = '0k-sync-member-v1') =>
  bytes(ascii(label), groupId, deviceId);

/** Opens a channel, sends Hello with a proof and expects Error 1002. */
async function expectRefused(
  ctx: Context,
  forge: (deviceId: Uint8Array) => { id: Uint8Array; proof: Proof },
): Promise<void> {
  const session = await ctx.messages();
  const { id, proof } = forge(session.device.deviceId);
  session.sendHello({ group: openGroup(id), ext: { proof } });
  await session.expectFatal(1002);
}

check('MEM-01', {
  title: 'a valid proof opens the group',
  requirements: ['MEM-18'],
  async run(ctx) {
    const group = ctx.group();
    const first = await ctx.join({ group });
    // The same proof again: it is for the device, not for one connection.
    await ctx.join({ group, device: first.device });
    const second = await blaming('MEM-18', ctx.join({ group }));
    await first.push(ctx.random.bytes(8));
    ctx.equal((await second.pull()).blobs.length, 1, 'blobs seen by the second device', 'MEM-18');
  },
});

check('MEM-02', {
  title: 'a valid signature by a key of another group is refused',
  async run(ctx) {
    const [group, other] = [ctx.group(), ctx.group()];
    await expectRefused(ctx, (deviceId) => {
      const signature = nodeCrypto.ed25519Sign(messageFor(group.id, deviceId), other.authSeed!);
      return { id: group.id, proof: { key: nodeCrypto.ed25519PublicKey(other.authSeed!), signature } };
    });
  },
});

for (const [slug, title, at] of [
  ['r', 'R', 0],
  ['s', 'S', 32],
] as const) {
  check(`MEM-03/${slug}`, {
    title: `a signature with a wrong bit in ${title} is refused`,
    async run(ctx) {
      const group = ctx.group();
      await expectRefused(ctx, (deviceId) => {
        const proof = group.proofFor(deviceId)!;
        const signature = Uint8Array.from(proof.signature);
        signature[at]! ^= 1;
        return { id: group.id, proof: { ...proof, signature } };
      });
    },
  });
}

check('MEM-03/twice', {
  title: 'a wrong proof is refused also from a device that gave a right one before',
  async run(ctx) {
    const group = ctx.group();
    const device = ctx.device();
    await (await ctx.join({ group, device })).push(ctx.random.bytes(8));
    const session = await ctx.messages({ device });
    const { key } = group.proofFor(device.deviceId)!;
    session.sendHello({ group, ext: { proof: { key, signature: ctx.random.bytes(64) } } });
    await session.expectFatal(1002);
  },
});

check('MEM-04', {
  title: 'a proof that was made for another device is refused',
  async run(ctx) {
    const group = ctx.group();
    const other = ctx.device();
    await ctx.join({ group, device: other });
    await expectRefused(ctx, () => ({ id: group.id, proof: group.proofFor(other.deviceId)! }));
  },
});

check('MEM-05', {
  title: 'a proof that was made for another group_id is refused',
  async run(ctx) {
    const group = ctx.group();
    await expectRefused(ctx, (deviceId) => {
      const { key } = group.proofFor(deviceId)!;
      const signature = nodeCrypto.ed25519Sign(messageFor(ctx.random.bytes(32), deviceId), group.authSeed!);
      return { id: group.id, proof: { key, signature } };
    });
  },
});

for (const [slug, title, label] of [
  ['none', 'no label', ''],
  ['v2', 'another label', '0k-sync-member-v2'],
] as const) {
  check(`MEM-06/${slug}`, {
    title: `a signature under ${title} is refused`,
    async run(ctx) {
      const group = ctx.group();
      await expectRefused(ctx, (deviceId) => {
        const { key } = group.proofFor(deviceId)!;
        const signature = nodeCrypto.ed25519Sign(messageFor(group.id, deviceId, label), group.authSeed!);
        return { id: group.id, proof: { key, signature } };
      });
    },
  });
}

check('MEM-07', {
  title: 'a signature whose S has the group order added is refused',
  async run(ctx) {
    const group = ctx.group();
    await expectRefused(ctx, (deviceId) => {
      const proof = group.proofFor(deviceId)!;
      const s = toInteger(proof.signature.subarray(32)) + L;
      return { id: group.id, proof: { ...proof, signature: bytes(proof.signature.subarray(0, 32), toBytes(s)) } };
    });
  },
});

/**
 * A signature that verifies, without a secret, under a key that stands for the neutral point: then the equation is R = S·B.
 *
 * @param key - an encoding of the point with y = 1
 */
function forgedUnderNeutralKey(ctx: Context, key: Uint8Array): { id: Uint8Array; proof: Proof } {
  const seed = ctx.random.bytes(32);
  const r = nodeCrypto.ed25519PublicKey(seed);
  return { id: groupIdOf(key), proof: { key, signature: bytes(r, toBytes(scalarOf(seed) % L)) } };
}

check('MEM-08', {
  title: 'a key that is no canonical encoding of a point is refused',
  async run(ctx) {
    // y = p + 1, which a lenient reader takes for 1.
    await expectRefused(ctx, () => forgedUnderNeutralKey(ctx, bytes('ee', 'ff'.repeat(30), '7f')));
    // y = 1 with the sign bit set, although x = 0.
    await expectRefused(ctx, () => forgedUnderNeutralKey(ctx, bytes('01', '00'.repeat(30), '80')));
  },
});

check('MEM-09', {
  title: 'a signature with an R that is no canonical encoding of a point is refused',
  async run(ctx) {
    // R stands for the neutral point, so that S = h·a fits the equation.
    const r = bytes('ee', 'ff'.repeat(30), '7f');
    const group = ctx.group();
    await expectRefused(ctx, (deviceId) => {
      const { key } = group.proofFor(deviceId)!;
      const h = toInteger(sha512(r, key, messageFor(group.id, deviceId)));
      const s = (h * scalarOf(group.authSeed!)) % L;
      return { id: group.id, proof: { key, signature: bytes(r, toBytes(s)) } };
    });
  },
});

check('MEM-10', {
  title: 'a key of small order is refused',
  async run(ctx) {
    await expectRefused(ctx, () => forgedUnderNeutralKey(ctx, bytes('01', '00'.repeat(31))));
  },
});

/** A session with the open group of an id; a relay without open groups refuses it with 1002 (MEM-15). */
export async function joinOpen(ctx: Context, id: Uint8Array): Promise<MessageConnection> {
  const session = await ctx.messages();
  const options = { group: openGroup(id) };
  try {
    await session.hello(options);
    return session;
  } catch (error) {
    if (!(error instanceof Violation) || !error.actual.startsWith('Error {code: 1002')) throw error;
    await session.expectClosed(4002);
    return ctx.notRun('the relay has open_groups = false');
  }
}

check('MEM-15', {
  title: 'a Hello without proof is answered with a Welcome, or with Error 1002 where there are no open groups',
  async run(ctx) {
    const session = await ctx.messages();
    session.sendHello({ group: openGroup() });
    const event = await session.next();
    const overLimit = session.overLimit(event);
    if (overLimit) throw overLimit;
    if (typeof event === 'object' && 'type' in event && event.type === 'Welcome') return;
    const refused = typeof event === 'object' && 'type' in event && event.type === 'Error' && event.code === 1002;
    ctx.verify(refused, { expected: ['Welcome', 'Error 1002'], actual: 'something else' });
    await session.expectClosed(4002);
  },
});

check('MEM-11', {
  title: 'a Hello without proof opens the open group of its id',
  async run(ctx) {
    const id = ctx.random.bytes(32);
    await (await joinOpen(ctx, id)).push(ctx.random.bytes(8));
    ctx.equal((await (await joinOpen(ctx, id)).pull()).blobs.length, 1, 'blobs in the open group');
  },
});

check('MEM-12', {
  title: 'the open and the proven group of one id share nothing',
  requirements: ['MEM-13', 'MEM-14'],
  async run(ctx) {
    const group = ctx.group();
    const [open, witness] = [await joinOpen(ctx, group.id), await joinOpen(ctx, group.id)];
    const proven = await blaming('MEM-14', ctx.join({ group }));
    const epochs = [open, proven].map(({ welcome }) => Buffer.from(welcome.ext?.epoch ?? []).toString('hex'));
    ctx.verify(epochs[0] !== epochs[1], { expected: ['two epochs'], actual: 'one for both groups' });
    const blob = await open.push(ctx.random.bytes(8));
    ctx.equal((await proven.pull()).blobs.length, 0, 'blobs of the open group in the proven one');
    await witness.expectNotify(1n);
    await quiet(proven);
    await blaming('MEM-13', proven.expectNothing());
    ctx.equal(
      (await proven.push(ctx.random.bytes(9), { blob_id: blob.blob_id })).cursor,
      1n,
      'the first cursor of the proven group',
    );
    const { welcome } = await ctx.join({ group });
    ctx.equal(welcome.max_cursor, 1n, 'max_cursor of the proven group');
    ctx.equal((await open.pull()).blobs.length, 1, 'blobs of the open group');
    await blaming('MEM-13', open.expectNothing());
  },
});

check('MEM-16', {
  title: 'a RevokeDevice in an open group is refused with Error 1002',
  async run(ctx) {
    const session = await joinOpen(ctx, ctx.random.bytes(32));
    await session.push(ctx.random.bytes(8));
    session.send({ type: 'RevokeDevice', device_id: session.device.deviceId, reason: 0, clear_pending: false });
    await session.expectFatal(1002);
  },
});

check('MEM-17', {
  title: 'a forced Delete in an open group is refused with Error 1002',
  async run(ctx) {
    const session = await joinOpen(ctx, ctx.random.bytes(32));
    const { blob_id } = await session.push(ctx.random.bytes(8));
    session.send({ type: 'Delete', blob_id, force: true });
    await session.expectFatal(1002);
  },
});

/** A larger group takes too long to fill. */
const FEW_DEVICES = 32;

check('MEM-19', {
  title: 'a full group refuses one device more with Error 1002, and serves those it has',
  async run(ctx) {
    const most = Number(ctx.limit('max_devices_per_group'));
    if (most > FEW_DEVICES) ctx.notRun(`max_devices_per_group is ${most}; the check fills at most ${FEW_DEVICES}`);
    const group = ctx.group();
    const first = await ctx.join({ group });
    await first.push(ctx.random.bytes(8));
    for (let device = 1; device < most; device++) await ctx.join({ group });
    const session = await ctx.messages();
    session.sendHello({ group });
    await session.expectFatal(1002);
    await ctx.join({ group, device: first.device });
  },
});
