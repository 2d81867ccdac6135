// `npm run bench`: how fast the parts are, each beside the limit of this machine, measured in turns with it.
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { Command, Option } from 'commander';
import { endAll } from './children.ts';
import { type Figure, isMet, median, ratioOf, spread } from './figure.ts';
import { FULL, type Pace, QUICK } from './pace.ts';
import { renderTable } from './table.ts';

/** Loaded when its turn comes: what measures one subject need not weigh on another. */
const SUBJECTS: Record<string, (pace: Pace) => Promise<Figure[]>> = {
  codec: async (pace) => (await import('./codec.ts')).measureCodec(pace),
  handshake: async (pace) => (await import('./handshake.ts')).measureHandshakes(pace),
  push: async (pace) => (await import('./push.ts')).measurePushes(pace),
  pull: async (pace) => (await import('./pull.ts')).measurePulls(pace),
  memory: async (pace) => (await import('./memory.ts')).measureMemory(pace),
  start: async (pace) => (await import('./start.ts')).measureStart(pace),
  plans: async (pace) => (await import('./plans.ts')).measurePlans(pace),
  'stored-blobs': async (pace) => (await import('./stored-blobs.ts')).measureStoredBlobs(pace),
};

const EXAMPLES = `
Examples:
  $ npm run bench                              all subjects, about five minutes
  $ npm run bench -- --only codec handshake    some of them
  $ npm run bench -- --json bench.json         writes every round too
  $ npm run bench -- --quick                   whether it runs; the figures mean little

Each value is the median of several rounds, ± half of what lies between their quarters; the ratio is the median of the rounds'
ratios. Nothing else should run meanwhile. Exit codes: 0 measured, 1 a figure was missed (with --strict) or measuring failed.`;

interface Flags {
  only: string[];
  json?: string;
  quick: boolean;
  strict: boolean;
}

const names = Object.keys(SUBJECTS);
const flags = new Command('npm run bench --')
  .description('Measures codec, handshake, relay and certifier, beside the limits of this machine')
  .addOption(new Option('--only <subjects...>', 'measure these alone').choices(names).default(names, 'all'))
  .option('--json <file>', 'write the figures with all rounds to a file')
  .option('--quick', 'one short round of each', false)
  .option('--strict', 'exit 1 if a figure is missed', false)
  .addHelpText('after', EXAMPLES)
  .parse()
  .opts<Flags>();

process.on('exit', endAll);
for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143 }))
  process.on(signal, () => process.exit(code));

const figures: Figure[] = [];
try {
  for (const name of flags.only) {
    process.stderr.write(`${name} …\n`);
    figures.push(...(await SUBJECTS[name]!(flags.quick ? QUICK : FULL)));
  }
} finally {
  // What was measured is shown, though something failed after it.
  process.stdout.write(renderTable(figures));
  if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(report(figures), null, 2)}\n`);
}
process.exit(flags.strict && figures.some((figure) => isMet(figure) === false) ? 1 : 0);

function report(measured: readonly Figure[]) {
  return {
    machine: {
      cores: availableParallelism(),
      processor: cpus()[0]?.model,
      memory_bytes: totalmem(),
      platform: `${process.platform} ${process.arch}`,
      node: process.version,
    },
    figures: measured.map((figure) => ({
      ...figure,
      median: median(figure.values),
      spread: spread(figure.values),
      ratio: ratioOf(figure),
      met: isMet(figure),
    })),
  };
}
