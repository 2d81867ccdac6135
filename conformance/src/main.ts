import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { addCertificateCommands } from './cli/certificate-commands.ts';
import { replayOptions } from './cli/replay-options.ts';
import { addReportCommands } from './cli/report-commands.ts';
import { nearest } from './nearest.ts';
import { printable } from './printable.ts';
import { DEFAULT_PROFILES, UsageError } from './selection.ts';
import { TargetError } from './target/target.ts';
import { EXIT } from './verdict.ts';
import { COMMAND, KIT_VERSION } from './version.ts';

// Nothing heavy may be loaded up here: crypto, ws, fast-check and the checks come with the commands that need them.

const EXAMPLES = `
Examples:
  $ ${COMMAND}
      starts the reference relay and tests it
  $ ${COMMAND} --relay wss://relay.example/ --ca ca.pem --admin http://127.0.0.1:9090/
      tests a relay that is running; what needs more than an address is not run
  $ ${COMMAND} --start 'my-relay --listen 127.0.0.1:{port} --data {dir}'
      starts, stops, kills and restarts a relay of yours; within 10 s it prints its address, or listens on {port}
  $ ${COMMAND} --only CUR-38,'SES-*' --seed 7
      runs the checks of one requirement, also those that only cite it, and of those that begin with SES-, with the random
      choices of an earlier run; that is no verdict on the whole relay
  $ ${COMMAND} --profile core,limits --strict --junit report.xml --known-failing known.txt
      for CI: a SHOULD counts too, and what known.txt lists must fail, an id or pattern on each line (CUR-41, WIRE-4*)
  $ ${COMMAND} --html report.html --json report.json
      writes the report as a page, and as data for \`html\`, \`matrix\` and \`diff\`
  $ ${COMMAND} --start … --certificate certificate.json --key signer.json --badge badge.svg
      signs what it saw, if all of the profiles was run and nothing failed; \`verify\` tells what that proves
  $ ${COMMAND} --quick
      a first look in a few seconds, which is no verdict; --runs 500 looks for races for longer instead
  $ ${COMMAND} --chaos latency,cut,kill
      lets devices sync over lines that are slow or cut and while the relay is killed, through Toxiproxy, in two minutes
  $ ${COMMAND} --codec 'python3 ports/python/driver.py'
      certifies a codec instead of a relay: every vector, and random inputs made against the reference, through a driver that
      answers lines of JSON (ports/TEMPLATE.md); operations that it lacks are not run
  $ ${COMMAND} --codec 'my-driver' --only 'WIRE-*/decode-bin' --runs 1000
      looks at one operation, with ten times as many random inputs
  $ ${COMMAND} --only properties --runs 500
      looks for races only, for longer
  $ ${COMMAND} replay report.json CUR-37/plans
      runs the plan again that failed, from a report that --json wrote, with the relay of the report or that of --relay or
      --start; what a report says to start is shown and not started
  $ ${COMMAND} explain CUR-38
      says what a requirement asks for, why, and which checks verify it
  $ ${COMMAND} explain config
      prints limits with which every check can be run; the reference relay is started with them

Limits: the checks send faster than people do. A relay whose rates (connections, messages, new groups, requests) are not 0 or
out of reach ends with an inconclusive verdict that says what to lift. Profile limits wants rates that it can reach
(explain config --profile limits), and so a run of its own, unless it is the reference relay that is tested.

Exit codes: 0 conformant, or no failure in a part or beyond the known ones; 1 not conformant, or a known failure passed;
2 wrong usage; 3 inconclusive or unreachable.`;

/**
 * The command.
 *
 * @param argv - the arguments without the program's name. The exit code is set, not returned.
 */
