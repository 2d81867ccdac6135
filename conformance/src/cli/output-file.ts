import { removeReport, reportFile } from '../report/report-file.ts';
import { EXIT } from '../verdict.ts';
import { COMMAND } from '../version.ts';

/**
 * A file that an option names. That it cannot be written after all is said, and the exit code is not 0 then.
 *
 * @returns writes it; false if it could not be written
 * @throws UsageError if that can be told before
 */
export async function outputFile(option: string, file: string): Promise<(render: () => string) => Promise<boolean>> {
  const write = await reportFile(option, file);
  return (render) => succeeds(`${option} ${file} was not written`, async () => await write(render()));
}

/** Removes what an earlier run wrote there; that it stays is said. */
export async function removeOutput(option: string, file: string): Promise<void> {
  await succeeds(`${option} ${file} is of an earlier run and could not be removed`, () => removeReport(file));
}

async function succeeds(problem: string, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    process.stderr.write(`${COMMAND}: ${problem}: ${(error as Error).message}\n`);
    process.exitCode ||= EXIT.inconclusive;
    return false;
  }
}
