import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { ConfigError, defaultConfig, readConfig, setKey } from './config.ts';
import { referenceParts } from './reference-parts.ts';
import { createRelay } from './relay.ts';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

const EXAMPLES = `
Examples:
  $ 0k-sync-relay                             listen on 127.0.0.1:8080, data in ./0k-sync-relay.db
  $ 0k-sync-relay --listen 127.0.0.1:0        take any free port; the address is printed
  $ 0k-sync-relay --listen 0.0.0.0:8080 --db /var/lib/0k-sync/relay.db
  $ 0k-sync-relay --config relay.toml         limits and the rest from a file; flags win over it

When it is ready it prints one line, the address for clients with its identity after #.
Its keys lie in <database>.key: whoever has them is this relay, and without them it is another one.
SIGTERM or SIGINT ends it in order. Exit codes: 0 ended, 1 cannot start or failed, 2 wrong usage or configuration.`;

interface Flags {
  listen?: string;
  db?: string;
  config?: string;
}

function command(): Command {
  return new Command('0k-sync-relay')
    .description('Reference relay of the 0k-Sync protocol')
    .option('--listen <host:port>', 'where to listen (default: 127.0.0.1:8080, or server.bind)')
    .option('--db <path>', 'the SQLite file, made if missing (default: 0k-sync-relay.db, or storage.database)')
    .option('--config <path>', 'a TOML file with limits and the rest')
    .version(version)
    .addHelpText('after', EXAMPLES)
    .exitOverride();
}

/** Runs the relay until a signal ends it. `args` are the words after the program's name. */
export async function main(args: string[]): Promise<void> {
  try {
    const { listen, db, config: file } = command().parse(args, { from: 'user' }).opts<Flags>();
    const config = file === undefined ? defaultConfig() : readConfig(file);
    if (listen !== undefined) setKey(config, 'server.bind', listen, '--listen');
    if (db !== undefined) setKey(config, 'storage.database', db, '--db');

    const parts = await referenceParts(config);
    const relay = await createRelay({ ...parts, software: `0k-sync-relay ${version}` });
    const stop = () => void relay.close().then(() => process.exit(0));
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
    void relay.failed.then((error) => process.exit(exitCode(new Error(`storage failed: ${error.message}`))));
    process.stdout.write(`${relay.url}\n`);
  } catch (error) {
    process.exit(exitCode(error));
  }
}

function exitCode(error: unknown): number {
  // Commander has printed its own message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const { code, message, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  const text =
    code === 'EADDRINUSE'
      ? `${address}:${port} is in use: stop what listens there, or choose another with --listen`
      : message;
  process.stderr.write(`0k-sync-relay: ${text}\n`);
  return error instanceof ConfigError ? 2 : 1;
}
