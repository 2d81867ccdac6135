import { readFile } from 'node:fs/promises';
import schema from '@0k-sync/spec/schemas/report.schema.json' with { type: 'json' };
import { printable } from '../printable.ts';
import { UsageError } from '../selection.ts';
import { COMMAND, KIT_VERSION } from '../version.ts';
import type { Report } from './report.ts';
import { schemaCheck } from './schema-check.ts';

/**
 * Reads a report that a run wrote with `--json`.
 *
 * @throws UsageError if it cannot be read, is no JSON, or is no report that this version knows
 */
export async function readReport(file: string): Promise<Report> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file}: it cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  return parseReport(text, file);
}

/** @param name - of the file, for errors. @throws UsageError */
export function parseReport(text: string, name: string): Report {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(`${name}: it is no JSON; a report is what \`${COMMAND} --json ${name}\` writes`);
  }
  const found = schemaCheck(schema)(value);
  if (found === undefined) return value as Report;
  const problem = printable(found);
  const { tool, version } = Object(value) as { tool?: unknown; version?: unknown };
  if (tool !== COMMAND || typeof version !== 'string') {
    throw new UsageError(`${name}: it is no report of ${COMMAND}: ${problem}`);
  }
  throw new UsageError(
    version === KIT_VERSION
      ? `${name}: the report is broken: ${problem}`
      : `${name}: it was written by version ${printable(version)}, in a form that this version, ${KIT_VERSION}, does not know: ${problem}`,
  );
}
