import { readFileSync } from 'node:fs';
import { SPEC_VERSION } from '@0k-sync/spec';
import { KIT_VERSION } from './version.ts';

/** How many broken implementations the kit found, of how many that it was tried on. */
export interface Kills {
  readonly killed: number;
  readonly of: number;
}

/** How the kit did when it was tried on implementations of which it is known whether they are right. */
export interface SaboteurScore {
  readonly relays: Kills;
  readonly commonMode: Kills;
  readonly codecs: Kills;
  /** Odd, but right: these have to pass. */
  readonly legal: { readonly passed: number; readonly of: number };
}

/** The file lies one folder up from src/ as from dist/. */
const FILE = new URL('../saboteur-score.json', import.meta.url);

/** The score of this kit, or in a few words why it is not known. */
export function readSaboteurScore(file: URL = FILE): SaboteurScore | { readonly unknown: string } {
  let score: Partial<SaboteurScore> & { kit?: unknown; spec?: unknown };
  try {
    score = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { unknown: isMissing ? 'this kit comes without a score' : 'the score of this kit cannot be read' };
  }
  const { kit, spec, relays, commonMode, codecs, legal } = score ?? {};
  if (kit !== KIT_VERSION || spec !== SPEC_VERSION) {
    return { unknown: 'the score is that of another version of the kit or of the specification' };
  }
  if (!isCount(relays?.killed, relays?.of) || !isCount(commonMode?.killed, commonMode?.of)) return BROKEN;
  if (!isCount(codecs?.killed, codecs?.of) || !isCount(legal?.passed, legal?.of)) return BROKEN;
  const kills = ({ killed, of }: Kills): Kills => ({ killed, of });
  return {
    relays: kills(relays!),
    commonMode: kills(commonMode!),
    codecs: kills(codecs!),
    legal: { passed: legal!.passed, of: legal!.of },
  };
}

const BROKEN = { unknown: 'the score of this kit cannot be read' } as const;

function isCount(some: number | undefined, of: number | undefined): boolean {
  return Number.isInteger(some) && Number.isInteger(of) && some! >= 0 && some! <= of!;
}
