/** One value of MessagePack with the bytes that it takes: where a codec wants the value, these pages want the place. */
export interface Value {
  readonly kind: 'array' | 'map' | 'str' | 'bin' | 'uint' | 'nil' | 'bool';
  readonly offset: number;
  /** Bytes before the content or the first child. */
  readonly header: number;
  /** Bytes in all, children included. */
  readonly length: number;
  readonly content: Uint8Array | string | bigint | boolean | null;
  /** Elements of an array; keys and values of a map in turns. */
  readonly children: readonly Value[];
}

/**
 * Reads the value at `offset`. It knows the forms that a writer of this protocol may use, and no others.
 *
 * @throws Error on any other form, and on bytes that end too early
 */
export function readValue(bytes: Uint8Array, offset = 0): Value {
  const first = bytes[offset];
  if (first === undefined) throw new Error(`a value should begin at ${offset}, where the bytes end`);
  /** The unsigned integer of so many bytes behind the first one. */
  const unsigned = (width: number) =>
    bytes.subarray(offset + 1, offset + 1 + width).reduce((value, byte) => value * 256n + BigInt(byte), 0n);

  const scalar = (kind: Value['kind'], content: Value['content'], header: number, size = 0): Value => {
    if (offset + header + size > bytes.length) throw new Error(`the ${kind} at ${offset} runs past the end`);
    return { kind, offset, header, length: header + size, content, children: [] };
  };
  const string = (header: number, size: number) =>
    scalar(
      'str',
      new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
        bytes.subarray(offset + header, offset + header + size),
      ),
      header,
      size,
    );
  const bin = (header: number, size: number) =>
    scalar('bin', bytes.subarray(offset + header, offset + header + size), header, size);
  const container = (kind: 'array' | 'map', header: number, size: number): Value => {
    const children: Value[] = [];
    let end = offset + header;
    for (let left = kind === 'map' ? 2 * size : size; left > 0; left--) {
      const child = readValue(bytes, end);
      children.push(child);
      end += child.length;
    }
    return { kind, offset, header, length: end - offset, content: BigInt(size), children };
  };

  if (first <= 0x7f) return scalar('uint', BigInt(first), 1);
  if (first <= 0x8f) return container('map', 1, first & 0x0f);
  if (first <= 0x9f) return container('array', 1, first & 0x0f);
  if (first <= 0xbf) return string(1, first & 0x1f);
  if (first === 0xc0) return scalar('nil', null, 1);
  if (first === 0xc2 || first === 0xc3) return scalar('bool', first === 0xc3, 1);
  if (first >= 0xc4 && first <= 0xc6) return bin(1 + 2 ** (first - 0xc4), Number(unsigned(2 ** (first - 0xc4))));
  if (first >= 0xcc && first <= 0xcf) return scalar('uint', unsigned(2 ** (first - 0xcc)), 1 + 2 ** (first - 0xcc));
  if (first >= 0xd9 && first <= 0xdb) return string(1 + 2 ** (first - 0xd9), Number(unsigned(2 ** (first - 0xd9))));
  if (first === 0xdc || first === 0xdd)
    return container('array', first === 0xdc ? 3 : 5, Number(unsigned(first === 0xdc ? 2 : 4)));
  if (first === 0xde || first === 0xdf)
    return container('map', first === 0xde ? 3 : 5, Number(unsigned(first === 0xde ? 2 : 4)));
  throw new Error(`0x${first.toString(16)} at ${offset} begins no value that a writer of this protocol uses`);
}
