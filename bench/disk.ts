import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { median } from './figure.ts';

/** Milliseconds that writing so many bytes to the end of a file takes until they are on the disk: the median. */
export function timeOfFdatasync(folder: string, bytes: number, ms: number): number {
  const file = openSync(join(folder, 'fdatasync'), 'w');
  try {
    const data = new Uint8Array(bytes);
    const times: number[] = [];
    for (const end = performance.now() + ms; performance.now() < end; ) {
      const start = performance.now();
      writeSync(file, data);
      fdatasyncSync(file);
      times.push(performance.now() - start);
    }
    return median(times);
  } finally {
    closeSync(file);
  }
}

/** A table with the least that a blob needs: its place in its group, its id, its bytes. As durable as the relay's. */
export class RawTable implements Disposable {
  readonly #database: DatabaseSync;
  #rows = 0;

  constructor(folder: string) {
    this.#database = new DatabaseSync(join(folder, 'raw.db'));
    this.#database.exec(`
      PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;
      CREATE TABLE blobs (cursor INTEGER PRIMARY KEY, blob_id BLOB NOT NULL, payload BLOB NOT NULL);
      CREATE UNIQUE INDEX blobs_by_id ON blobs (blob_id);`);
  }

  /** Rows per second that transactions of so many get onto the disk, the checkpoints of their WAL included. */
  throughput(rows: number, bytes: number, ms: number): number {
    const insert = this.#database.prepare('INSERT INTO blobs VALUES (?, ?, ?)');
    const payload = crypto.getRandomValues(new Uint8Array(bytes));
    const before = this.#rows;
    const start = performance.now();
    while (performance.now() < start + ms) {
      this.#database.exec('BEGIN IMMEDIATE');
      for (let row = 0; row < rows; row++)
        insert.run(++this.#rows, crypto.getRandomValues(new Uint8Array(16)), payload);
      this.#database.exec('COMMIT');
    }
    return ((this.#rows - before) * 1000) / (performance.now() - start);
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}
