/** WIRE: what messages look like, both ways. */
import { createHash } from 'node:crypto';
import { readMessage } from '../access/messages.ts';
import type { Context } from '../context.ts';
import { check } from '../registry.ts';
import { bin, bytes, name } from './bytes.ts';
import { readForm, type Value } from './form.ts';
import { MALFORMED, UNUSUAL } from './malformed.ts';

for (const { requirement, slug, title, body } of MALFORMED) {
  check(`${requirement}/${slug}`, {
    title: `${title} is refused`,
    async run(ctx) {
      const session = await ctx.join();
      session.frames.sendFrame(body);
      await session.expectFatal(1000);
    },
  });
}

for (const { requirement, slug, title, body } of UNUSUAL) {
  check(`${requirement}/${slug}`, {
    title: `${title} is accepted`,
    async run(ctx) {
      const session = await ctx.join();
      session.frames.sendFrame(body);
      await session.expect('PullResponse');
      await session.roundTrip();
    },
  });
}

for (const [slug, title, header] of [
  ['bin16', 'a payload with a header of 16 bits', 'c50003'],
  ['bin32', 'a payload with a header of 32 bits', 'c600000003'],
] as const) {
  check(`WIRE-18/${slug}`, {
    title: `${title} is accepted, and stored as its bytes`,
    async run(ctx) {
      const session = await ctx.join();
      session.frames.sendFrame(bytes('94', name('Push'), bin(ctx.random.blobId()), header, '010203 00'));
      await session.expect('PushAck');
      const [blob] = (await session.pull()).blobs;
      ctx.equal(blob?.payload, bytes('010203'), 'the payload in the page');
    },
  });
}

check('WIRE-21/push', {
  title: 'an extension map behind Push and Presence is skipped',
  async run(ctx) {
    const session = await ctx.join();
    session.frames.sendFrame(bytes('95', name('Push'), bin(ctx.random.blobId()), 'c40107 00 81 a3782d61 91c3'));
    await session.expect('PushAck');
    session.frames.sendFrame(bytes('93', name('Presence'), '00 81 a3782d61 c3'));
    await session.roundTrip();
  },
});

check('WIRE-21/bye', {
  title: 'an extension map behind Bye is skipped',
  async run(ctx) {
    const session = await ctx.join();
    session.frames.sendFrame(bytes('93', name('Bye'), 'c0 81 a3782d61 c3'));
    await session.expectClosed(1000);
  },
});

/** A Hello written by hand: version 1, no name, cursor 0, then the extension map. */
function hello(ctx: Context, deviceId: Uint8Array, extensions: readonly [string, Uint8Array][]): Uint8Array {
  const group = ctx.group();
  const { key, signature } = group.proofFor(deviceId)!;
  const map: readonly [string, Uint8Array][] = [['proof', bytes('92', bin(key), bin(signature))], ...extensions];
  const entries = map.flatMap(([text, value]) => [name(text), value]);
  return bytes('96', name('Hello'), '01 a0', bin(group.id), '00', (0x80 + map.length).toString(16), ...entries);
}

check('WIRE-19/hello', {
  title: 'a Hello with its keys in another order is welcome',
  async run(ctx) {
    const session = await ctx.messages();
    const group = ctx.group();
    const { key, signature } = group.proofFor(session.device.deviceId)!;
    const proof = bytes('92', bin(key), bin(signature));
    session.frames.sendFrame(
      bytes(
        '96',
        name('Hello'),
        '01 a0',
        bin(group.id),
        '00 83',
        name('x-zz'),
        'c3',
        name('proof'),
        proof,
        name('caps'),
        '90',
      ),
    );
    await session.expect('Welcome');
  },
});

check('WIRE-25', {
  title: 'capabilities that no protocol knows are ignored',
  async run(ctx) {
    const session = await ctx.messages();
    const caps = bytes('93', name('x-nobody-has-this'), 'a0', name('rmp'));
    session.frames.sendFrame(hello(ctx, session.device.deviceId, [['caps', caps]]));
    await session.expect('Welcome');
  },
});

for (const [slug, title, key, value] of [
  ['epoch-length', 'an epoch of 15 bytes', 'epoch', bytes(`c40f${'07'.repeat(15)}`)],
  ['epoch-type', 'an epoch as a string', 'epoch', bytes(`b0${'61'.repeat(16)}`)],
  ['caps-type', 'caps that are no array', 'caps', bytes('c3')],
  ['caps-element', 'a capability that is an integer', 'caps', bytes('9105')],
  ['last-blob-nil', 'a last_blob that is nil', 'last_blob', bytes('c0')],
] as const) {
  check(`WIRE-44/${slug}`, {
    title: `${title} in Hello is refused`,
    async run(ctx) {
      const session = await ctx.messages();
      session.frames.sendFrame(hello(ctx, session.device.deviceId, [[key, value]]));
      await session.expectFatal(1000);
    },
  });
}

