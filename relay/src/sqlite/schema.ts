/** "0ksy", in the header of the file: a relay leaves the databases of other programs alone. */
export const APPLICATION_ID = 0x306b7379;

/**
 * The steps of the schema. A file of version n has had the first n of them; the others are taken when it is opened, all or
 * none. A step that was in a release is never changed.
 */
export const SCHEMA: readonly string[] = [
  // `bytes` and `blobs` of a group and of the relay are kept, never summed for a push: damaged blobs are not in them.
  // Payloads lie in a table with a rowid: WITHOUT ROWID would carry them through the index pages. They come last in
  // their row, so that reading the rest of it touches no overflow page.
  `CREATE TABLE relay (
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
  CREATE INDEX gone_by_time ON gone (forget_at);`,

  // The index by cursor holds all that is asked of many blobs at once, so that counting those of a large group does not read
  // each one's row. The one by expiry grows at its end, where the push before has just written: most blobs have the same
  // time to live. `owner` is drawn by each relay that writes into the file: whoever finds another's there has lost it.
  `ALTER TABLE relay ADD COLUMN owner BLOB;
  DROP INDEX blobs_by_cursor;
  DROP INDEX blobs_by_expiry;
  DROP INDEX blobs_damaged;
  DROP INDEX blobs_unwanted;
  CREATE INDEX blobs_by_cursor ON blobs (group_no, cursor, expires_at, damaged, size, sender);
  CREATE INDEX blobs_by_expiry ON blobs (expires_at);
  CREATE INDEX blobs_unwanted ON blobs (group_no, cursor, sender) WHERE unwanted = 1;`,
];
