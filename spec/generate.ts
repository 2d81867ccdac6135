/**
 * Generates what is derived from the YAML files of this folder: `protocol.json`, which any language can read, the
 * messages in CDDL, the schema of what a driver reads and writes, and the TypeScript types and tables in `src/generated/`. With `--check` it writes nothing and fails if a file is stale.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderCddl } from './generate/cddl.ts';
import { driverLineSchema } from './generate/driver-line.ts';
import { loadSpecification } from './generate/load.ts';
import { renderTypeScript } from './generate/typescript.ts';

const folder = dirname(fileURLToPath(import.meta.url));
const check = process.argv.includes('--check');
const specification = loadSpecification(folder);

const outputs = new Map<string, string>([
  ['protocol.json', `${JSON.stringify(specification, null, 1)}\n`],
  ...renderTypeScript(specification),
  ...renderCddl(specification),
  ['schemas/generated/driver-line.schema.json', `${JSON.stringify(driverLineSchema(specification), null, 1)}\n`],
]);

const stale: string[] = [];
for (const [name, content] of outputs) {
  const path = join(folder, name);
  let current: string | undefined;
  try {
    current = readFileSync(path, 'utf8');
  } catch {
    current = undefined;
  }
  if (current === content) continue;
  stale.push(relative(process.cwd(), path));
  if (!check) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

if (check && stale.length > 0) {
  console.error(`stale, run \`npm run generate\`: ${stale.join(', ')}`);
  process.exitCode = 1;
} else {
  const verb = check ? 'checked' : 'wrote';
  console.log(`spec: ${verb} ${outputs.size} files, ${specification.requirements.length} requirements`);
}
