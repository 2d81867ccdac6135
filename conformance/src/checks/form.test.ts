import { expect, test } from 'vitest';
import { bytes } from './bytes.ts';
import { readForm } from './form.ts';

test.each([
  ['shortest forms', '94 a450756c6c cd0100 05 82 a161 00 a162 cc80', []],
  ['an integer in 8 bits too many', '93 a450756c6c cc05 00', ['WIRE-06']],
  ['a signed integer', '93 a450756c6c d005 00', ['WIRE-06']],
  ['a small integer in 64 bits', '93 a450756c6c cf0000000000000005 00', ['WIRE-06']],
  ['a long header', 'dc0001 a24f6b', ['WIRE-07']],
  ['a long string header', '91 d9024f6b', ['WIRE-07']],
  ['keys out of order', '92 a24f6b 82 a162 00 a161 00', ['WIRE-08']],
  ['a longer key before its prefix', '92 a24f6b 82 a26161 00 a161 00', ['WIRE-08']],
  ['an empty map', '92 a24f6b 80', ['WIRE-09']],
])('%s', (_what, hex, faults) => {
  expect(readForm(bytes(hex)).faults.map(({ requirement }) => requirement)).toEqual(faults);
});

test('the value of an unknown key may be anything, in any form', () => {
  const faults = (hex: string) => readForm(bytes(hex)).faults;
  for (const value of ['80', '81 cc05 cd0001', 'd40001', 'c70205 0102', 'd6ff00000000']) {
    expect(faults(`92 a24f6b 81 a3782d61 ${value}`)).toEqual([]);
  }
  expect(faults('92 a24f6b 81 a5 6570 6f6368 cd0001')).toHaveLength(1);
});

test('values are read as they stand', () => {
  const { value } = readForm(bytes('96 a3616263 cfffffffffffffffff ff c2 c40101 81 a161 c0'));
  expect(value).toEqual(['abc', 2n ** 64n - 1n, -1n, false, Buffer.from([1]), new Map([['a', null]])]);
});
