import type { Command } from 'commander';
import { type ConfigFlags, configSources, withDatabaseFlags } from './config-flags.ts';

const EXAMPLES = `
Looks at the structure of the file, the checksum of each blob, and the totals. A relay that uses it need not stop. Exits with 0
if nothing is wrong, else with 1.

Examples:
  $ 0k-sync-relay check-database --config relay.toml
  $ 0k-sync-relay check-database --db /backup/relay.db`;

export function addCheckDatabaseCommand(program: Command): void {
  const command = program
    .command('check-database')
    .description('read a whole database, and tell what is wrong with it');
  withDatabaseFlags(command, 'the SQLite file')
    .addHelpText('after', EXAMPLES)
    .action(async (_, command: Command) => {
      const { loadConfig } = await import('./config.ts');
      const { checkDatabase } = await import('./sqlite/check.ts');
      const { database } = loadConfig(configSources(command.optsWithGlobals<ConfigFlags>())).config.storage;
      const { problems, blobs } = checkDatabase(database);
      for (const problem of problems) process.stdout.write(`${database}: ${problem}\n`);
      if (problems.length === 0) process.stdout.write(`${database}: ${blobs} blobs, nothing wrong\n`);
      process.exitCode = problems.length === 0 ? 0 : 1;
    });
}
