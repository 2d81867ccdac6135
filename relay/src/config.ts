import { readFileSync } from 'node:fs';
import { isIP, isIPv6 } from 'node:net';
import { LIMITS, type LimitName } from '@0k-sync/spec';
import { parse, TomlError } from 'smol-toml';
import type { LimitValues } from './limits.ts';

export interface RelayConfig {
  listen: { host: string; port: number };
  trustedProxies: string[];
  allowedOrigins: string[];
  openGroups: boolean;
  /** Group ids in base64url; empty for all. */
  allowedGroups: string[];
  /** Path of the SQLite file. */
  database: string;
  retention: 'ttl' | 'acked';
  cleanUp: boolean;
  limits: LimitValues;
}

/** A wrong configuration. The message names the file or flag, the key and what is allowed. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** What a value must be; returns a text to complete "must be …" if it is not. */
type Check = (value: unknown) => string | undefined;

const text = (allowed: string, test: (value: string) => boolean): Check => {
  return (value) => (typeof value === 'string' && test(value) ? undefined : allowed);
};
const texts = (allowed: string, test: (value: string) => boolean): Check => {
  return (value) =>
    Array.isArray(value) && value.every((item) => typeof item === 'string' && test(item)) ? undefined : allowed;
};
const truth: Check = (value) => (typeof value === 'boolean' ? undefined : 'true or false');
const integer = (min: number, max: number): Check => {
  return (value) =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
      ? undefined
      : `an integer from ${min} to ${max}`;
};

const ADDRESS = 'a host and port, as "127.0.0.1:8080" or "[::1]:8080"';

/** Every key of relay.toml but the limits, which spec/ lists. */
const KEYS: Record<string, { check: Check; put: (config: RelayConfig, value: never) => void }> = {
  'server.bind': {
    check: text(ADDRESS, (value) => address(value) !== undefined),
    put: (config, value: string) => Object.assign(config, { listen: address(value) }),
  },
  'server.trusted_proxies': {
    check: texts('a list of IP addresses or networks, as ["10.0.0.0/8"]', isNetwork),
    put: (config, value: string[]) => Object.assign(config, { trustedProxies: value }),
  },
  'server.allowed_origins': {
    check: texts(
      'a list of origins, as ["https://app.example"]',
      (value) => URL.canParse(value) && new URL(value).origin === value,
    ),
    put: (config, value: string[]) => Object.assign(config, { allowedOrigins: value }),
  },
  'server.open_groups': {
    check: truth,
    put: (config, value: boolean) => Object.assign(config, { openGroups: value }),
  },
  'server.allowed_groups': {
    check: texts('a list of group ids in base64url, 43 characters each', (value) => /^[\w-]{43}$/.test(value)),
    put: (config, value: string[]) => Object.assign(config, { allowedGroups: value }),
  },
  'storage.database': {
    check: text('the path of a file', (value) => value !== ''),
    put: (config, value: string) => Object.assign(config, { database: value }),
  },
  'storage.retention': {
    check: text('"ttl" or "acked"', (value) => value === 'ttl' || value === 'acked'),
    put: (config, value: string) => Object.assign(config, { retention: value }),
  },
  'cleanup.enabled': {
    check: truth,
    put: (config, value: boolean) => Object.assign(config, { cleanUp: value }),
  },
};

for (const [name, { section, min, max }] of Object.entries(LIMITS)) {
  KEYS[`${section}.${name}`] = {
    check: integer(min, max),
    put: (config, value: number) => {
      config.limits[name as LimitName] = value;
    },
  };
}

export function defaultConfig(): RelayConfig {
  const limits = Object.fromEntries(Object.values(LIMITS).map((limit) => [limit.name, limit.default])) as LimitValues;
  return {
    listen: { host: '127.0.0.1', port: 8080 },
    trustedProxies: [],
    allowedOrigins: [],
    openGroups: true,
    allowedGroups: [],
    database: '0k-sync-relay.db',
    retention: 'ttl',
    cleanUp: true,
    limits,
  };
}

/**
 * Reads relay.toml over the defaults.
 * @throws ConfigError for what cannot be read, an unknown key, or a value that is not allowed
 */
export function readConfig(path: string): RelayConfig {
  let document: Record<string, unknown>;
  try {
    document = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof TomlError) {
      const [reason] = error.message.split('\n');
      throw new ConfigError(`${path}:${error.line}:${error.column}: not TOML: ${reason}`);
    }
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError(`${path} cannot be read (${code}): see that it exists and that the relay may read it`);
  }
  const config = defaultConfig();
  for (const [section, values] of Object.entries(document)) {
    if (typeof values !== 'object' || values === null || Array.isArray(values)) {
      throw new ConfigError(`${path}: ${section} stands outside of a section: put it under one of ${sections()}`);
    }
    for (const [name, value] of Object.entries(values)) setKey(config, `${section}.${name}`, value, path);
  }
  // What is stated in Welcome is what holds.
  config.limits.default_ttl = Math.min(config.limits.default_ttl, config.limits.max_ttl);
  return config;
}

/** Sets one key. `source` is the file or flag that an error names. @throws ConfigError */
export function setKey(config: RelayConfig, key: string, value: unknown, source: string): void {
  const known = KEYS[key];
  if (!known) {
    const [section] = key.split('.');
    const names = Object.keys(KEYS).filter((name) => name.startsWith(`${section}.`));
    const hint = names.length > 0 ? names.map((name) => name.split('.')[1]).join(', ') : `sections ${sections()}`;
    throw new ConfigError(`${source}: unknown key ${key}: known are ${hint}`);
  }
  const allowed = known.check(value);
  if (allowed) throw new ConfigError(`${source}: ${key} must be ${allowed}`);
  known.put(config, value as never);
}

const sections = () => [...new Set(Object.keys(KEYS).map((key) => `[${key.split('.')[0]}]`))].join(', ');

function address(value: string): { host: string; port: number } | undefined {
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
