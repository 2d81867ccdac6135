import { encodeMessage } from '@0k-sync/reference';
import type { Message } from '@0k-sync/spec';
import { expect, test } from 'vitest';
import { maskTokens } from './masked.ts';

const token = 'tok-3f9a-geheim-ä';
const welcome: Message = {
  type: 'Welcome',
  version: 1,
  max_cursor: 0n,
  pending_count: 0,
  ext: { content: { url: 'https://store.example/', token } },
};

test('the token of a content store is not in what a report shows', () => {
  const body = encodeMessage(welcome, 'bin');
  const masked = maskTokens(welcome, body);
  expect(Buffer.from(masked).includes(token)).toBe(false);
  expect(Buffer.from(masked).toString('latin1')).toContain('*'.repeat(Buffer.byteLength(token)));
  expect(Buffer.from(masked).includes('https://store.example/')).toBe(true);
  expect(masked.length).toBe(body.length);
  // What is sent is another thing.
  expect(Buffer.from(body).includes(token)).toBe(true);
});

test('what holds none is shown as it is', () => {
  const body = encodeMessage({ type: 'Pull', after_cursor: 0n, limit: 0 }, 'bin');
  expect(maskTokens({ type: 'Pull', token: '', list: [{ token: 'x' }] }, body)).toBe(body);
});
