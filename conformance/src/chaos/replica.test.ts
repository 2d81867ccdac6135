import { createHash } from 'node:crypto';
import type { Blob, PullResponse, Push } from '@0k-sync/spec';
import { beforeEach, describe, expect, it } from 'vitest';
import { Ledger } from './ledger.ts';
import { difference, type HeldBlob, Replica } from './replica.ts';

const id = (n: number) => new Uint8Array(16).fill(n);
const payload = (n: number) => Uint8Array.of(n, n, n, n);
const push = (n: number): Push => ({ type: 'Push', blob_id: id(n), payload: payload(n), ttl: 0 });
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
const ack = (n: number, cursor: bigint) => ({ type: 'PushAck', blob_id: id(n), cursor }) as const;
const blob = (n: number, cursor: bigint, bytes = payload(n)): Blob => ({
  blob_id: id(n),
  cursor,
  payload: bytes,
  timestamp: 0n,
});
const page = (...blobs: Blob[]): PullResponse => ({
  type: 'PullResponse',
  blobs,
  has_more: false,
  max_cursor: blobs.at(-1)?.cursor ?? 0n,
});

let ledger: Ledger;
beforeEach(() => {
  ledger = new Ledger();
  for (const n of [1, 2, 3]) ledger.made(push(n), 'A');
});

describe('a ledger', () => {
  it('knows what is acknowledged, of each device and in all', () => {
    ledger.acknowledged(push(1), ack(1, 1n));
    ledger.acknowledged(push(1), ack(1, 1n));
    expect(ledger.ofDevice('A')).toEqual({ acknowledged: 1, made: 3 });
    expect([ledger.count, ledger.highest, ledger.isComplete]).toEqual([1, 1n, false]);
    ledger.acknowledged(push(3), ack(3, 2n));
    ledger.acknowledged(push(2), ack(2, 3n));
    expect([ledger.count, ledger.highest, ledger.isComplete]).toEqual([3, 3n, true]);
  });

  it('refuses an acknowledgement of something else', () => {
    expect(() => ledger.acknowledged(push(1), ack(2, 1n))).toThrow(/PushAck of blob 01010101….*one of 02020202…/);
    const wrong = { ...ack(1, 1n), ext: { digest: digest(payload(2)), timestamp: 0n } };
    expect(() => ledger.acknowledged(push(1), wrong)).toThrow('the digest of the payload');
  });

  it('refuses a blob that moves, and a cursor that is given twice', () => {
    ledger.acknowledged(push(1), ack(1, 1n));
    expect(() => ledger.acknowledged(push(1), ack(1, 2n))).toThrow('at cursor 1, as acknowledged before; got 2');
    expect(() => ledger.acknowledged(push(2), ack(2, 1n))).toThrow('cursor 1 for blob 01010101… alone');
  });
});

describe('a replica', () => {
  it('takes pages that go on where it is', () => {
    const replica = new Replica(ledger);
    replica.take(page(blob(2, 1n), blob(1, 2n)));
    replica.take(page(blob(3, 3n)));
    expect(replica.cursor).toBe(3n);
  });

  it.each<[string, Blob[], RegExp]>([
    ['a gap', [blob(2, 2n)], /cursor 1 after 0.*got cursor 2/],
    ['a cursor that it has', [blob(1, 1n), blob(2, 1n)], /cursor 2 after 1.*got cursor 1/],
    ['a blob that it has', [blob(1, 1n), blob(1, 2n)], /blob 01010101… at cursor 1 alone; got it is at cursor 2 too/],
    ['a blob that nobody pushed', [blob(9, 1n)], /only blobs that were pushed/],
    ['another payload', [blob(1, 1n, payload(2))], /its 4 bytes as pushed; got 4 other bytes at cursor 1/],
    ['a part of a payload', [blob(1, 1n, payload(1).subarray(0, 3))], /got the first 3 of them at cursor 1/],
  ])('refuses %s', (_, blobs, message) => {
    expect(() => new Replica(ledger).take(page(...blobs))).toThrow(message);
  });

  it('refuses a blob at another cursor than the acknowledged one', () => {
    ledger.acknowledged(push(1), ack(1, 2n));
    expect(() => new Replica(ledger).take(page(blob(1, 1n)))).toThrow('at cursor 2, as acknowledged; got it is at 1');
  });

  it('refuses a page that says another end than it has, and one that never ends', () => {
    const replica = new Replica(ledger);
    expect(() => replica.take({ ...page(), max_cursor: 1n })).toThrow('max_cursor 0');
    expect(() => replica.take({ ...page(), has_more: true })).toThrow('at least one blob');
  });
});

describe('the comparison of replicas', () => {
  const held = [1, 2, 3].map((n): HeldBlob => ({ cursor: BigInt(n), blobId: id(n), digest: digest(payload(n)) }));

  it('finds none between equals', () => {
    expect(difference(held, structuredClone(held))).toBeUndefined();
    expect(difference([], [])).toBeUndefined();
  });

  it.each<[string, HeldBlob[], string]>([
    ['a missing blob', held.slice(0, 2), '3 blobs against 2'],
    ['one too many', [...held, { ...held[0]!, cursor: 4n }], '3 blobs against 4'],
    ['another cursor', held.with(2, { ...held[2]!, cursor: 4n }), 'cursor 3 against 4 in place 3'],
    ['another blob', held.with(1, { ...held[1]!, blobId: id(3) }), 'blob 02020202… against 03030303… at cursor 2'],
    ['another payload', held.with(0, { ...held[0]!, digest: digest(payload(2)) }), 'another payload of blob 01010101…'],
  ])('finds %s', (_, other, text) => {
    expect(difference(held, other)).toBe(text);
    expect(difference(other, held)).toBeDefined();
  });
});
