import type { Readable } from 'node:stream';

const LINE_FEED = 0x0a;

/**
 * Calls `take` with each line of a stream, without its end, and with what stands behind the last one. Of a line no more is
 * kept than `most` bytes, however long it gets, and it says so.
 */
export function eachLine(stream: Readable, most: number, take: (line: string) => void): void {
  let kept: Buffer[] = [];
  let length = 0;
  const add = (piece: Buffer) => {
    if (length < most && piece.length > 0) kept.push(piece.subarray(0, most - length));
    length += piece.length;
  };
  const end = () => {
    const text = Buffer.concat(kept).toString();
    const line = length > most ? `${text}… (${length - most} bytes more)` : text.replace(/\r$/, '');
    kept = [];
    length = 0;
    take(line);
  };
  const flush = () => {
    if (length > 0) end();
  };
  stream.on('data', (chunk: Buffer) => {
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      add(chunk.subarray(from, at));
      end();
      from = at + 1;
    }
    add(chunk.subarray(from));
  });
  stream.once('end', flush);
  // One that is destroyed has no end. Ahead of whoever waits for the process to be done with its streams.
  stream.prependOnceListener('close', flush);
}
