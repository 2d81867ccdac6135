/** Pushes that checks send: each with a blob_id of its own and random bytes. */
import type { Push } from '@0k-sync/spec';
import type { Context } from '../context.ts';

export function newPush(ctx: Context, size = 8, ttl = 0): Push {
  return { type: 'Push', blob_id: ctx.random.blobId(), payload: ctx.random.bytes(size), ttl };
}

export function newPushes(ctx: Context, count: number, size = 8): Push[] {
  return Array.from({ length: count }, () => newPush(ctx, size));
}
