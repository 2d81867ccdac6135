import { closeSync, openSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

const APPLICATION_ID = 0x306b7379; // "0ksy"
const SCHEMA_VERSION = 1;

// `bytes` and `blobs` of a group and of the relay are kept, never summed for a push: damaged blobs are not in them.
// Payloads lie in a table with a rowid: WITHOUT ROWID would carry them through the index pages. They come last in
// their row, so that reading the rest of it touches no overflow page.
const SCHEMA = `
  CREATE TABLE relay (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    bytes INTEGER NOT NULL,
    blobs INTEGER NOT NULL,
    newest_time INTEGER NOT NULL
  );
  INSERT INTO relay VALUES (1, 0, 0, 0);

  CREATE TABLE groups (
    group_no INTEGER PRIMARY KEY AUTOINCREMENT,
    group_id BLOB NOT NULL,
    proven INTEGER NOT NULL,
    epoch BLOB NOT NULL,
    max_cursor INTEGER NOT NULL DEFAULT 0,
    expired_through INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0,
    frozen INTEGER NOT NULL DEFAULT 0,
    closed INTEGER NOT NULL DEFAULT 0,
    revocations INTEGER NOT NULL DEFAULT 0,
    UNIQUE (group_id, proven)
  );

  CREATE TABLE devices (
    group_no INTEGER NOT NULL,
    device_id BLOB NOT NULL,
    name TEXT NOT NULL,
    last_seen INTEGER NOT NULL,
    acknowledged INTEGER NOT NULL DEFAULT 0,
    revoked INTEGER NOT NULL DEFAULT 0,
    token TEXT,
    platform INTEGER,
    app_id TEXT,
    PRIMARY KEY (group_no, device_id)
  ) WITHOUT ROWID;

  CREATE TABLE blobs (
    blob_no INTEGER PRIMARY KEY,
    group_no INTEGER NOT NULL,
    blob_id BLOB NOT NULL,
    cursor INTEGER NOT NULL,
    sender BLOB NOT NULL,
    stored_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    damaged INTEGER NOT NULL DEFAULT 0,
    unwanted INTEGER NOT NULL DEFAULT 0,
    digest BLOB NOT NULL,
    size INTEGER NOT NULL,
    payload BLOB NOT NULL
  );
  CREATE UNIQUE INDEX blobs_by_cursor ON blobs (group_no, cursor);
  CREATE UNIQUE INDEX blobs_by_id ON blobs (group_no, blob_id);
  CREATE INDEX blobs_by_expiry ON blobs (group_no, expires_at);
  CREATE INDEX blobs_damaged ON blobs (group_no, cursor) WHERE damaged = 1;
  CREATE INDEX blobs_unwanted ON blobs (group_no, cursor) WHERE unwanted = 1;

  CREATE TABLE gone (
    gone_no INTEGER PRIMARY KEY,
    group_no INTEGER NOT NULL,
    blob_id BLOB NOT NULL,
    cursor INTEGER NOT NULL,
    digest BLOB NOT NULL,
    stored_at INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    forget_at INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX gone_by_id ON gone (group_no, blob_id);
  CREATE INDEX gone_by_cursor ON gone (group_no, cursor);
  CREATE INDEX gone_by_time ON gone (forget_at);
`;

/** A value of a row. Integers are always bigint, so that a cursor never loses bits. */
type Value = bigint | string | Uint8Array | null;
export type Row = Record<string, Value>;

/** The one place that knows node:sqlite: prepared statements by their text, and one write transaction at a time. */
export class Database {
  #connection: DatabaseSync;
  #lock: DatabaseSync | undefined;
  #statements = new Map<string, StatementSync>();

  constructor(connection: DatabaseSync, lock: DatabaseSync | undefined) {
    this.#connection = connection;
    this.#lock = lock;
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#connection.prepare(sql);
      statement.setReadBigInts(true);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  one<T = Row>(sql: string, ...values: SQLInputValue[]): T | undefined {
    return this.#prepare(sql).get(...values) as T | undefined;
  }

  all<T = Row>(sql: string, ...values: SQLInputValue[]): T[] {
    return this.#prepare(sql).all(...values) as T[];
  }

  each<T = Row>(sql: string, ...values: SQLInputValue[]): Iterable<T> {
    return this.#prepare(sql).iterate(...values) as Iterable<T>;
  }

  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  begin(): void {
    this.run('BEGIN IMMEDIATE');
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
    this.#connection.close();
    this.#lock?.close();
  }
}

/**
 * Opens the database file, or makes it with mode 0600. Before the checks have passed nothing in an existing file is changed.
 * @throws Error with a message for the operator: the file, what is wrong and what to do.
 */
export function openDatabase(path: string): Database {
  const lock = path === ':memory:' ? undefined : lockFile(path);
  let connection: DatabaseSync | undefined;
  try {
    if (lock) closeSync(openSync(path, 'a', 0o600));
    connection = new DatabaseSync(path, { timeout: 5000 });
    prepareSchema(connection, path);
    return new Database(connection, lock);
  } catch (error) {
    connection?.close();
    lock?.close();
    throw explained(error, path);
  }
}

// Two relays on one file would assign cursors in turns but notify nobody of each other's blobs. The lock lies on a
// file of its own, so that `sqlite3 FILE .backup` still works while the relay runs; the kernel frees it whatever happens.
function lockFile(path: string): DatabaseSync {
  let lock: DatabaseSync | undefined;
  try {
    closeSync(openSync(`${path}-lock`, 'a', 0o600));
    lock = new DatabaseSync(`${path}-lock`, { timeout: 1000 });
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock?.close();
    throw explained(error, path);
  }
}

function prepareSchema(connection: DatabaseSync, path: string): void {
  const pragma = (name: string) => Number(Object.values(connection.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
  const version = pragma('user_version');
  const tables = Number(connection.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n);
  if (tables > 0 && pragma('application_id') !== APPLICATION_ID) {
    throw new Error(`${path} is the database of another program: name another file with --db`);
  }
  if (version > SCHEMA_VERSION) {
    throw new Error(
      `${path} was written by a newer relay (schema ${version}, this one knows ${SCHEMA_VERSION}): update the relay, or name another file with --db`,
    );
  }
  connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;');
  connection.exec('PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -32768;');
  if (tables > 0) return;
  connection.exec(`BEGIN IMMEDIATE; ${SCHEMA}
    PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`);
}

// Primary result codes of SQLite (https://www.sqlite.org/rescode.html).
const ADVICE: Record<number, string> = {
  5: 'is in use by another relay: stop that one, or name another file with --db',
  8: 'cannot be written: give the relay write permission on the file and its folder',
  11: 'is damaged: restore it from a backup, or move it away to begin with an empty one',
  13: 'cannot be written, the disk is full: make room',
  14: 'cannot be opened: see that its folder exists and that the relay may read and write there',
  26: 'is not a SQLite database: name another file with --db',
};

function explained(error: unknown, path: string): Error {
  const { errcode, code, message } = error as { errcode?: number; code?: string; message: string };
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR' || code === 'EROFS' || code === 'EPERM') {
    return new Error(`${path} ${ADVICE[14]}`);
  }
  const advice = errcode === undefined ? undefined : ADVICE[errcode & 0xff];
  return advice ? new Error(`${path} ${advice}`) : new Error(message.includes(path) ? message : `${path}: ${message}`);
}
