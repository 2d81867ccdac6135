import { expect, test } from 'vitest';
import { bytes, name } from '../checks/bytes.ts';
import { readMessage } from './messages.ts';

const blob = `c410 ${'07'.repeat(16)}`;

test.each([
  ['has_more as an integer', bytes('94', name('PullResponse'), '90 00 00'), 'WIRE-05'],
  ['a count of 2^32', bytes('93', name('Notify'), '01 cf0000000100000000'), 'WIRE-05'],
  ['a blob_id of 15 bytes', bytes('93', name('PushAck'), `c40f${'07'.repeat(15)}`, '01'), 'WIRE-05'],
  ['a text that is not UTF-8', bytes('93', name('Error'), 'cd03e8 a1ff'), 'WIRE-05'],
  ['an element too many', bytes('95', name('PushAck'), blob, '01 80 00'), 'WIRE-04'],
  ['a name of nobody’s', bytes('91', name('Hi')), 'WIRE-04'],
  ['a byte behind it', bytes('93', name('PushAck'), blob, '01 00'), 'WIRE-04'],
  ['a page in rmp', bytes('94', name('PullResponse'), '91 94', blob, '01 93010203 05', 'c2 01'), 'WIRE-54'],
])('%s is blamed on its rule', (_, body, requirement) => {
  expect(() => readMessage(body)).toThrow(expect.objectContaining({ name: 'Violation', requirement }));
});

test('a message is read', () => {
  expect(readMessage(bytes('93', name('Notify'), '01 02'))).toEqual({ type: 'Notify', latest_cursor: 1n, count: 2 });
});
