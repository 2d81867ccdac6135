/** `node … relay-process.ts NAME --listen … --db … --config …`: the reference relay with the parts of a saboteur. */
import { Command } from 'commander';
import { withConfigFlags } from '../../../relay/src/config-flags.ts';
import { type RunFlags, run } from '../../../relay/src/run-command.ts';
import { saboteurNamed } from './all.ts';

await withConfigFlags(new Command())
  .argument('<name>')
  .action(async (name: string, flags: RunFlags) => run(flags, saboteurNamed(name)?.parts))
  .parseAsync();
