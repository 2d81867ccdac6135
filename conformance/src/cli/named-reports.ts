import { basename } from 'node:path';
import type { NamedReport } from '../report/conditions.ts';
import { readReport } from '../report/read-report.ts';

/**
 * Reads reports; each is called by its file, by the whole path where two files have one name, and with a number where it is
 * the same path. @throws UsageError
 */
export async function namedReports(files: readonly string[]): Promise<NamedReport[]> {
  const names = distinctNames(files);
  return await Promise.all(files.map(async (file, index) => ({ name: names[index]!, report: await readReport(file) })));
}

function distinctNames(files: readonly string[]): readonly string[] {
  const short = files.map((file) => basename(file, '.json'));
  if (isUnique(short)) return short;
  return isUnique(files) ? files : files.map((file, index) => `${index + 1}: ${file}`);
}

function isUnique(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}
