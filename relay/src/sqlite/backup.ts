import { closeSync, fsyncSync, openSync, statSync } from 'node:fs';
import { backup } from 'node:sqlite';
import { explained, isDamaged, openReadOnly, openToRead } from './database.ts';

export interface Backup {
  /** The size of the file. */
  bytes: number;
  groups: number;
  blobs: number;
}

/** So many are copied in one go: between two the relay's process can be interrupted, and progress is told. */
const PAGES_AT_ONCE = 1000;

/**
 * Copies a database as it is at this moment, beside a relay that goes on writing, into a new file of mode 0600. When it
 * returns, the copy is on the disk.
 *
 * @param name the database, as the operator gave it
 * @param copy a path where nothing is; if it fails, what is begun stays there, and in `<copy>-journal`
 * @param progress called with the part that is done, from 0 to 1
 * @throws Error with a message for the operator
 */
export async function backUp(name: string, copy: string, progress: (part: number) => void): Promise<Backup> {
  const database = openToRead(name);
  try {
    closeSync(openSync(copy, 'wx', 0o600));
    // The first read fixes what is seen. Without it each write of the relay would make the copy begin again.
    database.exec('BEGIN; SELECT 1 FROM relay');
    await backup(database, copy, {
      rate: PAGES_AT_ONCE,
      progress: ({ totalPages, remainingPages }) => progress(1 - remainingPages / totalPages),
    });
    sync(copy);
    return { bytes: statSync(copy).size, ...figuresOf(copy) };
  } catch (error) {
    throw explained(error, isDamaged(error) ? name : copy);
  } finally {
    database.close();
  }
}

/** Waits until a file, or the names in a folder, are on the disk. */
export function sync(path: string): void {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}

function figuresOf(path: string): { groups: number; blobs: number } {
  const database = openReadOnly(path);
  const row = database.prepare('SELECT blobs, (SELECT count(*) FROM groups) AS groups FROM relay').get()!;
  database.close();
  return { groups: Number(row['groups']), blobs: Number(row['blobs']) };
}
