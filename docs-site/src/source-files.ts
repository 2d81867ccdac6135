/** Source files that rules and checks lead to, each as a page with an anchor for every line. */

import { link, type Page, plain } from './markdown.ts';
import { sourcePlace } from './places.ts';
import { coverageOf, filesIn, isFile, readText, specification } from './sources.ts';

const CHECKS = 'conformance/src/checks';

const shown = new Set([
  ...filesIn(CHECKS, '.ts')
    .filter((name) => !name.endsWith('.test.ts'))
    .map((name) => `${CHECKS}/${name}`),
  'conformance/src/property/plans-check.ts',
  ...specification.requirements.flatMap(({ id, untestable }) => [
    ...coverageOf(id).code,
    ...coverageOf(id).tests,
    ...(untestable && isFile(untestable.covered_by) ? [untestable.covered_by] : []),
  ]),
]);

const lines = new Map(Array.from(shown, (path) => [path, linesOf(path)]));

function linesOf(path: string): string[] {
  try {
    return readText(path).trimEnd().split('\n');
  } catch {
    throw new Error(
      `${path} is named by spec/coverage.json or by a requirement, and is not there: run \`npm run coverage\``,
    );
  }
}

/** A link to the first line of a file that names a rule, or to its beginning; what is no file stays as it is. */
export function sourceLink(path: string, id: string): string {
  const text = lines.get(path);
  if (!text) return plain(path);
  const line = text.findIndex((content) => new RegExp(`\\b${id}\\b`).test(content));
  return link(`\`${path}\``, sourcePlace(path, line < 0 ? undefined : line + 1));
}

/** A link to where a check is defined. Some are made in loops, and their ids stand nowhere as text. */
export function checkSourceLink(id: string): string | undefined {
  for (const [path, text] of lines) {
    if (!path.startsWith(CHECKS) && !path.startsWith('conformance/src/property/')) continue;
    const line = text.findIndex((content) => content.includes(`'${id}'`));
    if (line >= 0) return link(`\`${path}\``, sourcePlace(path, line + 1));
  }
  return undefined;
}

export function sourcePages(): Page[] {
  return Array.from(lines, ([path, text]) => ({
    path: sourcePlace(path).replace(/^\//, ''),
    title: path,
    text: `\`\`\`\`txt source\n${text.join('\n')}\n\`\`\`\`\n`,
  }));
}
