import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIGURATION, LIMITS } from '@0k-sync/spec';
import { describe, expect, test } from 'vitest';
import { ConfigError, type ConfigSources, defaultConfig, loadConfig, renderConfig } from '../src/config.ts';
import { temporaryFolder } from './relay-harness.ts';

function file(text: string): string {
  const path = join(temporaryFolder(), 'relay.toml');
  writeFileSync(path, text);
  return path;
}

/** What is wrong, line by line. */
function problems(sources: ConfigSources): string[] {
  try {
    loadConfig(sources);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message.split('\n');
  }
  throw new Error('it was accepted');
}

describe('relay.toml', () => {
  test('OPS-19: every key of the tables has its default, and is known in its section', () => {
    const { config, settings } = loadConfig({ file: file('') });
    expect(config).toEqual(defaultConfig());
    for (const { section, name, default: usual } of CONFIGURATION) {
      expect(config).toHaveProperty([section, name], usual);
      expect(settings.get(`${section}.${name}`)).toEqual({ value: usual, origin: 'default' });
    }
    for (const { name, default: usual } of Object.values(LIMITS)) expect(config.limits[name]).toBe(usual);
    expect([...settings.keys()]).toHaveLength(CONFIGURATION.length + Object.keys(LIMITS).length);
  });

  test('OPS-22: the admin listener is for this machine alone unless it is told otherwise', () => {
    expect(defaultConfig().admin.bind).toBe('127.0.0.1:9090');
  });

  test('OPS-19: every limit can be set in its section, to both ends of its range', () => {
    for (const { name, section, min, max } of Object.values(LIMITS)) {
      for (const value of [min, max]) {
        const others = name === 'default_ttl' ? 'max_ttl = 4294967295' : '';
        const { config } = loadConfig({ file: file(`[${section}]\n${name} = ${value}\n${others}`) });
        expect(config.limits[name]).toBe(value);
      }
      const path = file(`[${section}]\n${name} = ${min - 1}`);
      expect(problems({ file: path })).toEqual([
        `${path}: ${section}.${name} must be an integer from ${min} to ${max}, not ${min - 1}`,
      ]);
    }
  });

  test('the rest', () => {
    const { config } = loadConfig({
      file: file(`
        [server]
        bind = "[::1]:0"
        tls_cert = "cert.pem"
        tls_key = "key.pem"
        trusted_proxies = ["10.0.0.0/8", "::1"]
        proxy_header = "forwarded"
        allowed_origins = ["https://app.example"]
        open_groups = false
        closed_groups = ["${'A'.repeat(43)}"]
        [storage]
        database = "/x/y.db"
        retention = "acked"
        default_ttl = 604800
        max_ttl = 60
        [cleanup]
        enabled = false
        [admin]
        bind = ""
        metrics_enabled = false
        [log]
        level = "silent"`),
    });
    expect(config).toMatchObject({
      server: {
        bind: '[::1]:0',
        tls_cert: 'cert.pem',
        tls_key: 'key.pem',
        trusted_proxies: ['10.0.0.0/8', '::1'],
        proxy_header: 'forwarded',
        allowed_origins: ['https://app.example'],
        open_groups: false,
        allowed_groups: [],
        closed_groups: ['A'.repeat(43)],
      },
      storage: { database: '/x/y.db', retention: 'acked' },
      cleanup: { enabled: false },
      admin: { bind: '', metrics_enabled: false },
      log: { level: 'silent' },
      limits: { default_ttl: 60, max_ttl: 60 },
    });
  });

  test.each([
    ['[server]\nbinde = "x"', ': unknown key server.binde: did you mean server.bind?'],
    ['[limit]\nmessages_burst = 1', ': unknown key limit.messages_burst: did you mean limits.messages_burst?'],
    ['bind = "x"', ': bind stands outside of a section: put it under one of [server], [storage]'],
    ['[[server]]\nbind = "x"', ': server stands outside of a section'],
    [
      '[server]\nbind = "nowhere"',
      ': server.bind must be a host and port, as "127.0.0.1:8080" or "[::1]:8080", not this string',
    ],
    ['[server]\nbind = ""', ': server.bind must be a host and port'],
    ['[server]\nbind = 8080', '"[::1]:8080", not 8080'],
    ['[server]\nbind = "[::1:80"', ': server.bind must be a host and port'],
    ['[server]\nbind = "127.0.0.1:65536"', ': server.bind must be a host and port'],
    ['[server]\ntrusted_proxies = ["10.0.0.0/33"]', ': server.trusted_proxies must be a list of IP addresses'],
    ['[server]\ntrusted_proxies = "10.0.0.0/8"', ', as ["10.0.0.0/8"], not a string'],
    ['[server]\nproxy_header = "via"', ': server.proxy_header must be "x-forwarded-for" or "x-real-ip" or '],
    ['[server]\nallowed_origins = ["app.example"]', ': server.allowed_origins must be a list of origins'],
    ['[server]\nallowed_groups = ["short"]', ': server.allowed_groups must be a list of group ids'],
    ['[server]\nopen_groups = 1', ': server.open_groups must be true or false, not 1'],
    ['[server]\nopen_groups = 2026-01-01', ': server.open_groups must be true or false, not a date or table'],
    ['[server]\ntls_cert = "cert.pem"', 'server.tls_cert and server.tls_key: one is set without the other'],
    ['[admin]\nbind = "9090"', ': admin.bind must be a host and port, as "127.0.0.1:8080" or "[::1]:8080", or empty'],
    ['[storage]\nmax_blob_size = 1048577', ': storage.max_blob_size must be an integer from 1 to 1048576, not 1048577'],
    ['[limits]\nmax_pull_limit = 1.5', ': limits.max_pull_limit must be an integer from 1 to 4294967295, not 1.5'],
    ['[limits]\nmax_pull_limit = "9"', ': limits.max_pull_limit must be an integer from 1 to 4294967295, not a string'],
    ['[limits', ':1:2: not TOML'],
  ])('OPS-20: %j is refused with the key and what is allowed', (text, message) => {
    const path = file(text);
    const [problem, more] = problems({ file: path });
    expect(problem).toContain(message);
    if (message.startsWith(':')) expect(problem).toContain(path + message);
    expect(more).toBeUndefined();
  });

  test('a missing file is named', () => {
    expect(problems({ file: '/nonexistent/relay.toml' })[0]).toContain(
      '/nonexistent/relay.toml cannot be read (ENOENT)',
    );
  });
});

