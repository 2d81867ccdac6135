/** WIRE: wake-up tokens, which a relay keeps for whoever sends wake-ups. */
import { check } from '../registry.ts';

check('WIRE-48', {
  title: 'a token for an unknown platform is refused with Error 2003, and the session goes on',
  async run(ctx) {
    const session = await ctx.join();
    for (const platform of [3, 255]) {
      session.send({ type: 'RegisterPush', token: 'a'.repeat(64), platform, app_id: null });
      await session.expectError(2003);
    }
    await session.push(ctx.random.bytes(8));
  },
});

check('WIRE-50', {
  title: 'RegisterPush and UnregisterPush that are carried out are answered with Ok',
  requirements: ['WIRE-49'],
  async run(ctx) {
    const session = await ctx.join();
    for (const platform of [0, 1]) {
      session.send({ type: 'RegisterPush', token: 'a'.repeat(64), platform, app_id: 'org.example.notes' });
      await session.expect('Ok');
    }
    for (const reason of [0, 1, 255]) {
      session.send({ type: 'UnregisterPush', reason });
      await session.expect('Ok');
    }
  },
});
