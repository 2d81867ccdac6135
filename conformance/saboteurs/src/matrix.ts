import { type Colors, columns, count } from '../../src/report/style.ts';
import { BROKEN, LEGAL } from './all.ts';
import { CODECS } from './codecs/all.ts';
import type { CodecGrade } from './codecs/grade.ts';
import { FAULTS } from './common-mode/faults.ts';
import type { FaultRow } from './common-mode/grade-fault.ts';
import type { Grade, Outcome } from './grade.ts';
import { isBroken } from './saboteur.ts';

/** A broken relay and what became of it. */
export interface BrokenRow {
  readonly name: string;
  readonly breaks: readonly string[];
  readonly harm: string;
  readonly profile?: string;
  readonly outcome: Outcome;
  /** The checks that found what is broken. */
  readonly caughtBy: readonly string[];
  /** The other checks that failed, up to the end of the run or until all that is broken was found. */
  readonly alsoFailed: readonly string[];
  /** Whether the run was made to its end. */
  readonly full?: boolean;
}

export interface LegalRow {
  readonly name: string;
  readonly allowedBy: readonly string[];
  readonly oddity: string;
  readonly outcome: Outcome;
}

/** A codec and what became of it. One that is odd but legal breaks nothing. */
export interface CodecRow {
  readonly name: string;
  readonly breaks: readonly string[];
  /** What people suffer from it, or what is odd about it. */
  readonly about: string;
  readonly outcome: Outcome;
  readonly caughtBy: readonly string[];
}

/** The kill matrix: each saboteur with the checks that failed. It has no times and no addresses, so that it stays the same. */
export interface KillMatrix {
  readonly broken: readonly BrokenRow[];
  /** Faults that the kit shared with the relay. */
  readonly commonMode: readonly FaultRow[];
  readonly legal: readonly LegalRow[];
  readonly codecs: readonly CodecRow[];
}

/** What was tried. */
export interface Tried {
  readonly relays: readonly Grade[];
  readonly faults: readonly FaultRow[];
  readonly codecs: readonly CodecGrade[];
}

/** @param full - whether each run was made to its end. */
export function matrixOf({ relays, faults, codecs }: Tried, full: boolean): KillMatrix {
  const broken: BrokenRow[] = [];
  const legal: LegalRow[] = [];
  for (const { saboteur, outcome, failures } of relays) {
    const { name } = saboteur;
    if (!isBroken(saboteur)) {
      legal.push({ name, allowedBy: saboteur.allowedBy, oddity: saboteur.oddity, outcome });
      continue;
    }
    const { breaks, harm, profile } = saboteur;
    const found = failures.filter(({ requirement, isChance }) => !isChance && breaks.includes(requirement));
    const caughtBy = namesOf(found);
    const alsoFailed = namesOf(failures).filter((check) => !caughtBy.includes(check));
    broken.push({
      name,
      breaks,
      harm,
      ...(profile && { profile }),
      outcome,
      caughtBy,
      alsoFailed,
      ...(full && { full }),
    });
  }
  const commonMode = faults.map(({ name, breaks, what, outcome, killedBy }) => ({
    name,
    breaks,
    what,
    outcome,
    killedBy,
  }));
  return { broken, commonMode, legal, codecs: codecs.map(codecRow) };
}

function codecRow({ codec, outcome, failures }: CodecGrade): CodecRow {
  const breaks: readonly string[] = 'breaks' in codec ? codec.breaks : [];
  const found = failures.filter(({ requirement, isChance }) => !isChance && breaks.includes(requirement));
  const about = 'breaks' in codec ? codec.harm : codec.oddity;
  return { name: codec.name, breaks, about, outcome, caughtBy: namesOf(found) };
}

const namesOf = (failures: Grade['failures']) => [...new Set(failures.map(({ check }) => check))].sort();

/** What is known of all saboteurs after some of them were tried again: those that are gone are left out. */
export function merged(before: KillMatrix, now: KillMatrix): KillMatrix {
  const newest = <Row extends { name: string }>(
    all: readonly { name: string }[],
    kind: (matrix: KillMatrix) => readonly Row[],
  ) =>
    all.flatMap(({ name }) => {
      const row = [now, before].flatMap(kind).find((candidate) => candidate.name === name);
      return row ? [row] : [];
    });
  return {
    broken: newest(BROKEN, ({ broken }) => broken),
    commonMode: newest(FAULTS, ({ commonMode }) => commonMode),
    legal: newest(LEGAL, ({ legal }) => legal),
    codecs: newest(CODECS, ({ codecs }) => codecs),
  };
}

/** A row on each line, so that a change shows as one. */
export function matrixText(matrix: KillMatrix): string {
  const lines = (rows: readonly object[]) => rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n');
  const parts = (['broken', 'commonMode', 'legal', 'codecs'] as const).map(
    (part) => `"${part}": [\n${lines(matrix[part])}\n]`,
  );
  return `{\n${parts.join(',\n')}\n}\n`;
}

/** All parts as tables for a terminal. */
export function renderMatrix({ broken, commonMode, legal, codecs }: KillMatrix, colors: Colors): string {
  const lines = [
    ...tableOf(
      ['broken relay', 'breaks', 'was', 'caught by', 'also failed'],
      broken.map(({ name, breaks, outcome, caughtBy, alsoFailed }) => [
        name,
        breaks.join(' '),
        outcome,
        caughtBy.join(' '),
        alsoFailed.length > 3 ? count(alsoFailed.length, 'check') : alsoFailed.join(' '),
      ]),
    ),
    ...tableOf(
      ['shared fault', 'breaks', 'was', 'caught by'],
      commonMode.map(({ name, breaks, outcome, killedBy }) => [name, breaks.join(' '), outcome, killedBy.join(' ')]),
    ),
    ...tableOf(
      ['odd but legal relay', 'allowed by', 'was'],
      legal.map(({ name, allowedBy, outcome }) => [name, allowedBy.join(' '), outcome]),
    ),
    ...tableOf(
      ['codec', 'breaks', 'was', 'caught by'],
      codecs.map(({ name, breaks, outcome, caughtBy }) => [name, breaks.join(' '), outcome, caughtBy.join(' ')]),
    ),
  ];
  return lines
    .map((line) => (/ (survived|misjudged|accused|unknown)\b/.test(line) ? colors.red(line) : line))
    .join('\n');
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : ['', ...columns([head, ...rows], head.length)];
}

export const isAsItShouldBe = (outcome: Outcome): boolean => outcome === 'killed' || outcome === 'passed';
