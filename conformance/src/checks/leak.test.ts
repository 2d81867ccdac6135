import { expect, test } from 'vitest';
import { leaked, spelled } from './leak.ts';

const id = Uint8Array.from({ length: 16 }, (_, index) => (index * 37 + 200) & 255);
const buffer = Buffer.from(id);
const uuid = buffer.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

test.each([
  ['in hexadecimal', `{"id":"${buffer.toString('hex')}"}`],
  ['in hexadecimal', `id ${buffer.toString('hex').toUpperCase()}.`],
  ['in hexadecimal', `blob ${uuid}`],
  ['in hexadecimal', `<Buffer ${buffer.toString('hex').replace(/../g, '$& ')}>`],
  ['in hexadecimal', [...id].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(', ')],
  ['as a list of numbers', `Uint8Array(16) [\n  ${buffer.join(', ')}\n]`],
  ['as a list of numbers', JSON.stringify({ id: buffer })],
  ['in base64', `id=${buffer.toString('base64')}`],
  ['in base64', `/${buffer.toString('base64url')}/`],
  ['in base64', Buffer.from(`{"v":1,${buffer.toString('latin1')}}`, 'latin1').toString('base64url')],
  ['in base64', Buffer.from(`{"v":12,${buffer.toString('latin1')}}`, 'latin1').toString('base64')],
])('an id is found %s: %s', (how, text) => {
  expect(spelled(text, id)).toBe(how);
});

test('a part of an id, or another one, is none', () => {
  expect(spelled(`${buffer.toString('hex').slice(0, 16)} ${'00'.repeat(16)} ${buffer.subarray(1).join(',')}`, id)).toBe(
    undefined,
  );
});

const secret = 'the quick brown fox jumps';

test.each([
  ['as text', 'a brown fox jumps'],
  ['in base64', Buffer.from(secret).toString('base64')],
  ['in base64', Buffer.from(`x${secret}`).toString('base64url')],
  ['in hexadecimal', Buffer.from(secret.slice(3, 20)).toString('hex')],
  ['as a list of numbers', JSON.stringify({ name: Buffer.from(secret) })],
])('a piece of a secret is found %s: %s', (how, text) => {
  expect(leaked(text, secret)).toBe(how);
});

test('a short piece of a secret may be chance', () => {
  expect(leaked(`brown fox, ${Buffer.from('quick').toString('hex')}`, secret)).toBe(undefined);
});
