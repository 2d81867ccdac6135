import { LIMITS } from '@0k-sync/spec';
import { describe, expect, test } from 'vitest';
import { createLimits, type LimitValues, network } from '../src/limits.ts';
import { ManualClock } from './manual-clock.ts';

function limits(values: Partial<LimitValues>) {
  const clock = new ManualClock();
  const usual = Object.fromEntries(Object.values(LIMITS).map((limit) => [limit.name, limit.default])) as LimitValues;
  return { clock, ...createLimits({ ...usual, ...values }, clock) };
}

const times = (count: number, ask: () => unknown) => Array.from({ length: count }, ask);

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::', '2001:db8:1:2'],
  ['2001:0db8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
])('LIM-22: %s belongs to the network %s', (address, expected) => {
  expect(network(address)).toBe(expected);
});

describe('rates', () => {
  test('LIM-22: all addresses of an IPv6 /64 share one bucket, those of the next do not', () => {
    const { connectionFrom } = limits({ connections_per_minute: 2 });
    expect(connectionFrom('2001:db8:0:1::1')).toBeUndefined();
    expect(connectionFrom('2001:db8:0:1:ffff::2')).toBeUndefined();
    expect(connectionFrom('2001:db8:0:1::3')).toEqual({ limit: 'connections_of_address', waitMs: 30_000 });
    expect(connectionFrom('2001:db8:0:2::1')).toBeUndefined();
  });

  test('LIM-10: a full bucket gives its burst at once, and then what is refilled', () => {
    const { request, clock } = limits({ messages_per_minute: 60, messages_burst: 50, global_requests_per_second: 0 });
    expect(times(51, () => request('a')).filter((refusal) => refusal)).toEqual([
      { limit: 'requests_of_device', waitMs: 1000 },
    ]);
    clock.advance(3);
    expect(times(4, () => request('a')).filter((refusal) => refusal)).toHaveLength(1);
    expect(request('b')).toBeUndefined();
  });

  test('LIM-12: what is refused is counted nowhere', () => {
    const { request, clock } = limits({ messages_per_minute: 60, messages_burst: 1, global_requests_per_second: 3 });
    expect(request('a')).toBeUndefined();
    times(100, () => request('a'));
    // Had they counted for the relay as a whole, nobody else would be served; had they counted for a, a would wait longer.
    expect([request('b'), request('c')]).toEqual([undefined, undefined]);
    expect(request('d')).toMatchObject({ limit: 'requests_in_all' });
    clock.advance(1);
    expect([request('d'), request('a')]).toEqual([undefined, undefined]);
  });

  test('LIM-20: a rate of 0 is no limit', () => {
    const all = limits({
      messages_per_minute: 0,
      messages_burst: 1,
      connections_per_minute: 0,
      global_requests_per_second: 0,
      new_groups_per_hour: 0,
    });
    for (const ask of [all.request, all.connectionOf, all.connectionFrom, all.newGroupFrom]) {
      expect(times(5000, () => ask('a')).every((refusal) => refusal === undefined)).toBe(true);
    }
  });

  test('buckets that are full again are forgotten, others are not', () => {
    const { request, clock } = limits({ messages_per_minute: 60, messages_burst: 1, global_requests_per_second: 0 });
    for (let at = 0; at < 10_000; at++) request(`${at}`);
    clock.advance(0.5);
    expect(request('new')).toBeUndefined();
    expect(request('9999')).toMatchObject({ waitMs: 500 });
    clock.advance(1);
    expect(request('9999')).toBeUndefined();
  });
});
