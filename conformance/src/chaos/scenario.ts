/** What a chaos scenario is: plain data. The proxy, the devices and the rules that are checked are elsewhere. */
import type { LimitName } from '@0k-sync/spec';
import type { Need } from '../target/target.ts';

export const CHAOS_PROFILES = ['latency', 'cut', 'kill'] as const;
export type ChaosProfile = (typeof CHAOS_PROFILES)[number];

/** A whole number, or one that is drawn from a range by the seed, both ends included. */
export type Amount = number | readonly [least: number, most: number];

/**
 * A toxic as Toxiproxy takes it; upstream is towards the relay. Toxicity is 1 and nothing has jitter: Toxiproxy's own dice
 * cannot be thrown again, so what varies is varied by the timeline. Times are milliseconds.
 */
export type Toxic = { readonly stream: 'upstream' | 'downstream' } & (
  | { readonly type: 'latency'; readonly attributes: { readonly latency: Amount } }
  /** Cuts the connection after so many bytes, counted from when the toxic is added. */
  | { readonly type: 'limit_data'; readonly attributes: { readonly bytes: Amount } }
  /** Swallows everything; with 0 the connection stays open, and is closed when the toxic is removed. */
  | { readonly type: 'timeout'; readonly attributes: { readonly timeout: number } }
  /** Resets the connection so long after its first byte. */
  | { readonly type: 'reset_peer'; readonly attributes: { readonly timeout: number } }
);

/**
 * What a device does, and waits for the step that this moment belongs to: it begins, its WebSocket is open, message 2 or 4
 * of the handshake is there, a Push or a Pull is to be sent, a push has been acknowledged, it has nothing to do, its
 * connection has ended.
 */
export type DeviceEvent =
  | 'begin'
  | 'open'
  | 'message 2'
  | 'message 4'
  | 'pushing'
  | 'pulling'
  | 'acknowledged'
  | 'idle'
  | 'lost';

/** When a step is taken. Everything is counted from the step before. */
export type Moment =
  /** The nth time (the first unless said) that a device, or each that is behind a proxy, comes there. */
  | { readonly event: DeviceEvent; readonly of: string | 'each'; readonly nth?: number }
  /** So many pushes have been acknowledged, or all that there are. */
  | { readonly acknowledged: Amount }
  /** So many milliseconds have passed: how long a fault lasts. */
  | { readonly lasts: number };

/** Blobs to be pushed. Sizes in bytes. */
export interface Workload {
  readonly count: number;
  readonly bytes: Amount;
}

export type Action =
  /** A toxic of the same type and stream that is there already is changed. */
  | { readonly kind: 'add'; readonly to: string | 'each'; readonly toxics: readonly Toxic[] }
  /** Closes every connection and takes no new one. */
  | { readonly kind: 'cut'; readonly to: string | 'each' }
  /** Takes all toxics away, and connections again. */
  | { readonly kind: 'heal'; readonly to: string | 'each' }
  | { readonly kind: 'queue'; readonly to: string; readonly pushes: Workload }
  | { readonly kind: 'kill' | 'start' | 'restart' };

export interface Step {
  readonly when: Moment;
  /** The relay itself has to bring the moment about within a limit that it states, else it breaks the rule. */
  readonly within?: { readonly limit: LimitName; readonly rule: string };
  readonly do: readonly Action[];
}

export interface DevicePlan {
  /** One letter: its connections are A1, A2, … in the trace. */
  readonly name: string;
  readonly pushes?: Workload;
  /** Pushes that may wait for their answer at once; 4 unless said. */
  readonly inFlight?: number;
  /** The limit of its pulls; 100 unless said. */
  readonly page?: number;
  /** From before its first connection. */
  readonly toxics?: readonly Toxic[];
  /** Connects to the relay without a proxy. */
  readonly direct?: true;
  /** Never gives a connection up by itself, as one that is asleep. */
  readonly patient?: true;
}

/** One course that a scenario can take. */
export interface Variant {
  readonly name: string;
  /** In the group before the devices begin; one small blob unless said. */
  readonly stored?: Workload;
  readonly devices: readonly DevicePlan[];
  readonly timeline: readonly Step[];
}

export interface Scenario {
  /** As users of the protocol know it. */
  readonly id: string;
  /** `control`: without a fault, and in every run. */
  readonly profile: ChaosProfile | 'control';
  readonly title: string;
  readonly needs?: readonly Need[];
  /** What the relay's limits have to be, where the scenario depends on the default timers. */
  readonly takes?: { readonly limit: LimitName; readonly least?: number; readonly most?: number };
  /** How often each variant is played, with other draws each time. */
  readonly rounds: number;
  readonly variants: readonly Variant[];
}

/** After so many seconds a scenario is given up, without a verdict. The longest takes 90, and 150 where it fails. */
export const LONGEST_SECONDS = 240;
