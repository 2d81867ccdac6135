import type { Command } from 'commander';
import { example } from './report-commands.ts';

// Like main.ts, this loads nothing before a command needs it.

/** The commands about certificates: keygen, verify and badge. */
export function addCertificateCommands(program: Command): void {
  program
    .command('keygen <file>')
    .description('make keys for certificates: a private file, and a public one beside it; nothing is overwritten')
    .allowExcessArguments(false)
    .addHelpText(
      'after',
      `${example('keygen signer.json', 'writes signer.json, for its owner alone, and signer.public.json')}

Both files are JWK Sets of an Ed25519 key (RFC 8037) and an ML-DSA-65 key (key type AKP, the seed as priv).`,
    )
    .action(async (file: string) => {
      const { keygenCommand } = await import('./keygen-command.ts');
      await keygenCommand(file);
    });
  program
    .command('verify <certificate>')
    .description('verify a certificate, and say what it certifies and what it does not prove')
    .option('--public-key <file>', 'the public key that it has to be signed by, as its owner gave it to you')
    .allowExcessArguments(false)
    .addHelpText(
      'after',
      `${example('verify certificate.json --public-key signer.public.json', 'both signatures have to be right, and every byte of the file')}

Exit codes: 0 verified; 1 not valid: changed, or by another key; 2 wrong usage; 3 not changed, but without --public-key
nothing is known of who signed it.`,
    )
    .action(async (file: string, { publicKey }: { publicKey?: string }) => {
      const { verifyCommand } = await import('./verify-command.ts');
      await verifyCommand(file, publicKey);
    });
  program
    .command('badge <certificate>')
    .description('draw the badge of a certificate, as SVG')
    .requiredOption('-o, --output <file>', 'where to write it')
    .option('--public-key <file>', 'the public key that it has to be signed by')
    .allowExcessArguments(false)
    .addHelpText(
      'after',
      `${example('badge certificate.json -o badge.svg --public-key signer.public.json', 'draws nothing for a certificate that was changed')}

Exit codes: those of verify. Without --public-key the badge is drawn, and the exit code is 3: nothing is known of who signed.`,
    )
    .action(async (file: string, { output, publicKey }: { output: string; publicKey?: string }) => {
      const { badgeCommand } = await import('./badge-command.ts');
      await badgeCommand(file, output, publicKey);
    });
}
