/** Every vector of vectors/argon2.json, with both crypto providers where a secret is derived. */
import { describe, expect, test } from 'vitest';
import {
  argon2ParametersFor,
  type CryptoProvider,
  checkPassphraseParameters,
  groupSecretFromPassphrase,
  groupSecretV1FromPassphrase,
  PassphraseError,
  passphraseBytes,
} from '../src/index.ts';
import { fromHex, judge, providers, toHex, VectorFile } from './vector-file.ts';

interface Derivation {
  passphrase: string;
  groupVersion: 1 | 2;
  salt: string;
  m: number;
  t: number;
  p: number;
  group_secret: string;
}

const file = new VectorFile('argon2');
const classOf = (error: unknown) => (error instanceof PassphraseError ? error.errorClass : undefined);

/** Each derivation takes up to seconds, and many vectors differ only in what they claim of it. */
const derived = new Map<string, string>();

function derive(vector: Derivation, crypto: CryptoProvider): string {
  const { passphrase, groupVersion, salt, m, t, p } = vector;
  const inputs = JSON.stringify([crypto.name, passphrase, groupVersion, salt, m, t, p]);
  const known = derived.get(inputs);
  if (known !== undefined) return known;
  const make = groupVersion === 1 ? groupSecretV1FromPassphrase : groupSecretFromPassphrase;
  const secret = toHex(make(passphrase, { salt: fromHex(salt), m, t, p }, crypto));
  derived.set(inputs, secret);
  return secret;
}

describe.each(providers)('argon2.json, $name', (crypto) => {
  test('group secrets from passphrases', () => {
    file.each<Derivation>('Derivation', (vector, name) => {
      if (vector.result === 'invalid') {
        expect(vector.error, name).toBe('mismatch');
        expect(derive(vector, crypto), name).not.toBe(vector.group_secret);
        return;
      }
      judge(vector, name, classOf, () => expect(derive(vector, crypto), name).toBe(vector.group_secret));
    });
  });
});

describe('argon2.json', () => {
  test('passphrases of v2 groups', () => {
    file.each<{ passphrase: string; normalised?: string }>('Passphrase', (vector, name) => {
      judge(vector, name, classOf, () =>
        expect(toHex(passphraseBytes(vector.passphrase)), name).toBe(vector.normalised),
      );
    });
  });

  test('parameters that a joiner takes', () => {
    interface Parameters {
      m: number;
      t: number;
      p: number;
      saltLength: number;
    }
    file.each<Parameters>('Parameters', (vector, name) => {
      const { m, t, p, saltLength } = vector;
      judge(vector, name, classOf, () => checkPassphraseParameters({ salt: new Uint8Array(saltLength), m, t, p }));
    });
  });

  test('parameters that a creator chooses', () => {
    file.each<{ ram: number | null; m: number; t: number; p: number }>('Creator', (vector, name) => {
      const { ram, m, t, p, result } = vector;
      const chosen = argon2ParametersFor(ram ?? undefined);
      if (result === 'valid') expect(chosen, name).toEqual({ m, t, p });
      else expect(chosen, name).not.toEqual({ m, t, p });
    });
  });
});

test('every vector of the file was run, and each derivation by each provider', () => {
  let derivations = 0;
  file.each('Derivation', () => derivations++);
  // Counting has given them out once more.
  expect(file.ran).toBe(file.numberOfTests + derivations * providers.length);
});
