import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { nobleCrypto } from '../crypto/noble.ts';
import { nodeCrypto } from '../crypto/node.ts';
import { decodeBase64url, encodeBase64url } from '../ids.ts';
import { type DeviceNameContext, isSealedDeviceName, openDeviceName, sealDeviceName } from './device-name.ts';
import { groupKey } from './keys.ts';

const fill = (length: number, byte: number) => new Uint8Array(length).fill(byte);
const utf8 = (text: string) => new TextEncoder().encode(text);

describe.each([nobleCrypto, nodeCrypto])('device names with $name', (crypto) => {
  const context: DeviceNameContext = {
    key: groupKey(fill(32, 7), 'device-name', crypto),
    groupId: fill(32, 0x11),
    deviceId: fill(32, 0x22),
  };
  const roundTrip = (name: string) => openDeviceName(sealDeviceName(name, context, crypto), context, crypto);
  const opened = (name: string, changed: Partial<DeviceNameContext> = {}) => {
    return () => openDeviceName(name, { ...context, ...changed }, crypto);
  };

  /** A sealed name with that plaintext, whatever it is. */
  function sealedOf(plaintext: Uint8Array): string {
    const aad = new Uint8Array(Buffer.concat([utf8('0k-sync-name-v1'), context.groupId, context.deviceId]));
    const nonce = crypto.randomBytes(24);
    const ciphertext = crypto.xchacha20Poly1305Seal(context.key, nonce, aad, plaintext);
    return `~${encodeBase64url(new Uint8Array(Buffer.concat([nonce, ciphertext])))}`;
  }

  function padded(text: string | Uint8Array): Uint8Array {
    const bytes = new Uint8Array(128);
    bytes.set(typeof text === 'string' ? utf8(text) : text);
    return bytes;
  }

  it('has the form that the protocol states, and one length', () => {
    for (const name of ['', 'x', 'Laptop', 'ü'.repeat(500)]) {
      const sealed = sealDeviceName(name, context, crypto);
      expect(sealed).toMatch(/^~[A-Za-z0-9_-]{224}$/);
      expect(isSealedDeviceName(sealed)).toBe(true);
    }
    expect(opened(sealedOf(padded('Laptop')))()).toBe('Laptop');
  });

  it('keeps names of up to 127 bytes, in NFC', () => {
    const short = fc.string({ unit: 'grapheme', maxLength: 20 });
    fc.assert(
      fc.property(short, (name) => {
        fc.pre(!name.includes('\0') && utf8(name.normalize('NFC')).length <= 127);
        expect(roundTrip(name)).toBe(name.normalize('NFC'));
      }),
      { numRuns: 60 },
    );
    expect(roundTrip('Zoe\u0308')).toBe('Zo\u00eb');
    expect(roundTrip('\ufeffname')).toBe('\ufeffname');
  });

  it('cuts between characters, never within one', () => {
    expect(roundTrip('a'.repeat(127))).toBe('a'.repeat(127));
    expect(roundTrip('a'.repeat(128))).toBe('a'.repeat(127));
    expect(roundTrip(`${'a'.repeat(126)}ü`)).toBe('a'.repeat(126));
    expect(roundTrip(`${'a'.repeat(125)}üb`)).toBe(`${'a'.repeat(125)}ü`);
    for (const before of [124, 125, 126]) {
      expect(roundTrip(`${'a'.repeat(before)}\u{1f4f1}b`)).toBe('a'.repeat(before));
    }
    expect(roundTrip(`${'a'.repeat(123)}\u{1f4f1}b`)).toBe(`${'a'.repeat(123)}\u{1f4f1}`);
    // NFC first: 126 letters and a composed one of 2 bytes do not fit, 125 do.
    expect(roundTrip(`${'a'.repeat(125)}u\u0308`)).toBe(`${'a'.repeat(125)}ü`);
  });

  it('does not open when a bit is flipped, for another device or group, or under another key', () => {
    const sealed = sealDeviceName('Laptop', context, crypto);
    const bytes = decodeBase64url(sealed.slice(1));
    for (let index = 0; index < bytes.length; index++) {
      const changed = bytes.slice();
      changed[index]! ^= 1 << (index % 8);
      expect(opened(`~${encodeBase64url(changed)}`)).toThrow(refusal('decrypt'));
    }
    expect(opened(sealed, { deviceId: fill(32, 0x23) })).toThrow(refusal('decrypt'));
    expect(opened(sealed, { groupId: fill(32, 0x12) })).toThrow(refusal('decrypt'));
    expect(opened(sealed, { key: groupKey(fill(32, 7), 'encryption', crypto) })).toThrow(refusal('decrypt'));
  });

  it('refuses another text form', () => {
    const sealed = sealDeviceName('Laptop', context, crypto);
    for (const plain of ['', 'Laptop', sealed.slice(1)]) expect(opened(plain)).toThrow(refusal('wrong-version'));
    for (const wrong of ['~', '~Laptop', sealed.slice(0, -1), `${sealed}A`, `${sealed.slice(0, -1)}=`, `~${sealed}`]) {
      expect(opened(wrong)).toThrow(refusal('malformed'));
    }
  });

  it('refuses another padding, and bytes that are no text', () => {
    const late = padded('Laptop');
    late[127] = 1;
    expect(opened(sealedOf(late))).toThrow(refusal('wrong-padding'));
    expect(opened(sealedOf(padded('Lap\0top')))).toThrow(refusal('wrong-padding'));
    expect(opened(sealedOf(fill(128, 0x61)))).toThrow(refusal('wrong-padding'));
    expect(opened(sealedOf(padded(Uint8Array.of(0x61, 0xff))))).toThrow(refusal('malformed'));
    expect(opened(sealedOf(padded(Uint8Array.of(0xed, 0xa0, 0x80))))).toThrow(refusal('malformed'));
  });

  it('does not write a name that holds the padding', () => {
    expect(() => sealDeviceName('Lap\0top', context, crypto)).toThrow(RangeError);
  });
});

test('both providers seal to the same text', () => {
  const context = { key: fill(32, 9), groupId: fill(32, 1), deviceId: fill(32, 2) };
  const texts = [nobleCrypto, nodeCrypto].map((crypto) =>
    sealDeviceName('Laptop', context, { ...crypto, randomBytes: (length: number) => fill(length, 3) }),
  );
  expect(texts[0]).toBe(texts[1]);
});

function refusal(errorClass: string) {
  return expect.objectContaining({ name: 'SealError', errorClass });
}
