import { reportPage } from '../report/html/report-page.ts';
import { jsonReport, jsonText } from '../report/json.ts';
import { junitReport } from '../report/junit.ts';
import type { RunResult } from '../run/result.ts';
import { requireDistinctFiles } from './distinct-files.ts';
import { outputFile } from './output-file.ts';
import type { RunCommandOptions } from './run-command.ts';

/** What writes a report. */
export interface ReportWriter {
  readonly option: string;
  /** @returns false if it could not be written, which is said. */
  write(result: RunResult): Promise<boolean>;
}

/** What writes the reports that were asked for. @throws UsageError */
export async function reportWriters({ json, junit, html }: RunCommandOptions): Promise<ReportWriter[]> {
  const reports = [
    { option: '--json', file: json, render: jsonText },
    { option: '--junit', file: junit, render: junitReport },
    { option: '--html', file: html, render: (run: RunResult) => reportPage(jsonReport(run)) },
  ];
  const writers = reports.flatMap(({ option, file, render }) => {
    if (file === undefined) return [];
    return outputFile(option, file).then((write) => ({ option, write: (run: RunResult) => write(() => render(run)) }));
  });
  return await Promise.all(writers);
}

/** Makes sure that no file that the run reads or writes is written over. @throws UsageError */
export async function requireDistinct(options: RunCommandOptions): Promise<void> {
  const { key, artifact, knownFailing, ca, toxiproxy, report, json, junit, html, certificate, badge } = options;
  await requireDistinctFiles(
    {
      '--key': key,
      '--artifact': artifact,
      '--known-failing': knownFailing,
      '--ca': ca,
      '--toxiproxy': toxiproxy,
      'the report': report,
    },
    { '--json': json, '--junit': junit, '--html': html, '--certificate': certificate, '--badge': badge },
  );
}
