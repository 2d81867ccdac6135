import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { encodeFrame } from '@0k-sync/reference';
import { openDatabase } from '../relay/src/sqlite/database.ts';
import { newFolder } from './children.ts';
import { atMost, type Figure } from './figure.ts';
import { type Client, latency, openClient, randomBytes, throughput } from './load.ts';
import type { Pace } from './pace.ts';
import { startRelay } from './relay.ts';
import { inTurns } from './turns.ts';

const SIZE = 256;
/** The blobs came at an even pace in so many seconds, and none has expired. */
const DAYS = 6 * 24 * 60 * 60;
/** As many groups, with as many blobs each. */
const GROUPS = 50;
const groups = Array.from({ length: GROUPS }, () => randomBytes(32));

/**
 * Durable pushes of 256 bytes into a database that has many blobs already, beside the same into one that has few. Takes about
 * a minute and 1 GB of disk.
 */
export async function measureStoredBlobs({ rounds, networkMs }: Pace): Promise<Figure[]> {
  const ms = networkMs / 4;
  const figures: Figure[] = [];
  const [few, more, many] = [filled(1000), filled(100_000), filled(1_000_000)];
  const measures = (measure: (clients: Client[]) => Promise<number>) => ({
    // From the start each time, so that they stay few.
    few: () => withClients(copied(few), measure),
    more: () => withClients(more, measure),
    many: () => withClients(many, measure),
  });
  const subjects = {
    'one push after the other': measures(([client]) => latency(client!, ms)),
    'push, 50 connections': measures(async (clients) => 1000 / (await throughput(clients, ms))),
  };
  for (const [name, turns] of Object.entries(subjects)) {
    const values = await inTurns(rounds, turns);
    const limit = { name: 'with 1,000', values: values.few };
    figures.push(
      { subject: 'stored blobs', name: `${name}, with 100,000`, unit: 'ms', values: values.more, limit },
      {
        subject: 'stored blobs',
        name: `${name}, with 1,000,000`,
        unit: 'ms',
        values: values.many,
        limit,
        asked: atMost(1.2),
      },
    );
  }
  return figures;
}

/** The folder of a database with so many blobs, their ids as random as clients make them. */
function filled(count: number): string {
  const folder = newFolder();
  const path = join(folder, 'relay.db');
  openDatabase(path).close();
  const database = new DatabaseSync(path);
  database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; BEGIN');
  const insert = database.prepare(
    'INSERT INTO groups (group_no, group_id, proven, epoch, max_cursor, bytes) VALUES (?, ?, 0, randomblob(16), ?, ?)',
  );
  const each = count / GROUPS;
  for (const [index, id] of groups.entries()) insert.run(index + 1, id, each, each * (SIZE + 256));
  const since = Math.floor(Date.now() / 1000) - DAYS;
  database
    .prepare(
      `WITH RECURSIVE row (n) AS (VALUES (0) UNION ALL SELECT n + 1 FROM row WHERE n + 1 < ?1)
       INSERT INTO blobs (group_no, blob_id, cursor, sender, stored_at, expires_at, digest, size, payload)
       SELECT 1 + n % ${GROUPS}, randomblob(16), 1 + n / ${GROUPS}, ?2, ?3 + n * ${DAYS} / ?1, ?3 + n * ${DAYS} / ?1 + 604800,
         randomblob(32), ${SIZE}, randomblob(${SIZE}) FROM row`,
    )
    .run(count, randomBytes(32), since);
  database.prepare('UPDATE relay SET blobs = ?, bytes = ?').run(count, count * (SIZE + 256));
  database.exec('COMMIT');
  database.close();
  return folder;
}

function copied(folder: string): string {
  const copy = newFolder();
  copyFileSync(join(folder, 'relay.db'), join(copy, 'relay.db'));
  return copy;
}

/** Measures clients of all groups, on a relay of their own. */
async function withClients(folder: string, measure: (clients: Client[]) => Promise<number>): Promise<number> {
  await using relay = await startRelay([], folder);
  const clients = await Promise.all(groups.map((group) => pusherOfRandomIds(relay.url, group)));
  // That a process is slow in its first seconds is not the subject.
  for (let push = 0; push < 20; push++) await Promise.all(clients.map((client) => client()));
  return await measure(clients);
}

async function pusherOfRandomIds(url: string, group: Uint8Array): Promise<Client> {
  const ask = await openClient(url, group);
  const blobId = randomBytes(16);
  const frame = Buffer.from(encodeFrame({ type: 'Push', blob_id: blobId, payload: randomBytes(SIZE), ttl: 0 }, 'bin'));
  const id = frame.subarray(frame.indexOf(blobId)).subarray(0, blobId.length);
  return () => {
    crypto.getRandomValues(id);
    return ask(frame);
  };
}
