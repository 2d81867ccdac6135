/** ERR: errors, and how connections end. */
import { ERRORS, type ErrorMessage } from '@0k-sync/spec';
import { NOTHING } from '../access/inbox.ts';
import type { MessageConnection } from '../access/messages.ts';
import type { Context } from '../context.ts';
import { check } from '../registry.ts';
import { bytes, name } from './bytes.ts';

/** An Error, and its bytes. */
interface Seen {
  readonly error: ErrorMessage;
  readonly body: Uint8Array;
}

/** One Error of each code that a session of the core can bring about. */
async function errors(ctx: Context): Promise<Seen[]> {
  const seen: Seen[] = [];
  const note = (session: MessageConnection, error: ErrorMessage) => seen.push({ error, body: session.lastBody });
  const secret = canary(ctx);
  const session = await ctx.join({ device_name: secret.toString() });
  const { blob_id } = await session.push(secret);
  session.send({ type: 'Push', blob_id, payload: Buffer.concat([secret, secret]), ttl: 0 });
  note(session, await session.expectError(1006));
  session.send({ type: 'Push', blob_id, payload: new Uint8Array(Number(ctx.limit('max_blob_size')) + 1), ttl: 0 });
  note(session, await session.expectError(2001));
  session.send({ type: 'Ok' });
  note(session, await session.expectFatal(1000));
  const stranger = await ctx.join();
  stranger.frames.sendFrame(bytes('91', name(secret.toString())));
  note(stranger, await stranger.expectFatal(1000));
  const early = await ctx.messages();
  early.send({ type: 'Pull', after_cursor: 0n, limit: 0 });
  note(early, await early.expectFatal(1002));
  const other = await ctx.messages();
  other.sendHello({ group: ctx.group(), version: 9 });
  note(other, await other.expectFatal(1005));
  return seen;
}

/** A text of 24 characters that no fixed text of a relay holds. */
const canary = (ctx: Context) => Buffer.from(canaries.get(ctx) ?? remember(ctx));
const canaries = new WeakMap<Context, string>();

function remember(ctx: Context): string {
  const text = Buffer.from(ctx.random.bytes(12)).toString('hex');
  canaries.set(ctx, text);
  return text;
}

const plain = (_key: string, value: unknown) => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  return typeof value === 'bigint' ? String(value) : value;
};

check('ERR-01', {
  title: 'errors have codes of the table, and the fixed text of their code',
  requirements: ['ERR-10', 'ERR-11'],
  async run(ctx) {
    const known = new Map<number, string>(Object.values(ERRORS).map(({ code, message }) => [code, message]));
    const texts = new Map<number, string>();
    for (const { error, body } of [...(await errors(ctx)), ...(await errors(ctx))]) {
      const { code, message, ext } = error;
      ctx.verify(known.has(code), { expected: ['a code of the error table'], actual: `${code}` });
      ctx.equal(texts.get(code) ?? message, message, `the text of another Error ${code}`, 'ERR-10');
      texts.set(code, message);
      // The codec leaves out keys that it does not know.
      const echoes = [JSON.stringify([message, ext], plain), Buffer.from(body)].some((text) =>
        text.includes(canary(ctx).toString()),
      );
      ctx.verify(!echoes, {
        requirement: 'ERR-11',
        expected: ['a fixed text'],
        actual: 'a text that echoes what was sent',
      });
    }
  },
});

check('ERR-02', {
  title: 'Error 1000, 1002 and 1005 end the session with close code 4000, 4002 and 4005',
  requirements: ['ERR-05'],
  async run(ctx) {
    await errors(ctx);
  },
});

check('ERR-03', {
  title: 'the session goes on after Error 1006 and 2001',
  async run(ctx) {
    const session = await ctx.join();
    const { blob_id } = await session.push(ctx.random.bytes(8));
    for (const payload of [ctx.random.bytes(9), new Uint8Array(Number(ctx.limit('max_blob_size')) + 1)]) {
      session.send({ type: 'Push', blob_id, payload, ttl: 0 });
      await session.expectError(1006, 2001);
      await session.push(ctx.random.bytes(8));
    }
  },
});

check('ERR-14', {
  title: 'an Error about a Push names its blob_id, or none',
  async run(ctx) {
    const session = await ctx.join();
    const { blob_id } = await session.push(ctx.random.bytes(8));
    const next = { type: 'Push', blob_id: ctx.random.blobId(), payload: ctx.random.bytes(9), ttl: 0 } as const;
    session.send({ ...next, blob_id }, next);
    const { ext } = await session.expectError(1006);
    if (ext?.blob_id) ctx.equal(ext.blob_id, blob_id, 'blob_id of the Error');
  },
});

check('ERR-16', {
  title: 'no Error comes that no request asked for',
  async run(ctx) {
    const group = ctx.group();
    const [idle, busy] = [await ctx.join({ group }), await ctx.join({ group })];
    const { blob_id } = await busy.push(ctx.random.bytes(8));
    busy.send({ type: 'Push', blob_id, payload: ctx.random.bytes(9), ttl: 0 });
    await busy.expectError(1006);
    await idle.expectNothing('Notify');
  },
});

check('ERR-17', {
  title: 'a close from the client is answered with a close',
  async run(ctx) {
    for (const wire of [await ctx.raw(), (await ctx.join()).frames.noise.wire]) {
      wire.close(1000);
      let event = await wire.next();
      while (event !== NOTHING && event.kind !== 'close') event = await wire.next();
      const code = event === NOTHING ? 0 : event.code;
      ctx.verify(code !== 0 && code !== 1006, {
        expected: ['a close frame'],
        actual: code === 0 ? 'nothing' : 'a cut connection',
      });
    }
  },
});
