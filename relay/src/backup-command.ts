import { randomUUID } from 'node:crypto';
import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { type ConfigFlags, configSources, withDatabaseFlags } from './config-flags.ts';

const EXAMPLES = `
Copies the database as it is at this moment; a relay that uses it need not stop. Its keys are copied to <file>.key: whoever has
them is this relay, so keep a backup as safe as the relay itself.

To restore it, stop the relay, remove <database>-wal and <database>-shm if they are there, put the copies in the place of
<database> and <database>.key, and start. Clients find out that the relay has fallen back, and push again what it lacks.

Examples:
  $ 0k-sync-relay backup /backup/relay-2026-11-21.db
  $ 0k-sync-relay backup /backup/relay.db --force --config relay.toml`;

interface BackupFlags extends ConfigFlags {
  force: boolean;
}

export function addBackupCommand(program: Command): void {
  const command = program.command('backup').argument('<file>', 'where the copy is to be');
  withDatabaseFlags(
    command.description('copy the database and keys of a relay, which may be running'),
    'the SQLite file',
  )
    .option('--force', 'replace a backup that is there', false)
    .addHelpText('after', EXAMPLES)
    .action(backUpTo);
}

/** Gives a finished draft its name, and replaces nothing. */
function place(draft: string, path: string): void {
  try {
    // A link, unlike a rename, fails where something is.
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    // FAT, exFAT and some network file systems have no links.
    copyFileSync(draft, path, constants.COPYFILE_EXCL);
  }
}

async function backUpTo(file: string, _: BackupFlags, command: Command): Promise<void> {
  const flags = command.optsWithGlobals<BackupFlags>();
  const { loadConfig } = await import('./config.ts');
  const { backUp, sync } = await import('./sqlite/backup.ts');
  const { database } = loadConfig(configSources(flags)).config.storage;
  const key = `${database}.key`;
  const files = [`${file}.key`, file];
  if (!existsSync(database)) throw new Error(`${database} is not there: name the database of a relay with --db`);
  if (!existsSync(key)) {
    throw new Error(`${key} is missing: without its keys a restored relay is another one to its clients`);
  }
  if (existsSync(`${file}-wal`)) {
    throw new Error(`${file}-wal is there: a program has ${file} open, or was killed: see which`);
  }
  for (const path of files) {
    if (!flags.force && existsSync(path)) {
      throw new Error(`${path} is there: name another file, or replace it with --force`);
    }
  }

  // Under names of their own until they are whole.
  const drafts = files.map((path) => `${path}.${randomUUID()}`) as [string, string];
  const removeDrafts = () => {
    for (const draft of [...drafts, `${drafts[1]}-journal`]) rmSync(draft, { force: true });
  };
  for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143 })) {
    process.on(signal, () => {
      removeDrafts();
      process.exit(code);
    });
  }
  const showProgress = (part: number) => {
    if (process.stderr.isTTY) process.stderr.write(part < 1 ? `\r${Math.floor(part * 100)} %` : '\r     \r');
  };
  try {
    const { bytes, groups, blobs } = await backUp(database, drafts[1], showProgress);
    writeFileSync(drafts[0], readFileSync(key), { mode: 0o600, flag: 'wx' });
    sync(drafts[0]);
    for (const [index, path] of files.entries()) {
      if (flags.force) renameSync(drafts[index]!, path);
      else place(drafts[index]!, path);
      sync(path);
    }
    removeDrafts();
    sync(dirname(file));
    const size = `${(bytes / 2 ** 20).toFixed(1)} MiB`;
    process.stdout.write(`${file}: ${size}, ${groups} groups, ${blobs} blobs\n${file}.key: the relay's keys\n`);
  } finally {
    removeDrafts();
  }
}
