import { brokenCursors } from './broken/cursors.ts';
import type { Broken, Legal, Saboteur } from './saboteur.ts';

/** Every broken relay, by the area of the rule that it breaks. */
export const BROKEN: readonly Broken[] = [...brokenCursors];

/** Every odd but legal relay. */
export const LEGAL: readonly Legal[] = [];

export const SABOTEURS: readonly Saboteur[] = [...BROKEN, ...LEGAL];

export function saboteurNamed(name: string): Saboteur | undefined {
  return SABOTEURS.find((saboteur) => saboteur.name === name);
}
