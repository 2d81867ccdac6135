/** Every vector of vectors/short-code.json, with both crypto providers. */
import { describe, expect, test } from 'vitest';
import {
  formatShortCode,
  openInvite,
  PairingError,
  parseShortCode,
  SealError,
  type ShortCodeKeys,
  sealInvite,
  shortCodeKeys,
} from '../src/index.ts';
import { fromHex, judge, providers, toHex, type Vector, VectorFile } from './vector-file.ts';

interface Keys {
  lookup_key: string;
  seal_key: string;
}

const file = new VectorFile('short-code');
const classOf = (error: unknown) =>
  error instanceof PairingError || error instanceof SealError ? error.errorClass : undefined;
/** A claim is right, or it is a mismatch. */
const expectClaim = (vector: Vector, name: string, right: boolean) =>
  expect(right, name).toBe(vector.error !== 'mismatch');

describe.each(providers)('short-code.json, $name', (crypto) => {
  test('typed', () => {
    file.each<{ typed: string; normalised?: string }>('Typed', (vector, name) => {
      judge(vector, name, classOf, () => expect(parseShortCode(vector.typed), name).toBe(vector.normalised));
    });
  });

  test('written', () => {
    file.each<{ bytes: string; text: string }>('Written', (vector, name) => {
      expectClaim(vector, name, formatShortCode(fromHex(vector.bytes)) === vector.text);
    });
  });

  test('keys', { timeout: 120_000 }, () => {
    const derived = new Map<string, ShortCodeKeys>();
    file.each<Keys & { characters: string }>('Keys', (vector, name) => {
      const keys = derived.get(vector.characters) ?? shortCodeKeys(vector.characters, crypto);
      derived.set(vector.characters, keys);
      const right = keys.lookupText === vector.lookup_key && toHex(keys.sealKey) === vector.seal_key;
      expectClaim(vector, name, right);
      expect(toHex(keys.lookupKey)).toBe(keys.lookupText);
    });
  });

  test('payloads', () => {
    file.each<Keys & { payload: string; invite?: string }>('Payload', (vector, name) => {
      const lookupKey = fromHex(vector.lookup_key);
      const keys = { lookupKey, lookupText: vector.lookup_key, sealKey: fromHex(vector.seal_key) };
      judge(vector, name, classOf, () => {
        const payload = fromHex(vector.payload);
        const invite = openInvite(payload, keys, crypto);
        expect(toHex(invite), name).toBe(vector.invite);
        const drawing = { ...crypto, randomBytes: () => payload.slice(0, 24) };
        expect(toHex(sealInvite(invite, keys, drawing)), name).toBe(vector.payload);
      });
    });
  });
});

test('every vector of the file was run, by each provider', () => {
  expect(file.ran).toBe(file.numberOfTests * providers.length);
});
