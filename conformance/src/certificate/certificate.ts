import schema from '@0k-sync/spec/schemas/certificate.schema.json' with { type: 'json' };
import { schemaCheck } from '../report/schema-check.ts';
import { type Envelope, PAYLOAD_TYPE, preAuthEncoding, writeEnvelope } from './dsse.ts';
import { ALGORITHMS, isSignature, keyId, type PrivateKeys, type PublicKeys, sign } from './keys.ts';
import type { Statement } from './statement.ts';

/** What can be wrong with a certificate. */
export type Flaw =
  /** No JSON, or not in UTF-8. */
  | 'json'
  /** Other JSON than an envelope with two signatures. */
  | 'envelope'
  | 'payload-type'
  /** Base64 that is none, or not in its one form. */
  | 'base64'
  /** Bytes beside the envelope, or another way of writing it. */
  | 'form'
  /** Signed by other keys than those that were given, or named. */
  | 'key'
  | 'Ed25519'
  | 'ML-DSA-65'
  /** Signed, and not what is certified. */
  | 'statement';

/** A certificate that is not to be relied upon, and why. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
  readonly flaw: Flaw;

  constructor(flaw: Flaw, message: string) {
    super(message);
    this.flaw = flaw;
  }
}

/** Signs a statement. @returns the text of the certificate */
export function signStatement(statement: Statement, keys: PrivateKeys): string {
  const body = Buffer.from(JSON.stringify(statement), 'utf8');
  const signatures = sign(keys, preAuthEncoding(PAYLOAD_TYPE, body)).map((signature, index) => ({
    keyid: keyId(keys.keys[index]!),
    sig: Buffer.from(signature).toString('base64'),
  }));
  return writeEnvelope({ payload: body.toString('base64'), payloadType: PAYLOAD_TYPE, signatures });
}

/**
 * Verifies a certificate: both signatures, and that the file is byte for byte what was written.
 *
 * @param expected - the keys that it has to be signed by; left out, those that it names, which shows that it was not changed
 *   and not whose it is.
 * @throws CertificateError
 */
export function verifyCertificate(file: Uint8Array, expected?: PublicKeys): Statement {
  const envelope = parseEnvelope(file);
  if (envelope.payloadType !== PAYLOAD_TYPE) {
    throw new CertificateError('payload-type', `its payload is not of the type ${PAYLOAD_TYPE}`);
  }
  const body = fromBase64(envelope.payload, 'the payload');
  const signatures = envelope.signatures.map(({ sig }, index) => fromBase64(sig, `the ${ALGORITHMS[index]} signature`));
  if (Buffer.compare(Buffer.from(writeEnvelope(envelope)), file) !== 0) {
    throw new CertificateError('form', 'the file has other bytes than those of the certificate that is in it');
  }
  const { keys } = expected ?? { keys: parseStatement(body).predicate['0k-conformance'].keys };
  for (const [index, key] of keys.entries()) {
    if (envelope.signatures[index]!.keyid !== keyId(key)) {
      const whose = expected ? 'the one that was given' : 'the one that it names';
      throw new CertificateError(
        'key',
        `the ${ALGORITHMS[index]} signature is said to be by another key than ${whose}`,
      );
    }
  }
  const message = preAuthEncoding(PAYLOAD_TYPE, body);
  for (const [index, key] of keys.entries()) {
    const algorithm = ALGORITHMS[index]!;
    if (isSignature(key, signatures[index]!, message)) continue;
    throw new CertificateError(
      algorithm,
      `the ${algorithm} signature is wrong: what is signed was changed, or it is by another key`,
    );
  }
  // Only now is it known where these bytes come from.
  const statement = parseStatement(body);
  const named = statement.predicate['0k-conformance'].keys;
  if (named.some((key, index) => keyId(key) !== keyId(keys[index]!))) {
    throw new CertificateError('key', 'it names other keys than those that it is signed by');
  }
  return statement;
}

const checkStatement = schemaCheck(schema);

function parseStatement(body: Uint8Array): Statement {
  let statement: unknown;
  try {
    statement = JSON.parse(decode(body));
  } catch {
    throw new CertificateError('statement', 'what is signed is no JSON');
  }
  const problem = checkStatement(statement);
  if (problem !== undefined) {
    throw new CertificateError('statement', `what is signed is no statement that this version knows: ${problem}`);
  }
  return statement as Statement;
}

function parseEnvelope(file: Uint8Array): Envelope {
  let value: unknown;
  try {
    value = JSON.parse(decode(file));
  } catch {
    throw new CertificateError('json', 'it is no JSON: the file was cut, or it is no certificate');
  }
  const { payload, payloadType, signatures } = Object(value) as Partial<Record<keyof Envelope, unknown>>;
  const isSigned =
    Array.isArray(signatures) &&
    signatures.length === ALGORITHMS.length &&
    signatures.every((each) => typeof each?.keyid === 'string' && typeof each?.sig === 'string');
  if (typeof payload !== 'string' || typeof payloadType !== 'string' || !isSigned) {
    throw new CertificateError(
      'envelope',
      'it is no DSSE envelope with one signature for each of Ed25519 and ML-DSA-65',
    );
  }
  return { payload, payloadType, signatures };
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** The bytes of standard base64 in its one form: padded, and without bits that mean nothing. */
function fromBase64(text: string, what: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') === text) return bytes;
  throw new CertificateError('base64', `${what} is not base64 in its one form`);
}
