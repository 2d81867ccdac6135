import { RawTable, timeOfFdatasync } from './disk.ts';
import { echoClients, startEcho } from './echo.ts';
import { atLeast, atMost, type Figure } from './figure.ts';
import { latency, openClient, pusher, randomBytes, throughput } from './load.ts';
import type { Pace } from './pace.ts';
import { startRelay } from './relay.ts';
import { inTurns } from './turns.ts';

const SIZE = 1024;

/**
 * Durable pushes of 1 KB, each client sending the next when the last is acknowledged, beside what they consist of: a bare echo
 * over `ws` of the same size and number, SQLite without a relay, and the disk.
 */
export async function measurePushes({ rounds, networkMs: ms }: Pace): Promise<Figure[]> {
  await using relay = await startRelay();
  await using echo = await startEcho();
  using table = new RawTable(relay.folder);
  const sharedGroup = randomBytes(32);
  const figures: Figure[] = [];

  for (const count of [1, 8, 64]) {
    const clients = (group: () => Uint8Array) =>
      Promise.all(Array.from({ length: count }, async () => pusher(await openClient(relay.url, group()), SIZE)));
    const own = await clients(() => randomBytes(32));
    const shared = await clients(() => sharedGroup);
    const echoes = await echoClients(echo.line, count, SIZE);
    const values = await inTurns(rounds, {
      own: () => throughput(own, ms),
      echo: () => throughput(echoes, ms),
      shared: () => throughput(shared, ms),
      rows: () => table.throughput(count, SIZE, ms / 2),
    });
    const connections = count === 1 ? '1 connection' : `${count} connections`;
    const reachable = values.echo.map((echoed, round) => Math.min(0.35 * echoed, 0.8 * values.rows[round]!));
    figures.push(
      { subject: 'push', name: `bare echo of 1 KB, ${connections}`, unit: '/s', values: values.echo },
      { subject: 'push', name: `raw node:sqlite, commits of ${count}`, unit: 'rows/s', values: values.rows },
      {
        subject: 'push',
        name: `durable push, ${connections}, own groups`,
        unit: '/s',
        values: values.own,
        limit: { name: 'min(0.35 × echo, 0.8 × raw rows)', values: reachable },
        ...(count === 64 ? { asked: atLeast(1) } : {}),
      },
      {
        subject: 'push',
        name: `durable push, ${connections}, one group`,
        unit: '/s',
        values: values.shared,
        limit: { name: 'own groups', values: values.own },
        ...(count === 64 ? { asked: atLeast(0.8) } : {}),
      },
    );
    if (count > 1) continue;

    const alone = await inTurns(rounds, {
      push: () => latency(own[0]!, ms / 2),
      echo: () => latency(echoes[0]!, ms / 4),
      disk: () => timeOfFdatasync(relay.folder, 4096, ms / 4),
    });
    figures.push(
      { subject: 'push', name: 'fdatasync after 4 KiB', unit: 'ms', values: alone.disk },
      {
        subject: 'push',
        name: 'one push after the other',
        unit: 'ms',
        values: alone.push,
        limit: {
          name: '2 × echo + 1.5 × fdatasync',
          values: alone.echo.map((echoed, round) => 2 * echoed + 1.5 * alone.disk[round]!),
        },
        asked: atMost(1),
      },
    );
  }
  return figures;
}