describe('the environment', () => {
  test('OPS-21: has a name for every key', () => {
    const other: Record<string, [text: string, value: unknown]> = {
      address: ['[::1]:1', '[::1]:1'],
      path: ['/a, b', '/a, b'],
      boolean: ['false', false],
      networks: ['10.0.0.0/8, ::1', ['10.0.0.0/8', '::1']],
      origins: ['https://a.example,https://b.example:1', ['https://a.example', 'https://b.example:1']],
      groups: ['A'.repeat(43), ['A'.repeat(43)]],
    };
    const environment: Record<string, string> = {};
    const expected: Record<string, unknown> = {};
    const set = (section: string, name: string, [text, value]: [string, unknown]) => {
      environment[`ZK_SYNC_${section.toUpperCase()}_${name.toUpperCase()}`] = text;
      expected[`${section}.${name}`] = value;
    };
    for (const entry of CONFIGURATION) {
      const { section, name } = entry;
      set(section, name, entry.type === 'choice' ? [entry.values[1], entry.values[1]] : other[entry.type]!);
    }
    for (const { section, name, min } of Object.values(LIMITS)) set(section, name, [`${min + 1}`, min + 1]);
    const { settings } = loadConfig({ environment });
    expect(Object.fromEntries([...settings].map(([key, { value }]) => [key, value]))).toEqual(expected);
    expect(new Set([...settings.values()].map(({ origin }) => origin))).toEqual(new Set(Object.keys(environment)));
  });

  test('OPS-21: wins over the file and loses against flags; other names are left alone', () => {
    const path = file('[limits]\nmessages_per_minute = 1\nmessages_burst = 2\n[server]\nbind = "127.0.0.1:1"');
    const { config, settings } = loadConfig({
      file: path,
      environment: { ZK_SYNC_LIMITS_MESSAGES_PER_MINUTE: '3', ZK_SYNC_SERVER_BIND: '127.0.0.1:2', PATH: '/bin' },
      flags: [
        { name: '--listen', key: 'server.bind', text: '127.0.0.1:3' },
        { name: '--db', key: 'storage.database', text: undefined },
      ],
    });
    expect(config.limits).toMatchObject({ messages_per_minute: 3, messages_burst: 2 });
    expect(config.server.bind).toBe('127.0.0.1:3');
    expect(settings.get('limits.messages_per_minute')!.origin).toBe('ZK_SYNC_LIMITS_MESSAGES_PER_MINUTE');
    expect(settings.get('limits.messages_burst')!.origin).toBe(path);
    expect(settings.get('server.bind')!.origin).toBe('--listen');
    expect(settings.get('storage.database')!.origin).toBe('default');
  });

  test('a list that is set to nothing opens nothing that the file closes', () => {
    const allowed = 'A'.repeat(43);
    const path = file(`[server]\nallowed_groups = ["${allowed}"]`);
    const { config } = loadConfig({ file: path, environment: { ZK_SYNC_SERVER_ALLOWED_GROUPS: ' ' } });
    expect(config.server.allowed_groups).toEqual([allowed]);
  });

  test('OPS-20: what is wrong is named by the variable or flag, all of it at once', () => {
    const path = file('[limits]\nmax_pull_limit = 0\n');
    expect(
      problems({
        file: path,
        environment: {
          ZK_SYNC_LIMITS_MESSAGES_PER_MINUT: '1',
          ZK_SYNC_LIMITS_MESSAGES_BURST: 'many',
          ZK_SYNC_SERVER_OPEN_GROUPS: 'no',
        },
        flags: [{ name: '--listen', key: 'server.bind', text: 'x' }],
      }),
    ).toEqual([
      `${path}: limits.max_pull_limit must be an integer from 1 to 4294967295, not 0`,
      'ZK_SYNC_LIMITS_MESSAGES_PER_MINUT: no such setting: did you mean ZK_SYNC_LIMITS_MESSAGES_PER_MINUTE?',
      'ZK_SYNC_LIMITS_MESSAGES_BURST: limits.messages_burst must be an integer from 1 to 4294967295, not a string',
      'ZK_SYNC_SERVER_OPEN_GROUPS: server.open_groups must be true or false, not a string',
      '--listen: server.bind must be a host and port, as "127.0.0.1:8080" or "[::1]:8080", not this string',
    ]);
  });

  test('no error repeats a text: it may be a secret in the wrong place', () => {
    const secret = 'correct-horse-battery-staple';
    const environment = { ZK_SYNC_SERVER_BIND: secret, ZK_SYNC_SERVER_ALLOWED_ORIGINS: `${secret},${secret}` };
    expect(problems({ environment }).join()).not.toContain(secret);
  });
});

test('the configuration is shown as a file that means the same, with where each key comes from', () => {
  const { config, settings } = loadConfig({
    file: file('[storage]\nmax_ttl = 60\n[server]\ntrusted_proxies = ["10.0.0.0/8"]'),
    environment: { ZK_SYNC_STORAGE_DATABASE: 'a "quoted" name.db' },
  });
  const shown = renderConfig(settings);
  expect(loadConfig({ file: file(shown) }).config).toEqual(config);
  expect(shown).toMatch(/^max_ttl = 60 +# .*relay\.toml$/m);
  expect(shown).toMatch(/^default_ttl = 60 +# default, lowered to max_ttl$/m);
  expect(shown).toMatch(/^database = "a \\"quoted\\" name\.db" +# ZK_SYNC_STORAGE_DATABASE$/m);
  expect(shown).toMatch(/^messages_burst = 1000 +# default$/m);
});
