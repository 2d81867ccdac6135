import { reportPage } from '../report/html/report-page.ts';
import { readReport } from '../report/read-report.ts';
import { reportFile } from '../report/report-file.ts';

/** Makes the page of a report that was written as JSON. @throws UsageError */
export async function htmlCommand(file: string, output: string): Promise<void> {
  const report = await readReport(file);
  const write = await reportFile('--output', output);
  await write(reportPage(report));
}
