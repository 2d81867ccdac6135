import { describe, expect, it } from 'vitest';
import { BLOB_OVERHEAD, DEFAULT_LIMITS, GroupModel } from './group.ts';
import { judgeQuietPage, judgeShape, type Page, type PageBlob } from './page.ts';

const MAX = 2n ** 64n - 1n;

describe('the model of a group', () => {
  it('numbers from 1 without a gap, and uses no cursor for a repeat or a conflict', () => {
    const group = new GroupModel();
    expect(group.push('a', 'one', 'x')).toEqual({ kind: 'stored', cursor: 1n });
    expect(group.push('b', 'one', 'x')).toEqual({ kind: 'repeated', cursor: 1n });
    expect(group.push('b', 'one', 'y')).toEqual({ kind: 'conflict' });
    expect(group.push('b', 'two', 'y')).toEqual({ kind: 'stored', cursor: 2n });
    expect(group.maxCursor).toBe(2n);
  });

  it('keeps the sender of the first push', () => {
    const group = new GroupModel();
    group.push('a', 'one', 'x');
    group.push('b', 'one', 'x');
    expect(group.live(0n)[0]!.sender).toBe('a');
  });

  it('takes any after_cursor', () => {
    const group = new GroupModel();
    group.push('a', 'one', 'x');
    expect(group.live(0n)).toHaveLength(1);
    expect(group.live(1n)).toHaveLength(0);
    expect(group.live(MAX)).toHaveLength(0);
  });

  it('counts as pending what others pushed after the presented cursor', () => {
    const group = new GroupModel();
    group.push('a', 'one', 'x');
    group.push('b', 'two', 'x');
    group.push('a', 'three', 'x');
    expect(group.hello('a', 0n)).toMatchObject({ maxCursor: 3n, pendingCount: 1 });
    expect(group.hello('b', 0n).pendingCount).toBe(2);
    expect(group.hello('b', 1n).pendingCount).toBe(1);
    expect(group.hello('c', MAX).pendingCount).toBe(0);
  });

  it('ends a life at stored_at + ttl, clamps it, and leaves a hole', () => {
    const group = new GroupModel();
    group.push('a', 'one', 'x', { ttl: 10 }, 1000);
    group.push('a', 'two', 'x', { ttl: 4_000_000_000 }, 1000);
    expect(group.live(0n, 1009)).toHaveLength(2);
    expect(group.live(0n, 1010).map(({ cursor }) => cursor)).toEqual([2n]);
    expect(group.hello('b', 0n, 1010)).toMatchObject({ maxCursor: 2n, pendingCount: 1, expiredThrough: 1n });
    expect(group.live(0n, 1000 + DEFAULT_LIMITS.defaultTtl)).toHaveLength(0);
    expect(group.push('a', 'one', 'x', {}, 2_000_000)).toEqual({ kind: 'repeated', cursor: 1n });
    expect(group.push('a', 'three', 'x')).toEqual({ kind: 'stored', cursor: 3n });
  });

  it('refuses what is too large, known or not, and what there is no room for, unless it is known', () => {
    const group = new GroupModel({ maxBlob: 100, quota: 2 * BLOB_OVERHEAD + 150 });
    expect(group.push('a', 'one', 'x', { size: 101 })).toEqual({ kind: 'too-large' });
    expect(group.push('a', 'one', 'x', { size: 100, ttl: 10 })).toEqual({ kind: 'stored', cursor: 1n });
    expect(group.push('a', 'one', 'y', { size: 101 })).toEqual({ kind: 'too-large' });
    expect(group.push('a', 'two', 'x', { size: 51 })).toEqual({ kind: 'full' });
    expect(group.push('a', 'two', 'x', { size: 50 })).toEqual({ kind: 'stored', cursor: 2n });
    expect(group.push('a', 'three', 'x')).toEqual({ kind: 'full' });
    expect(group.push('a', 'one', 'x', { size: 100 })).toEqual({ kind: 'repeated', cursor: 1n });
    expect(group.push('a', 'three', 'x', { size: 100 }, 10)).toEqual({ kind: 'stored', cursor: 3n });
  });

  it('takes a new epoch where a device knows another history of this one', () => {
    const group = new GroupModel();
    expect(group.hello('b', 9n, 0, { epoch: 0, lastBlob: 'nine' }).epoch).toBe(0);
    group.push('a', 'one', 'x');
    expect(group.hello('b', 1n, 0, { epoch: 0, lastBlob: 'one' }).epoch).toBe(0);
    expect(group.hello('b', 9n, 0, { epoch: 7, lastBlob: 'nine' }).epoch).toBe(0);
    expect(group.hello('b', 9n, 0, { lastBlob: 'nine' }).epoch).toBe(0);
    expect(group.hello('b', 1n, 0, { epoch: 0 }).epoch).toBe(0);
    expect(group.hello('b', 1n, 0, { epoch: 0, lastBlob: 'two' }).epoch).toBe(1);
    expect(group.hello('b', 2n, 0, { epoch: 1 })).toMatchObject({ epoch: 2, maxCursor: 1n });
    expect(group.push('a', 'two', 'x')).toEqual({ kind: 'stored', cursor: 2n });
  });

  it('goes two ways from where it is cloned', () => {
    const group = new GroupModel();
    group.push('a', 'one', 'x');
    const copy = group.clone();
    copy.push('a', 'two', 'x');
    copy.remove('one');
    expect(group.live(0n).map(({ blobId }) => blobId)).toEqual(['one']);
    expect(copy.live(0n).map(({ blobId }) => blobId)).toEqual(['two']);
    expect(group.push('b', 'three', 'x')).toEqual({ kind: 'stored', cursor: 2n });
  });

  it('never returns what was deleted, and still knows it', () => {
    const group = new GroupModel();
    group.push('a', 'one', 'x');
    group.remove('one');
    expect(group.live(0n)).toHaveLength(0);
    expect(group.push('a', 'one', 'x')).toEqual({ kind: 'repeated', cursor: 1n });
    expect(group.hello('b', 0n, DEFAULT_LIMITS.defaultTtl).expiredThrough).toBe(0n);
  });
});

