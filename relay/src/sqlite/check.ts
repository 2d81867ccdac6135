import type { DatabaseSync } from 'node:sqlite';
import { FIXED_LIMITS } from '@0k-sync/spec';
import { explained, openToRead } from './database.ts';
import { sha256 } from './push.ts';
import { sameBytes } from './store.ts';

/** What is wrong, a line each; `blobs` that were looked at. */
export interface Findings {
  problems: string[];
  blobs: number;
}

/**
 * Reads all of a database, also beside a relay that writes into it, and changes nothing: its structure, the checksum of each
 * blob, and the totals that are kept. Takes about as long as reading the file twice.
 * @throws Error with a message for the operator if it is no database of a relay
 */
export function checkDatabase(name: string): Findings {
  const database = openToRead(name);
  try {
    // One state of it, however long this takes.
    database.exec('BEGIN');
    const problems = damagedPages(database);
    // Where pages are damaged, what is read from them proves nothing.
    if (problems.length > 0) return { problems, blobs: 0 };
    const { blobs, wrong, marked } = checkBlobs(database);
    if (wrong > 0)
      problems.push(`${wrong} blobs are not what was stored: they are left out as soon as they are asked for`);
    if (marked > 0) problems.push(`${marked} blobs were found damaged before: devices that have them push them again`);
    return { problems: [...problems, ...wrongTotals(database)], blobs };
  } catch (error) {
    throw explained(error, name);
  } finally {
    database.close();
  }
}

function damagedPages(database: DatabaseSync): string[] {
  const rows = database.prepare('PRAGMA integrity_check(10)').all();
  return rows.flatMap((row) => `${row['integrity_check']}`.split('\n')).filter((line) => !/^ok$|^\*\*\*/.test(line));
}

function checkBlobs(database: DatabaseSync) {
  const rows = database
    .prepare('SELECT damaged, digest, payload FROM blobs')
    .iterate() as Iterable<unknown> as Iterable<{
    damaged: number;
    digest: Uint8Array;
    payload: Uint8Array;
  }>;
  let [blobs, wrong, marked] = [0, 0, 0];
  for (const { damaged, digest, payload } of rows) {
    blobs++;
    if (damaged === 1) marked++;
    else if (!sameBytes(sha256(payload), digest)) wrong++;
  }
  return { blobs, wrong, marked };
}

function wrongTotals(database: DatabaseSync): string[] {
  const count = (sql: string) => Number(Object.values(database.prepare(sql).get()!)[0]);
  const live = 'FROM blobs WHERE damaged = 0';
  const weight = `total(size + ${FIXED_LIMITS.blob_overhead})`;
  const sums = {
    'the totals of the relay': `SELECT count(*) FROM relay
      WHERE bytes <> (SELECT ${weight} ${live}) OR blobs <> (SELECT count(*) ${live})`,
    'the totals of groups': `SELECT count(*) FROM groups
      WHERE bytes <> (SELECT ${weight} ${live} AND blobs.group_no = groups.group_no)`,
    'the highest cursors of groups': `SELECT count(*) FROM groups
      WHERE max_cursor < (SELECT max(cursor) FROM blobs WHERE blobs.group_no = groups.group_no)`,
    'blobs without a group': 'SELECT count(*) FROM blobs WHERE group_no NOT IN (SELECT group_no FROM groups)',
  };
  return Object.entries(sums)
    .map(([what, sql]) => [what, count(sql)] as const)
    .filter(([, wrong]) => wrong > 0)
    .map(([what, wrong]) => `${what}: ${wrong} wrong`);
}
