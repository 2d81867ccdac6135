import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { clientAddress } from '../src/client-address.ts';

/** Where a request seems to come from. */
function seen(peer: string, headers: Record<string, string>, trusted: string[], header = 'x-forwarded-for'): string {
  const request = { socket: { remoteAddress: peer }, headers } as unknown as IncomingMessage;
  return clientAddress(trusted, header)(request);
}

const PROXY = '10.0.0.1';
const TRUSTED = ['10.0.0.0/8', 'fd00::/8'];

describe('LIM-21: the address of a client', () => {
  test('is that of the socket where no proxy is trusted, whatever the headers say', () => {
    const headers = { 'x-forwarded-for': '203.0.113.1', 'x-real-ip': '203.0.113.1', forwarded: 'for=203.0.113.1' };
    for (const header of ['x-forwarded-for', 'x-real-ip', 'cf-connecting-ip', 'forwarded']) {
      expect(seen('192.0.2.1', headers, [], header)).toBe('192.0.2.1');
      expect(seen('192.0.2.1', headers, TRUSTED, header)).toBe('192.0.2.1');
    }
  });

  test.each([
    ['203.0.113.1', '203.0.113.1'],
    ['198.51.100.9, 203.0.113.1', '203.0.113.1'],
    ['198.51.100.9, 203.0.113.1, 10.0.0.7', '203.0.113.1'],
    ['10.0.0.9, 10.0.0.7', '10.0.0.9'],
    ['2001:db8::1', '2001:db8::1'],
    ['203.0.113.1, fd00::1', '203.0.113.1'],
    ['203.0.113.1:4711', '203.0.113.1'],
    ['[2001:db8::1]:4711', '2001:db8::1'],
    ['203.0.113.1, unknown', PROXY],
    ['203.0.113.1,', PROXY],
    ['', PROXY],
  ])('X-Forwarded-For %j from a trusted proxy means %s', (value, expected) => {
    expect(seen(PROXY, { 'x-forwarded-for': value }, TRUSTED)).toBe(expected);
  });

  test.each([
    ['for=203.0.113.1', '203.0.113.1'],
    ['For="203.0.113.1:80";proto=http;by=10.0.0.1', '203.0.113.1'],
    ['for="[2001:db8:cafe::17]:4711"', '2001:db8:cafe::17'],
    ['for=198.51.100.9, for=203.0.113.1;host="a, b"', '203.0.113.1'],
    ['for=203.0.113.1, by=10.0.0.2;for=10.0.0.7', '203.0.113.1'],
    ['for=_hidden', PROXY],
    ['proto=https', PROXY],
    // What a client puts into Host must not become an element.
    ['for=203.0.113.1;host="x, for=198.51.100.9;a="', '203.0.113.1'],
    ['for=203.0.113.1;host="x\\", for=198.51.100.9;a=\\""', '203.0.113.1'],
    // A quotation mark of the client that is never closed must not hide what the proxy added.
    ['for="198.51.100.9, for=203.0.113.1', PROXY],
    ['for=198.51.100.9;host=", for=203.0.113.1', PROXY],
    ['for=203.0.113.1 for=198.51.100.9', PROXY],
    ['', PROXY],
  ])('Forwarded %j from a trusted proxy means %s', (value, expected) => {
    expect(seen(PROXY, { forwarded: value }, TRUSTED, 'forwarded')).toBe(expected);
  });

  test.each(['x-real-ip', 'cf-connecting-ip'])('%s gives a single address, and no other header counts', (header) => {
    expect(seen(PROXY, { [header]: '203.0.113.1', 'x-forwarded-for': '198.51.100.9' }, TRUSTED, header)).toBe(
      '203.0.113.1',
    );
    expect(seen(PROXY, { 'x-forwarded-for': '198.51.100.9' }, TRUSTED, header)).toBe(PROXY);
    expect(seen(PROXY, { [header]: 'nonsense' }, TRUSTED, header)).toBe(PROXY);
  });

  test('an IPv4 proxy is known by its address in IPv6 too', () => {
    expect(seen('::ffff:10.0.0.1', { 'x-forwarded-for': '203.0.113.1' }, TRUSTED)).toBe('203.0.113.1');
  });
});
