import { reportPage } from '../report/html/report-page.ts';
import { readReport } from '../report/read-report.ts';
import { requireDistinctFiles } from './distinct-files.ts';
import { outputFile } from './output-file.ts';

/** Makes the page of a report that was written as JSON. @throws UsageError */
export async function htmlCommand(file: string, output: string): Promise<void> {
  await requireDistinctFiles({ 'the report': file }, { '--output': output });
  const report = await readReport(file);
  const write = await outputFile('--output', output);
  await write(() => reportPage(report));
}
