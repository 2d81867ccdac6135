/**
 * A group secret made of a passphrase. The salt and the parameters travel in the invite; the passphrase never does, and each
 * device that joins pays for the derivation once.
 */
import { SEAL } from '@0k-sync/spec';
import type { Argon2Parameters, CryptoProvider } from '../crypto/provider.ts';

const { creator, unknown_gib, least, largest } = SEAL.passphrase;
const GIB = 2 ** 30;

export const PASSPHRASE_SALT_LENGTH = SEAL.passphrase.salt;

/** What a device needs besides the passphrase. */
export interface PassphraseParameters extends Argon2Parameters {
  /** 16 random bytes, new for each group. */
  readonly salt: Uint8Array;
}

/**
 * Why no group secret can be made of it. The words are stable: vectors and callers compare them.
 *
 * - `out-of-range`: parameters that `acceptsArgon2Parameters` does not take
 * - `wrong-length`: a salt that has not 16 bytes
 * - `empty-passphrase`: there is none
 * - `invalid-utf8`: the text has a lone surrogate, so it has no UTF-8
 */
export type PassphraseErrorClass = 'out-of-range' | 'wrong-length' | 'empty-passphrase' | 'invalid-utf8';

/** A passphrase or its parameters cannot be used. Repeats nothing of the passphrase. */
export class PassphraseError extends Error {
  override readonly name = 'PassphraseError';
  readonly errorClass: PassphraseErrorClass;

  constructor(errorClass: PassphraseErrorClass, message: string) {
    super(message);
    this.errorClass = errorClass;
  }
}

/**
 * The parameters for a new group: as much as a device of this size does in well under a second, natively (KEY-07 to KEY-10).
 * @param memory the creator's RAM in bytes, left out where it is unknown (in a browser)
 */
export function argon2ParametersFor(memory: number = unknown_gib * GIB): Argon2Parameters {
  const { m, t, p } = creator.find(({ below_gib }) => below_gib === null || memory < below_gib * GIB)!;
  return { m, t, p };
}

/**
 * Whether a joiner takes them: m ≥ 19,456 KiB with t ≥ 2 or m ≥ 47,104 KiB, so that a forged invite cannot make guessing cheap
 * (KEY-12); m ≤ 1,048,576 KiB, t ≤ 16, 1 ≤ p ≤ 16, so that it cannot stop the device (KEY-13).
 */
export function acceptsArgon2Parameters({ m, t, p }: Argon2Parameters): boolean {
  if (![m, t, p].every(Number.isInteger)) return false;
  const strong = least.some((row) => m >= row.m && t >= row.t && p >= row.p);
  return strong && m <= largest.m && t <= largest.t && p <= largest.p;
}

/** A new salt, with the parameters for a device of that much RAM in bytes. */
export function createPassphraseParameters(crypto: CryptoProvider, memory?: number): PassphraseParameters {
  return { salt: crypto.randomBytes(PASSPHRASE_SALT_LENGTH), ...argon2ParametersFor(memory) };
}

/**
 * What a joiner asks of the parameters in an invite, before it derives anything.
 * @throws PassphraseError `out-of-range` or `wrong-length`
 */
export function checkPassphraseParameters(parameters: PassphraseParameters): void {
  const { salt, m, t, p } = parameters;
  if (salt.length !== PASSPHRASE_SALT_LENGTH) {
    throw new PassphraseError('wrong-length', `the salt has ${salt.length} bytes, not ${PASSPHRASE_SALT_LENGTH}`);
  }
  if (!acceptsArgon2Parameters(parameters)) {
    throw new PassphraseError(
      'out-of-range',
      `Argon2id with m ${m}, t ${t}, p ${p} is not accepted: too weak or too costly`,
    );
  }
}

/**
 * What Argon2id is given for a v2 group: the UTF-8 of the passphrase in NFC, so that it does not matter which keyboard composed
 * it. Nothing is cut off or changed otherwise (KEY-04, KEY-06).
 * @throws PassphraseError `empty-passphrase` or `invalid-utf8`
 */
export function passphraseBytes(passphrase: string): Uint8Array {
  if (passphrase === '') throw new PassphraseError('empty-passphrase', 'the passphrase is empty: choose one');
  return encode(passphrase.normalize('NFC'));
}

/**
 * The secret of a v2 group, 32 bytes. Holds the thread, see `CryptoProvider.argon2id`.
 * @throws PassphraseError
 */
export function groupSecretFromPassphrase(
  passphrase: string,
  parameters: PassphraseParameters,
  crypto: CryptoProvider,
): Uint8Array {
  checkPassphraseParameters(parameters);
  return derive(passphraseBytes(passphrase), parameters, crypto);
}

/**
 * The same for a v1 group, which has devices of the deployed implementation: the bytes as typed, whatever their form, even none.
 * @throws PassphraseError, but never `empty-passphrase`
 */
export function groupSecretV1FromPassphrase(
  passphrase: string,
  parameters: PassphraseParameters,
  crypto: CryptoProvider,
): Uint8Array {
  checkPassphraseParameters(parameters);
  return derive(encode(passphrase), parameters, crypto);
}

function encode(text: string): Uint8Array {
  if (!text.isWellFormed()) {
    throw new PassphraseError('invalid-utf8', 'the passphrase has a lone surrogate, which has no UTF-8');
  }
  return new TextEncoder().encode(text);
}

function derive(password: Uint8Array, parameters: PassphraseParameters, crypto: CryptoProvider): Uint8Array {
  try {
    return crypto.argon2id(password, parameters.salt, parameters, SEAL.sizes.group_secret);
  } finally {
    password.fill(0);
  }
}
