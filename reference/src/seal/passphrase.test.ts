import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { nobleCrypto } from '../crypto/noble.ts';
import { nodeCrypto } from '../crypto/node.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import { groupIdV1Of } from '../ids.ts';
import { createGroup } from '../membership.ts';
import { groupKey } from './keys.ts';
import {
  acceptsArgon2Parameters,
  argon2ParametersFor,
  createPassphraseParameters,
  groupSecretFromPassphrase,
  groupSecretV1FromPassphrase,
} from './passphrase.ts';

interface OracleDerivation {
  passphrase: string;
  passphrase_hex: string;
  salt: string;
  memory_kib: number;
  iterations: number;
  parallelism: number;
  ram_mb: number;
  group_secret: string;
  group_id: string;
  auth_key: string;
  encryption_key: string;
}

const oracle = JSON.parse(
  readFileSync(new URL(import.meta.resolve('@0k-sync/vectors/sources/argon2.json')), 'utf8'),
) as OracleDerivation[];
const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
const GB = 2 ** 30;

/** Argon2id that costs nothing: shows what it was asked. */
function recording(asked: unknown[]): CryptoProvider {
  return {
    ...nodeCrypto,
    argon2id(password, salt, { m, t, p }, length) {
      asked.push([Buffer.from(password).toString('hex'), salt, m, t, p, length]);
      return new Uint8Array(length);
    },
  };
}

// By node:crypto alone: noble takes seconds for each, and does them in test/argon2-vectors.test.ts.
describe('group secrets from passphrases', () => {
  const crypto = nodeCrypto;

  test.each(oracle)('what the deployed implementation derives: "$passphrase", salt $salt, m $memory_kib', (vector) => {
    const parameters = { m: vector.memory_kib, t: vector.iterations, p: vector.parallelism };
    const salt = hex(vector.salt);
    expect(argon2ParametersFor(vector.ram_mb * 2 ** 20)).toEqual(parameters);
    // Some of the oracle's salts are not of 16 bytes, which no invite carries.
    const secret =
      salt.length === 16
        ? groupSecretV1FromPassphrase(vector.passphrase, { salt, ...parameters }, crypto)
        : crypto.argon2id(hex(vector.passphrase_hex), salt, parameters, 32);
    expect(secret).toEqual(hex(vector.group_secret));
    expect(groupKey(secret, 'encryption', crypto)).toEqual(hex(vector.encryption_key));
    expect(createGroup(secret, crypto).authSeed).toEqual(hex(vector.auth_key));
    expect(groupIdV1Of(secret, crypto)).toEqual(hex(vector.group_id));
  });
});

describe('parameters', () => {
  test('the creator’s go by its memory', () => {
    const small = { m: 19_456, t: 2, p: 1 };
    const middle = { m: 47_104, t: 1, p: 1 };
    const large = { m: 65_536, t: 3, p: 4 };
    expect([0, 4 * GB - 1, 4 * GB, 8 * GB - 1, 8 * GB, 512 * GB].map((memory) => argon2ParametersFor(memory))).toEqual([
      small,
      small,
      middle,
      middle,
      large,
      large,
    ]);
    expect(argon2ParametersFor()).toEqual(middle);
    for (const chosen of [small, middle, large]) expect(acceptsArgon2Parameters(chosen)).toBe(true);
  });

  test('what a joiner takes, at every edge', () => {
    const taken: [number, number, number][] = [
      [19_456, 2, 1],
      [47_104, 1, 1],
      [1_048_576, 16, 16],
    ];
    const refused: [number, number, number][] = [
      [19_455, 2, 1],
      [19_456, 1, 1],
      [47_103, 1, 1],
      [47_104, 0, 1],
      [1_048_577, 2, 1],
      [19_456, 17, 1],
      [19_456, 2, 17],
      [19_456, 2, 0],
      [19_456.5, 2, 1],
      [19_456, Number.NaN, 1],
      [Number.POSITIVE_INFINITY, 2, 1],
    ];
    for (const [m, t, p] of taken) expect(acceptsArgon2Parameters({ m, t, p }), `${m} ${t} ${p}`).toBe(true);
    for (const [m, t, p] of refused) {
      expect(acceptsArgon2Parameters({ m, t, p }), `${m} ${t} ${p}`).toBe(false);
      const asked: unknown[] = [];
      const parameters = { salt: new Uint8Array(16), m, t, p };
      expect(() => groupSecretFromPassphrase('x', parameters, recording(asked))).toThrow(refusal('out-of-range'));
      expect(asked).toEqual([]);
    }
  });

  test('a new group has a salt of its own', () => {
    const [one, other] = [createPassphraseParameters(nobleCrypto), createPassphraseParameters(nobleCrypto, 16 * GB)];
    expect(one!.salt.length).toBe(16);
    expect(one!.salt).not.toEqual(other!.salt);
    expect(other).toMatchObject({ m: 65_536, t: 3, p: 4 });
  });
});

