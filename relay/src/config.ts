import { readFileSync } from 'node:fs';
import { isIP, isIPv6 } from 'node:net';
import { CONFIGURATION, LIMITS } from '@0k-sync/spec';
import { parse, stringify, TomlError } from 'smol-toml';
import type { LimitValues } from './limits.ts';

type Entry = (typeof CONFIGURATION)[number];

/** What a value of each type is once it is read. */
interface Values {
  address: string;
  path: string;
  choice: string;
  boolean: boolean;
  networks: string[];
  origins: string[];
  groups: string[];
}

/** The keys of relay.toml by section, as spec/ names them; all limits stand together, whatever their section. */
export type RelayConfig = {
  [Section in Entry['section']]: {
    [Name in Extract<Entry, { section: Section }>['name']]: ValueOf<Extract<Entry, { section: Section; name: Name }>>;
  };
} & { limits: LimitValues };

type ValueOf<Known extends Entry> = Known extends { values: readonly (infer Choice)[] }
  ? Choice
  : Values[Known['type']];

/** A wrong configuration. The message has a line for each thing that is wrong. */
export class ConfigError extends Error {
  override name = 'ConfigError';

  constructor(problems: string[]) {
    super(problems.join('\n'));
  }
}

/** Where the configuration comes from. What stands further down wins. */
export interface ConfigSources {
  /** Path of a TOML file. */
  file?: string | undefined;
  /** `ZK_SYNC_<SECTION>_<KEY>`; lists with commas. */
  environment?: Readonly<Record<string, string | undefined>>;
  flags?: { name: string; key: string; text: string | undefined }[];
}

export interface Setting {
  value: unknown;
  /** `default`, the path of the file, the name of the variable or of the flag. */
  origin: string;
}

type Shape = 'string' | 'boolean' | 'number' | 'list';

/** What a key may be set to. */
interface Kind {
  shape: Shape;
  /** Completes "must be …". */
  allowed: string;
  holds(value: never): boolean;
}

const text = (allowed: string, holds: (value: string) => boolean): Kind => ({ shape: 'string', allowed, holds });
const list = (allowed: string, holds: (item: string) => boolean): Kind => ({
  shape: 'list',
  allowed,
  holds: (items: unknown[]) => items.every((item) => typeof item === 'string' && holds(item)),
});

const KINDS: Record<Exclude<Entry['type'], 'choice'>, Kind> = {
  address: text('a host and port, as "127.0.0.1:8080" or "[::1]:8080"', (value) => parseAddress(value) !== undefined),
  path: text('the path of a file', (value) => value !== ''),
  boolean: { shape: 'boolean', allowed: 'true or false', holds: () => true },
  networks: list('a list of IP addresses or networks, as ["10.0.0.0/8"]', isNetwork),
  origins: list(
    'a list of origins, as ["https://app.example"]',
    (value) => URL.canParse(value) && new URL(value).origin === value,
  ),
  groups: list('a list of group ids in base64url, 43 characters each', (value) => /^[\w-]{43}$/.test(value)),
};

/** Keys that are turned off by the empty string. */
const MAY_BE_EMPTY = ['server.tls_cert', 'server.tls_key', 'admin.bind'];

function kindOf(entry: Entry): Kind {
  if (entry.type === 'choice') {
    const choices: readonly string[] = entry.values;
    return text(choices.map((choice) => `"${choice}"`).join(' or '), (value) => choices.includes(value));
  }
  const kind = KINDS[entry.type];
  if (!MAY_BE_EMPTY.includes(`${entry.section}.${entry.name}`)) return kind;
  return { ...kind, allowed: `${kind.allowed}, or empty`, holds: (value) => value === '' || kind.holds(value) };
}

const integer = (min: number, max: number): Kind => ({
  shape: 'number',
  allowed: `an integer from ${min} to ${max}`,
  holds: (value: number) => Number.isSafeInteger(value) && value >= min && value <= max,
});

/** Every key, as `section.name`. */
const KEYS: ReadonlyMap<string, { kind: Kind; usual: unknown }> = new Map(
  [
    ...CONFIGURATION.map((entry) => ({ ...entry, kind: kindOf(entry) })),
    ...Object.values(LIMITS).map((limit) => ({ ...limit, kind: integer(limit.min, limit.max) })),
  ].map(({ section, name, kind, default: usual }) => [`${section}.${name}`, { kind, usual }]),
);

const SECTIONS = [...new Set([...KEYS.keys()].map((key) => key.split('.')[0]!))];

const PREFIX = 'ZK_SYNC_';
const variableOf = (key: string) => PREFIX + key.replace('.', '_').toUpperCase();
const VARIABLES: ReadonlyMap<string, string> = new Map([...KEYS.keys()].map((key) => [variableOf(key), key]));

export const defaultConfig = (): RelayConfig => loadConfig().config;

/**
 * Reads the configuration from all sources.
 * @throws ConfigError with all that is wrong: where, which key, and what is allowed
 */
