import { createHash } from 'node:crypto';

/**
 * Repeatable randomness. Each check has a stream of its own, derived from the seed and the check's id, so that its choices
 * do not depend on which checks ran before it.
 *
 * Never the source of keys or group ids: two runs with one seed against one relay must not meet in one group.
 */
export class Random {
  /** State of xoshiro128**. */
  readonly #state: Uint32Array<ArrayBuffer>;

  constructor(...seed: readonly (string | number)[]) {
    const digest = createHash('sha256').update(seed.join('\0')).digest();
    this.#state = new Uint32Array([0, 4, 8, 12].map((offset) => digest.readUInt32LE(offset)));
  }

  /** 32 random bits as an unsigned number. */
  uint32(): number {
    const s = this.#state;
    const [a, b, c, d] = [s[0]!, s[1]!, s[2]!, s[3]!];
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const c2 = c ^ a;
    const d2 = d ^ b;
    s[0] = a ^ d2;
    s[1] = b ^ c2;
    s[2] = c2 ^ (b << 9);
    s[3] = rotateLeft(d2, 11);
    return result;
  }

  /** A whole number from `least` to `most`, both included. */
  integer(least: number, most: number): number {
    const span = most - least + 1;
    // 2^32 is not a multiple of every span; what is left over would favour small results, so it is drawn again.
    const fair = 0x1_0000_0000 - (0x1_0000_0000 % span);
    let drawn = this.uint32();
    while (drawn >= fair) drawn = this.uint32();
    return least + (drawn % span);
  }

  pick<T>(choices: readonly T[]): T {
    if (choices.length === 0) throw new RangeError('pick: nothing to choose from');
    return choices[this.integer(0, choices.length - 1)]!;
  }

  /** `length` random bytes. */
  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    const view = new DataView(bytes.buffer);
    let offset = 0;
    for (; offset + 4 <= length; offset += 4) view.setUint32(offset, this.uint32(), true);
    for (; offset < length; offset++) bytes[offset] = this.uint32();
    return bytes;
  }

  /** A BlobId: 16 random bytes with the version and variant bits of UUID v4, as clients make them. */
  blobId(): Uint8Array {
    const id = this.bytes(16);
    id[6] = (id[6]! & 0x0f) | 0x40;
    id[8] = (id[8]! & 0x3f) | 0x80;
    return id;
  }
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
