import { encodeFrame } from '@0k-sync/reference';
import { expect, test } from 'vitest';
import { Outbox } from '../src/outbox.ts';

/** An outbox whose network takes so many pieces, and then the rest. */
function outbox() {
  const written: Uint8Array[] = [];
  let room = 0;
  const box = new Outbox({
    write: (piece) => written.push(piece),
    blocked: () => written.length >= room,
    finished() {},
  });
  const take = (pieces: number) => {
    room = written.length + pieces;
    box.flush();
    return Buffer.concat(written);
  };
  return { box, take };
}

test('4 MiB of the smallest answers leave in order, and without moving the rest for each of them', () => {
  const { box, take } = outbox();
  const frames = Array.from({ length: 500_000 }, (_, at) => Buffer.alloc(8, `${at} `));
  for (const frame of frames) box.send(frame);
  expect(box.bytes).toBe(4_000_000);
  expect(Buffer.compare(take(Number.POSITIVE_INFINITY), Buffer.concat(frames))).toBe(0);
  expect(box.bytes).toBe(0);
});

test('Notifies become one, which goes before frames that wait, but neither first of all nor into the middle of a frame', () => {
  const { box, take } = outbox();
  const [welcome, first, second, third] = [10, 65_519, 65_519, 100_000].map((size, at) => Buffer.alloc(size, at));
  const notify = (latest: bigint, count: number) =>
    encodeFrame({ type: 'Notify', latest_cursor: latest, count }, 'bin');
  box.notify(3n, 1);
  expect(take(1)).toHaveLength(0);
  for (const frame of [welcome!, first!, second!, third!]) box.send(frame);
  box.notify(4n, 1);
  // Welcome with the beginning of the first frame, its end with the beginning of the second, and so on.
  take(3);
  box.notify(5n, 2);
  expect(Buffer.compare(take(9), Buffer.concat([welcome!, first!, second!, third!, notify(5n, 4)]))).toBe(0);

  for (const frame of [first!, second!]) box.send(frame);
  take(1);
  box.notify(6n, 1);
  const all = [welcome!, first!, second!, third!, notify(5n, 4), first!, notify(6n, 1), second!];
  expect(Buffer.compare(take(9), Buffer.concat(all))).toBe(0);
});
