import { closeSync, existsSync, openSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { APPLICATION_ID, SCHEMA } from './schema.ts';

/** How long a write waits for another program that is writing into the file, ms. */
const PATIENCE = 1000;

/** A value of a row. Integers are always bigint, so that a cursor never loses bits. */
type Value = bigint | string | Uint8Array | null;
export type Row = Record<string, Value>;

/** The one place that knows node:sqlite: prepared statements by their text, and one write transaction at a time. */
export class Database {
  #connection: DatabaseSync;
  #lock: DatabaseSync | undefined;
  #statements = new Map<string, StatementSync>();
  #tuples = new Map<string, StatementSync>();
  #patience = PATIENCE;

  constructor(connection: DatabaseSync, lock: DatabaseSync | undefined) {
    this.#connection = connection;
    this.#lock = lock;
  }

  #prepare(sql: string, statements = this.#statements): StatementSync {
    let statement = statements.get(sql);
    if (!statement) {
      statement = this.#connection.prepare(sql);
      statement.setReadBigInts(true);
      if (statements === this.#tuples) statement.setReturnArrays(true);
      statements.set(sql, statement);
    }
    return statement;
  }

  one<T = Row>(sql: string, ...values: SQLInputValue[]): T | undefined {
    return this.#prepare(sql).get(...values) as T | undefined;
  }

  all<T = Row>(sql: string, ...values: SQLInputValue[]): T[] {
    return this.#prepare(sql).all(...values) as T[];
  }

  /** Rows as arrays of their columns: where there are many, objects would cost as much as reading them. */
  tuples<T extends Value[]>(sql: string, ...values: SQLInputValue[]): T[] {
    return this.#prepare(sql, this.#tuples).all(...values) as unknown as T[];
  }

  /** As `tuples`, for as many rows as are asked for. */
  eachTuple<T extends Value[]>(sql: string, ...values: SQLInputValue[]): Iterable<T> {
    return this.#prepare(sql, this.#tuples).iterate(...values) as unknown as Iterable<T>;
  }

  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  /** Waits a moment for another program that is writing. While that one stays, the next attempts do not wait again. */
  begin(): void {
    try {
      this.run('BEGIN IMMEDIATE');
    } catch (error) {
      this.#waitUpTo(0);
      throw error;
    }
    this.#waitUpTo(PATIENCE);
  }

  #waitUpTo(ms: number): void {
    if (ms !== this.#patience) this.#connection.exec(`PRAGMA busy_timeout = ${ms}`);
    this.#patience = ms;
  }

  commit(): void {
    this.run('COMMIT');
  }

  /** Ends a transaction that failed; SQLite may have ended it already. */
  rollback(): void {
    if (this.#connection.isTransaction) this.run('ROLLBACK');
  }

  close(): void {
    this.#statements.clear();
    this.#tuples.clear();
    this.#connection.close();
    this.#lock?.close();
  }
}

/**
 * Opens the database file, or makes it with mode 0600. Before the checks have passed nothing in an existing file is changed.
 * @param name as the operator gave it
 * @throws Error with a message for the operator: the file, what is wrong and what to do.
 */
export function openDatabase(name: string): Database {
  let lock: DatabaseSync | undefined;
  let connection: DatabaseSync | undefined;
  try {
    const path = name === ':memory:' ? name : realPath(name);
    if (path !== ':memory:') {
      inspect(path, name);
      lock = lockFile(path, name);
      closeSync(openSync(path, 'a', 0o600));
    }
    connection = new DatabaseSync(path, { timeout: PATIENCE });
    prepareSchema(connection, name);
    return new Database(connection, lock);
  } catch (error) {
    connection?.close();
    lock?.close();
    throw explained(error, name);
  }
}

/** Two names of one file must not have two locks. */
function realPath(name: string): string {
  if (existsSync(name)) return realpathSync(name);
  return join(realpathSync(dirname(name)), basename(name));
}

/** Refuses what cannot be ours before anything is made or changed: not even a lock or a journal appears beside it. */
function inspect(path: string, name: string): void {
  const file = statSync(path, { throwIfNoEntry: false });
  if (file?.isDirectory()) throw new Error(`${name} is a folder: name a file with --db`);
  if (!file || file.size === 0) return;
  if (file.nlink > 1) {
    throw new Error(`${name} has a second name (hard link), and each name would get a journal of its own: remove one`);
  }
  const reader = openReadOnly(path);
  try {
    versionOf(reader, name);
  } finally {
    reader.close();
  }
}

/**
 * A connection to a database of a relay that may be writing into it, which only reads.
 * @throws Error as `openDatabase` does
 */
export function openToRead(name: string): DatabaseSync {
  let reader: DatabaseSync | undefined;
  try {
    const path = realPath(name);
    inspect(path, name);
    reader = new DatabaseSync(path, { readOnly: true, timeout: PATIENCE });
    if (versionOf(reader, name) === 0) throw new Error(`${name} is empty: name the database of a relay with --db`);
    return reader;
  } catch (error) {
    reader?.close();
    throw explained(error, name);
  }
}

/** A connection to a file that nobody writes, which leaves it, and its journal, byte for byte as they are. */
export function openReadOnly(path: string): DatabaseSync {
  const url = pathToFileURL(path);
  // Without a journal the file is all there is. Said so, SQLite makes no journal either.
  if (!existsSync(`${path}-wal`)) url.search = 'immutable=1';
  return new DatabaseSync(url, { readOnly: true, timeout: PATIENCE });
}

// Two relays on one file would assign cursors in turns but notify nobody of each other's blobs. The lock lies on a
// file of its own, so that others may read the database while the relay runs; the kernel frees it whatever happens.
function lockFile(path: string, name: string): DatabaseSync {
  let lock: DatabaseSync | undefined;
  try {
    closeSync(openSync(`${path}-lock`, 'a', 0o600));
    lock = new DatabaseSync(`${path}-lock`, { timeout: PATIENCE });
    // Nothing is ever written there, so it needs no journal on the disk.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock?.close();
    if (primaryCode(error) !== BUSY) throw error;
    throw new Error(`${name} is in use by another relay: stop that one, or name another file with --db`);
  }
}

/** The version of a database of ours, 0 for an empty one. */
function versionOf(connection: DatabaseSync, name: string): number {
  const value = (sql: string) => Number(Object.values(connection.prepare(sql).get()!)[0]);
  const version = value('PRAGMA user_version');
  if (version === 0 && value('SELECT count(*) FROM sqlite_schema') === 0) return 0;
  if (value('PRAGMA application_id') !== APPLICATION_ID) {
    throw new Error(`${name} is the database of another program: name another file with --db`);
  }
  if (version > SCHEMA.length) {
    throw new Error(
      `${name} was written by a newer relay (schema ${version}, this one knows ${SCHEMA.length}): update the relay, or name another file with --db`,
    );
  }
  if (!connection.prepare('SELECT 1 FROM relay').get()) throw new Error(`${name} ${ADVICE[DAMAGED]}`);
  return version;
}

function prepareSchema(connection: DatabaseSync, name: string): void {
  const version = versionOf(connection, name);
  connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;');
  connection.exec('PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -32768;');
  if (version === SCHEMA.length) return;
  connection.exec(`BEGIN IMMEDIATE; ${SCHEMA.slice(version).join('')}
    PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA.length}; COMMIT;`);
}

// Primary result codes of SQLite (https://www.sqlite.org/rescode.html).
const BUSY = 5;
const DAMAGED = 11;
const ADVICE: Record<number, string> = {
  [BUSY]: 'is locked by another program: end that one',
  8: 'cannot be written: give the relay write permission on the file and its folder',
  10: 'cannot be read or written (input/output error): see what the system says about the disk',
  [DAMAGED]: 'is damaged: restore it from a backup, or move it away to begin with an empty one',
  13: 'cannot be written, the disk is full: make room',
  14: 'cannot be opened: see that its folder exists and that the relay may read and write there',
  26: 'is not a SQLite database: name another file with --db',
};

function primaryCode(error: unknown): number | undefined {
  const { errcode } = error as { errcode?: number };
  return errcode === undefined ? undefined : errcode & 0xff;
}

/** What SQLite's error means for whoever runs the relay, to stand behind the name of the file; undefined for others. */
export function adviceFor(error: unknown): string | undefined {
  return ADVICE[primaryCode(error) ?? -1];
}

/** Whether what was read is no sound database. */
export const isDamaged = (error: unknown): boolean => primaryCode(error) === DAMAGED;

/** The error as a message for the operator about a file. */
export function explained(error: unknown, name: string): Error {
  const { code, message } = error as { code?: string; message: string };
  if (code === 'ENOSPC' || code === 'EDQUOT') return new Error(`${name} ${ADVICE[13]}`);
  if (code !== undefined && /^E[A-Z]+$/.test(code)) return new Error(`${name} ${ADVICE[14]}`);
  const advice = adviceFor(error);
  return advice ? new Error(`${name} ${advice}`) : new Error(message.includes(name) ? message : `${name}: ${message}`);
}
