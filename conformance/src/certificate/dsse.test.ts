import { expect, test } from 'vitest';
import { preAuthEncoding } from './dsse.ts';

const pae = (type: string, body: string) => Buffer.from(preAuthEncoding(type, Buffer.from(body))).toString();

test('the example of the DSSE specification', () => {
  expect(pae('http://example.com/HelloWorld', 'hello world')).toBe(
    'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
  );
});

test('lengths are those of bytes, and nothing can be taken for something else', () => {
  expect(pae('', '')).toBe('DSSEv1 0  0 ');
  expect(pae('ä', 'ö€')).toBe('DSSEv1 2 ä 5 ö€');
  expect(pae('a 1 b', 'c')).not.toBe(pae('a', '1 b 1 c'));
});
