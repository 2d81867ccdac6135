import type { RelayParts } from '@0k-sync/relay';

/** A change of one source file, made as the relay's process loads it; the file on the disk stays as it is. */
export interface Patch {
  /** Path from the root of the repository, as `relay/src/sqlite/push.ts`. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** How a relay differs from the reference relay: by a part, or by its sources where no part stands for it. At least one. */
export interface Difference {
  /** Takes the parts that the relay would run with and returns those that it runs with. */
  readonly parts?: (parts: RelayParts) => RelayParts;
  readonly patches?: readonly Patch[];
}

/** A relay that breaks a rule, and nothing else. */
export interface Broken extends Difference {
  /** In lower case, with hyphens: `cursor-reused-after-crash`. */
  readonly name: string;
  /** Ids of requirements, each of which a check must find broken. A few closely related ones at most. */
  readonly breaks: readonly [string, ...string[]];
  /** What people suffer from it, in one line. */
  readonly harm: string;
  /** The profile whose checks are to find it; left out, the default ones. */
  readonly profile?: 'limits';
  /** It is so broken that the kit takes it for no relay at all, before the first check. */
  readonly isNoRelay?: boolean;
  /** It breaks the rule by breaking down. Of any other it says nothing that it broke down. */
  readonly breaksDown?: boolean;
}

/** A relay that is unlike the reference relay in what the rules leave open: it has to pass. */
export interface Legal extends Difference {
  readonly name: string;
  /** Ids of the requirements that allow it, or that it stays within. */
  readonly allowedBy: readonly [string, ...string[]];
  /** What it does differently, in one line. */
  readonly oddity: string;
}

export type Saboteur = Broken | Legal;

export const isBroken = (saboteur: Saboteur): saboteur is Broken => 'breaks' in saboteur;

/** The rules that it breaks, or stays within. */
export const rulesOf = (saboteur: Saboteur): readonly string[] =>
  isBroken(saboteur) ? saboteur.breaks : saboteur.allowedBy;
