/** HS: the Noise handshake and the secure channel. */
import { HandshakeState, type Identity, NoiseError } from '@0k-sync/reference';
import { nodeCrypto } from '@0k-sync/reference/node';
import { NOTHING } from '../access/inbox.ts';
import { type Mutation, NoiseConnection } from '../access/noise.ts';
import { closedOverLimit } from '../access/over-limit.ts';
import { describeEvent, type Wire, type WireEvent } from '../access/wire.ts';
import type { Context } from '../context.ts';
import { check } from '../registry.ts';
import { bytes, name } from './bytes.ts';

const PULL = bytes('00000008 93', name('Pull'), '00 05');

/** p = 2^255 − 19, little-endian. */
const P = bytes('ed', 'ff'.repeat(30), '7f');

const flip =
  (at: number): Mutation =>
  (message) => {
    const changed = Uint8Array.from(message);
    changed[at < 0 ? changed.length + at : at]! ^= 1;
    return changed;
  };

const put =
  (at: number, value: Uint8Array): Mutation =>
  (message) => {
    const changed = Uint8Array.from(message);
    changed.set(value, at);
    return changed;
  };

/** The first coefficient of an ML-KEM key becomes 4,095, which is above 3,328. */
const notCanonical =
  (at: number): Mutation =>
  (message) => {
    const changed = Uint8Array.from(message);
    changed[at] = 0xff;
    changed[at + 1]! |= 0x0f;
    return changed;
  };

/**
 * The relay closes with 1002, no reason, and without another byte (HS-13, HS-14). Whoever sends something first and closes
 * then has seen that something is wrong; whoever does not close has not.
 */
async function expectRefused(ctx: Context, wire: Wire): Promise<void> {
  let event = await wire.next();
  // Of an empty plaintext, which means nothing (FRAME-21): it may have been on its way before.
  while (event !== NOTHING && event.kind === 'message' && event.data.length === TAG_BYTES) event = await wire.next();
  const over = closedOverLimit(event);
  if (over) throw over;
  if (isFailed(event)) return ctx.equal(event.reason, '', 'the reason of the close', 'HS-13');
  const isMessage = event !== NOTHING && event.kind === 'message';
  const isTooLate = isMessage && isFailed(await wire.next());
  ctx.fail({
    ...(isTooLate && { requirement: 'HS-14' }),
    expected: ['a close with 1002, and no message before it'],
    actual: describeEvent(event, ctx.timeoutMs),
  });
}

const TAG_BYTES = 16;

const isFailed = (event: WireEvent | typeof NOTHING): event is Extract<WireEvent, { kind: 'close' }> =>
  event !== NOTHING && event.kind === 'close' && event.code === 1002;

check('HS-01', {
  title: 'the handshake completes: name, prologue, order of tokens, and both keys are those of the protocol',
  requirements: ['HS-02', 'HS-03', 'HS-04', 'HS-05'],
  async run(ctx) {
    const session = await ctx.join();
    await session.roundTrip();
  },
});

check('HS-02/other', {
  title: 'with another prologue message 2 does not open',
  async run(ctx) {
    const noise = new NoiseConnection(await ctx.raw(), ctx.device(), new TextEncoder().encode('/0k-sync/2'));
    noise.writeHandshake();
    const message = await noise.wire.receive('handshake message 2');
    let opened = true;
    try {
      noise.handshake.readMessage(message);
    } catch (error) {
      if (!(error instanceof NoiseError)) throw error;
      opened = false;
    }
    ctx.verify(!opened, {
      expected: ['a message bound to the prologue /0k-sync/1'],
      actual: 'one that opens with /0k-sync/2',
    });
  },
});

check('HS-06', {
  title: 'message 2 has 3,568 bytes and message 4 has 1,120',
  async run(ctx) {
    const noise = await ctx.noise();
    noise.writeHandshake();
    ctx.equal((await noise.readHandshake()).length, 3568, 'bytes of message 2');
    noise.writeHandshake();
    ctx.equal((await noise.readHandshake()).length, 1120, 'bytes of message 4');
  },
});

interface WrongMessage {
  readonly id: string;
  readonly title: string;
  readonly mutate: Mutation;
}