export async function main(argv: readonly string[]): Promise<void> {
  const program = createProgram();
  // The reader of a pipe went away, as `head` does: nobody is left to tell anything, but files may be asked for.
  process.stdout.on('error', () => {
    if (!isFileAskedFor(program)) process.exit(EXIT.inconclusive);
  });
  process.stderr.on('error', () => {});
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
    } else if (error instanceof UsageError || error instanceof TargetError) {
      // It may tell of files that came from elsewhere.
      process.stderr.write(`${COMMAND}: ${error.message.split('\n').map(printable).join('\n')}\n`);
      process.exitCode = error instanceof UsageError ? EXIT.usage : EXIT.inconclusive;
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
    .addOption(
      new Option(
        '--codec <command>',
        'certify a codec in any language instead: a driver that reads and writes lines of JSON, started by this command',
      ).conflicts(['relay', 'start', 'admin', 'ca', 'chaos', 'toxiproxy']),
    )
    .option(
      '--admin <url>',
      "the relay's admin HTTP, http://host:port/, if a relay that is started does not print it",
      url,
    )
    .option('--ca <file>', 'PEM file of the authority that signed the certificate of a wss:// relay')
    .addOption(
      new Option(
        '--chaos <profiles>',
        'play scenarios with a bad network instead: latency, cut and kill, or some of them',
      )
        .argParser(list)
        .conflicts(['profile', 'quick']),
    )
    .option('--toxiproxy <file>', 'the server of Toxiproxy for --chaos; left out, it is looked for')
    .option('--quick', 'leave out what takes seconds, and run fewer plans')
    .option('--strict', 'a SHOULD that is not kept is a failure, and no warning')
    .option('--known-failing <file>', 'checks that must fail, an id or pattern on each line, # for comments')
    .option(
      '--runs <number>',
      'how many plans the search for races runs; of a codec, percent of the usual random requests',
      integer(1, 100_000),
    )
    .option('--seed <number>', 'repeat the random choices of an earlier run', seed)
    .option('--timeout <seconds>', 'the longest wait for one answer', seconds, 10)
    .option('--max-time <seconds>', 'end the run after this time, inconclusive', seconds)
    .option(
      '--jobs <number>',
      'how many checks may run at once; those that only wait do not count, unless it is 1',
      integer(1, 64),
      4,
    )
    .option('--json <file>', 'write the report as JSON')
    .option('--junit <file>', 'write the report as JUnit XML')
    .option('--html <file>', 'write the report as one page that people can be led to, #CUR-38 for one check')
    .option('--certificate <file>', 'write a signed certificate, if whole profiles were run and nothing failed')
    .option('--key <file>', `the private key to sign it with, which \`${COMMAND} keygen\` makes`)
    .option('--badge <file>', 'write a badge of the certificate, as SVG')
    .option('--artifact <file>', 'say in the certificate that this file is what was tested, by its SHA-256')
    .option('--report-url <url>', 'say in the certificate where the report can be read', url)
    .option('--no-color', 'no colours')
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`${COMMAND}: ${text.replace(/^error: /, '')}`) })
    .allowExcessArguments()
    .showHelpAfterError(`(${COMMAND} --help shows what there is)`);
  withSelection(program).action(async (_options: unknown, command: Command) => {
    const [word] = command.args;
    if (word !== undefined) {
      const commands = command.commands.map((each) => each.name());
      throw new UsageError(`there is no command "${word}"${nearest(word, commands)}; there are ${commands.join(', ')}`);
    }
    const { runCommand } = await import('./cli/run-command.ts');
    await runCommand(command.opts());
  });

  withSelection(program.command('list').description('list the checks').allowExcessArguments(false)).action(
    async (_options: unknown, command: Command) => {
      const { listCommand } = await import('./cli/list-command.ts');
      await listCommand(command.optsWithGlobals());
    },
  );
  program
    .command('explain <id>')
    .description('explain a requirement, a check, or the limits for a test: config')
    .addOption(profileOption())
    .allowExcessArguments(false)
    .action(async (id: string, _options: unknown, command: Command) => {
      if (id === 'config') {
        const { explainConfigCommand } = await import('./cli/explain-config-command.ts');
        await explainConfigCommand(command.optsWithGlobals().profile);
      } else {
        const { explainCommand } = await import('./cli/explain-command.ts');
        await explainCommand(id);
      }
    });
  program
    .command('replay <report> <check>')
    .description('run a check of a JSON report again, with the plan that failed if it has one')
    .allowExcessArguments(false)
    .action(async (file: string, check: string, _options: unknown, command: Command) => {
      const { replayCommand } = await import('./cli/replay-command.ts');
      await replayCommand(file, check, replayOptions(command) as Parameters<typeof replayCommand>[2]);
    });
  addReportCommands(program);
  addCertificateCommands(program);
  return program;
}

function isFileAskedFor(program: Command): boolean {
  const { json, junit, html, certificate, badge } = program.opts();
  return [json, junit, html, certificate, badge].some((file) => file !== undefined);
}

function withSelection(command: Command): Command {
  return command
    .addOption(profileOption())
    .option(
      '--only <patterns>',
      'ids of checks, of requirements (every check that cites one), areas, or properties (what runs plans), separated by commas; * is any text',
      list,
    );
}

function profileOption(): Option {
  const names = `profiles, separated by commas, or all (default: ${DEFAULT_PROFILES.join(',')})`;
  return new Option('--profile <names>', names).argParser(list);
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

function integer(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most) {
      throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

function url(text: string): string {
  const { protocol, href } = URL.canParse(text) ? new URL(text) : { protocol: '', href: '' };
  if (protocol !== 'http:' && protocol !== 'https:') throw new InvalidArgumentError('Give http://host:port/.');
  return href;
}