export function loadConfig(sources: ConfigSources = {}): { config: RelayConfig; settings: Map<string, Setting> } {
  const settings = new Map<string, Setting>();
  for (const [key, { usual }] of KEYS) settings.set(key, { value: usual, origin: 'default' });
  const problems: string[] = [];

  function set(key: string, value: unknown, origin: string, where = origin): void {
    const wrong = problemWith(key, value);
    if (wrong) problems.push(`${where}: ${wrong}`);
    else settings.set(key, { value, origin });
  }

  if (sources.file !== undefined) {
    const path = sources.file;
    for (const [section, values] of Object.entries(readToml(path, problems))) {
      if (typeof values !== 'object' || values === null || Array.isArray(values)) {
        problems.push(
          `${path}: ${section} stands outside of a section: put it under one of [${SECTIONS.join('], [')}]`,
        );
      } else for (const [name, value] of Object.entries(values)) set(`${section}.${name}`, value, path);
    }
  }
  for (const [name, value] of Object.entries(sources.environment ?? {})) {
    if (!name.startsWith(PREFIX) || value === undefined) continue;
    const key = VARIABLES.get(name);
    if (key === undefined) problems.push(`${name}: no such setting: did you mean ${nearest(name, VARIABLES.keys())}?`);
    // An empty list would open what the file closes; variables are often set to nothing by mistake.
    else if (value.trim() !== '' || KEYS.get(key)!.kind.shape !== 'list') {
      set(key, fromText(value, KEYS.get(key)!.kind.shape), name);
    }
  }
  for (const { name, key, text: value } of sources.flags ?? []) if (value !== undefined) set(key, value, name);

  const [cert, key] = ['server.tls_cert', 'server.tls_key'].map((name) => settings.get(name)!);
  if ((cert!.value === '') !== (key!.value === '')) {
    problems.push('server.tls_cert and server.tls_key: one is set without the other: set both, or neither');
  }
  if (problems.length > 0) throw new ConfigError(problems);

  // What is stated in Welcome is what holds.
  const [usual, longest] = [settings.get('storage.default_ttl')!, settings.get('storage.max_ttl')!];
  if ((usual.value as number) > (longest.value as number)) {
    settings.set('storage.default_ttl', { value: longest.value, origin: `${usual.origin}, lowered to max_ttl` });
  }
  return { config: configOf(settings), settings };
}

function configOf(settings: ReadonlyMap<string, Setting>): RelayConfig {
  const config: Record<string, Record<string, unknown>> = {};
  for (const [key, { value }] of settings) {
    const [section, name] = key.split('.') as [string, string];
    (config[name in LIMITS ? 'limits' : section] ??= {})[name] = structuredClone(value);
  }
  return config as unknown as RelayConfig;
}

/** The configuration as a file, which says of each key where it comes from. */
export function renderConfig(settings: ReadonlyMap<string, Setting>): string {
  const lines = SECTIONS.map((section) => {
    const keys = [...settings].filter(([key]) => key.startsWith(`${section}.`));
    const set = keys.map(([key, { value, origin }]) => [stringify({ [key.split('.')[1]!]: value }).trim(), origin]);
    const width = Math.max(...set.map(([line]) => line!.length));
    return [`[${section}]`, ...set.map(([line, origin]) => `${line!.padEnd(width)}  # ${origin}`), ''];
  });
  return lines.flat().join('\n');
}

function readToml(path: string, problems: string[]): Record<string, unknown> {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof TomlError) {
      const [reason] = error.message.split('\n');
      problems.push(`${path}:${error.line}:${error.column}: not TOML: ${reason}`);
    } else {
      const { code } = error as NodeJS.ErrnoException;
      problems.push(`${path} cannot be read (${code}): see that it exists and that the relay may read it`);
    }
    return {};
  }
}

function fromText(value: string, shape: Shape): unknown {
  if (shape === 'list') return value.split(',').map((item) => item.trim());
  if (shape === 'number') return /^-?\d+$/.test(value) ? Number(value) : value;
  if (shape === 'boolean') return value === 'true' ? true : value === 'false' ? false : value;
  return value;
}

function problemWith(key: string, value: unknown): string | undefined {
  const known = KEYS.get(key);
  if (!known) return `unknown key ${key}: did you mean ${nearest(key, KEYS.keys())}?`;
  const { shape, allowed, holds } = known.kind;
  const given = Array.isArray(value) ? 'list' : typeof value === 'object' ? 'date or table' : typeof value;
  if (given === shape && holds(value as never)) return undefined;
  // Never the value of a text: it may be a secret that got into the wrong line.
  const described = typeof value === 'number' ? value : `${given === shape ? 'this' : 'a'} ${given}`;
  return `${key} must be ${allowed}, not ${described}`;
}

/** The name with the fewest letters to change. */
function nearest(name: string, names: Iterable<string>): string {
  const [best] = [...names].map((known) => ({ known, changes: changesBetween(name, known) })).sort(byChanges);
  return best!.known;
}

const byChanges = (a: { changes: number }, b: { changes: number }) => a.changes - b.changes;

/** Levenshtein's distance. */
function changesBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + Number(a[i] !== b[j])));
    }
    row = next;
  }
  return row.at(-1)!;
}

/** `host:port` or `[host]:port`. */
export function parseAddress(value: string): { host: string; port: number } | undefined {
  const parts = value.match(/^(?:\[([\da-fA-F:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/);
  const host = parts?.[1] ?? parts?.[2];
  const port = Number(parts?.[3]);
  if (host === undefined || port > 65535 || (parts?.[1] !== undefined && !isIPv6(host))) return undefined;
  return { host, port };
}

function isNetwork(value: string): boolean {
  const [ip = '', prefix, more] = value.split('/');
  const version = isIP(ip);
  if (version === 0 || more !== undefined) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
}
