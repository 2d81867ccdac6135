import { readFileSync } from 'node:fs';
import type { Random } from '../../conformance/src/random.ts';

/** The inputs of the vectors of a subject, right and wrong ones: what mutations begin with. */
export function corpus(subject: string): Uint8Array[] {
  const file = new URL(`../../vectors/${subject}.json`, import.meta.url);
  const { testGroups } = JSON.parse(readFileSync(file, 'utf8')) as { testGroups: { tests: { hex?: string }[] }[] };
  const inputs = testGroups.flatMap(({ tests }) => tests.flatMap(({ hex }) => (hex ? [Buffer.from(hex, 'hex')] : [])));
  // A megabyte costs as much as a thousand of the others, and its inside is one payload.
  return inputs.filter(({ length }) => length <= 4096);
}

/** Random bytes, or one of `inputs` changed in a place or a few. */
export function mutate(random: Random, inputs: readonly Uint8Array[]): Uint8Array {
  if (inputs.length === 0 || random.integer(0, 9) === 0) return random.bytes(random.integer(0, 300));
  let bytes: Buffer = Buffer.from(random.pick(inputs));
  for (let left = random.pick([1, 1, 1, 1, 2, 3, 4]); left > 0; left--) bytes = mutateOnce(random, bytes, inputs);
  return bytes;
}

/** Values at which lengths and types of MessagePack change. */
const EDGES = [
  0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc4, 0xc6, 0xc7, 0xcf, 0xd3, 0xd9, 0xdb, 0xdd, 0xdf,
  0xff,
];

function mutateOnce(random: Random, bytes: Buffer, inputs: readonly Uint8Array[]): Buffer {
  const at = random.integer(0, Math.max(0, bytes.length - 1));
  const rest = bytes.length - at;
  switch (random.integer(0, 7)) {
    case 0:
      if (rest > 0) bytes[at]! ^= 1 << random.integer(0, 7);
      return bytes;
    case 1:
      if (rest > 0) bytes[at] = random.pick(EDGES);
      return bytes;
    case 2:
      return bytes.subarray(0, at);
    case 3:
      return Buffer.concat([bytes, random.bytes(random.integer(1, 16))]);
    case 4:
      return Buffer.concat([bytes.subarray(0, at), random.bytes(random.integer(1, 8)), bytes.subarray(at)]);
    case 5:
      return Buffer.concat([
        bytes.subarray(0, at),
        bytes.subarray(at + random.integer(1, Math.max(1, Math.min(16, rest)))),
      ]);
    case 6: {
      const other = random.pick(inputs);
      return Buffer.concat([bytes.subarray(0, at), other.subarray(random.integer(0, other.length))]);
    }
    default: {
      // A part twice: many keys, deep nesting, one field too many.
      const end = at + random.integer(1, Math.max(1, Math.min(32, rest)));
      return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at, end), bytes.subarray(end)]);
    }
  }
}
