/** Finds bytes in texts, in the ways in which programs write them. */

/** A text without what stands between digits, and with one alphabet of base64. */
class Haystack {
  readonly #hex: string;
  readonly #decimal: string;
  readonly #base64: string;

  constructor(text: string) {
    const close = text.replace(/[\s,:-]|\\n|0x/g, '');
    this.#hex = close.toLowerCase();
    this.#decimal = text.replace(/\s+/g, '');
    this.#base64 = text.replaceAll('-', '+').replaceAll('_', '/');
  }

  /** How the bytes are written in it; undefined if they are not. */
  find(bytes: Uint8Array): string | undefined {
    const buffer = Buffer.from(bytes);
    if (this.#hex.includes(buffer.toString('hex'))) return 'in hexadecimal';
    if (new RegExp(`(?<!\\d)${buffer.join(',')}(?!\\d)`).test(this.#decimal)) return 'as a list of numbers';
    if ([0, 1, 2].some((before) => this.#base64.includes(base64Of(buffer, before)))) return 'in base64';
    return undefined;
  }
}

/** The characters that bytes alone decide when so many others stand before them. */
function base64Of(bytes: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
  return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
}

/** How an id is written in a text, in full; undefined if it is not. */
export function spelled(text: string, id: Uint8Array): string | undefined {
  return new Haystack(text).find(id);
}

/** A piece of this length does not occur by chance. */
const PIECE = 12;

/** How a piece of a secret is written in a text, be it as text or as bytes; undefined if none is. */
export function leaked(text: string, secret: string): string | undefined {
  const haystack = new Haystack(text);
  for (let at = 0; at + PIECE <= secret.length; at++) {
    const piece = secret.slice(at, at + PIECE);
    const how = text.includes(piece) ? 'as text' : haystack.find(Buffer.from(piece));
    if (how !== undefined) return how;
  }
  return undefined;
}
