import { CodecError } from './codec-error.ts';

const utf8 = new TextEncoder();

/** Writes MessagePack in its shortest form into a buffer of exactly the size that the `sizeOf…` functions gave. */
export class Writer {
  readonly bytes: Uint8Array;
  position: number;

  /**
   * @param reserved bytes left free at the start, for a frame's header
   * @param bytes where to write, of `size` and `reserved` together; zeroed memory of its own without it
   */
  constructor(size: number, reserved = 0, bytes = new Uint8Array(size + reserved)) {
    this.bytes = bytes;
    this.position = reserved;
  }

  uint(value: number): void {
    if (value < 0x80) this.bytes[this.position++] = value;
    else if (value < 0x100) this.#header(0xcc, value, 1);
    else if (value < 0x10000) this.#header(0xcd, value, 2);
    else this.#header(0xce, value, 4);
  }

  uint64(value: bigint): void {
    if (value <= 0xffffffffn) {
      this.uint(Number(value));
      return;
    }
    this.#header(0xcf, Number(value >> 32n), 4);
    this.#integer(Number(value & 0xffffffffn), 4);
  }

  bool(value: boolean): void {
    this.bytes[this.position++] = value ? 0xc3 : 0xc2;
  }

  nil(): void {
    this.bytes[this.position++] = 0xc0;
  }

  bin(value: Uint8Array): void {
    const { length } = value;
    if (length < 0x100) this.#header(0xc4, length, 1);
    else if (length < 0x10000) this.#header(0xc5, length, 2);
    else this.#header(0xc6, length, 4);
    this.bytes.set(value, this.position);
    this.position += length;
  }

  byteArray(value: Uint8Array): void {
    this.arrayHeader(value.length);
    for (const byte of value) this.uint(byte);
  }

  str(value: string): void {
    const length = utf8Length(value);
    if (length < 0x20) this.bytes[this.position++] = 0xa0 | length;
    else if (length < 0x100) this.#header(0xd9, length, 1);
    else if (length < 0x10000) this.#header(0xda, length, 2);
    else this.#header(0xdb, length, 4);
    if (length > value.length) {
      utf8.encodeInto(value, this.bytes.subarray(this.position));
      this.position += length;
      return;
    }
    // ASCII, as nearly all strings are: an encoder would take longer for so few bytes.
    for (let index = 0; index < length; index++) this.bytes[this.position++] = value.charCodeAt(index);
  }

  arrayHeader(length: number): void {
    if (length < 0x10) this.bytes[this.position++] = 0x90 | length;
    else if (length < 0x10000) this.#header(0xdc, length, 2);
    else this.#header(0xdd, length, 4);
  }

  mapHeader(length: number): void {
    if (length < 0x10) this.bytes[this.position++] = 0x80 | length;
    else if (length < 0x10000) this.#header(0xde, length, 2);
    else this.#header(0xdf, length, 4);
  }

  raw(value: Uint8Array): void {
    this.bytes.set(value, this.position);
    this.position += value.length;
  }

  #header(marker: number, value: number, width: 1 | 2 | 4): void {
    this.bytes[this.position++] = marker;
    this.#integer(value, width);
  }

  // By hand, since a DataView for each message costs more than the few integers that are written through it.
  #integer(value: number, width: 1 | 2 | 4): void {
    const { bytes } = this;
    let at = this.position;
    if (width === 4) {
      bytes[at++] = value >>> 24;
      bytes[at++] = value >>> 16;
    }
    if (width >= 2) bytes[at++] = value >>> 8;
    bytes[at++] = value;
    this.position = at;
  }
}

/** A string as it is written, with its header: for what is written often. */
export function encodeStr(value: string): Uint8Array {
  const writer = new Writer(sizeOfStr(value));
  writer.str(value);
  return writer.bytes;
}

export function sizeOfUint(value: number): number {
  return value < 0x80 ? 1 : value < 0x100 ? 2 : value < 0x10000 ? 3 : 5;
}

export function sizeOfUint64(value: bigint): number {
  return value <= 0xffffffffn ? sizeOfUint(Number(value)) : 9;
}

export function sizeOfBin(length: number): number {
  return length + (length < 0x100 ? 2 : length < 0x10000 ? 3 : 5);
}

export function sizeOfByteArray(value: Uint8Array): number {
  let size = sizeOfArrayHeader(value.length) + value.length;
  for (const byte of value) if (byte >= 0x80) size++;
  return size;
}

export function sizeOfStr(value: string): number {
  const length = utf8Length(value);
  return length + (length < 0x20 ? 1 : length < 0x100 ? 2 : length < 0x10000 ? 3 : 5);
}

/** The same for maps. */
export function sizeOfArrayHeader(length: number): number {
  return length < 0x10 ? 1 : length < 0x10000 ? 3 : 5;
}

/** Bytes of a string in UTF-8, counted without encoding it. Throws for a lone surrogate, which has no UTF-8. */
export function utf8Length(value: string): number {
  let length = value.length;
  for (let index = 0; index < value.length; index++) {
    const unit = value.charCodeAt(index);
    if (unit < 0x80) continue;
    if (unit < 0x800) length += 1;
    else if (unit < 0xd800 || unit > 0xdfff) length += 2;
    else {
      const next = value.charCodeAt(index + 1);
      if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) {
        throw new CodecError('invalid-utf8', 'string has a lone surrogate');
      }
      length += 2;
      index++;
    }
  }
  return length;
}
