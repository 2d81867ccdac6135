import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { nobleCrypto } from '../crypto/noble.ts';
import { nodeCrypto } from '../crypto/node.ts';
import { CipherState } from './cipher-state.ts';

const key = () => Uint8Array.from({ length: 32 }, (_, i) => i);
const NOTHING = new Uint8Array(0);
const text = (number: number) => new TextEncoder().encode(`message ${number}`);
const refused = (errorClass: string) => expect.objectContaining({ name: 'NoiseError', errorClass });

/** The 12 bytes that the Noise specification, 12.3, makes of n for ChaChaPoly. */
function nonceBytes(n: bigint): Uint8Array {
  const bytes = new Uint8Array(12);
  new DataView(bytes.buffer).setBigUint64(4, n, true);
  return bytes;
}

describe.each([nobleCrypto, nodeCrypto])('with $name', (crypto) => {
  const pair = (nonce = 0) => [new CipherState(crypto, key(), nonce), new CipherState(crypto, key(), nonce)] as const;

  test('the nonce of a message is its number, in 64 bits', () => {
    for (const start of [0, 1, 255, 256, 2 ** 32 - 2, 2 ** 40 + 7]) {
      const sender = new CipherState(crypto, key(), start);
      for (let n = start; n < start + 3 && (n + 1) % 65_536 !== 0; n++) {
        const sealed = sender.encrypt(text(n), key());
        expect(crypto.chacha20Poly1305Open(key(), nonceBytes(BigInt(n)), key(), sealed)).toEqual(text(n));
      }
    }
  });

  test('the key changes after the messages 65,535 and 131,071, and the nonce goes on', () => {
    const rekeyed = (k: Uint8Array) =>
      crypto.chacha20Poly1305Seal(k, nonceBytes(2n ** 64n - 1n), NOTHING, new Uint8Array(32)).slice(0, 32);
    for (const boundary of [65_536, 131_072]) {
      const [sender, receiver] = pair(boundary - 6);
      for (let n = boundary - 6; n < boundary + 6; n++) {
        const sealed = sender.encrypt(text(n));
        const expectedKey = n < boundary ? key() : rekeyed(key());
        expect(crypto.chacha20Poly1305Open(expectedKey, nonceBytes(BigInt(n)), NOTHING, sealed)).toEqual(text(n));
        expect(receiver.decrypt(sealed)).toEqual(text(n));
        expect([sender.nonce, receiver.nonce]).toEqual([n + 1, n + 1]);
      }
    }
  });

  test('a rekey by hand changes the key at any time', () => {
    const [sender, receiver] = pair();
    expect(receiver.decrypt(sender.encrypt(text(0)))).toEqual(text(0));
    sender.rekey();
    receiver.rekey();
    expect(receiver.decrypt(sender.encrypt(text(1)))).toEqual(text(1));
    sender.rekey();
    expect(() => receiver.decrypt(sender.encrypt(text(2)))).toThrow(refused('decrypt'));
  });

  test('a rekey without a key changes nothing', () => {
    const state = new CipherState(crypto);
    state.rekey();
    expect(state.hasKey).toBe(false);
    expect(state.encrypt(text(0))).toEqual(text(0));
  });

  test('what arrives twice, too early or not at all ends the channel', () => {
    const orders = { replayed: [0, 0], swapped: [1, 0], skipped: [0, 2] };
    for (const order of Object.values(orders)) {
      const [sender, receiver] = pair();
      const messages = [0, 1, 2].map((n) => sender.encrypt(text(n)));
      const failure = order.findIndex((number, place) => number !== place);
      for (const [place, number] of order.entries()) {
        if (place < failure) expect(receiver.decrypt(messages[number]!)).toEqual(text(number));
        if (place === failure) expect(() => receiver.decrypt(messages[number]!)).toThrow(refused('decrypt'));
      }
      // The right message does not revive it.
      expect(() => receiver.decrypt(messages[failure]!)).toThrow(refused('failed-state'));
    }
  });

  test('any flipped bit is found', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(), fc.nat(7), (plaintext, place, bit) => {
        const [sender, receiver] = pair();
        const sealed = sender.encrypt(plaintext);
        sealed[place % sealed.length]! ^= 1 << bit;
        expect(() => receiver.decrypt(sealed)).toThrow(refused('decrypt'));
      }),
      { numRuns: 200 },
    );
  });

  test('lengths: 16 to 65,535 bytes on the wire', () => {
    const largest = new Uint8Array(65_519).fill(1);
    const [sender, receiver] = pair();
    expect(receiver.decrypt(sender.encrypt(NOTHING))).toEqual(NOTHING);
    expect(receiver.decrypt(sender.encrypt(largest))).toEqual(largest);
    expect(() => sender.encrypt(new Uint8Array(65_520))).toThrow(refused('too-long'));
    for (let length = 0; length < 16; length++) {
      expect(() => pair()[1].decrypt(new Uint8Array(length))).toThrow(refused('too-short'));
    }
    expect(() => pair()[1].decrypt(new Uint8Array(16))).toThrow(refused('decrypt'));
    expect(() => pair()[1].decrypt(new Uint8Array(65_536))).toThrow(refused('too-long'));
    expect(() => receiver.decrypt(new Uint8Array(15))).toThrow(refused('too-short'));
    expect(() => receiver.decrypt(new Uint8Array(100))).toThrow(refused('failed-state'));
  });
});

describe('keys in memory', () => {
  it('overwrites a key that rekey replaces', () => {
    const bytes = key();
    new CipherState(nobleCrypto, bytes).rekey();
    expect(bytes).toEqual(new Uint8Array(32));
  });

  it('overwrites the key on destroy and after a failure, and does nothing afterwards', () => {
    for (const end of [
      (cipher: CipherState) => cipher.destroy(),
      (cipher: CipherState) => expect(() => cipher.decrypt(new Uint8Array(20))).toThrow(refused('decrypt')),
    ]) {
      const bytes = key();
      const cipher = new CipherState(nobleCrypto, bytes);
      end(cipher);
      expect(bytes).toEqual(new Uint8Array(32));
      expect(() => cipher.encrypt(NOTHING)).toThrow(refused('failed-state'));
      expect(() => cipher.rekey()).toThrow(refused('failed-state'));
    }
  });
});
