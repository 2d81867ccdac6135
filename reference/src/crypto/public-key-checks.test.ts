import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { NoiseError } from './errors.ts';
import { nobleCrypto } from './noble.ts';
import { nodeCrypto } from './node.ts';
import { checkMlKem768PublicKey, checkX25519PublicKey, littleEndian } from './public-key-checks.ts';

const P = 2n ** 255n - 19n;
const secret = new Uint8Array(32).fill(9);

const LOW_ORDER = {
  zero: '0000000000000000000000000000000000000000000000000000000000000000',
  one: '0100000000000000000000000000000000000000000000000000000000000000',
  'order 8, first': 'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  'order 8, second': '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'p − 1': 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
};

function classOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return error instanceof NoiseError ? error.errorClass : String(error);
  }
  return 'accepted';
}

describe.each([nobleCrypto, nodeCrypto])('X25519 public keys with $name', (crypto) => {
  const agree = (publicKey: Uint8Array) => classOf(() => crypto.x25519(secret, publicKey));

  test.each(Object.entries(LOW_ORDER))('low order: %s', (_, hex) => {
    expect(agree(new Uint8Array(Buffer.from(hex, 'hex')))).toBe('low-order');
  });

  test('the same points in their other encodings are not canonical', () => {
    for (const hex of Object.values(LOW_ORDER)) {
      const point = new Uint8Array(Buffer.from(hex, 'hex'));
      point[31]! |= 0x80;
      expect(agree(point)).toBe('bad-public-key');
    }
    for (const value of [P, P + 1n, 2n * P - 1n, 2n * P, 2n * P + 1n]) {
      expect(agree(littleEndian(value))).toBe('bad-public-key');
    }
  });

  test('everything from p to 2^255 − 1 is refused, and what is below is not', () => {
    for (let value = P; value < 2n ** 255n; value++) expect(agree(littleEndian(value))).toBe('bad-public-key');
    expect(agree(littleEndian(P - 2n))).toBe('accepted');
    expect(agree(littleEndian(2n))).toBe('accepted');
  });

  test('RFC 7748 masks bit 255 (5.2, second vector); this protocol refuses it', () => {
    const u = 'e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493';
    expect(agree(new Uint8Array(Buffer.from(u, 'hex')))).toBe('bad-public-key');
  });

  test('another length', () => {
    for (const length of [0, 31, 33]) expect(agree(new Uint8Array(length).fill(1))).toBe('bad-public-key');
  });

  test('a random key below p is accepted', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 2n, max: P - 2n }), (u) => agree(littleEndian(u)) === 'accepted'),
      { numRuns: 25 },
    );
  });
});

describe.each([nobleCrypto, nodeCrypto])('ML-KEM-768 public keys with $name', (crypto) => {
  const { publicKey } = crypto.mlKem768Keygen(new Uint8Array(64).fill(5));
  const encapsulate = (key: Uint8Array) => classOf(() => crypto.mlKem768Encapsulate(key));

  it('refuses a coefficient from q to 4095 at every place', () => {
    fc.assert(
      fc.property(fc.nat(767), fc.integer({ min: 3329, max: 4095 }), (index, coefficient) => {
        expect(encapsulate(withCoefficient(publicKey, index, coefficient))).toBe('bad-public-key');
      }),
      {
        numRuns: 200,
        examples: [
          [0, 3329],
          [1, 3329],
          [766, 4095],
          [767, 3329],
        ],
      },
    );
  });

  it('accepts every coefficient below q', () => {
    fc.assert(
      fc.property(fc.nat(767), fc.nat(3328), (index, coefficient) => {
        expect(encapsulate(withCoefficient(publicKey, index, coefficient))).toBe('accepted');
      }),
      {
        numRuns: 25,
        examples: [
          [0, 3328],
          [767, 3328],
        ],
      },
    );
  });

  it('refuses another length', () => {
    expect(encapsulate(publicKey.subarray(1))).toBe('bad-public-key');
    expect(encapsulate(new Uint8Array(1185))).toBe('bad-public-key');
  });
});

test('the checks themselves throw nothing on good keys', () => {
  expect(() => checkX25519PublicKey(nobleCrypto.x25519Keygen(secret).publicKey)).not.toThrow();
  expect(() => checkMlKem768PublicKey(nobleCrypto.mlKem768Keygen(new Uint8Array(64)).publicKey)).not.toThrow();
});

/** ByteEncode12 puts two coefficients into three bytes. */
function withCoefficient(publicKey: Uint8Array, index: number, coefficient: number): Uint8Array {
  const changed = publicKey.slice();
  const at = 3 * (index >> 1);
  if (index % 2 === 0) {
    changed[at] = coefficient & 0xff;
    changed[at + 1] = (changed[at + 1]! & 0xf0) | (coefficient >> 8);
  } else {
    changed[at + 1] = (changed[at + 1]! & 0x0f) | ((coefficient & 0x0f) << 4);
    changed[at + 2] = coefficient >> 4;
  }
  return changed;
}
