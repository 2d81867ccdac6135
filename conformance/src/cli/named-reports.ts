import { basename } from 'node:path';
import type { NamedReport } from '../report/conditions.ts';
import { readReport } from '../report/read-report.ts';

/** Reads reports; each is called by its file, by the whole path where two files have one name. @throws UsageError */
export async function namedReports(files: readonly string[]): Promise<NamedReport[]> {
  const short = files.map((file) => basename(file, '.json'));
  const isUnique = new Set(short).size === files.length;
  return await Promise.all(
    files.map(async (file, index) => ({ name: isUnique ? short[index]! : file, report: await readReport(file) })),
  );
}
