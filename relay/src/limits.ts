import type { LimitName } from '@0k-sync/spec';
import type { Clock } from './clock.ts';

/** Rates. Each question takes a token if there is one; the answer is 0, or how many milliseconds to wait for the next. */
export interface Limits {
  /** A connection attempt, before its handshake. */
  connectionFrom(address: string): number;
  /** A Hello of a device. */
  connectionOf(device: string): number;
  /** A request of a device, which counts for it and for the relay as a whole. */
  request(device: string): number;
  /** A group whose state begins. */
  newGroupFrom(address: string): number;
}

export type LimitValues = Record<LimitName, number>;

export function createLimits(values: LimitValues, clock: Clock): Limits {
  const minute = 60_000;
  const perAddress = new Buckets(values.connections_per_minute, values.connections_per_minute, minute, clock);
  const perDevice = new Buckets(values.connections_per_minute, values.connections_per_minute, minute, clock);
  const messages = new Buckets(values.messages_burst, values.messages_per_minute, minute, clock);
  const all = new Buckets(values.global_requests_per_second, values.global_requests_per_second, 1000, clock);
  const groups = new Buckets(values.new_groups_per_hour, values.new_groups_per_hour, 60 * minute, clock);

  // What is refused is not counted anywhere, so both buckets are asked before one is charged.
  function takeBoth(own: Buckets, device: string): number {
    const wait = Math.max(own.wait(device), all.wait(''));
    return wait > 0 ? wait : Math.max(own.take(device), all.take(''));
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
  #size: number;
  /** Tokens per millisecond. */
  #refill: number;
  #clock: Clock;
  #buckets = new Map<string, Bucket>();
  #sweepAt = SWEEP_AT;

  constructor(size: number, rate: number, periodMs: number, clock: Clock) {
    this.#size = size;
    this.#refill = rate / periodMs;
    this.#clock = clock;
  }

  /** Milliseconds until a token is there, at least 1 unless one is there now. */
  wait(key: string): number {
    if (this.#refill === 0) return 0;
    const tokens = this.#current(key).tokens;
    return tokens >= 1 ? 0 : Math.max(1, Math.ceil((1 - tokens) / this.#refill));
  }

  take(key: string): number {
    const wait = this.wait(key);
    if (wait === 0 && this.#refill > 0) this.#current(key).tokens--;
    return wait;
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
