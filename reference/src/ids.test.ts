import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { nobleCrypto } from './crypto/noble.ts';
import {
  createBlobId,
  decodeBase64url,
  encodeBase64url,
  formatBlobId,
  formatRelayAddress,
  groupIdOf,
  groupIdV1Of,
  IdentifierError,
  parseBlobId,
  parseRelayAddress,
} from './ids.ts';

const identity = Uint8Array.from({ length: 32 }, (_, i) => 8 * i);
const identityText = 'AAgQGCAoMDhASFBYYGhweICIkJigqLC4wMjQ2ODo8Pg';

describe('base64url', () => {
  test('RFC 4648, 10, without padding, and the two characters of its own', () => {
    for (const [bytes, text] of [
      ['', ''],
      ['f', 'Zg'],
      ['fo', 'Zm8'],
      ['foo', 'Zm9v'],
      ['foob', 'Zm9vYg'],
      ['fooba', 'Zm9vYmE'],
      ['foobar', 'Zm9vYmFy'],
    ] as const) {
      expect(encodeBase64url(new TextEncoder().encode(bytes))).toBe(text);
      expect(new TextDecoder().decode(decodeBase64url(text))).toBe(bytes);
    }
    expect(encodeBase64url(Uint8Array.of(255, 254, 253))).toBe('__79');
    expect(encodeBase64url(identity)).toBe(identityText);
    expect(decodeBase64url(identityText, 32)).toEqual(identity);
  });

  test('agrees with Buffer on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = encodeBase64url(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64url'));
        expect(decodeBase64url(text)).toEqual(bytes);
        expect(decodeBase64url(text, bytes.length)).toEqual(bytes);
      }),
    );
  });

  test('one id has one text: nothing else is read', () => {
    const wrong = [
      'Zg==',
      'Zh',
      'Zm9',
      'Z',
      'Zm9vY',
      '+/79',
      'Zm9v ',
      ' Zm9v',
      'Zm 9v',
      'Zm9v\n',
      'Zmé',
      'Zm9v=',
      'Zg=',
      '😀',
    ];
    for (const text of wrong) expect(() => decodeBase64url(text)).toThrow(IdentifierError);
  });

  test('every text that is read is the one that would be written', () => {
    const character = fc.constantFrom(...'ABCxyz019-_+/= ');
    fc.assert(
      fc.property(fc.string({ unit: character, maxLength: 12 }), (text) => {
        let bytes: Uint8Array;
        try {
          bytes = decodeBase64url(text);
        } catch (error) {
          expect(error).toBeInstanceOf(IdentifierError);
          return;
        }
        expect(encodeBase64url(bytes)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  test('a length is a demand', () => {
    for (const length of [0, 31, 33, 34]) expect(() => decodeBase64url(identityText, length)).toThrow(IdentifierError);
    expect(() => decodeBase64url(identityText.slice(0, -1), 32)).toThrow(IdentifierError);
    expect(() => decodeBase64url(`${identityText}A`, 32)).toThrow(IdentifierError);
    expect(() => decodeBase64url(`${identityText.slice(0, -1)}h`, 32)).toThrow(/stand for nothing/);
  });
});

describe('GroupId', () => {
  test('hashes its label and the key or the secret', () => {
    for (const [id, label] of [
      [groupIdOf(identity, nobleCrypto), '0k-sync-group-id-v2'],
      [groupIdV1Of(identity, nobleCrypto), '0k-sync-group-id-v1'],
    ] as const) {
      expect(encodeBase64url(id)).toBe(createHash('sha256').update(label).update(identity).digest('base64url'));
    }
    expect(() => groupIdOf(new Uint8Array(31), nobleCrypto)).toThrow(RangeError);
  });
});

describe('BlobId', () => {
  it('is made as a UUID of version 4', () => {
    const ids = Array.from({ length: 64 }, () => formatBlobId(createBlobId(nobleCrypto)));
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(ids).size).toBe(64);
  });

  it('has a text for any 16 bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        expect(parseBlobId(formatBlobId(bytes))).toEqual(bytes);
        expect(parseBlobId(formatBlobId(bytes).toUpperCase())).toEqual(bytes);
      }),
    );
    expect(formatBlobId(identity.subarray(16))).toBe('80889098-a0a8-b0b8-c0c8-d0d8e0e8f0f8');
  });

  it('is read from nothing else', () => {
    const text = '80889098-a0a8-b0b8-c0c8-d0d8e0e8f0f8';
    for (const wrong of [
      '',
      text.replaceAll('-', ''),
      `{${text}}`,
      `${text}0`,
      ` ${text}`,
      `${text}\n`,
      text.replace('a', 'g'),
    ]) {
      expect(() => parseBlobId(wrong)).toThrow(IdentifierError);
    }
    expect(() => formatBlobId(identity)).toThrow(RangeError);
  });
});

describe('relay address', () => {
  test.each([
    [`wss://relay.example.org:8443/#${identityText}`, 'wss://relay.example.org:8443/', true],
    [`ws://127.0.0.1:4000/#${identityText}`, 'ws://127.0.0.1:4000/', true],
    [`ws://[::1]:4000/some/path?x=1#${identityText}`, 'ws://[::1]:4000/some/path?x=1', true],
    ['wss://relay.example.org', 'wss://relay.example.org/', false],
  ])('%s', (text, url, pinned) => {
    const address = parseRelayAddress(text);
    expect(address.url).toBe(url);
    expect(address.pin).toEqual(pinned ? identity : undefined);
    expect(parseRelayAddress(formatRelayAddress(address))).toEqual(address);
  });

  test.each([
    ['', 'not a URL'],
    ['relay.example.org', 'not a URL'],
    ['https://relay.example.org/', 'ws:// or wss://'],
    ['iroh://0000', 'ws:// or wss://'],
    [`wss:relay.example.org/#${identityText}`, 'two slashes'],
    [`ws:/127.0.0.1:4000/#${identityText}`, 'two slashes'],
    [`wss:///relay.example.org/#${identityText}`, 'two slashes'],
    [`wss:\\\\relay.example.org/#${identityText}`, 'two slashes'],
    ['wss://user:secret@relay.example.org/', 'user name or password'],
    ['wss://user@relay.example.org/', 'user name or password'],
    ['wss://:secret@relay.example.org/', 'user name or password'],
    ['wss://relay.example.org/#', 'expected 32 bytes'],
    [`wss://relay.example.org/#${identityText.slice(1)}`, 'expected 32 bytes'],
    [`wss://relay.example.org/#${identityText}=`, 'expected 32 bytes'],
    [`wss://relay.example.org/#${identityText.replace('A', '+')}`, 'character 1 is not'],
    [`wss://relay.example.org/#${identityText}#${identityText}`, 'expected 32 bytes'],
    [` wss://relay.example.org/#${identityText}`, 'space or a control character'],
    [`wss://relay.example.org/\n#${identityText}`, 'space or a control character'],
  ])('refuses %j', (text, reason) => {
    expect(() => parseRelayAddress(text)).toThrow(IdentifierError);
    expect(() => parseRelayAddress(text)).toThrow(reason);
  });

  it('does not repeat the address in its errors', () => {
    for (const text of ['wss://user:hunter2@relay.example.org/', 'wss://relay.example.org/#hunter2']) {
      expect(() => parseRelayAddress(text)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
      );
    }
  });
});