const wrongFirst: readonly WrongMessage[] = [
  { id: 'HS-07/message-1', title: 'a message 1 of 1,215 bytes', mutate: (message) => message.subarray(0, -1) },
  { id: 'HS-07/empty', title: 'an empty message 1', mutate: () => new Uint8Array() },
  { id: 'HS-08/message-1', title: 'a message 1 with a payload of one byte', mutate: (message) => bytes(message, '00') },
  { id: 'HS-10/ephemeral', title: 'an ephemeral ML-KEM key that is not canonical', mutate: notCanonical(32) },
  {
    id: 'HS-11/bit-255',
    title: 'an ephemeral X25519 key with bit 255 set',
    mutate: (message) => put(31, Uint8Array.of(message[31]! | 0x80))(message),
  },
  { id: 'HS-11/p', title: 'an ephemeral X25519 key of p', mutate: put(0, P) },
  {
    id: 'HS-11/2-255-minus-1',
    title: 'an ephemeral X25519 key of 2^255 − 1',
    mutate: put(0, bytes('ff'.repeat(31), '7f')),
  },
  { id: 'HS-12/zero', title: 'an ephemeral X25519 key of 0', mutate: put(0, new Uint8Array(32)) },
  { id: 'HS-12/one', title: 'an ephemeral X25519 key of 1', mutate: put(0, bytes('01', '00'.repeat(31))) },
  {
    id: 'HS-12/order-8',
    title: 'an ephemeral X25519 key of order 8',
    mutate: put(0, bytes('e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800')),
  },
  {
    id: 'HS-12/order-8-twisted',
    title: 'the other ephemeral X25519 key of order 8',
    mutate: put(0, bytes('5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157')),
  },
  {
    id: 'HS-12/minus-one',
    title: 'an ephemeral X25519 key of p − 1',
    mutate: put(0, bytes('ec', 'ff'.repeat(30), '7f')),
  },
  {
    id: 'HS-24',
    title: 'the first message of a classical XX, 32 bytes,',
    mutate: (message) => message.subarray(0, 32),
  },
  { id: 'HS-24/kem-only', title: 'a first message of an ML-KEM key alone', mutate: (message) => message.subarray(32) },
];

for (const { id, title, mutate } of wrongFirst) {
  check(id, {
    title: `${title} fails the handshake`,
    requirements: ['HS-13', 'HS-14'],
    async run(ctx) {
      const noise = await ctx.noise();
      noise.writeHandshake(mutate);
      await expectRefused(ctx, noise.wire);
    },
  });
}

// Message 3: skem ciphertext 1,104, X25519 key 48, ML-KEM key 1,200, payload 16 bytes.
const wrongThird: readonly WrongMessage[] = [
  { id: 'HS-07/message-3', title: 'a message 3 of 2,367 bytes', mutate: (message) => message.subarray(0, -1) },
  { id: 'HS-08/longer', title: 'a message 3 with a byte behind it', mutate: (message) => bytes(message, '00') },
  { id: 'HS-09/ciphertext', title: 'a message 3 with a wrong bit in the ML-KEM ciphertext', mutate: flip(0) },
  {
    id: 'HS-09/ciphertext-tag',
    title: 'a message 3 with a wrong bit in the tag of the ML-KEM ciphertext',
    mutate: flip(1103),
  },
  { id: 'HS-09/dh-key', title: 'a message 3 with a wrong bit in the X25519 key', mutate: flip(1104) },
  { id: 'HS-09/kem-key', title: 'a message 3 with a wrong bit in the ML-KEM key', mutate: flip(1152) },
  { id: 'HS-09/payload', title: 'a message 3 with a wrong bit in its last tag', mutate: flip(-1) },
];

for (const { id, title, mutate } of wrongThird) {
  check(id, {
    title: `${title} fails the handshake`,
    requirements: ['HS-13', 'HS-14'],
    async run(ctx) {
      const noise = await ctx.noise();
      noise.writeHandshake();
      await noise.readHandshake();
      noise.writeHandshake(mutate);
      await expectRefused(ctx, noise.wire);
    },
  });
}

check('HS-08/message-3', {
  title: 'a message 3 with a sealed payload fails the handshake',
  async run(ctx) {
    const wire = await ctx.raw();
    const prologue = new TextEncoder().encode('/0k-sync/1');
    const options = {
      role: 'initiator',
      prologue,
      identity: ctx.device(),
      crypto: nodeCrypto,
      requireEmptyPayloads: false,
    } as const;
    const handshake = new HandshakeState(options);
    wire.send(handshake.writeMessage());
    handshake.readMessage(await wire.receive('handshake message 2'));
    wire.send(handshake.writeMessage(bytes('00')));
    await expectRefused(ctx, wire);
  },
});

const wrongStatics: readonly { id: string; title: string; change(identity: Identity): Partial<Identity> }[] = [
  {
    id: 'HS-10/static',
    title: 'a static ML-KEM key that is not canonical',
    change: (identity) => ({ kemPublic: notCanonical(0)(identity.kemPublic) }),
  },
  {
    id: 'HS-11/static',
    title: 'a static X25519 key with bit 255 set',
    change: (identity) => ({ dhPublic: put(31, Uint8Array.of(identity.dhPublic[31]! | 0x80))(identity.dhPublic) }),
  },
  { id: 'HS-12/static', title: 'a static X25519 key of 0', change: () => ({ dhPublic: new Uint8Array(32) }) },
];

for (const { id, title, change } of wrongStatics) {
  check(id, {
    title: `${title} fails the handshake`,
    requirements: ['HS-13', 'HS-14'],
    async run(ctx) {
      const identity = ctx.device();
      const noise = await ctx.noise({ device: { ...identity, ...change(identity) } });
      noise.writeHandshake();
      await noise.readHandshake();
      noise.writeHandshake();
      await expectRefused(ctx, noise.wire);
    },
  });
}

