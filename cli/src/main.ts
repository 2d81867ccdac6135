/** `0k-sync`: the command line client. So far it can ask a relay who and how it is. */
import { Command, CommanderError } from 'commander';

/** @param args the words after the command's name */
export async function main(args: string[]): Promise<void> {
  const program = new Command('0k-sync')
    .description('Command line client of the 0k-Sync protocol.')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, '0k-sync: ')) });

  program
    .command('ping')
    .description('Connect to a relay, check its identity and show its limits.')
    .argument('<address>', 'ws(s)://host:port/#<identity>, as the relay prints it')
    .option('--ca <file>', 'for wss://: certificates in PEM of the authorities to trust, and no others')
    .option('--timeout <seconds>', 'how long to wait for each answer', parseSeconds, 30)
    .addHelpText(
      'after',
      `
A new identity and an empty group are used, so nothing is stored at the relay.

Examples:
  $ 0k-sync ping ws://127.0.0.1:4433/#${'A'.repeat(43)}
  $ 0k-sync ping wss://relay.example.org/ --timeout 5
  $ 0k-sync ping wss://192.168.1.5:8443/ --ca ca.pem`,
    )
    .action(async (address: string, options: { ca?: string; timeout: number }) => {
      const { ping } = await import('./ping.ts');
      process.exitCode = await ping(address, { timeoutMs: options.timeout * 1000, caFile: options.ca });
    });

  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  }
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 3600)) {
    throw new CommanderError(2, 'usage', '--timeout is a number of seconds above 0 and at most 3600');
  }
  return seconds;
}
