/** The typed API of the packages, from their sources, by typedoc. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Application, type DeclarationReflection, type ProjectReflection, ReflectionKind, UnknownType } from 'typedoc';
import type { Page } from './markdown.ts';
import { readText, root } from './sources.ts';

/** Entries of packages: what people import, the file, the page, and what the page begins with. */
const ENTRIES = [
  { name: '@0k-sync/reference', file: 'reference/src/index.ts', page: 'reference', readme: 'reference/README.md' },
  { name: '@0k-sync/reference/node', file: 'reference/src/node.ts', page: 'reference-node', readme: undefined },
  { name: '@0k-sync/spec', file: 'spec/src/index.ts', page: 'spec', readme: 'spec/README.md' },
  { name: '@0k-sync/relay', file: 'relay/src/index.ts', page: 'relay', readme: undefined },
] as const;

/** @throws Error if typedoc does not understand the sources */
export async function apiPages(): Promise<Page[]> {
  const out = mkdtempSync(join(tmpdir(), 'api-'));
  const tsconfig = join(out, 'tsconfig.json');
  try {
    // The one of the repository names every file there is.
    const files = ENTRIES.map(({ file }) => join(root, file));
    const compilerOptions = { typeRoots: [join(root, 'node_modules/@types')] };
    writeFileSync(
      tsconfig,
      JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, files, include: [] }),
    );
    const app = await Application.bootstrapWithPlugins({
      out: join(out, 'pages'),
      entryPoints: files,
      tsconfig,
      // `npm run typecheck` looks for errors of types.
      skipErrorChecking: true,
      readme: 'none',
      excludeExternals: true,
      excludeInternal: true,
      excludePrivate: true,
      disableSources: true,
      logLevel: 'Warn',
      plugin: [createRequire(import.meta.url).resolve('typedoc-plugin-markdown')],
      ...MARKDOWN,
    } as Parameters<typeof Application.bootstrapWithPlugins>[0]);
    const project = await app.convert();
    if (!project) throw new Error('typedoc could not convert the sources; what it says above is why');
    namePages(project);
    await app.generateOutputs(project);
    return ENTRIES.map(({ name, file, page, readme }) => {
      const [, text] = /^# .*\n([\s\S]*)$/.exec(readFileSync(join(out, 'pages', `${page}.md`), 'utf8')) ?? [];
      if (!text) throw new Error(`typedoc wrote no page for ${file}`);
      const introduction = readme ? readText(readme).replace(/^# .*\n/, '') : `\`import { … } from '${name}';\`\n`;
      return { path: `api/${page}.md`, title: name, text: `${introduction}${text}` };
    });
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Options of typedoc-plugin-markdown: a page for each entry, members in tables. */
const MARKDOWN = {
  outputFileStrategy: 'modules',
  hideBreadcrumbs: true,
  hidePageHeader: true,
  useCodeBlocks: true,
  useHTMLEncodedBrackets: true,
  sanitizeComments: true,
  useCustomAnchors: true,
  customAnchorsFormat: 'curlyBrace',
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  classPropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  propertyMembersFormat: 'table',
  typeDeclarationFormat: 'table',
  typeDeclarationVisibility: 'compact',
  tableColumnSettings: { hideInherited: true, hideOverrides: true },
} as const;

/** Names each module by its page, and cuts short the types of constant tables, which are as long as the tables. */
function namePages(project: ProjectReflection) {
  const modules = project.getChildrenByKind(ReflectionKind.Module);
  for (const { file, page } of ENTRIES) {
    const module = modules.find(({ name }) => `${name}.ts` === file || name === file.replace(/\/index\.ts$/, ''));
    if (!module) throw new Error(`typedoc found no module ${file} among ${modules.map(({ name }) => name).join(', ')}`);
    module.name = page;
    for (const table of module.getChildrenByKind(ReflectionKind.Variable) as DeclarationReflection[]) {
      if (['tuple', 'typeOperator', 'reflection'].includes(table.type?.type ?? ''))
        table.type = new UnknownType('a constant table');
    }
  }
}
