import type { Command } from 'commander';
import type { ConfigSources } from './config.ts';

export interface ConfigFlags {
  listen?: string;
  db?: string;
  config?: string;
}

/** The flags of every command that needs the configuration. */
export function withConfigFlags(command: Command): Command {
  command.option('--listen <host:port>', 'where to listen (default: 127.0.0.1:8080, or server.bind)');
  return withDatabaseFlags(command, 'the SQLite file, made if missing');
}

/** The flags of every command that needs the database. */
export function withDatabaseFlags(command: Command, database: string): Command {
  return command
    .option('--db <path>', `${database} (default: 0k-sync-relay.db, or storage.database)`)
    .option('--config <path>', 'a TOML file with limits and the rest');
}

/** The defaults, then the file, then the environment, then the flags: what comes later wins. */
export function configSources({ listen, db, config }: ConfigFlags): ConfigSources {
  return {
    file: config,
    environment: process.env,
    flags: [
      { name: '--listen', key: 'server.bind', text: listen },
      { name: '--db', key: 'storage.database', text: db },
    ],
  };
}
