import { Command, CommanderError } from 'commander';
import { addBackupCommand } from './backup-command.ts';
import { addCheckConfigCommand } from './check-config-command.ts';
import { addCheckDatabaseCommand } from './check-database-command.ts';
import { withConfigFlags } from './config-flags.ts';
import type { RunFlags } from './run-command.ts';
import { VERSION } from './version.ts';

// Nothing heavy may be loaded up here: crypto, ws, pino and the rest come with the commands that need them.

const EXAMPLES = `
Examples:
  $ 0k-sync-relay                             listen on 127.0.0.1:8080, data in ./0k-sync-relay.db
  $ 0k-sync-relay --listen 127.0.0.1:0        take any free port; the address is printed
  $ 0k-sync-relay --listen 0.0.0.0:8080 --db /var/lib/0k-sync/relay.db
  $ 0k-sync-relay --config relay.toml         limits and the rest from a file; flags win over it
  $ ZK_SYNC_LIMITS_MESSAGES_PER_MINUTE=200 0k-sync-relay
                                              each key of the file from the environment, which wins over the file
  $ 0k-sync-relay check-config --config relay.toml
                                              what would be in force, and where it comes from
  $ 0k-sync-relay backup /backup/relay.db     copy database and keys while the relay runs

When it is ready it prints the address of its admin listener, if it has one, and then the address for clients with its
identity after #. Its keys lie in <database>.key: whoever has them is this relay, and without them it is another one.
SIGTERM or SIGINT ends it in order, a second one at once; SIGHUP reads the certificate files of wss:// again.
Exit codes: 0 ended, 1 cannot start or failed, 2 wrong usage or configuration.`;

/** @param args the words after the program's name */
export async function main(args: string[]): Promise<void> {
  try {
    await createProgram().parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exit(exitCode(error));
  }
}

function createProgram(): Command {
  const program = new Command('0k-sync-relay')
    .description('Reference relay of the 0k-Sync protocol')
    .version(VERSION)
    .addHelpText('after', EXAMPLES)
    .allowExcessArguments(false)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, '0k-sync-relay: ')) });
  withConfigFlags(program)
    .option(
      '--new-identity',
      'make new keys if those of a database with groups are lost: every device needs the new address',
    )
    .action(async (flags: RunFlags) => {
      const { run } = await import('./run-command.ts');
      await run(flags);
    });
  addCheckConfigCommand(program);
  addBackupCommand(program);
  addCheckDatabaseCommand(program);
  return program;
}

/** Tells what went wrong. */
function exitCode(error: unknown): number {
  // Commander has printed its own message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  for (const line of (error as Error).message.split('\n')) process.stderr.write(`0k-sync-relay: ${line}\n`);
  return (error as Error).name === 'ConfigError' ? 2 : 1;
}
