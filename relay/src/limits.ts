import type { LimitName } from '@0k-sync/spec';
import type { Clock } from './clock.ts';

/** What can turn a client away, as logs and metrics name it. */
export type LimitReached =
  | 'connections_of_address'
  | 'connections_of_device'
  | 'requests_of_device'
  | 'requests_in_all'
  | 'new_groups_of_address'
  | 'sessions'
  | 'unfinished_handshakes'
  | 'sockets_without_request';

export interface Refusal {
  limit: LimitReached;
  /** Until the next token, at least 1. */
  waitMs: number;
}

/** Rates. Each question takes a token if there is one; else the answer is a refusal, which costs none. */
export interface Limits {
  /** A connection attempt, before its handshake. */
  connectionFrom(address: string): Refusal | undefined;
  /** A Hello of a device, which counts for it and for the relay as a whole. */
  connectionOf(device: string): Refusal | undefined;
  /** A request of a device, which counts for it and for the relay as a whole. */
  request(device: string): Refusal | undefined;
  /** A group whose state begins. */
  newGroupFrom(address: string): Refusal | undefined;
}

export type LimitValues = Record<LimitName, number>;

export function createLimits(values: LimitValues, clock: Clock): Limits {
  const minute = 60_000;
  const { connections_per_minute: connections, global_requests_per_second: requests } = values;
  const perAddress = new Buckets('connections_of_address', connections, connections, minute, clock);
  const perDevice = new Buckets('connections_of_device', connections, connections, minute, clock);
  const messages = new Buckets('requests_of_device', values.messages_burst, values.messages_per_minute, minute, clock);
  const all = new Buckets('requests_in_all', requests, requests, 1000, clock);
  const { new_groups_per_hour: newGroups } = values;
  const groups = new Buckets('new_groups_of_address', newGroups, newGroups, 60 * minute, clock);

  // What is refused is not counted anywhere, so both buckets are asked before one is charged.
  function takeBoth(own: Buckets, device: string): Refusal | undefined {
    return own.refusal(device) ?? all.take('') ?? own.take(device);
  }

  return {
    connectionFrom: (address) => perAddress.take(network(address)),
    connectionOf: (device) => takeBoth(perDevice, device),
    request: (device) => takeBoth(messages, device),
    newGroupFrom: (address) => groups.take(network(address)),
  };
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Forget full buckets when there are this many: a full bucket is the same as none. */
const SWEEP_AT = 10_000;

/** Token buckets by key, full at first. A rate of 0 is no limit. */
class Buckets {
  #limit: LimitReached;
  #size: number;
  /** Tokens per millisecond. */
  #refill: number;
  #clock: Clock;
  #buckets = new Map<string, Bucket>();
  #sweepAt = SWEEP_AT;

  constructor(limit: LimitReached, size: number, rate: number, periodMs: number, clock: Clock) {
    this.#limit = limit;
    this.#size = size;
    this.#refill = rate / periodMs;
    this.#clock = clock;
  }

  /** What `take` would answer, without taking. */
  refusal(key: string): Refusal | undefined {
    if (this.#refill === 0) return undefined;
    const { tokens } = this.#current(key);
    if (tokens >= 1) return undefined;
    return { limit: this.#limit, waitMs: Math.max(1, Math.ceil((1 - tokens) / this.#refill)) };
  }

  take(key: string): Refusal | undefined {
    const refusal = this.refusal(key);
    if (!refusal && this.#refill > 0) this.#current(key).tokens--;
    return refusal;
  }

  #current(key: string): Bucket {
    const now = this.#clock.uptime();
    let bucket = this.#buckets.get(key);
    if (!bucket) {
      if (this.#buckets.size >= this.#sweepAt) this.#sweep(now);
      bucket = { tokens: this.#size, at: now };
      this.#buckets.set(key, bucket);
    }
    this.#fill(bucket, now);
    return bucket;
  }

  #fill(bucket: Bucket, now: number): void {
    bucket.tokens = Math.min(this.#size, bucket.tokens + (now - bucket.at) * this.#refill);
    bucket.at = now;
  }

  #sweep(now: number): void {
    for (const [key, bucket] of this.#buckets) {
      this.#fill(bucket, now);
      if (bucket.tokens >= this.#size) this.#buckets.delete(key);
    }
    this.#sweepAt = Math.max(SWEEP_AT, this.#buckets.size * 2);
  }
}

/** What counts as one place: an IPv4 address, or the /64 of an IPv6 address. */
export function network(address: string): string {
  const mapped = address.match(/^::ffff:(\d+\.\d+\.\d+\.\d+)$/i);
  if (mapped) return mapped[1]!;
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('%')[0]!.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array<string>(missing).fill('0'), ...after];
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
