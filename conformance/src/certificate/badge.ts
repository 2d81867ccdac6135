import { DRIVER } from '@0k-sync/spec';
import { html } from '../report/html/markup.ts';
import { count } from '../report/style.ts';
import type { CertifiedRun, Statement } from './statement.ts';

/** The width of a character of the badge's font, and of the space around a text, in pixels. */
const CHARACTER = 6.6;
const PADDING = 10;

/** A badge as SVG: what was certified, and by which version of the specification. It loads nothing and runs nothing. */
export function badge({ predicate }: Statement): string {
  const { target, profiles, specification, totals, proves } = predicate['0k-conformance'];
  const left = `0k-Sync ${specification}`;
  const right = [
    `conformant: ${profiles.join(', ')}`,
    ...extentOf(target),
    ...(totals.warned === 0 ? [] : [count(totals.warned, 'warning')]),
  ].join(', ');
  const [split, rest] = [left, right].map((text) => Math.ceil([...text].length * CHARACTER) + 2 * PADDING) as [
    number,
    number,
  ];
  const width = split + rest;
  const title = `${[target.kind, target.name].filter(Boolean).join(' ')} ${right}. ${proves} A picture proves nothing: verify the certificate.`;
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" viewBox="0 0 ${width} 20" role="img" aria-label="${left}, ${right}"><title>${title}</title><clipPath id="r"><rect width="${width}" height="20" rx="3"/></clipPath><g clip-path="url(#r)"><rect width="${split}" height="20" fill="#3d444d"/><rect x="${split}" width="${rest}" height="20" fill="${totals.warned === 0 ? '#1a7f37' : '#8a6100'}"/></g><g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle"><text x="${split / 2}" y="14" textLength="${split - 2 * PADDING}" lengthAdjust="spacingAndGlyphs">${left}</text><text x="${split + rest / 2}" y="14" textLength="${rest - 2 * PADDING}" lengthAdjust="spacingAndGlyphs">${right}</text></g></svg>
`.text;
}

/** How much of the protocol a codec has: one that has a single operation is tried on that alone, and on no other. */
function extentOf({ kind, operations = [] }: CertifiedRun['target']): string[] {
  if (kind !== 'codec') return [];
  const all = DRIVER.operations.map(({ name }) => name as string).filter((name) => name !== 'describe');
  return [`${all.filter((name) => operations.includes(name)).length} of ${all.length} operations`];
}
