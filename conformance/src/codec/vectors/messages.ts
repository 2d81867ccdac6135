/** Frames and messages. */
import type { Values } from '../driver-process.ts';
import { allowedBy, type Subject, subject } from './subject.ts';
import { type Bytes, expand, expandAll, type Vector } from './vector-file.ts';

interface Stream {
  maxBody: number;
  raise?: { beforeChunk: number; maxBody: number };
  chunks: Bytes[];
  bodies: Bytes[];
  failsInChunk?: number;
  unfinished?: number;
}

interface Body {
  hex: Bytes;
  message?: object;
  canonical?: boolean;
  cuts?: 'all' | number[];
}

/** A stream that fails is judged with the bodies that come before: the operation itself has no error. */
const streams: Subject[] = ['Stream', 'RaisedLimit'].map((group) => ({
  op: 'frames',
  file: 'framing',
  group,
  trials(vector) {
    const { maxBody, raise, chunks, bodies, failsInChunk, unfinished = 0, error } = vector as Vector & Stream;
    const input = {
      max_body: maxBody,
      chunks: chunks.map(expand),
      ...(raise && { raise: { before_chunk: raise.beforeChunk, max_body: raise.maxBody } }),
    };
    const end: Values = error === undefined ? { unfinished } : { error, fails_in_chunk: failsInChunk };
    return [{ op: 'frames', input, allowed: { ok: [{ bodies: bodies.map(expand), ...end }] } }];
  },
}));

function decoding(encoding: 'bin' | 'rmp', group: string): Subject {
  return {
    op: 'decode',
    part: `decode-${encoding}`,
    file: `codec-${encoding}`,
    group,
    trials(vector) {
      const { hex, message, cuts } = vector as Vector & Body;
      const allowed = allowedBy(vector, { message: expandAll(message) });
      const body = expand(hex);
      const lengths =
        cuts === 'all' ? Array.from({ length: body.length / 2 - 1 }, (_, index) => index + 1) : (cuts ?? [undefined]);
      return lengths.map((length) => ({
        op: 'decode',
        input: { encoding, hex: length === undefined ? body : body.slice(0, 2 * length) },
        allowed,
      }));
    },
  };
}

const encoding = (name: 'bin' | 'rmp', group: string) =>
  subject<Body>(
    { op: 'encode', part: `encode-${name}`, file: `codec-${name}`, group },
    ({ hex, message }) => ({ input: { encoding: name, message: expandAll(message) }, ok: { hex: expand(hex) } }),
    ({ canonical }) => canonical === true,
  );

export const MESSAGE_SUBJECTS: readonly Subject[] = [
  ...streams,
  decoding('bin', 'BinMessage'),
  decoding('bin', 'BinBody'),
  decoding('rmp', 'RmpMessage'),
  decoding('rmp', 'RmpBody'),
  encoding('bin', 'BinMessage'),
  encoding('rmp', 'RmpMessage'),
];
