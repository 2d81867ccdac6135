import { encodeFrame } from '@0k-sync/reference';
import { HANDSHAKE, type PullResponse } from '@0k-sync/spec';
import { echoClients, startEcho } from './echo.ts';
import { atLeast, type Figure } from './figure.ts';
import { type Ask, type Client, openClient, pusher, randomBytes, throughput } from './load.ts';
import type { Pace } from './pace.ts';
import { startRelay } from './relay.ts';
import { inTurns } from './turns.ts';

const SIZE = 1024;
const PAGE = 100;
const PAGES = 20;

/** Blobs of 1 KB pulled by hundreds, beside a bare echo of the largest message, whose bytes are counted as blobs. */
export async function measurePulls({ rounds, networkMs: ms }: Pace): Promise<Figure[]> {
  await using relay = await startRelay();
  await using echo = await startEcho();
  const group = randomBytes(32);
  await fill(relay.url, group);
  const figures: Figure[] = [];

  for (const count of [1, 8]) {
    const pullers = await Promise.all(
      Array.from({ length: count }, async () => puller(await openClient(relay.url, group))),
    );
    const echoes = await echoClients(echo.line, count, HANDSHAKE.transport.max_plaintext);
    const values = await inTurns(rounds, {
      pull: async () => PAGE * (await throughput(pullers, ms)),
      echo: async () => (HANDSHAKE.transport.max_plaintext / SIZE) * (await throughput(echoes, ms)),
    });
    const connections = count === 1 ? '1 connection' : `${count} connections`;
    figures.push(
      { subject: 'pull', name: `bare echo of 64 KiB, ${connections}`, unit: 'KiB/s', values: values.echo },
      {
        subject: 'pull',
        name: `blobs of 1 KB by hundreds, ${connections}`,
        unit: '/s',
        values: values.pull,
        limit: { name: 'min(30,000, 0.5 × echo)', values: values.echo.map((echoed) => Math.min(30_000, 0.5 * echoed)) },
        ...(count === 8 ? { asked: atLeast(1) } : {}),
      },
    );
  }
  return figures;
}

async function fill(url: string, group: Uint8Array): Promise<void> {
  const pushers = await Promise.all(Array.from({ length: 50 }, async () => pusher(await openClient(url, group), SIZE)));
  for (let round = 0; round < (PAGE * PAGES) / pushers.length; round++)
    await Promise.all(pushers.map((push) => push()));
}

/** Pulls the group from its first blob to its last, again and again. */
function puller(ask: Ask): Client {
  const frames = Array.from({ length: PAGES }, (_, page) =>
    encodeFrame({ type: 'Pull', after_cursor: BigInt(page * PAGE), limit: PAGE }, 'bin'),
  );
  let page = 0;
  return async () => {
    const { blobs } = (await ask(frames[page++ % PAGES]!)) as PullResponse;
    if (blobs.length !== PAGE) throw new Error(`a page had ${blobs.length} blobs, not ${PAGE}`);
  };
}
