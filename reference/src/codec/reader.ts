import { CodecError } from './codec-error.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A string shorter than this is built from char codes: TextDecoder costs more than it saves there. */
const SHORT_STRING = 24;

/**
 * Reads MessagePack strictly, in one pass, from a view that it never copies. Each method consumes one value of the type
 * it is named after, of any width (WIRE: readers take every width), and throws {@link CodecError} for anything else.
 * Lengths are compared with what is left before anything is allocated.
 */
export class Reader {
  readonly bytes: Uint8Array;
  readonly end: number;
  position = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.end = bytes.length;
  }

  /** A non-negative integer of at most `max` ≤ 2^32 − 1. */
  uint(max: number): number {
    const at = this.position;
    const marker = this.#marker();
    let value = marker;
    if (marker >= 0x80) {
      switch (marker) {
        case 0xcc:
          value = this.#uint8();
          break;
        case 0xcd:
          value = this.#uint16();
          break;
        case 0xce:
          value = this.#uint32();
          break;
        case 0xd0:
          value = (this.#uint8() << 24) >> 24;
          break;
        case 0xd1:
          value = (this.#uint16() << 16) >> 16;
          break;
        case 0xd2:
          value = this.#uint32() | 0;
          break;
        case 0xcf:
        case 0xd3: {
          const high = this.#uint32();
          const low = this.#uint32();
          value = high === 0 ? low : -1;
          break;
        }
        default:
          if (marker >= 0xe0) value = -1;
          else this.#wrongType(marker, at, 'an integer');
      }
    }
    if (value < 0 || value > max) throw new CodecError('out-of-range', `integer is not within 0 to ${max}`, at);
    return value;
  }

  /** A non-negative integer of 64 bits. */
  uint64(): bigint {
    const at = this.position;
    const marker = at < this.end ? this.bytes[at]! : 0;
    if (marker !== 0xcf && marker !== 0xd3) return BigInt(this.uint(0xffffffff));
    this.position++;
    const high = this.#uint32();
    const low = this.#uint32();
    if (marker === 0xd3 && high >= 0x80000000) throw new CodecError('out-of-range', 'integer is negative', at);
    return high === 0 ? BigInt(low) : (BigInt(high) << 32n) | BigInt(low);
  }

  bool(): boolean {
    const at = this.position;
    const marker = this.#marker();
    if (marker === 0xc2) return false;
    if (marker === 0xc3) return true;
    return this.#wrongType(marker, at, 'true or false');
  }

  /** Consumes a nil and says so, or leaves the input where it is. */
  nil(): boolean {
    if (this.position < this.end && this.bytes[this.position] === 0xc0) {
      this.position++;
      return true;
    }
    return false;
  }

  /** Consumes exactly these bytes and says so, or leaves the input where it is. */
  consume(expected: Uint8Array): boolean {
    if (expected.length > this.end - this.position) return false;
    for (let index = 0; index < expected.length; index++) {
      if (this.bytes[this.position + index] !== expected[index]) return false;
    }
    this.position += expected.length;
    return true;
  }

  /** A byte string, as a view of the input. `length`: the only one allowed. */
  bin(length?: number): Uint8Array {
    const at = this.position;
    const marker = this.#marker();
    let size = 0;
    if (marker === 0xc4) size = this.#uint8();
    else if (marker === 0xc5) size = this.#uint16();
    else if (marker === 0xc6) size = this.#uint32();
    else this.#wrongType(marker, at, 'a byte string');
    if (length !== undefined && size !== length) {
      throw new CodecError('wrong-length', `byte string has not ${length} bytes`, at);
    }
    return this.#slice(this.#take(size), size);
  }

  /** An array of integers of 0 to 255, as the `rmp` encoding writes byte strings. */
  byteArray(length?: number): Uint8Array {
    const at = this.position;
    const size = this.arrayHeader();
    if (length !== undefined && size !== length) {
      throw new CodecError('wrong-length', `array has not ${length} elements`, at);
    }
    this.atLeast(size, at);
    const out = new Uint8Array(size);
    for (let index = 0; index < size; index++) out[index] = this.uint(255);
    return out;
  }

  /** A string of well-formed UTF-8, of at most `maxBytes` bytes. */
  str(maxBytes = 0xffffffff): string {
    const at = this.position;
    const size = this.strHeader();
    if (size > maxBytes) throw new CodecError('wrong-length', `string is over ${maxBytes} bytes`, at);
    const start = this.#take(size);
    if (size < SHORT_STRING) {
      let text = '';
      for (let index = start; index < this.position; index++) {
        const byte = this.bytes[index]!;
        if (byte >= 0x80) return this.#decodeUtf8(start, size);
        text += String.fromCharCode(byte);
      }
      return text;
    }
    return this.#decodeUtf8(start, size);
  }

  /** The header of a string: its length in bytes. What follows is not checked yet. */
  strHeader(): number {
    const at = this.position;
    const marker = this.#marker();
    if (marker >= 0xa0 && marker <= 0xbf) return marker & 0x1f;
    if (marker === 0xd9) return this.#uint8();
    if (marker === 0xda) return this.#uint16();
    if (marker === 0xdb) return this.#uint32();
    return this.#wrongType(marker, at, 'a string');
  }

  /** The header of an array: the number of its elements, not yet compared with what is left. */
  arrayHeader(): number {
    const at = this.position;
    const marker = this.#marker();
    if (marker >= 0x90 && marker <= 0x9f) return marker & 0x0f;
    if (marker === 0xdc) return this.#uint16();
    if (marker === 0xdd) return this.#uint32();
    return this.#wrongType(marker, at, 'an array');
  }

  /** The header of a map: the number of its pairs, not yet compared with what is left. */
  mapHeader(): number {
    const at = this.position;
    const marker = this.#marker();
    if (marker >= 0x80 && marker <= 0x8f) return marker & 0x0f;
    if (marker === 0xde) return this.#uint16();
    if (marker === 0xdf) return this.#uint32();
    return this.#wrongType(marker, at, 'a map');
  }

  /** Steps over one well-formed value with at most `containers` nested arrays and maps, whatever it holds. */
  skip(containers: number): void {
    const at = this.position;
    const marker = this.#marker();
    if (marker <= 0x7f || marker >= 0xe0 || marker === 0xc0 || marker === 0xc2 || marker === 0xc3) return;
    if (marker >= 0xa0 && marker <= 0xbf) return void this.#take(marker & 0x1f);
    let elements = 0;
    if (marker <= 0x8f) elements = (marker & 0x0f) * 2;
    else if (marker <= 0x9f) elements = marker & 0x0f;
    else {
      switch (marker) {
        case 0xc4:
        case 0xd9:
          return void this.#take(this.#uint8());
        case 0xc5:
        case 0xda:
          return void this.#take(this.#uint16());
        case 0xc6:
        case 0xdb:
          return void this.#take(this.#uint32());
        case 0xc7:
          return void this.#take(1 + this.#uint8());
        case 0xc8:
          return void this.#take(1 + this.#uint16());
        case 0xc9:
          return void this.#take(1 + this.#uint32());
        case 0xca:
          return void this.#take(4);
        case 0xcb:
          return void this.#take(8);
        case 0xcc:
        case 0xd0:
          return void this.#take(1);
        case 0xcd:
        case 0xd1:
          return void this.#take(2);
        case 0xce:
        case 0xd2:
          return void this.#take(4);
        case 0xcf:
        case 0xd3:
          return void this.#take(8);
        case 0xd4:
        case 0xd5:
        case 0xd6:
        case 0xd7:
        case 0xd8:
          return void this.#take(1 + 2 ** (marker - 0xd4));
        case 0xdc:
          elements = this.#uint16();
          break;
        case 0xdd:
          elements = this.#uint32();
          break;
        case 0xde:
          elements = this.#uint16() * 2;
          break;
        case 0xdf:
          elements = this.#uint32() * 2;
          break;
        default:
          throw new CodecError('reserved-byte', '0xc1 is not MessagePack', at);
      }
    }
    if (containers === 0) throw new CodecError('too-deep', 'unknown value nests too many containers', at);
    this.atLeast(elements, at);
    for (let index = 0; index < elements; index++) this.skip(containers - 1);
  }

  /** Throws unless at least `count` bytes are left: each element of a container takes one at the least. */
  atLeast(count: number, at = this.position): void {
    if (count > this.end - this.position) throw new CodecError('truncated', 'length runs past the end', at);
  }

  #marker(): number {
    if (this.position >= this.end) throw new CodecError('truncated', 'value is missing', this.position);
    return this.bytes[this.position++]!;
  }

  // By hand, since a DataView for each message costs more than the few integers that are read through it.
  #uint8(): number {
    return this.bytes[this.#take(1)]!;
  }

  #uint16(): number {
    const at = this.#take(2);
    return (this.bytes[at]! << 8) | this.bytes[at + 1]!;
  }

  #uint32(): number {
    const at = this.#take(4);
    const { bytes } = this;
    return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
  }

  /** Steps over `size` bytes and returns where they start. */
  #take(size: number): number {
    const start = this.position;
    if (size > this.end - start) throw new CodecError('truncated', 'value runs past the end', start);
    this.position = start + size;
    return start;
  }

  #slice(start: number, size: number): Uint8Array {
    return new Uint8Array(this.bytes.buffer, this.bytes.byteOffset + start, size);
  }

  #decodeUtf8(start: number, size: number): string {
    try {
      return utf8.decode(this.#slice(start, size));
    } catch {
      throw new CodecError('invalid-utf8', 'string is not well-formed UTF-8', start);
    }
  }

  #wrongType(marker: number, at: number, wanted: string): never {
    if (marker === 0xc1) throw new CodecError('reserved-byte', '0xc1 is not MessagePack', at);
    throw new CodecError('wrong-type', `value is not ${wanted}`, at);
  }
}
