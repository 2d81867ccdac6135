import { MESSAGES, TYPES } from '@0k-sync/spec';

/** Some bytes that stand together, and what they mean. */
export interface WirePart {
  readonly offset: number;
  readonly length: number;
  /** How deep it stands: 0 for the message itself. */
  readonly depth: number;
  /** Which field, as `blobs[0].cursor`; empty for the message itself. */
  readonly name: string;
  readonly meaning: string;
}

type Type = { readonly kind: string; readonly of?: string; readonly fields?: Fields; readonly ext?: Extensions };
type Fields = readonly { readonly name: string; readonly type: string }[];
type Extensions = readonly { readonly key: string; readonly type: string }[];

const types = TYPES as Readonly<Record<string, Type>>;
const text = new TextDecoder();

/** The bytes end here: the rest was not kept, or never came. */
class End extends Error {}

/**
 * Splits the body of a frame, or its beginning, into values of MessagePack, with the names that the specification gives them.
 * It stops where the bytes end and where they are none that a writer of this protocol uses; what follows has no part.
 */
export function wireParts(bytes: Uint8Array): WirePart[] {
  const walk = new Walk(bytes);
  try {
    walk.message();
  } catch (error) {
    if (!(error instanceof End)) throw error;
  }
  return walk.parts;
}

class Walk {
  readonly parts: WirePart[] = [];
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  message(): void {
    const elements = this.#value('', 0);
    if (elements === undefined) return;
    const name = this.#peekText();
    this.#value('name', 1);
    const message = MESSAGES.find((each) => each.name === name);
    this.#elements(elements - 1, message ?? {}, '', 1);
  }

  /** The elements of an array that are left: fields by their order, then the extension map. */
  #elements(count: number, of: { fields?: Fields; ext?: Extensions }, prefix: string, depth: number): void {
    const { fields = [], ext } = of;
    for (let index = 0; index < count; index++) {
      const field = fields[index];
      if (field) this.#typed(prefix + field.name, types[field.type], depth);
      else if (index === fields.length && ext) this.#typed(`${prefix}ext`, { kind: 'ext', ext }, depth);
      else this.#typed(`${prefix}[${index}]`, undefined, depth);
    }
  }

  /** A value and all that is in it. */
  #typed(name: string, type: Type | undefined, depth: number): void {
    const isMap = isMapAt(this.#bytes[this.#at]);
    const count = this.#value(name, depth);
    if (count === undefined) return;
    if (!isMap && type?.kind === 'tuple') {
      this.#elements(count, type, `${name}.`, depth + 1);
      return;
    }
    const inner = type?.of === undefined ? undefined : types[type.of];
    for (let index = 0; index < count; index++) {
      if (!isMap) {
        this.#typed(`${name}[${index}]`, inner, depth + 1);
        continue;
      }
      const key = this.#peekText();
      this.#value(`key of ${name}`, depth + 1);
      const known = type?.ext?.find((each) => each.key === key);
      this.#typed(`${name}.${key ?? '?'}`, known ? types[known.type] : inner, depth + 1);
    }
  }

  /** One value without its children. @returns how many children it has: elements, or pairs of a map; undefined of what has none */
  #value(name: string, depth: number): number | undefined {
    const start = this.#at;
    const first = this.#take(1)[0]!;
    const part = (meaning: string) =>
      this.parts.push({ offset: start, length: this.#at - start, depth, name, meaning });
    const bytes = (kind: string, length: number) => {
      const whole = this.#bytes.length - this.#at >= length;
      const content = this.#bytes.subarray(this.#at, this.#at + length);
      this.#at = Math.min(this.#bytes.length, this.#at + length);
      const shown = kind === 'str' ? `: ${JSON.stringify(text.decode(content))}` : '';
      part(`${kind}, ${length} byte${length === 1 ? '' : 's'}${shown}${whole ? '' : ', cut here'}`);
      if (!whole) throw new End();
      return undefined;
    };
    const children = (kind: 'array' | 'map', count: number) => {
      part(`${kind} of ${count}`);
      return count;
    };
    if (first <= 0x7f) return void part(`${first}`);
    if (first <= 0x8f) return children('map', first & 0x0f);
    if (first <= 0x9f) return children('array', first & 0x0f);
    if (first <= 0xbf) return bytes('str', first & 0x1f);
    if (first === 0xc0) return void part('nil');
    if (first === 0xc2 || first === 0xc3) return void part(`${first === 0xc3}`);
    if (first >= 0xc4 && first <= 0xc6) return bytes('bin', Number(this.#number(2 ** (first - 0xc4))));
    if (first >= 0xcc && first <= 0xcf) {
      const number = this.#number(2 ** (first - 0xcc));
      return void part(`${number}`);
    }
    if (first >= 0xd9 && first <= 0xdb) return bytes('str', Number(this.#number(2 ** (first - 0xd9))));
    if (first === 0xdc || first === 0xdd) return children('array', Number(this.#number(first === 0xdc ? 2 : 4)));
    if (first === 0xde || first === 0xdf) return children('map', Number(this.#number(first === 0xde ? 2 : 4)));
    part('no value of this protocol begins so');
    throw new End();
  }

  #number(width: number): bigint {
    return this.#take(width).reduce((value, byte) => value * 256n + BigInt(byte), 0n);
  }

  #take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new End();
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** The short string that begins here; undefined if none does. */
  #peekText(): string | undefined {
    const first = this.#bytes[this.#at] ?? 0;
    const [header, length] =
      first >= 0xa0 && first <= 0xbf
        ? [1, first & 0x1f]
        : first === 0xd9
          ? [2, this.#bytes[this.#at + 1] ?? 0]
          : [0, 0];
    return header === 0 ? undefined : text.decode(this.#bytes.subarray(this.#at + header, this.#at + header + length));
  }
}

function isMapAt(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x80 && byte <= 0x8f) || byte === 0xde || byte === 0xdf);
}