for (const [slug, title, proof] of [
  ['proof-key', 'a proof with a key of 31 bytes', bytes('92 c41f', '01'.repeat(31), 'c440', '02'.repeat(64))],
  ['proof-one', 'a proof without a signature', bytes('91 c420', '01'.repeat(32))],
  ['proof-map', 'a proof that is a map', bytes('80')],
  ['proof-three', 'a proof of three elements', bytes('93 c420', '01'.repeat(32), 'c440', '02'.repeat(64), '00')],
] as const) {
  check(`WIRE-44/${slug}`, {
    title: `${title} is refused`,
    async run(ctx) {
      const session = await ctx.messages();
      session.frames.sendFrame(bytes('96', name('Hello'), '01 a0', bin(ctx.group().id), '00 81', name('proof'), proof));
      await session.expectFatal(1000);
    },
  });
}

for (const [slug, title, length] of [
  ['group-id-short', 'a group_id of 31 bytes', 31],
  ['group-id-long', 'a group_id of 33 bytes', 33],
] as const) {
  check(`WIRE-38/${slug}`, {
    title: `${title} is refused`,
    async run(ctx) {
      const session = await ctx.messages();
      session.frames.sendFrame(bytes('95', name('Hello'), '01 a0', bin(new Uint8Array(length)), '00'));
      await session.expectFatal(1000);
    },
  });
}

check('WIRE-32/device-name', {
  title: 'a device_name that is not UTF-8 is refused',
  async run(ctx) {
    const session = await ctx.messages();
    session.frames.sendFrame(bytes('95', name('Hello'), '01 a2c328', bin(ctx.group().id), '00'));
    await session.expectFatal(1000);
  },
});

check('WIRE-39/known', {
  title: 'a known key twice is refused',
  async run(ctx) {
    const session = await ctx.messages();
    const epoch = bin(new Uint8Array(16));
    session.frames.sendFrame(
      hello(ctx, session.device.deviceId, [
        ['epoch', epoch],
        ['epoch', epoch],
      ]),
    );
    await session.expectFatal(1000);
  },
});

check('WIRE-47', {
  title: 'a RevokeDevice for a reason that does not exist is refused',
  async run(ctx) {
    const session = await ctx.join();
    session.frames.sendFrame(bytes('94', name('RevokeDevice'), bin(ctx.device().deviceId), '03 c2'));
    await session.expectFatal(1000);
  },
});

check('WIRE-55', {
  title: 'a Hello in rmp is refused over WebSocket',
  async run(ctx) {
    const session = await ctx.messages();
    session.frames.sendFrame(bytes('95', name('Hello'), '01 a0 dc0020', '07'.repeat(32), '00'));
    await session.expectFatal(1000);
  },
});

check('WIRE-01', {
  title: 'the sender of a blob is the DeviceId made of the two static keys',
  async run(ctx) {
    const session = await ctx.join();
    await session.push(ctx.random.bytes(8));
    const { dhPublic, kemPublic } = session.device;
    const hash = createHash('sha256').update('0k-sync-identity-v1').update(dhPublic).update(kemPublic).digest();
    const [blob] = (await session.pull()).blobs;
    ctx.equal<Uint8Array | undefined>(blob?.ext?.sender, hash, 'the sender of the blob');
  },
});

check('WIRE-02', {
  title: 'any 16 bytes are a blob_id',
  async run(ctx) {
    const session = await ctx.join();
    for (const id of [new Uint8Array(16), new Uint8Array(16).fill(0xff), ctx.random.bytes(16)]) {
      await session.push(ctx.random.bytes(4), { blob_id: id });
    }
    ctx.equal((await session.pullAll()).length, 3, 'blobs in the group');
  },
});

/** Bodies of every kind of message that a session of the core brings, as the relay wrote them. */
async function bodiesOfASession(ctx: Context): Promise<Uint8Array[]> {
  const group = ctx.group();
  const bodies: Uint8Array[] = [];
  const writer = await ctx.join({ group });
  await writer.push(ctx.random.bytes(300));
  const reader = await ctx.messages();
  /** Reads up to the answer; a Notify may stand before it. */
  const answer = async (awaited: string) => {
    for (;;) {
      const body = await reader.frames.receive(awaited);
      bodies.push(body);
      const { value } = readForm(body);
      if (!Array.isArray(value) || value[0] !== 'Notify') return;
    }
  };
  reader.sendHello({ group });
  await answer('Welcome');
  const blob_id = ctx.random.blobId();
  for (const size of [ctx.payloadSize(70_000), 10]) {
    reader.send({
      type: 'Push',
      blob_id: size === 10 ? blob_id : ctx.random.blobId(),
      payload: ctx.random.bytes(size),
      ttl: 0,
    });
    await answer('PushAck');
  }
  reader.send({ type: 'Push', blob_id, payload: new Uint8Array(), ttl: 0 });
  await answer('Error 1006');
  reader.send({ type: 'Pull', after_cursor: 0n, limit: 0 });
  await answer('PullResponse');
  return bodies;
}

check('WIRE-06', {
  title: 'every message of a relay is in canonical form: integers, headers, sorted keys, no empty map',
  requirements: ['WIRE-05', 'WIRE-07', 'WIRE-08', 'WIRE-09', 'WIRE-54'],
  async run(ctx) {
    for (const body of await bodiesOfASession(ctx)) {
      const [fault] = readForm(body).faults;
      if (fault)
        ctx.fail({
          requirement: fault.requirement,
          expected: ['the shortest form, keys sorted, no empty map'],
          actual: fault.what,
        });
      readMessage(body);
    }
  },
});

