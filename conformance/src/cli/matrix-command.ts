import { matrixOf, renderMatrix } from '../report/matrix.ts';
import { reportFile } from '../report/report-file.ts';
import { terminalColors } from '../report/style.ts';
import { namedReports } from './named-reports.ts';

/** Shows reports side by side, and writes them as a page. @throws UsageError */
export async function matrixCommand(
  files: readonly string[],
  { html, color }: { readonly html?: string; readonly color: boolean },
): Promise<void> {
  const matrix = matrixOf(await namedReports(files));
  const write = html === undefined ? undefined : await reportFile('--html', html);
  process.stdout.write(renderMatrix(matrix, terminalColors(color)));
  if (!write) return;
  const { matrixPage } = await import('../report/html/matrix-page.ts');
  await write(matrixPage(matrix));
}
