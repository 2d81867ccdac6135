import { diffOf, renderDiff } from '../report/diff.ts';
import { terminalColors } from '../report/style.ts';
import { EXIT } from '../verdict.ts';
import { namedReports } from './named-reports.ts';

/** Tells what changed between two runs; the exit code is 1 if something got worse. @throws UsageError */
export async function diffCommand(before: string, after: string, color: boolean): Promise<void> {
  const [old, now] = await namedReports([before, after]);
  const diff = diffOf(old!, now!);
  process.stdout.write(renderDiff(diff, terminalColors(color)));
  process.exitCode = diff.isWorse ? EXIT.notConformant : EXIT.conformant;
}
