/** Tries the certifier on all broken and all odd codecs; with `--full` each with every check. */
import { gradeCodecs } from './grade.ts';

const full = process.argv.includes('--full');
const grades = await gradeCodecs(
  { seed: 1, full, signal: new AbortController().signal },
  ({ codec, outcome, failures, notes, ms }) => {
    const rules = 'breaks' in codec ? codec.breaks.join(' ') : '';
    const checks = failures.map(({ check }) => check).join(' ');
    console.log(
      `${outcome.padEnd(9)} ${codec.name.padEnd(36)} ${rules.padEnd(9)} ${(ms / 1000).toFixed(1)} s  ${checks}`,
    );
    for (const note of notes) console.log(`          ${note}`);
  },
);
const broken = grades.filter(({ codec }) => 'breaks' in codec);
const count = (outcome: string) => grades.filter((grade) => grade.outcome === outcome).length;
console.log(
  `${count('killed')} of ${broken.length} broken codecs killed, ${count('passed')} of ${grades.length - broken.length} legal ones passed`,
);
process.exitCode = count('killed') + count('passed') === grades.length ? 0 : 1;
