import { SPEC_VERSION } from '@0k-sync/spec';
import { KIT_VERSION } from '../../src/version.ts';
import type { KillMatrix } from './matrix.ts';

/** How many of the broken ones were found, or of the legal ones passed. */
export interface Killed {
  readonly killed: number;
  readonly of: number;
}

/** What the published kit says of its power to tell broken relays from correct ones. */
export interface Score {
  readonly kit: string;
  readonly spec: string;
  readonly relays: Killed;
  readonly commonMode: Killed;
  readonly codecs: Killed;
  readonly legal: { readonly passed: number; readonly of: number };
}

/** The score of a whole kill matrix. */
export function scoreOf({ broken, commonMode, legal, codecs }: KillMatrix): Score {
  const brokenCodecs = codecs.filter(({ breaks }) => breaks.length > 0);
  const having = (rows: readonly { outcome: string }[], outcome: string) =>
    rows.filter((row) => row.outcome === outcome).length;
  return {
    kit: KIT_VERSION,
    spec: SPEC_VERSION,
    relays: { killed: having(broken, 'killed'), of: broken.length },
    commonMode: { killed: having(commonMode, 'killed'), of: commonMode.length },
    codecs: { killed: having(brokenCodecs, 'killed'), of: brokenCodecs.length },
    legal: { passed: having(legal, 'passed'), of: legal.length },
  };
}