describe('a page', () => {
  const group = new GroupModel();
  for (let n = 1; n <= 5; n++) group.push('a', `id-${n}`, `digest-${n}`);
  const blobs: PageBlob[] = group
    .live(0n)
    .map(({ blobId, cursor, digest, sender }) => ({ blobId, cursor, digest, sender }));
  const page = (from: number, to: number, changes: Partial<Page> = {}): Page => ({
    blobs: blobs.slice(from, to),
    hasMore: to < 5,
    maxCursor: blobs[to - 1]?.cursor ?? 0n,
    ...changes,
  });
  const judge = (answer: Page, after = 0n, limit = 0) =>
    judgeQuietPage({ after, limit }, answer, group.live(after), 1000)?.rule;

  it('may end before the limit', () => {
    expect(judge(page(0, 5))).toBeUndefined();
    expect(judge(page(0, 1))).toBeUndefined();
    expect(judge(page(2, 4), 2n, 2)).toBeUndefined();
    expect(judge({ blobs: [], hasMore: false, maxCursor: MAX }, MAX)).toBeUndefined();
  });

  it('need not name the sender, but then may not name another', () => {
    expect(judge(page(0, 5, { blobs: blobs.map((blob) => ({ ...blob, sender: '' })) }))).toBeUndefined();
    expect(judge(page(0, 5, { blobs: blobs.map((blob) => ({ ...blob, sender: 'b' })) }))).toBe('content');
  });

  it.each<[string, Page, bigint, number]>([
    ['order', page(0, 5, { blobs: [...blobs].reverse(), maxCursor: 1n }), 0n, 0],
    ['order', page(0, 5, { blobs: [blobs[0]!, blobs[0]!] }), 0n, 0],
    ['not-after', page(0, 5), 1n, 0],
    ['limit', page(0, 3), 0n, 2],
    ['max-cursor', page(0, 3, { maxCursor: 5n }), 0n, 0],
    ['max-cursor', { blobs: [], hasMore: false, maxCursor: 0n }, 7n, 0],
    ['content', page(0, 5, { blobs: blobs.filter((_, n) => n !== 2) }), 0n, 0],
    ['content', page(0, 1, { blobs: [{ ...blobs[0]!, digest: 'other' }] }), 0n, 0],
    ['content', page(0, 1, { blobs: [{ ...blobs[0]!, blobId: 'other' }] }), 0n, 0],
    ['progress', { blobs: [], hasMore: true, maxCursor: 0n }, 0n, 0],
    ['has-more', page(0, 3, { hasMore: false }), 0n, 0],
    ['no-more', page(0, 5, { hasMore: true }), 0n, 0],
  ])('breaks the rule of %s', (rule, answer, after, limit) => {
    expect(judge(answer, after, limit)).toBe(rule);
  });

  it('may have a blob that may have expired, or not', () => {
    const judged = (answer: Page) =>
      judgeQuietPage({ after: 0n, limit: 0 }, answer, group.live(0n), 1000, ({ cursor }) => cursor >= 4n)?.rule;
    expect(judged(page(0, 5))).toBeUndefined();
    expect(judged(page(0, 3, { hasMore: false }))).toBeUndefined();
    expect(judged(page(0, 3, { hasMore: true }))).toBeUndefined();
    expect(judged(page(0, 5, { blobs: blobs.filter((_, n) => n !== 3) }))).toBeUndefined();
    expect(judged(page(0, 2, { hasMore: false }))).toBe('has-more');
    expect(judged(page(0, 5, { blobs: blobs.filter((_, n) => n !== 2) }))).toBe('content');
  });

  it('is clamped to the relay’s maximum', () => {
    expect(judgeShape({ after: 0n, limit: 5000 }, page(0, 5), 4)?.rule).toBe('limit');
    expect(judgeShape({ after: 0n, limit: 5000 }, page(0, 4), 4)).toBeUndefined();
  });
});
