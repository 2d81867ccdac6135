import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { eachLine } from './lines.ts';

/** The lines of what is written in these pieces. */
async function linesOf(pieces: readonly (string | Buffer)[], most = 10): Promise<string[]> {
  const stream = new PassThrough();
  const lines: string[] = [];
  eachLine(stream, most, (line) => lines.push(line));
  const ended = once(stream, 'end');
  for (const piece of pieces) stream.write(piece);
  stream.end();
  await ended;
  return lines;
}

test.each<[string, (string | Buffer)[], string[]]>([
  ['whole ones', ['a\nb\r\n', '\nc\n'], ['a', 'b', '', 'c']],
  ['pieces of one', ['a', 'b', '\nc'], ['ab', 'c']],
  ['pieces of a character', [Buffer.from([0xc3]), Buffer.from([0xbc, 0x0a])], ['ü']],
  ['the longest', ['0123456789\n'], ['0123456789']],
  [
    'longer ones',
    ['01234', '56789', 'abc', 'd\nx\n', '0123456789ab'],
    ['0123456789… (4 bytes more)', 'x', '0123456789… (2 bytes more)'],
  ],
])('lines come of %s', async (_, pieces, lines) => {
  expect(await linesOf(pieces)).toEqual(lines);
});

test('what stands last comes also of a stream that is destroyed', async () => {
  const stream = new PassThrough();
  const lines: string[] = [];
  eachLine(stream, 10, (line) => lines.push(line));
  const read = once(stream, 'data');
  stream.write('a\nb');
  await read;
  const closed = once(stream, 'close');
  stream.destroy();
  await closed;
  expect(lines).toEqual(['a', 'b']);
});
