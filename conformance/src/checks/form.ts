/**
 * Reads the bytes that a relay wrote as plain MessagePack and says what is not in canonical form (WIRE-06 to WIRE-09). A
 * reader of its own, apart from the codec: the codec accepts every form and drops unknown keys, and both are the point here.
 */
import { LIMITS, MESSAGES, TYPES } from '@0k-sync/spec';

export interface FormFault {
  readonly requirement: 'WIRE-06' | 'WIRE-07' | 'WIRE-08' | 'WIRE-09';
  readonly what: string;
}

/** Every key of every map that the protocol knows. */
const KNOWN = new Set<string>([
  ...MESSAGES.flatMap((message) => ('ext' in message ? message.ext.map(({ key }) => key) : [])),
  ...TYPES.blob.ext.map(({ key }) => key),
  ...Object.keys(LIMITS),
]);

export type Value = null | boolean | bigint | number | string | Uint8Array | Value[] | Map<Value, Value>;

/** A well-formed MessagePack value, integers as bigint, and everything that is not in its shortest and sorted form. */
export function readForm(body: Uint8Array): { value: Value; faults: FormFault[] } {
  const reader = new FormReader(body);
  return { value: reader.value(), faults: reader.faults };
}

class FormReader {
  readonly faults: FormFault[] = [];
  readonly #body: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(body: Uint8Array) {
    this.#body = body;
    this.#view = new DataView(body.buffer, body.byteOffset, body.length);
  }

  value(): Value {
    const marker = this.#view.getUint8(this.#at++);
    if (marker <= 0x7f) return BigInt(marker);
    if (marker <= 0x8f) return this.#map(marker & 0x0f);
    if (marker <= 0x9f) return this.#array(marker & 0x0f);
    if (marker <= 0xbf) return this.#text(marker & 0x1f);
    if (marker >= 0xe0) return BigInt(marker - 0x100);
    switch (marker) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
        return this.#bytes(this.#length('a byte string', 1, 0));
      case 0xc5:
        return this.#bytes(this.#length('a byte string', 2, 0x100));
      case 0xc6:
        return this.#bytes(this.#length('a byte string', 4, 0x10000));
      case 0xca:
        this.#at += 4;
        return this.#view.getFloat32(this.#at - 4);
      case 0xcb:
        this.#at += 8;
        return this.#view.getFloat64(this.#at - 8);
      case 0xcc:
        return this.#unsigned(1, 0x80n);
      case 0xcd:
        return this.#unsigned(2, 0x100n);
      case 0xce:
        return this.#unsigned(4, 0x10000n);
      case 0xcf:
        return this.#unsigned(8, 0x1_0000_0000n);
      case 0xd0:
      case 0xd1:
      case 0xd2:
      case 0xd3:
        return this.#signed(1 << (marker - 0xd0));
      case 0xd9:
        return this.#text(this.#length('a string', 1, 0x20));
      case 0xda:
        return this.#text(this.#length('a string', 2, 0x100));
      case 0xdb:
        return this.#text(this.#length('a string', 4, 0x10000));
      case 0xdc:
        return this.#array(this.#length('an array', 2, 0x10));
      case 0xdd:
        return this.#array(this.#length('an array', 4, 0x10000));
      case 0xde:
        return this.#map(this.#length('a map', 2, 0x10));
      case 0xdf:
        return this.#map(this.#length('a map', 4, 0x10000));
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#ext(this.#length('an ext', 1 << (marker - 0xc7), 0));
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#ext(1 << (marker - 0xd4));
      default:
        throw new Error('0xc1 is no value');
    }
  }

  #integer(width: number): bigint {
    let value = 0n;
    for (let index = 0; index < width; index++) value = value * 256n + BigInt(this.#view.getUint8(this.#at++));
    return value;
  }

  #unsigned(width: number, least: bigint): bigint {
    const value = this.#integer(width);
    if (value < least) this.faults.push({ requirement: 'WIRE-06', what: `${value} in ${width * 8} bits` });
    return value;
  }

  #signed(width: number): bigint {
    const value = BigInt.asIntN(width * 8, this.#integer(width));
    if (value >= 0n) this.faults.push({ requirement: 'WIRE-06', what: `${value} as a signed integer` });
    return value;
  }

  #length(what: string, width: number, least: number): number {
    const length = Number(this.#integer(width));
    if (length < least) {
      this.faults.push({
        requirement: 'WIRE-07',
        what: `a header of ${width * 8} bits for ${what} of length ${length}`,
      });
    }
    return length;
  }

  #bytes(length: number): Uint8Array {
    this.#at += length;
    return this.#body.subarray(this.#at - length, this.#at);
  }

  #text(length: number): string {
    return Buffer.from(this.#bytes(length)).toString('utf8');
  }

  /** Only unknown keys may have such a value; its type and bytes are of no interest. */
  #ext(length: number): Value {
    this.#at += 1 + length;
    return null;
  }

  #array(length: number): Value[] {
    return Array.from({ length }, () => this.value());
  }

  #map(pairs: number): Map<Value, Value> {
    if (pairs === 0) this.faults.push({ requirement: 'WIRE-09', what: 'an empty map' });
    const out = new Map<Value, Value>();
    let previous: Uint8Array | undefined;
    for (let index = 0; index < pairs; index++) {
      const key = this.value();
      const sortedBy = Buffer.from(typeof key === 'string' ? key : '');
      if (previous && Buffer.compare(previous, sortedBy) >= 0) {
        this.faults.push({ requirement: 'WIRE-08', what: `key ${index + 1} of a map behind a greater one` });
      }
      previous = sortedBy;
      const before = this.faults.length;
      out.set(key, this.value());
      // What the value of an unknown key looks like is its sender's business.
      if (typeof key !== 'string' || !KNOWN.has(key)) this.faults.length = before;
    }
    return out;
  }
}
