import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type KillMatrix, matrixText, merged } from './matrix.ts';
import { type Score, scoreOf } from './score.ts';

export const MATRIX_FILE = new URL('../kill-matrix.json', import.meta.url);
/** In the published kit. */
export const SCORE_FILE = new URL('../../saboteur-score.json', import.meta.url);

export function readMatrix(): KillMatrix {
  return existsSync(MATRIX_FILE)
    ? JSON.parse(readFileSync(MATRIX_FILE, 'utf8'))
    : { broken: [], commonMode: [], legal: [], codecs: [] };
}

export function readScore(): Score | undefined {
  return existsSync(SCORE_FILE) ? JSON.parse(readFileSync(SCORE_FILE, 'utf8')) : undefined;
}

/** Writes what was found out anew; what was not tried this time stays as it was. */
export function writeResults(now: KillMatrix): void {
  const whole = merged(readMatrix(), now);
  writeFileSync(MATRIX_FILE, matrixText(whole));
  writeFileSync(SCORE_FILE, `${JSON.stringify(scoreOf(whole), null, 2)}\n`);
}
