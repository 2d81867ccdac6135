import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS } from '@0k-sync/spec';
import { describe, expect, test } from 'vitest';
import { ConfigError, defaultConfig, readConfig } from '../src/config.ts';
import { network } from '../src/limits.ts';
import { temporaryFolder } from './relay-harness.ts';

function read(text: string) {
  const path = join(temporaryFolder(), 'relay.toml');
  writeFileSync(path, text);
  try {
    return readConfig(path);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toContain(path);
    return (error as Error).message.slice(path.length);
  }
}

describe('relay.toml', () => {
  test('an empty file gives the defaults, which are those of the protocol', () => {
    expect(read('')).toEqual(defaultConfig());
    for (const limit of Object.values(LIMITS)) expect(defaultConfig().limits[limit.name]).toBe(limit.default);
  });

  test('every limit can be set in its section, to both ends of its range', () => {
    for (const { name, section, min, max } of Object.values(LIMITS)) {
      for (const value of [min, max]) {
        const others = name === 'default_ttl' ? 'max_ttl = 4294967295' : '';
        expect(read(`[${section}]\n${name} = ${value}\n${others}`)).toMatchObject({ limits: { [name]: value } });
      }
      if (min > 0)
        expect(read(`[${section}]\n${name} = ${min - 1}`)).toContain(`${section}.${name} must be an integer from`);
    }
  });

  test('the rest', () => {
    const config = read(`
      [server]
      bind = "[::1]:0"
      trusted_proxies = ["10.0.0.0/8", "::1"]
      allowed_origins = ["https://app.example"]
      open_groups = false
      [storage]
      database = "/x/y.db"
      retention = "acked"
      default_ttl = 604800
      max_ttl = 60
      [cleanup]
      enabled = false`);
    expect(config).toMatchObject({
      listen: { host: '::1', port: 0 },
      trustedProxies: ['10.0.0.0/8', '::1'],
      allowedOrigins: ['https://app.example'],
      openGroups: false,
      database: '/x/y.db',
      retention: 'acked',
      cleanUp: false,
      limits: { default_ttl: 60, max_ttl: 60 },
    });
  });

  test.each([
    ['[server]\nbinde = "x"', ': unknown key server.binde: known are bind, trusted_proxies'],
    ['[serve]\nbind = "x"', ': unknown key serve.bind: known are sections [server], [storage]'],
    ['bind = "x"', ': bind stands outside of a section'],
    ['[server]\nbind = "nowhere"', ': server.bind must be a host and port'],
    ['[server]\nbind = "[::1:80"', ': server.bind must be a host and port'],
    ['[server]\nbind = "127.0.0.1:65536"', ': server.bind must be a host and port'],
    ['[server]\ntrusted_proxies = ["10.0.0.0/33"]', ': server.trusted_proxies must be a list of IP addresses'],
    ['[server]\nallowed_origins = ["app.example"]', ': server.allowed_origins must be a list of origins'],
    ['[server]\nopen_groups = 1', ': server.open_groups must be true or false'],
    ['[storage]\nmax_blob_size = 1048577', ': storage.max_blob_size must be an integer from 1 to 1048576'],
    ['[limits]\nmax_pull_limit = 1.5', ': limits.max_pull_limit must be an integer'],
    ['[limits]\nmax_pull_limit = "9"', ': limits.max_pull_limit must be an integer'],
    ['[limits', ':1:2: not TOML'],
  ])('%j is refused with the key and what is allowed', (text, message) => {
    expect(read(text)).toContain(message);
  });

  test('a missing file is named', () => {
    expect(() => readConfig('/nonexistent/relay.toml')).toThrow('/nonexistent/relay.toml cannot be read (ENOENT)');
  });
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::', '2001:db8:1:2'],
  ['2001:0db8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
])('%s belongs to the network %s', (address, expected) => {
  expect(network(address)).toBe(expected);
});
