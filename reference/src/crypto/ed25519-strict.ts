/**
 * Which Ed25519 signatures the protocol accepts. RFC 8032 leaves room where libraries differ; a proof of membership must mean
 * the same to every relay, so what can be told from the encodings alone is settled here, before a provider is asked:
 *
 * - S < L, or one signature would have many encodings;
 * - A and R canonical: y < p, and no sign on x = 0;
 * - A not of small order, or a key would exist whose signatures fit every message.
 *
 * The providers then test the cofactorless equation [S]B = R + [k]A. R may be of small order: only a signer who gives the key away
 * makes such a signature, and RFC 8032 does not forbid it.
 */
import { equals, isLess, littleEndian } from './public-key-checks.ts';

const P = 2n ** 255n - 19n;
const L = littleEndian(2n ** 252n + 27742317777372353535851937790883648493n);
const FIELD = littleEndian(P);

/** y of the eight points whose order divides 8; the order 4 points have y = 0, those of order 8 the last two. */
const SMALL_ORDER_Y = [
  0n,
  1n,
  P - 1n,
  2707385501144840649318225287225658788936804267575313519463743609750303402022n,
  P - 2707385501144840649318225287225658788936804267575313519463743609750303402022n,
].map(littleEndian);

/** Only these two y have x = 0, and so no negative x. */
const WITHOUT_SIGN = [littleEndian(1n), littleEndian(P - 1n)];

/**
 * Whether signature and key are encoded as the protocol demands. Says nothing about the signature being right.
 * @param signature R ‖ S; another length than 64 is false
 * @param publicKey A; another length than 32 is false
 */
export function isStrictlyEncoded(signature: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== 32) return false;
  return (
    isLess(signature.subarray(32), L) &&
    isCanonicalPoint(signature.subarray(0, 32)) &&
    isCanonicalPoint(publicKey) &&
    !isSmallOrder(publicKey)
  );
}

/** Whether a canonical encoding stands for a point whose order divides 8. */
export function isSmallOrder(encoding: Uint8Array): boolean {
  const y = yOf(encoding);
  return SMALL_ORDER_Y.some((small) => equals(small, y));
}

function isCanonicalPoint(encoding: Uint8Array): boolean {
  const y = yOf(encoding);
  const negative = encoding[31]! >= 0x80;
  return isLess(y, FIELD) && !(negative && WITHOUT_SIGN.some((special) => equals(special, y)));
}

function yOf(encoding: Uint8Array): Uint8Array {
  const y = Uint8Array.from(encoding);
  y[31]! &= 0x7f;
  return y;
}
