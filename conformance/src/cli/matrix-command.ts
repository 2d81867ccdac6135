import { matrixOf, renderMatrix } from '../report/matrix.ts';
import { terminalColors } from '../report/style.ts';
import { requireDistinctFiles } from './distinct-files.ts';
import { namedReports } from './named-reports.ts';
import { outputFile } from './output-file.ts';

/** Shows reports side by side, and writes them as a page. @throws UsageError */
export async function matrixCommand(
  files: readonly string[],
  { html, color }: { readonly html?: string; readonly color: boolean },
): Promise<void> {
  const inputs = files.map((file, index) => [`report ${index + 1}`, file] as const);
  await requireDistinctFiles(Object.fromEntries(inputs), { '--html': html });
  const matrix = matrixOf(await namedReports(files));
  const write = html === undefined ? undefined : await outputFile('--html', html);
  process.stdout.write(renderMatrix(matrix, terminalColors(color)));
  if (!write) return;
  const { matrixPage } = await import('../report/html/matrix-page.ts');
  await write(() => matrixPage(matrix));
}
