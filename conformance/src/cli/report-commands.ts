import type { Command } from 'commander';
import { COMMAND } from '../version.ts';

// Like main.ts, this loads nothing before a command needs it.

/** The commands on reports that were written as JSON: html, matrix and diff. */
export function addReportCommands(program: Command): void {
  program
    .command('html <report>')
    .description('make the page of a report that was written with --json')
    .requiredOption('-o, --output <file>', 'where to write it')
    .allowExcessArguments(false)
    .addHelpText('after', example('html report.json -o report.html', 'the same page as that of --html'))
    .action(async (report: string, _options: unknown, command: Command) => {
      const { htmlCommand } = await import('./html-command.ts');
      await htmlCommand(report, command.opts()['output']);
    });
  program
    .command('matrix <reports...>')
    .description(
      'show reports side by side: implementations as columns, what differs first; --html F writes it as a page',
    )
    .addHelpText(
      'after',
      example(
        'matrix mine.json theirs.json --html matrix.html',
        'compares what two relays came to; that the rules, the kit or the profiles were not the same is said',
      ),
    )
    .action(async (reports: string[], _options: unknown, command: Command) => {
      const { matrixCommand } = await import('./matrix-command.ts');
      await matrixCommand(reports, command.optsWithGlobals());
    });
  program
    .command('diff <old> <new>')
    .description('tell what changed from one report to another')
    .allowExcessArguments(false)
    .addHelpText(
      'after',
      `${example('diff last.json report.json', 'for CI: what fails that did not, what is mended, what else changed')}

Exit codes: 0 not worse; 1 worse: a check fails that did not fail before (a new check too), one that passed is not run,
inconclusive or gone, has a warning that it did not have, or the relay is no longer to be trusted; 2 wrong usage, or no report.`,
    )
    .action(async (before: string, after: string, _options: unknown, command: Command) => {
      const { diffCommand } = await import('./diff-command.ts');
      await diffCommand(before, after, command.optsWithGlobals().color);
    });
}

/** An example of a command as `--help` shows it, with what it does. */
export function example(line: string, what: string): string {
  return `
Example:
  $ ${COMMAND} ${line}
      ${what}`;
}
