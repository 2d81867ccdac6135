/**
 * Bytes written out: hexadecimal (blanks and `_` between digits are for the reader) and byte strings, put together. What
 * is decisive in a check is written with this and not by the codec, which the relay may share with the kit.
 */
export function bytes(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  return Buffer.concat(
    parts.map((part) => {
      if (typeof part !== 'string') return part;
      const digits = part.replace(/[\s_]/g, '');
      if (!/^([0-9a-f]{2})*$/.test(digits)) throw new Error(`not hexadecimal: ${part}`);
      return Buffer.from(digits, 'hex');
    }),
  );
}

/** The name of a message as MessagePack writes it: a string of at most 31 bytes. */
export function name(text: string): Uint8Array {
  return bytes((0xa0 + text.length).toString(16), Buffer.from(text, 'latin1'));
}

/** A byte string of at most 255 bytes, as MessagePack writes it. */
export function bin(value: Uint8Array): Uint8Array {
  return bytes('c4', value.length.toString(16).padStart(2, '0'), value);
}
