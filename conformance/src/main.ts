import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { DEFAULT_PROFILES, UsageError } from './selection.ts';
import { EXIT } from './verdict.ts';
import { COMMAND, KIT_VERSION } from './version.ts';

// Nothing heavy may be loaded up here: crypto, ws, fast-check and the checks come with the commands that need them.

const EXAMPLES = `
Examples:
  $ ${COMMAND}
      starts the reference relay and tests it
  $ ${COMMAND} --relay wss://relay.example:443/
      tests a relay that is running; its rate limits should be lifted for the test
  $ ${COMMAND} --start 'my-relay --listen 127.0.0.1:{port} --data {dir}'
      starts, kills and restarts a relay of yours; it prints its address, or listens on {port} within 10 s
  $ ${COMMAND} --only CUR-38,'SES-*' --seed 7
      runs the checks of one requirement, also those that only cite it, and of those that begin with SES-, with the random
      choices of an earlier run; that is no verdict on the whole relay
  $ ${COMMAND} --profile all
      runs every check there is, optional profiles included
  $ ${COMMAND} explain CUR-38
      says what a requirement asks for, why, and which checks verify it

Limits: the checks send faster than people do. A relay whose rates (connections, messages, new groups, requests) are not 0 or
out of reach ends with an inconclusive verdict that says what to lift. certify.toml in the package @0k-sync/relay has the
recommended limits; the reference relay is started with it.

Exit codes: 0 conformant, 1 not conformant, 2 wrong usage, 3 inconclusive or unreachable.`;

/**
 * The command.
 *
 * @param argv - the arguments without the program's name. The exit code is set, not returned.
 */
export async function main(argv: readonly string[]): Promise<void> {
  // The reader of a pipe went away, as `head` does: nobody is left to tell anything.
  process.stdout.on('error', () => process.exit(EXIT.inconclusive));
  try {
    await createProgram().parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
    } else if (error instanceof UsageError) {
      process.stderr.write(`${COMMAND}: ${error.message}\n`);
      process.exitCode = EXIT.usage;
    } else {
      process.stderr.write(`${COMMAND}: the kit failed: ${(error as Error).stack ?? error}\n`);
      process.exitCode = EXIT.inconclusive;
    }
  }
}

function createProgram(): Command {
  const program = new Command(COMMAND)
    .description('Certifies a 0k-Sync relay against the numbered rules of the protocol.')
    .version(KIT_VERSION, '--version')
    .helpOption('-h, --help', 'show this')
    .option('--relay <url>', 'the relay: ws://host:port/ or wss://host:port/, with #identity to pin it')
    .addOption(
      new Option(
        '--start <command>',
        'start the relay by this command; {port}, {http_port} and {dir} are filled in',
      ).conflicts('relay'),
    )
    .option('--timeout <seconds>', 'the longest wait for one answer', seconds, 10)
    .option('--seed <number>', 'repeat the random choices of an earlier run', seed)
    .option('--jobs <number>', 'how many checks may run at once', jobs, 4)
    .option('--json <file>', 'write the report as JSON')
    .option('--no-color', 'no colours')
    .addHelpText('after', EXAMPLES)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`${COMMAND}: ${text.replace(/^error: /, '')}`) })
    .showHelpAfterError(`(${COMMAND} --help shows what there is)`);
  withSelection(program).action(async (_options: unknown, command: Command) => {
    const { runCommand } = await import('./cli/run-command.ts');
    await runCommand(command.opts());
  });

  withSelection(program.command('list').description('list the checks')).action(
    async (_options: unknown, command: Command) => {
      const { listCommand } = await import('./cli/list-command.ts');
      await listCommand(command.optsWithGlobals());
    },
  );
  program
    .command('explain <id>')
    .description('explain a requirement or a check')
    .action(async (id: string) => {
      const { explainCommand } = await import('./cli/explain-command.ts');
      await explainCommand(id);
    });
  return program;
}

function withSelection(command: Command): Command {
  return command
    .option('--profile <names>', `profiles, separated by commas, or all (default: ${DEFAULT_PROFILES.join(',')})`, list)
    .option(
      '--only <patterns>',
      'ids of checks, of requirements (every check that cites one), or areas, separated by commas; * is any text',
      list,
    );
}

function list(text: string): string[] {
  const items = text.split(',').map((item) => item.trim());
  if (items.includes('')) throw new InvalidArgumentError('There is an empty name in it.');
  return items;
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value <= 3600))
    throw new InvalidArgumentError('Give seconds, from above 0 to 3600.');
  return value;
}

/** 32 bits; what earlier versions printed as a negative number is the same seed. */
function seed(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < -(2 ** 31) || value >= 2 ** 32) {
    throw new InvalidArgumentError('Give a whole number from 0 to 4294967295.');
  }
  return value >>> 0;
}

function jobs(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 64)
    throw new InvalidArgumentError('Give a whole number from 1 to 64.');
  return value;
}
