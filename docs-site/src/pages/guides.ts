/** Hand-written pages (docs-site/pages/), with the rules that they ask for put in: a rule's text stands in spec/ alone. */
import { join } from 'node:path';
import { link, number, type Page, plain, table } from '../markdown.ts';
import { rulePlace } from '../places.ts';
import { checks, readText, specification, vectorFiles } from '../sources.ts';

/** In the order of the menu. */
const NAMES = ['index', 'certify', 'codecs', 'codec', 'client', 'relay', 'architecture', 'security'];

/** What such a page can ask for: the text of rules, a file of the repository as code, a section of another document, a value of the specification. */
const RULES = /^<!-- rules: (.+) -->$/gm;
const FILE = /^<!-- (\w+): (\S+\.\w+) -->$/gm;
const SECTION = /^<!-- section: (\S+) (#+ .+) -->$/gm;
const VALUE = /@\{([\w.]+)\}/g;

export function guides(): Page[] {
  return NAMES.map((name) => {
    const path = `docs-site/pages/${name}.md`;
    const [, title, text] = /^# (.+)\n([\s\S]*)$/.exec(readText(path)) ?? [];
    if (!title || !text) throw new Error(`${path} does not begin with a title`);
    return { path: `${name}.md`, title, text: fill(text, path) };
  });
}

/** Puts in what a page asks for. @throws Error if there is no such rule, file or value */
export function fill(text: string, path: string): string {
  return text
    .replace(VALUE, (_, keys: string) => valueAt(keys, path))
    .replace(RULES, (_, ids: string) => rulesText(ids.split(/,? /), path))
    .replace(SECTION, (_, file: string, heading: string) => sectionOf(file, heading, path))
    .replace(FILE, (_, language: string, file: string) => `\`\`\`${language}\n${readText(file).trimEnd()}\n\`\`\``)
    .replace('<!-- facts -->', factsTable)
    .replace('<!-- imports -->', importsGraph);
}

/** What stands below a heading of another document, up to the next one. */
function sectionOf(file: string, heading: string, path: string): string {
  const [, rest] = readText(file).split(`\n${heading}\n`);
  if (rest === undefined) throw new Error(`${path} asks for "${heading}" of ${file}, which has no such heading`);
  return rest.split(/^#{1,3} /m)[0]!.trim();
}

function factsTable(): string {
  const { requirements, messages, decisions } = specification;
  const tests = vectorFiles.flatMap(({ testGroups }) => testGroups.flatMap((group) => group.tests));
  return table(
    ['', ''],
    [
      [number(requirements.length), '[rules](/requirements/index.md), each with an id, a reason and what verifies it'],
      [number(messages.length), '[messages](/messages/index.md), with their bytes'],
      [number(tests.length), '[test vectors](/vectors/index.md) for any language, from independent implementations'],
      [number(checks.length), '[checks](/checks/index.md) that a relay is certified by'],
      [number(decisions.length), '[decisions](/decisions.md) on what the sources left open'],
    ],
  );
}

/** The packages of the workspace and their dependencies on each other. */
function importsGraph(): string {
  const manifest = (folder: string) =>
    JSON.parse(readText(join(folder, 'package.json'))) as {
      name: string;
      private?: boolean;
      workspaces: string[];
      dependencies?: Record<string, string>;
    };
  const folders = manifest('.').workspaces.filter((folder) => !manifest(folder).private);
  const names = new Map(folders.map((folder) => [manifest(folder).name, folder]));
  const arrows = folders.flatMap((folder) =>
    Object.keys(manifest(folder).dependencies ?? {}).flatMap((name) => {
      const other = names.get(name);
      if (other === undefined) return [];
      const starts =
        folder === 'conformance' && other === 'relay' ? ' [style=dashed, label="  starts its command"]' : '';
      return [`  "${folder}" -> "${other}"${starts};`];
    }),
  );
  return [
    '```dot',
    'digraph {',
    '  rankdir=BT;',
    ...folders.map((folder) => `  "${folder}";`),
    ...arrows,
    '}',
    '```',
  ].join('\n');
}

/** A value of the specification, as `labels.member`. */
function valueAt(keys: string, path: string): string {
  const value = keys
    .split('.')
    .reduce<unknown>((table, key) => (table as Record<string, unknown> | undefined)?.[key], specification);
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return number(value);
  throw new Error(`${path} asks for ${keys}, which spec/protocol.json does not have`);
}

/** Rules as a block. */
function rulesText(ids: readonly string[], path: string): string {
  const lines = ids.map((id) => {
    const rule = specification.requirements.find((candidate) => candidate.id === id);
    if (!rule) throw new Error(`${path} asks for the rule ${id}, which does not exist`);
    return `${link(id, rulePlace(id))} ${plain(rule.text)}`;
  });
  return `<blockquote class="rules">\n\n${lines.join('\n\n')}\n\n</blockquote>`;
}
