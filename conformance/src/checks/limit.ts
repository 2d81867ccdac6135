/** LIM: limits that every session meets. */
import { LIMITS } from '@0k-sync/spec';
import { check } from '../registry.ts';

check('LIM-01', {
  title: 'Welcome states every limit',
  async run(ctx) {
    const limits = (await ctx.join()).welcome.ext?.limits ?? {};
    const missing = Object.keys(LIMITS).filter((limit) => limits[limit] === undefined);
    ctx.equal(missing.join(', '), '', 'limits that are missing');
  },
});

check('LIM-02', {
  title: 'a payload of exactly max_blob_size is taken',
  async run(ctx) {
    const session = await ctx.join();
    const { payload } = await session.push(new Uint8Array(Number(ctx.limit('max_blob_size'))).fill(0x5a));
    const [blob] = (await session.pull()).blobs;
    ctx.equal<Uint8Array | undefined>(blob?.payload, payload, 'the payload');
  },
});

check('LIM-03', {
  title: 'a payload one byte over max_blob_size is refused with Error 2001, and the session goes on',
  async run(ctx) {
    const session = await ctx.join();
    const payload = new Uint8Array(Number(ctx.limit('max_blob_size')) + 1);
    session.send({ type: 'Push', blob_id: ctx.random.blobId(), payload, ttl: 0 });
    await session.expectError(2001);
    ctx.equal((await session.push(ctx.random.bytes(8))).cursor, 1n, 'the cursor of the next push');
  },
});

check('LIM-05', {
  title: 'a group may be exactly full, and is refused one byte more with Error 2002',
  requirements: ['CUR-20'],
  needs: ['lifted-limits'],
  async run(ctx) {
    const quota = Number(ctx.limit('max_group_storage'));
    const largest = Number(ctx.limit('max_blob_size'));
    if (quota > 16 * 2 ** 20) ctx.notRun(`max_group_storage is ${quota} bytes; the check fills at most 16 MiB`);
    const session = await ctx.join();
    // Each blob counts its payload and 256 bytes. When this is done, exactly 256 are left: the room of one empty blob.
    let room = quota;
    const put = async (size: number) => {
      room -= size + 256;
      return await session.push(new Uint8Array(size));
    };
    const first = await put(1);
    while (room - (largest + 256) >= 512) await put(largest);
    if (room - 512 > largest) await put(256);
    await put(room - 512);
    session.send({ type: 'Push', blob_id: ctx.random.blobId(), payload: new Uint8Array(1), ttl: 0 });
    await session.expectError(2002);
    await session.push(new Uint8Array());
    session.send({ type: 'Push', blob_id: ctx.random.blobId(), payload: new Uint8Array(), ttl: 0 });
    await session.expectError(2002);
    const again = await session.push(first.payload, { blob_id: first.blob_id });
    ctx.equal(again.cursor, 1n, 'the cursor of a repeat in a full group', 'CUR-20');
  },
});
