import { REQUIREMENTS, type Requirement } from '@0k-sync/spec';
import type { Context } from './context.ts';
import type { Need } from './target/target.ts';

/** What a check is, as its author writes it. */
export interface CheckDefinition {
  /** What is looked at, in a few words and without a full stop: "a page ends before the frame limit". */
  readonly title: string;
  /** Requirements that it verifies beyond the one its id begins with. */
  readonly requirements?: readonly string[];
  /** What the target must offer; without it the check is not run. */
  readonly needs?: readonly Need[];
  /** Left out, it is that of the first requirement. */
  readonly profile?: string;
  /**
   * How long the whole check may take, in seconds; left out, six times the wait for one answer, but at least 60. Of a check
   * that runs plans it may depend on how many are asked for.
   */
  readonly seconds?: number | ((plans: number | undefined) => number);
  /**
   * Left out by `--quick`: takes more than four seconds of a relay that answers at once, or seconds with nothing beside it, or
   * has the relay shut down.
   */
  readonly slow?: boolean;
  /** Does little but wait for time to pass: it does not count among those that may run at once, unless only one may. */
  readonly waits?: boolean;
  /**
   * Must not run beside others: it restarts the target, or measures what others would disturb. Implied by `restart`, `kill`,
   * `stop` and `rates`.
   */
  readonly alone?: boolean;
  /** Searches by plans that follow from the seed: `--only properties` chooses these. */
  readonly isProperty?: boolean;
  /** Returns if the target kept the rule; throws a `Violation` if not. */
  run(context: Context): Promise<void>;
}

/** A registered check. */
export interface Check
  extends Omit<CheckDefinition, 'requirements' | 'needs' | 'profile' | 'slow' | 'waits' | 'alone'> {
  /** Requirement id, optionally with a slug: `CUR-07`, `CUR-07/page-end`. Stable. */
  readonly id: string;
  /** At least one; the first is the one its id begins with. */
  readonly requirements: readonly Requirement[];
  readonly needs: readonly Need[];
  readonly area: string;
  readonly profile: string;
  readonly slow: boolean;
  readonly waits: boolean;
  readonly alone: boolean;
}

/** A check that needs one of these would disturb others, or be disturbed. */
const SOLITARY: readonly Need[] = ['restart', 'kill', 'stop', 'rates'];

const CHECK_ID = /^([A-Z][A-Z0-9]*-\d{2,})(\/[a-z0-9]+(-[a-z0-9]+)*)?$/;

/** All checks, in the order of their areas and numbers. What is wrong with a definition is an error when it is added. */
export class Registry {
  readonly requirements: ReadonlyMap<string, Requirement>;
  readonly #checks = new Map<string, Check>();

  constructor(requirements: Iterable<Requirement>) {
    this.requirements = new Map(Array.from(requirements, (requirement) => [requirement.id, requirement]));
  }

  /** @throws Error on a malformed or repeated id, and on a requirement that does not exist. */
  add(id: string, definition: CheckDefinition): Check {
    const match = CHECK_ID.exec(id);
    if (!match) throw new Error(`check ${id}: an id is a requirement and optionally a slug, as CUR-07/page-end`);
    if (this.#checks.has(id)) throw new Error(`check ${id} is defined twice; give one of them a slug`);
    const cited = [...new Set([match[1]!, ...(definition.requirements ?? [])])];
    const requirements = cited.map((name) => {
      const requirement = this.requirements.get(name);
      if (!requirement) throw new Error(`check ${id} cites ${name}, which is no requirement`);
      return requirement;
    });
    const needs = definition.needs ?? [];
    const check: Check = {
      ...definition,
      id,
      requirements,
      needs,
      area: requirements[0]!.area,
      profile: definition.profile ?? requirements[0]!.profile,
      slow: definition.slow ?? false,
      waits: definition.waits ?? false,
      alone: definition.alone ?? SOLITARY.some((need) => needs.includes(need)),
    };
    this.#checks.set(id, check);
    return check;
  }

  get(id: string): Check | undefined {
    return this.#checks.get(id);
  }

  /** Every check, ordered by the requirements' own order, then by id: the same in each run and on each machine. */
  all(): Check[] {
    const rank = new Map([...this.requirements.keys()].map((id, index) => [id, index]));
    return [...this.#checks.values()].sort(
      (a, b) =>
        rank.get(a.requirements[0]!.id)! - rank.get(b.requirements[0]!.id)! || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
    );
  }

  /** The checks that verify a requirement. */
  verifying(requirement: string): Check[] {
    return this.all().filter((check) => check.requirements.some(({ id }) => id === requirement));
  }
}

/** The registry of the kit's own checks; `checks/index.ts` fills it. */
export const registry = new Registry(REQUIREMENTS);

/**
 * Defines a check.
 *
 * @example
 * check('CUR-10/beyond-the-end', {
 *   title: 'a pull beyond the end is empty',
 *   async run(ctx) {
 *     const device = await ctx.join();
 *     const page = await device.pull(2n ** 64n - 1n);
 *     ctx.equal(page.blobs.length, 0, 'blobs in the page');
 *   },
 * });
 */
export function check(id: string, definition: CheckDefinition): Check {
  return registry.add(id, definition);
}
