/** The media type of an in-toto statement. */
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** A DSSE envelope (DSSE 1.0): bytes of a type, and signatures over both. */
export interface Envelope {
  /** Base64. */
  readonly payload: string;
  readonly payloadType: string;
  readonly signatures: readonly EnvelopeSignature[];
}

export interface EnvelopeSignature {
  /** Which key it should be; says nothing about whether it is. */
  readonly keyid: string;
  /** Base64. */
  readonly sig: string;
}

/** The bytes that are signed: PAE(type, body) of DSSE 1.0. Lengths are those of bytes, in decimal. */
export function preAuthEncoding(payloadType: string, body: Uint8Array): Uint8Array {
  const type = Buffer.from(payloadType, 'utf8');
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} `), type, Buffer.from(` ${body.length} `), body]);
}

/** The one form in which an envelope is written. */
export function writeEnvelope({ payload, payloadType, signatures }: Envelope): string {
  const ordered = { payload, payloadType, signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig })) };
  return `${JSON.stringify(ordered, null, 2)}\n`;
}
