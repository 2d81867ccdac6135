import { createHash, randomBytes } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { ml_dsa65 } from '@noble/post-quantum/ml-dsa.js';

/** Each certificate has a signature by each of these, in this order. */
export const ALGORITHMS = ['Ed25519', 'ML-DSA-65'] as const;

export type Algorithm = (typeof ALGORITHMS)[number];

/** A public key as a JWK: RFC 8037 for Ed25519, the key type AKP for ML-DSA-65. */
export type PublicJwk =
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string }
  | { readonly kty: 'AKP'; readonly alg: 'ML-DSA-65'; readonly pub: string };

/** The keys of one signer as a JWK Set (RFC 7517), in the order of `ALGORITHMS`. */
export interface PublicKeys {
  readonly keys: readonly [PublicJwk & { readonly kty: 'OKP' }, PublicJwk & { readonly kty: 'AKP' }];
}

/** With the secrets: 32 bytes each, from which the keys follow. */
export interface PrivateKeys {
  readonly keys: readonly [
    PublicKeys['keys'][0] & { readonly d: string },
    PublicKeys['keys'][1] & { readonly priv: string },
  ];
}

/** A key file that is none. The message never has anything of the file in it. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
}

const SEED_BYTES = 32;
const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

export function createKeys(): PrivateKeys {
  return keysFromSeeds(randomBytes(SEED_BYTES), randomBytes(SEED_BYTES));
}

/** @param forEd25519, forMlDsa - 32 bytes each. */
export function keysFromSeeds(forEd25519: Uint8Array, forMlDsa: Uint8Array): PrivateKeys {
  const x = base64url(ed25519.getPublicKey(forEd25519));
  const pub = base64url(ml_dsa65.keygen(forMlDsa).publicKey);
  return {
    keys: [
      { kty: 'OKP', crv: 'Ed25519', x, d: base64url(forEd25519) },
      { kty: 'AKP', alg: 'ML-DSA-65', pub, priv: base64url(forMlDsa) },
    ],
  };
}

export function publicKeys({ keys: [{ x }, { pub }] }: PublicKeys): PublicKeys {
  return {
    keys: [
      { kty: 'OKP', crv: 'Ed25519', x },
      { kty: 'AKP', alg: 'ML-DSA-65', pub },
    ],
  };
}

/** What names a key: the thumbprint of its JWK (RFC 7638), SHA-256 as base64url. */
export function keyId(key: PublicJwk): string {
  // The members that count, in the order of their names, without spaces.
  const members =
    key.kty === 'OKP' ? { crv: key.crv, kty: key.kty, x: key.x } : { alg: key.alg, kty: key.kty, pub: key.pub };
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}

/** One signature by each key, in the order of `ALGORITHMS`. */
export function sign({ keys: [classical, lattice] }: PrivateKeys, message: Uint8Array): [Uint8Array, Uint8Array] {
  const { secretKey } = ml_dsa65.keygen(fromBase64url(lattice.priv));
  return [ed25519.sign(message, fromBase64url(classical.d)), ml_dsa65.sign(message, secretKey)];
}

/** Whether a signature is one by this key. Ed25519 is verified strictly (FIPS 186-5): no two signatures of one message differ in a byte that is not looked at. */
export function isSignature(key: PublicJwk, signature: Uint8Array, message: Uint8Array): boolean {
  try {
    return key.kty === 'OKP'
      ? ed25519.verify(signature, message, fromBase64url(key.x), { zip215: false })
      : ml_dsa65.verify(signature, message, fromBase64url(key.pub));
  } catch {
    return false; // Of another length, or no point of the curve.
  }
}

/** Reads the file of a public key, or of a private one, of which the secrets are left out. @throws KeyError */
export function parsePublicKeys(text: string): PublicKeys {
  const { keys } = parseJson(text);
  const [classical, lattice] = [keys?.[0], keys?.[1]] as Partial<Record<string, unknown>>[];
  if (keys?.length !== 2 || classical?.['kty'] !== 'OKP' || classical['crv'] !== 'Ed25519') throw notKeys();
  if (lattice?.['kty'] !== 'AKP' || lattice['alg'] !== 'ML-DSA-65') throw notKeys();
  const { x } = classical;
  const { pub } = lattice;
  if (!isBase64url(x, 32) || !isBase64url(pub, ml_dsa65.lengths.publicKey!)) throw notKeys();
  return {
    keys: [
      { kty: 'OKP', crv: 'Ed25519', x },
      { kty: 'AKP', alg: 'ML-DSA-65', pub },
    ],
  };
}

/** Reads the file of a private key. @throws KeyError */
export function parsePrivateKeys(text: string): PrivateKeys {
  const { keys } = parsePublicKeys(text);
  const given = parseJson(text).keys as readonly Partial<Record<string, unknown>>[];
  const [d, priv] = [given[0]!['d'], given[1]!['priv']];
  if (d === undefined && priv === undefined) {
    throw new KeyError('it holds public keys alone: name the file of the private key, which `keygen` wrote beside it');
  }
  if (!isBase64url(d, SEED_BYTES) || !isBase64url(priv, SEED_BYTES)) throw notKeys();
  const made = keysFromSeeds(fromBase64url(d), fromBase64url(priv));
  if (made.keys[0].x !== keys[0].x || made.keys[1].pub !== keys[1].pub) {
    throw new KeyError('its public keys are not those of its private keys');
  }
  return made;
}

function notKeys(): KeyError {
  return new KeyError('it is not what `keygen` writes: a JWK Set of one Ed25519 and one ML-DSA-65 key');
}

function parseJson(text: string): { keys?: readonly unknown[] } {
  try {
    const value: unknown = JSON.parse(text);
    const keys = value !== null && typeof value === 'object' && 'keys' in value ? value.keys : undefined;
    return Array.isArray(keys) ? { keys } : {};
  } catch {
    throw notKeys();
  }
}

/** In its one form: without padding, and without bits that mean nothing. */
function isBase64url(value: unknown, bytes: number): value is string {
  return (
    typeof value === 'string' && fromBase64url(value).length === bytes && base64url(fromBase64url(value)) === value
  );
}

function fromBase64url(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'base64url'));
}