const wrongTransport: readonly { id: string; title: string; send(noise: NoiseConnection): void }[] = [
  { id: 'HS-15/text', title: 'a wrong bit in the ciphertext', send: (noise) => noise.send(PULL, flip(4)) },
  {
    id: 'HS-16/left-out',
    title: 'a message that never arrives',
    send(noise) {
      noise.keys.send.encrypt(PULL);
      noise.send(PULL);
    },
  },
  {
    id: 'HS-16/swapped',
    title: 'two messages in the wrong order',
    send(noise) {
      const first = noise.keys.send.encrypt(PULL);
      noise.send(PULL);
      noise.wire.send(first);
    },
  },
  { id: 'HS-17/fifteen', title: 'a message of 15 bytes', send: (noise) => noise.wire.send(new Uint8Array(15)) },
  { id: 'HS-17/empty', title: 'a message of no bytes', send: (noise) => noise.wire.send(new Uint8Array()) },
];

for (const { id, title, send } of wrongTransport) {
  check(id, {
    title: `${title} ends the session with 1002 and no Error`,
    requirements: ['HS-13', 'HS-14'],
    async run(ctx) {
      const session = await ctx.join();
      send(session.frames.noise);
      await expectRefused(ctx, session.frames.noise.wire);
    },
  });
}

check('HS-15/tag', {
  title: 'a wrong bit in any byte of the tag ends the session with 1002 and no Error',
  requirements: ['HS-13', 'HS-14'],
  async run(ctx) {
    // Each byte: a relay that compares a part of the tag refuses most forgeries.
    for (let at = -16; at < 0; at++) {
      const { noise } = (await ctx.join()).frames;
      noise.send(PULL, flip(at));
      await expectRefused(ctx, noise.wire);
    }
  },
});

check('HS-16/replayed', {
  title: 'a message that is repeated ends the session with 1002 and no Error',
  async run(ctx) {
    const session = await ctx.join();
    const { noise } = session.frames;
    const message = noise.send(PULL);
    await session.expect('PullResponse');
    noise.wire.send(message);
    await session.expectClosed(1002);
  },
});

check('HS-15/no-effect', {
  title: 'a Push whose message does not open is not stored',
  async run(ctx) {
    const group = ctx.group();
    const session = await ctx.join({ group });
    const blob = bytes('c410', ctx.random.blobId());
    session.frames.noise.send(bytes('0000001c 94', name('Push'), blob, 'c40107 00'), flip(-1));
    await session.expectClosed(1002);
    const other = await ctx.join({ group });
    ctx.equal((await other.pullAll()).length, 0, 'blobs in the group');
  },
});

check('HS-22', {
  title: 'the relay shows the same static keys in every handshake',
  async run(ctx) {
    const [first, second] = [await ctx.join(), await ctx.join()].map(({ frames }) => frames.noise.remote);
    ctx.equal<Uint8Array | undefined>(second?.deviceId, first?.deviceId, "the relay's identity");
  },
});

check('HS-22/restart', {
  title: 'the relay shows the same static keys after a restart',
  needs: ['restart'],
  async run(ctx) {
    const before = (await ctx.join()).frames.noise.remote;
    await ctx.restart();
    const after = (await ctx.join()).frames.noise.remote;
    ctx.equal<Uint8Array | undefined>(after?.deviceId, before?.deviceId, "the relay's identity");
  },
});

check('HS-23', {
  title: 'the relay draws new ephemeral keys for each handshake',
  async run(ctx) {
    // Message 2 begins with the ML-KEM ciphertext, 1,088 bytes; the ephemeral keys follow, 32 and 1,184.
    const keys: [Uint8Array, Uint8Array][] = [];
    for (let round = 0; round < 3; round++) {
      const noise = await ctx.noise();
      noise.writeHandshake();
      const message = await noise.readHandshake();
      keys.push([message.subarray(1088, 1120), message.subarray(1120, 2304)]);
    }
    for (const kind of [0, 1] as const) {
      const different = new Set(keys.map((pair) => Buffer.from(pair[kind]).toString('hex'))).size;
      ctx.equal(different, keys.length, `different ephemeral ${kind === 0 ? 'X25519' : 'ML-KEM'} keys`);
    }
  },
});

check('HS-30', {
  title: 'the same message 1 gets another ML-KEM ciphertext in each handshake',
  async run(ctx) {
    const first = new NoiseConnection(await ctx.raw(), ctx.device());
    const message = first.writeHandshake();
    const wires = [first.wire, await ctx.raw(), await ctx.raw()];
    for (const wire of wires.slice(1)) wire.send(message);
    const ciphertexts = new Set<string>();
    for (const wire of wires) {
      const answer = await wire.receive('handshake message 2');
      ciphertexts.add(Buffer.from(answer.subarray(0, 1088)).toString('hex'));
    }
    ctx.equal(ciphertexts.size, wires.length, 'different ciphertexts for one key');
  },
});
