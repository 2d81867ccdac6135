/** Makes plans: at random, with more weight on the edges, and with what earlier plans left out before what they had. */
import { BLOB_OVERHEAD } from '../model/group.ts';
import type { Random } from '../random.ts';
import type { Coverage } from './coverage.ts';
import type { From, Greeting, Lane, Op, Plan, PrefixStep, PullLimit, Request, Size, Theme, Ttl } from './plan.ts';

/** What a plan may ask of a relay. */
export interface PlanLimits {
  /** Of one payload, in bytes; left out, there is no largest one. */
  readonly maxBlob?: number;
  /** What a group may store, in bytes: each payload and 256 bytes more. */
  readonly quota?: number;
  /** Of the plan, from 1. */
  readonly maxDevices?: number;
}

/** No history lasts so long, in seconds: where the longest life is shorter, blob_ids may be stored anew meanwhile (D-038). */
export const LEAST_MAX_TTL = 120;

/** The most blobs of a plan. */
const MAX_BLOBS = 60;
/** A payload of a plan is mostly no longer, in bytes. */
const SMALL = 40;
/** Every plan fits in a group that may store so many bytes. */
export const LEAST_STORAGE = MAX_BLOBS * (BLOB_OVERHEAD + SMALL + 1);
/** Groups that hold more are not filled. */
const LARGEST_FILL = 8 * 2 ** 20;

/** Whether a group is small enough to be filled, as far as is known. */
export function canFill({ maxBlob, quota = Number.POSITIVE_INFINITY }: PlanLimits): boolean {
  return maxBlob !== undefined && quota <= LARGEST_FILL;
}

const CANDIDATES = 4;

/**
 * The next plan. What is drawn follows from `random` and the plans before.
 *
 * @param choice - of how many plans the one is taken that has most that is new.
 */
export function nextPlan(
  random: Random,
  theme: Theme,
  limits: PlanLimits,
  coverage: Coverage,
  choice = CANDIDATES,
): Plan {
  const { plans: number } = coverage;
  const candidates = Array.from({ length: choice }, () => new Draft(random, theme, limits, number).plan());
  const best = candidates.reduce((a, b) => (coverage.novelty(b) > coverage.novelty(a) ? b : a));
  coverage.add(best);
  return best;
}

type Weighted<T> = readonly (readonly [weight: number, value: T])[];

function pick<T>(random: Random, choices: Weighted<T>): T {
  let left = random.integer(
    1,
    choices.reduce((sum, [weight]) => sum + weight, 0),
  );
  for (const [weight, value] of choices) if ((left -= weight) <= 0) return value;
  throw new RangeError('pick: nothing to choose from');
}

const THEMES: Record<Theme, { devices: number; groups: Weighted<number>; prefix: number; lanes: number; ops: number }> =
  {
    lanes: {
      devices: 3,
      groups: [
        [4, 1],
        [1, 2],
      ],
      prefix: 4,
      lanes: 4,
      ops: 5,
    },
    expiry: { devices: 2, groups: [[1, 1]], prefix: 3, lanes: 2, ops: 4 },
    faults: {
      devices: 3,
      groups: [
        [1, 1],
        [2, 2],
        [1, 3],
      ],
      prefix: 3,
      lanes: 6,
      ops: 6,
    },
  };

/** One plan while it is made. */
class Draft {
  readonly #random: Random;
  readonly #theme: Theme;
  readonly #limits: PlanLimits;
  readonly #blobs: Size[] = [];
  /** The blobs of each group. */
  readonly #ofGroup = new Map<number, number[]>();
  /** Of the plans before it. */
  readonly #number: number;
  #groups = 1;

  constructor(random: Random, theme: Theme, limits: PlanLimits, number: number) {
    this.#random = random;
    this.#theme = theme;
    this.#limits = limits;
    this.#number = number;
  }

