import { BROKEN_CODECS } from './broken.ts';
import { LEGAL_CODECS } from './legal.ts';

/** A codec that differs from the one on reference/ by its sources. */
export type Codec = (typeof BROKEN_CODECS)[number] | (typeof LEGAL_CODECS)[number];

/** The broken ones, and the odd ones that have to pass. */
export const CODECS: readonly Codec[] = [...BROKEN_CODECS, ...LEGAL_CODECS];