/** Where the width of an integer changes, and 2^53, above which a double has gaps. */
const EDGES = [7n, 8n, 16n, 32n, 53n, 63n]
  .flatMap((bits) => [2n ** bits - 1n, 2n ** bits, 2n ** bits + 1n])
  .concat(0n, 2n ** 64n - 1n);

/** A Pull after a cursor of 64 bits, in the widest form. */
const pullAfter = (cursor: bigint) => bytes('93', name('Pull'), 'cf', cursor.toString(16).padStart(16, '0'), '01');

check('WIRE-06/edges', {
  title: 'integers are read and written exactly, each in its shortest form, at every width',
  requirements: ['WIRE-03'],
  async run(ctx) {
    const session = await ctx.join();
    for (const cursor of EDGES) {
      session.frames.sendFrame(pullAfter(cursor));
      const { value, faults } = readForm(await session.frames.receive('PullResponse'));
      const [fault] = faults;
      if (fault) {
        const { requirement, what } = fault;
        ctx.fail({ requirement, expected: ['the shortest form of each value'], actual: what });
      }
      const maxCursor = Array.isArray(value) && value[0] === 'PullResponse' ? value[3] : undefined;
      ctx.equal(
        typeof maxCursor === 'bigint' ? maxCursor : undefined,
        cursor,
        'max_cursor of an empty page',
        'WIRE-03',
      );
    }
  },
});

check('WIRE-07/edges', {
  title: 'headers of payloads and lists are in their shortest form at every width',
  requirements: ['WIRE-06'],
  async run(ctx) {
    const session = await ctx.join();
    const sizes = [0, 255, 256, 65_535, 65_536].map((size) => ctx.payloadSize(size));
    while (sizes.length < 17) sizes.push(1);
    for (const size of sizes) await session.push(ctx.random.bytes(size));
    for (const limit of [15, 16, 17]) {
      session.frames.sendFrame(bytes('93', name('Pull'), '00', limit.toString(16).padStart(2, '0')));
      const [fault] = readForm(await session.frames.receive('PullResponse')).faults;
      if (!fault) continue;
      const { requirement, what } = fault;
      ctx.fail({ requirement, expected: ['the shortest form of each header'], actual: what });
    }
  },
});

/** The extension map of a Welcome as it was written, unknown keys included. */
async function welcomeExtensions(ctx: Context): Promise<Map<Value, Value>> {
  const session = await ctx.messages();
  session.sendHello({ group: ctx.group() });
  const { value } = readForm(await session.frames.receive('Welcome'));
  const map = Array.isArray(value) && value[0] === 'Welcome' ? value[4] : undefined;
  if (!(map instanceof Map))
    ctx.fail({ expected: ['a Welcome with an extension map'], actual: 'a message without one' });
  return map;
}

const unknown = (names: readonly Value[]) =>
  names.filter((text) => typeof text === 'string' && /^x-.{4,}$/su.test(text));

/** Names of one kind that three Welcomes hold: each has at least one, and not always the same. */
async function expectRandomNames(
  ctx: Context,
  namesIn: (extensions: Map<Value, Value>) => readonly Value[],
  what: string,
) {
  const seen: string[] = [];
  for (let welcome = 0; welcome < 3; welcome++) {
    const names = unknown(namesIn(await welcomeExtensions(ctx)));
    ctx.verify(names.length > 0, {
      expected: [`${what} that begins with x- and goes on for at least 4 characters`],
      actual: 'none',
    });
    seen.push(names.join());
  }
  ctx.verify(new Set(seen).size > 1, { expected: [`${what} drawn at random`], actual: 'the same in three Welcomes' });
}

check('WIRE-10', {
  title: 'each Welcome has an unknown key, drawn at random',
  async run(ctx) {
    await expectRandomNames(ctx, (extensions) => [...extensions.keys()], 'a key');
  },
});

check('WIRE-11', {
  title: 'the caps of each Welcome have an unknown capability, drawn at random',
  requirements: ['WIRE-13'],
  async run(ctx) {
    const capsOf = (extensions: Map<Value, Value>) => {
      const caps = extensions.get('caps');
      return Array.isArray(caps)
        ? caps
        : ctx.fail({ requirement: 'WIRE-13', expected: ['caps in Welcome'], actual: 'none' });
    };
    await expectRandomNames(ctx, capsOf, 'a capability');
  },
});

check('WIRE-14', {
  title: 'each PushAck has a timestamp',
  async run(ctx) {
    const session = await ctx.join();
    const { ext } = await session.push(ctx.random.bytes(8));
    ctx.verify(ext?.timestamp !== undefined, { expected: ['timestamp in PushAck'], actual: 'none' });
  },
});

check('WIRE-15', {
  title: 'Welcome names version 1',
  async run(ctx) {
    ctx.equal((await ctx.join()).welcome.version, 1, 'version in Welcome');
  },
});