  plan(): Plan {
    const random = this.#random;
    const most = THEMES[this.#theme];
    this.#groups = pick(random, most.groups);
    const maxDevices = Math.min(most.devices, this.#limits.maxDevices ?? most.devices);
    const devices = random.integer(Math.min(2, maxDevices), maxDevices);
    const shapes = Array.from({ length: random.integer(2, most.lanes) }, (_, index) => ({
      device: random.integer(0, devices - 1),
      group: index < this.#groups ? index : random.integer(0, this.#groups - 1),
    }));
    const prefix: PrefixStep[] = Array.from({ length: random.integer(0, most.prefix) }, () => {
      const lane = random.integer(0, shapes.length - 1);
      return { lane, op: this.#op(shapes[lane]!.group) };
    });
    const lanes: Lane[] = shapes.map((shape) => ({
      ...shape,
      ops: Array.from({ length: random.integer(1, most.ops) }, () => this.#op(shape.group)),
    }));
    const plan = { devices, groups: this.#groups, blobs: this.#blobs, prefix, lanes, faults: [] };
    if (this.#theme === 'faults') return { ...plan, faults: this.#faults(lanes) };
    if (this.#theme === 'expiry') return withWait(plan, random);
    const costly = costlyOf(this.#number, this.#limits);
    return costly ? withCostly(plan, costly, random) : plan;
  }

  #faults(lanes: readonly Lane[]): Plan['faults'] {
    const sent = lanes.reduce((sum, { ops }) => sum + ops.length, 0);
    const kind = this.#number % 2 === 0 ? 'kill' : 'restart';
    return [{ kind, after: this.#random.integer(1, Math.max(1, sent - 1)) }];
  }

  #op(group: number): Op {
    const random = this.#random;
    const request = (): Op => this.#request(group);
    const how = (): 'bye' | 'cut' => random.pick(['bye', 'cut']);
    return pick<() => Op>(random, [
      [16, request],
      [6, () => this.#together(group)],
      [2, () => ({ op: 'reconnect', how: how(), ...this.#greeting() })],
      [2, () => ({ op: 'connect', ...this.#greeting() })],
      [1, () => ({ op: 'close', how: how() })],
      [1, () => ({ op: 'abandon', blob: this.#fresh(group), ...this.#ttl() })],
      [1, () => ({ op: 'torn', blob: this.#fresh(group) })],
    ])();
  }

  #together(group: number): Op {
    const requests = Array.from({ length: this.#random.integer(2, 5) }, () => this.#request(group));
    return { op: 'together', requests };
  }

  #request(group: number): Request {
    const random = this.#random;
    const own = this.#ofGroup.get(group) ?? [];
    const others = [...this.#ofGroup].flatMap(([other, blobs]) => (other === group ? [] : blobs));
    return pick<() => Request>(random, [
      [5, () => ({ op: 'push', blob: this.#fresh(group), ...this.#ttl() })],
      [own.length > 0 ? 2 : 0, () => ({ op: 'push', blob: random.pick(own), ...this.#ttl() })],
      [own.length > 0 ? 2 : 0, () => ({ op: 'push', blob: random.pick(own), rival: true })],
      [others.length > 0 ? 3 : 0, () => this.#elsewhere(group, random.pick(others))],
      [5, () => ({ op: 'pull', from: this.#from(), limit: this.#limit() })],
    ])();
  }

  /** A blob of another group, which in this one is new. */
  #elsewhere(group: number, blob: number): Request {
    this.#own(group).push(blob);
    return { op: 'push', blob, ...(this.#random.integer(0, 1) === 0 && { rival: true }) };
  }

  #own(group: number): number[] {
    const own = this.#ofGroup.get(group) ?? [];
    this.#ofGroup.set(group, own);
    return own;
  }

  #fresh(group: number): number {
    if (this.#blobs.length >= MAX_BLOBS) return this.#random.integer(0, this.#blobs.length - 1);
    const blob = this.#blobs.push(this.#size()) - 1;
    this.#own(group).push(blob);
    return blob;
  }

  #size(): Size {
    const { maxBlob, quota = Number.POSITIVE_INFINITY } = this.#limits;
    const small = Math.min(SMALL, maxBlob ?? SMALL);
    // Where there is little room, or little time, payloads are small.
    const isRoomy = quota > 3_000_000 && this.#theme === 'lanes';
    const isNew = (size: Size) => maxBlob !== undefined && !this.#blobs.includes(size);
    return pick<() => Size>(this.#random, [
      [48, () => this.#random.integer(1, small)],
      [8, () => 0],
      [isRoomy ? 2 : 0, () => Math.min(70_000, maxBlob ?? 70_000)],
      [isNew('over') ? 1 : 0, () => 'over'],
    ])();
  }

  #ttl(): { ttl?: Ttl } {
    const choices: Weighted<Ttl | undefined> =
      this.#theme === 'expiry'
        ? [
            [4, 1],
            [1, 2],
            [2, undefined],
          ]
        : [
            [12, undefined],
            [1, 'largest'],
            [1, 'over'],
          ];
    const ttl = pick(this.#random, choices);
    return ttl === undefined ? {} : { ttl };
  }

  #from(): From {
    return pick<() => From>(this.#random, [
      [4, () => 'zero'],
      [4, () => 'own'],
      [3, () => this.#random.integer(0, 12)],
      [1, () => 'middle'],
      [1, () => 'end'],
    ])();
  }

  #limit(): PullLimit {
    return pick<PullLimit>(this.#random, [
      [5, 0],
      [3, 1],
      [3, 'exact'],
      [1, 2],
      [1, 3],
      [2, 'over'],
    ]);
  }

  #greeting(): Greeting {
    const random = this.#random;
    return pick<() => Greeting>(random, [
      [4, () => ({ from: this.#from() })],
      [4, () => ({ from: random.integer(0, 12), epoch: 'current', blob: 'right' })],
      [1, () => ({ from: random.integer(0, 12), epoch: 'current', blob: 'wrong' })],
      [1, () => ({ from: random.pick(['middle', 'end'] as const), epoch: 'current' })],
      [1, () => ({ from: this.#from(), epoch: 'stale', blob: 'wrong' })],
    ])();
  }
}

/** What takes a relay long: done in few plans, and not in the first ones. */
function costlyOf(number: number, limits: PlanLimits): 'fill' | 'largest' | undefined {
  if (limits.maxBlob === undefined || (number % 16 !== 7 && number % 16 !== 11)) return undefined;
  return canFill(limits) && number % 16 === 7 ? 'fill' : 'largest';
}

/** The plan with a full group, or a blob as large as allowed, somewhere in it. */
function withCostly(plan: Plan, costly: 'fill' | 'largest', random: Random): Plan {
  const blobs = costly === 'fill' ? plan.blobs : [...plan.blobs, 'largest' as const];
  const op: Op = costly === 'fill' ? { op: 'fill' } : { op: 'push', blob: blobs.length - 1 };
  const index = random.integer(0, plan.lanes.length - 1);
  const { ops } = plan.lanes[index]!;
  const lane = { ...plan.lanes[index]!, ops: ops.toSpliced(random.integer(0, ops.length), 0, op) };
  return { ...plan, blobs, lanes: plan.lanes.with(index, lane) };
}

/** The plan with a blob that lives a second, and a wait until it has expired. */
function withWait(plan: Plan, random: Random): Plan {
  const lane = random.integer(0, plan.lanes.length - 1);
  const blobs = [...plan.blobs, random.integer(0, SMALL)];
  const first: PrefixStep = { lane, op: { op: 'push', blob: blobs.length - 1, ttl: 1 } };
  const waiting = random.integer(0, plan.lanes.length - 1);
  const lanes = plan.lanes.map((each, index) => {
    if (index !== waiting) return each;
    const at = random.integer(0, each.ops.length - 1);
    return { ...each, ops: each.ops.toSpliced(at, 0, { op: 'wait' as const }) };
  });
  return { ...plan, blobs, prefix: [...plan.prefix, first], lanes };
}
