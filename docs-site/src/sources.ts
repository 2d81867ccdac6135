/** What the pages are made of: the specification, what verifies it, the checks, the vectors. All of it is only read. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { registry } from '../../conformance/src/checks/index.ts';
import type { Specification } from '../../spec/generate/specification.ts';

export type { MessageDefinition, Requirement, TypeDefinition } from '../../spec/generate/specification.ts';

/** What names a rule; paths begin at the root of the repository. */
export interface Coverage {
  readonly checks: string[];
  /** Number of tests by file of vectors/. */
  readonly vectors: Record<string, number>;
  readonly code: readonly string[];
  readonly tests: readonly string[];
}

/** Hex, a repeated piece of it, or pieces one after the other. */
export type Hex = string | { repeat: string; times: number } | Hex[];

/** One vector; each type of group adds keys of its own. */
export interface Vector {
  tcId: number;
  comment: string;
  flags: string[];
  requirements: string[];
  result: 'valid' | 'acceptable' | 'invalid';
  error?: string;
  [key: string]: unknown;
}

export interface VectorFile {
  /** Name of the file in vectors/, without `.json`. */
  name: string;
  algorithm: string;
  schema: string;
  notes: Record<string, { description: string; danger?: string }>;
  testGroups: { type: string; source: string; tests: Vector[]; [key: string]: unknown }[];
}

/** The folder of the repository. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

export function isFile(path: string): boolean {
  return existsSync(join(root, path));
}

/** Names of the files in a folder of the repository that end so, in order. */
export function filesIn(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith(ending))
    .sort();
}

function readJson<T>(path: string): T {
  return JSON.parse(readText(path)) as T;
}

export const specification = readJson<Specification>('spec/protocol.json');

export const checks = registry.all();

export const vectorFiles: VectorFile[] = filesIn('vectors', '.json')
  .filter((file) => file !== 'package.json')
  .map((file) => ({ ...readJson<VectorFile>(`vectors/${file}`), name: file.replace(/\.json$/, '') }));

export function vectorFile(name: string): VectorFile {
  const file = vectorFiles.find((candidate) => candidate.name === name);
  if (!file) throw new Error(`vectors/${name}.json is missing; a page shows bytes of it`);
  return file;
}

/** Sources that cite rules are collected by `npm run coverage`; checks and vectors are at hand. */
const citations = readJson<Record<string, { code: string[]; tests: string[] }>>('spec/coverage.json');
const coverage = new Map<string, Coverage>(
  specification.requirements.map(({ id }) => [id, { code: [], tests: [], ...citations[id], checks: [], vectors: {} }]),
);
for (const { id, requirements } of checks) for (const rule of requirements) coverage.get(rule.id)?.checks.push(id);
for (const { name, testGroups } of vectorFiles) {
  for (const rule of testGroups.flatMap(({ tests }) => tests.flatMap(({ requirements }) => requirements))) {
    const vectors = coverage.get(rule)?.vectors;
    if (vectors) vectors[name] = (vectors[name] ?? 0) + 1;
  }
}

export function coverageOf(requirement: string): Coverage {
  const own = coverage.get(requirement);
  if (!own) throw new Error(`there is no rule ${requirement}`);
  return own;
}

/** The digits of a vector's bytes. */
export function hexOf(value: Hex): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.map(hexOf).join('') : value.repeat.repeat(value.times);
}