describe('passphrases', () => {
  const parameters = { salt: new Uint8Array(16).fill(5), m: 19_456, t: 2, p: 1 };
  const bytesOf = (derive: typeof groupSecretFromPassphrase, passphrase: string) => {
    const asked: [string][] = [];
    expect(derive(passphrase, parameters, recording(asked)).length).toBe(32);
    expect(asked).toEqual([[expect.any(String), parameters.salt, 19_456, 2, 1, 32]]);
    return asked[0]![0];
  };

  it('are the same in v2 however they were composed, and bytes as typed in v1', () => {
    const composed = Buffer.from('p\u00e4ss').toString('hex');
    expect(bytesOf(groupSecretFromPassphrase, 'p\u00e4ss')).toBe(composed);
    expect(bytesOf(groupSecretFromPassphrase, 'pa\u0308ss')).toBe(composed);
    expect(bytesOf(groupSecretV1FromPassphrase, 'pa\u0308ss')).toBe(Buffer.from('pa\u0308ss').toString('hex'));
    // NFC, not NFKC: a ligature stays one.
    expect(bytesOf(groupSecretFromPassphrase, '\ufb01')).toBe('efac81');
  });

  it('are not trimmed', () => {
    expect(bytesOf(groupSecretFromPassphrase, ' x ')).toBe('207820');
  });

  it('may be empty in v1 only', () => {
    expect(() => groupSecretFromPassphrase('', parameters, nodeCrypto)).toThrow(refusal('empty-passphrase'));
    expect(bytesOf(groupSecretV1FromPassphrase, '')).toBe('');
  });

  it('have a UTF-8 form, and a salt of 16 bytes', () => {
    for (const derive of [groupSecretFromPassphrase, groupSecretV1FromPassphrase]) {
      expect(() => derive('x\ud800', parameters, nodeCrypto)).toThrow(refusal('invalid-utf8'));
      expect(() => derive('x', { ...parameters, salt: new Uint8Array(15) }, nodeCrypto)).toThrow(
        refusal('wrong-length'),
      );
    }
  });

  it('are wiped after use, and never in an error', () => {
    let seen = new Uint8Array(1);
    const keeping: CryptoProvider = {
      ...nodeCrypto,
      argon2id(password) {
        seen = password as Uint8Array<ArrayBuffer>;
        return new Uint8Array(32);
      },
    };
    groupSecretFromPassphrase('secret words', parameters, keeping);
    expect(seen).toEqual(new Uint8Array(12));
    const run = () => groupSecretFromPassphrase('secret words', { ...parameters, m: 8 }, nodeCrypto);
    expect(run).toThrow(expect.objectContaining({ message: expect.not.stringContaining('secret words') }));
  });
});

function refusal(errorClass: string) {
  return expect.objectContaining({ name: 'PassphraseError', errorClass });
}
