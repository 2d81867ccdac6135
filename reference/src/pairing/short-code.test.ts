import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { nobleCrypto } from '../crypto/noble.ts';
import { PairingError } from './pairing-error.ts';
import { createShortCode, formatShortCode, openInvite, parseShortCode, sealInvite } from './short-code.ts';

const anyCharacter = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));
const tenBytes = fc.uint8Array({ minLength: 10, maxLength: 10 });

test('a code is 80 random bits, never twice the same (CODE-01)', () => {
  const codes = Array.from({ length: 64 }, () => createShortCode(nobleCrypto));
  for (const code of codes) expect(code).toMatch(/^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$/);
  expect(new Set(codes).size).toBe(64);
});

test('it is read however it is written down', () => {
  const written = fc.constantFrom<[string, (text: string) => string][]>(
    ['as shown', (text) => text],
    ['in small letters', (text) => text.toLowerCase()],
    ['without hyphens', (text) => text.replaceAll('-', '')],
    ['with spaces', (text) => ` ${text.replaceAll('-', '  ')} `],
    ['with digits', (text) => text.replaceAll('O', '0').replaceAll('I', '1').replaceAll('B', '8')],
  );
  fc.assert(
    fc.property(tenBytes, written, (bytes, [, change]) => {
      const shown = formatShortCode(bytes);
      expect(parseShortCode(change(shown))).toBe(shown.replaceAll('-', ''));
    }),
  );
});

test('different bytes have different codes', () => {
  fc.assert(
    fc.property(tenBytes, tenBytes, (a, b) => {
      expect(formatShortCode(a) === formatShortCode(b)).toBe(Buffer.compare(a, b) === 0);
    }),
  );
  expect(() => formatShortCode(new Uint8Array(9))).toThrow(RangeError);
});

test('whatever is typed: 16 characters of the alphabet, or an error that repeats none of it', () => {
  fc.assert(
    fc.property(
      fc.array(anyCharacter, { maxLength: 24 }).map((all) => all.join('')),
      (typed) => {
        try {
          expect(parseShortCode(typed)).toMatch(/^[A-Z2-7]{16}$/);
        } catch (error) {
          expect(error).toBeInstanceOf(PairingError);
        }
      },
    ),
    { numRuns: 500 },
  );
  expect(() => parseShortCode('KVLF-OWCZ-LJNV-YXK!')).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('YXK') }),
  );
});

describe('a sealed invite', () => {
  const keys = {
    lookupKey: new Uint8Array(16).fill(1),
    lookupText: '01'.repeat(16),
    sealKey: new Uint8Array(32).fill(2),
  };

  it('opens as it was, and under another lookup key not at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (invite) => {
        const payload = sealInvite(invite, keys, nobleCrypto);
        expect(payload).toHaveLength(invite.length + 40);
        expect(openInvite(payload, keys, nobleCrypto)).toEqual(invite);
        const other = { ...keys, lookupKey: new Uint8Array(16) };
        expect(() => openInvite(payload, other, nobleCrypto)).toThrow(
          expect.objectContaining({ errorClass: 'decrypt' }),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('has another nonce each time', () => {
    const nonces = Array.from({ length: 8 }, () => sealInvite(new Uint8Array(1), keys, nobleCrypto).subarray(0, 24));
    expect(new Set(nonces.map((nonce) => Buffer.from(nonce).toString('hex'))).size).toBe(8);
  });
});
