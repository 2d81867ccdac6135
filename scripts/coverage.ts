/**
 * `npm run coverage`: what verifies each requirement, from the checks, vectors and sources that name its id. Writes
 * spec/coverage.json and the counts in README.md; with `--check` it writes nothing and fails if one of them is stale.
 * Either way it fails if a MUST is verified by nothing and does not say why.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { REQUIREMENTS, type Requirement } from '@0k-sync/spec';
import { VERIFIED } from '../conformance/src/chaos/verified.ts';
import { registry } from '../conformance/src/checks/index.ts';

/** Everything that names a requirement; paths are relative to the root of the repository. */
export interface Coverage {
  checks: string[];
  /** Number of tests by file of vectors/. */
  vectors: Record<string, number>;
  code: string[];
  tests: string[];
}

/** How much of the MUSTs may be out of sight of outsiders. */
const MOST_UNTESTABLE = 0.1;
const root = fileURLToPath(new URL('..', import.meta.url));

function readCoverage(): Map<string, Coverage> {
  const coverage = new Map<string, Coverage>(
    REQUIREMENTS.map(({ id }) => [id, { checks: [], vectors: {}, code: [], tests: [] }]),
  );
  for (const check of registry.all()) for (const { id } of check.requirements) coverage.get(id)!.checks.push(check.id);
  for (const [scenario, ids] of Object.entries(VERIFIED)) {
    for (const id of ids)
      (coverage.get(id) ?? fail(`${scenario} verifies ${id}, which does not exist`)).checks.push(scenario);
  }
  for (const path of files('vectors/*.json')) {
    const name = path.replace(/^vectors\/|\.json$/g, '');
    const { testGroups } = JSON.parse(readFileSync(join(root, path), 'utf8')) as {
      testGroups?: { tests: { requirements?: string[] }[] }[];
    };
    for (const { tests } of testGroups ?? []) {
      for (const id of tests.flatMap(({ requirements }) => requirements ?? [])) {
        const { vectors } = coverage.get(id) ?? fail(`${path} names ${id}, which does not exist`);
        vectors[name] = (vectors[name] ?? 0) + 1;
      }
    }
  }
  for (const path of files('reference/**.ts', 'relay/**.ts', 'conformance/**.ts', 'cli/**.ts')) {
    // Saboteurs name what they break.
    if (/^conformance\/(src\/checks|saboteurs)\//.test(path)) continue;
    const cited = new Set(readFileSync(join(root, path), 'utf8').match(/\b[A-Z]{2,5}-\d{2}\b/g));
    for (const id of cited) coverage.get(id)?.[/(^|\/)test\/|\.test\.ts$/.test(path) ? 'tests' : 'code'].push(path);
  }
  return coverage;
}

function files(...patterns: string[]): string[] {
  const output = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...patterns], {
    cwd: root,
    encoding: 'utf8',
  });
  return output.split('\n').filter((path) => path !== '' && !path.includes('node_modules'));
}

function fail(message: string): never {
  throw new Error(message);
}

type Standing = 'check' | 'vector' | 'untestable' | 'planned' | 'nothing';

function standing(requirement: Requirement, { checks, vectors }: Coverage): Standing {
  if (checks.length > 0) return 'check';
  if (Object.keys(vectors).length > 0) return 'vector';
  if (requirement.untestable) return 'untestable';
  return requirement.planned ? 'planned' : 'nothing';
}

/** What the specification may not say of itself, a line each. */
function problemsOf(coverage: ReadonlyMap<string, Coverage>): string[] {
  const problems: string[] = [];
  const musts = REQUIREMENTS.filter(({ level }) => level === 'MUST');
  for (const requirement of musts) {
    const { id, untestable, planned } = requirement;
    const own = coverage.get(id)!;
    const verified = own.checks.length > 0 || Object.keys(own.vectors).length > 0;
    if (standing(requirement, own) === 'nothing') problems.push(`${id}: a MUST without check or vector`);
    if (verified && (planned || untestable)) {
      const [first] = [...own.checks, ...Object.keys(own.vectors)];
      problems.push(`${id}: is ${planned ? 'planned' : 'untestable'}, but ${first} verifies it`);
    }
    if (untestable && !own.tests.includes(untestable.covered_by)) {
      problems.push(`${id}: is untestable, and ${untestable.covered_by}, which should cover it, does not name it`);
    }
  }
  const untestable = musts.filter((requirement) => requirement.untestable).length;
  if (untestable > MOST_UNTESTABLE * musts.length) {
    problems.push(`${untestable} of ${musts.length} MUSTs are untestable; at most ${MOST_UNTESTABLE * 100} % may be`);
  }
  return problems;
}

function countsOf(coverage: ReadonlyMap<string, Coverage>): string {
  const musts = REQUIREMENTS.filter(({ level }) => level === 'MUST');
  const counts = Map.groupBy(musts, (requirement) => standing(requirement, coverage.get(requirement.id)!));
  const count = (kind: Standing) => counts.get(kind)?.length ?? 0;
  const planned = [...new Set(counts.get('planned')?.map(({ profile }) => profile))].sort();
  return [
    `Of ${REQUIREMENTS.length} requirements ${musts.length} are MUSTs: ${count('check')} have a check, ${count('vector')} more have vectors,`,
    `${count('untestable')} can't be seen from outside and are covered by tests of the reference, and ${count('planned')} are planned`,
    `(profiles ${planned.join(', ')}).`,
  ].join('\n');
}

const MARKS = /(<!-- coverage -->\n)[\s\S]*?(\n<!-- \/coverage -->)/;

const coverage = readCoverage();
const rows = Array.from(coverage, ([id, entry]) => `${JSON.stringify(id)}: ${JSON.stringify(entry)}`);
const readme = readFileSync(join(root, 'README.md'), 'utf8');
if (!MARKS.test(readme)) fail('README.md has lost its marks <!-- coverage --> and <!-- /coverage -->');
const outputs = {
  'spec/coverage.json': `{\n${rows.join(',\n')}\n}\n`,
  'README.md': readme.replace(MARKS, (_, before, after) => `${before}${countsOf(coverage)}${after}`),
};
const problems = problemsOf(coverage);
for (const [path, text] of Object.entries(outputs)) {
  if (text === readFileSync(join(root, path), { encoding: 'utf8', flag: 'a+' })) continue;
  if (process.argv.includes('--check')) problems.push(`${path} is stale, run \`npm run coverage\``);
  else writeFileSync(join(root, path), text);
}
for (const problem of problems) console.error(problem);
console.log(countsOf(coverage));
process.exitCode = problems.length === 0 ? 0 : 1;
