import { METRICS } from '@0k-sync/spec';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { LimitReached } from './limits.ts';
import type { Totals } from './storage.ts';

/** What the relay counts as it goes: sums, and levels (`_active`). */
export type CountName =
  | 'connections_total'
  | 'connections_active'
  | 'groups_active'
  | 'pushes_total'
  | 'pulls_total'
  | 'blobs_stored_total'
  | 'bytes_received_total'
  | 'bytes_sent_total';

/** Figures for the operator. Nothing here tells groups, devices or blobs apart. */
export interface Metrics {
  /** Adds to a sum or level; `by` is negative where a level falls. */
  add(name: CountName, by?: number): void;
  read(name: CountName): number;
  limitReached(limit: LimitReached): void;
  errorSent(code: number): void;
  /** A Push was stored durably, that long after it was handed to storage. */
  committed(seconds: number): void;
  /** Everything in the text format of Prometheus, with what is known at this moment. */
  text(now: { uptimeSeconds: number; totals: Totals | undefined }): Promise<string>;
}

const PREFIX = 'sync_relay_';

/** Metrics of this relay beside those of the protocol. */
const UPTIME = { name: `${PREFIX}uptime_seconds`, help: 'Seconds since the relay was started.' };
const COMMIT = {
  name: `${PREFIX}commit_seconds`,
  help: 'Seconds from handing a Push to storage until it is durable.',
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
};

/** Counts in plain numbers, which cost nothing to add to, and hands them to prom-client when somebody asks. */
export function createMetrics(version: string): Metrics {
  const registry = new Registry();
  const counts: Record<CountName, number> = {
    connections_total: 0,
    connections_active: 0,
    groups_active: 0,
    pushes_total: 0,
    pulls_total: 0,
    blobs_stored_total: 0,
    bytes_received_total: 0,
    bytes_sent_total: 0,
  };
  const labelled = {
    info: new Map([[version, 1]]),
    rate_limit_hits_total: new Map<string, number>(),
    errors_total: new Map<string, number>(),
  };
  let totals: Totals | undefined;
  let standard = false;

  const uptime = new Gauge({ ...UPTIME, registers: [registry] });
  const commits = new Histogram({ ...COMMIT, registers: [registry] });
  for (const { name, type, labels, doc } of METRICS) {
    const short = name.slice(PREFIX.length);
    new (type === 'counter' ? Counter : Gauge)({
      name,
      help: doc,
      labelNames: labels,
      registers: [registry],
      collect() {
        this.reset();
        if (short in counts) this.inc(counts[short as CountName]);
        else if (!short.startsWith('storage_')) {
          const values = labelled[short as keyof typeof labelled];
          for (const [value, count] of values) this.inc({ [labels[0] as string]: value }, count);
        } else if (totals) this.inc(totals[short.slice('storage_'.length) as keyof Totals]);
        // What storage does not tell is left out: 0 would look like lost data.
        else this.remove();
      },
    });
  }

  const count = (values: Map<string, number>, value: string) => values.set(value, (values.get(value) ?? 0) + 1);
  return {
    add(name, by = 1) {
      counts[name] += by;
    },
    read: (name) => counts[name],
    limitReached: (limit) => void count(labelled.rate_limit_hits_total, limit),
    errorSent: (code) => void count(labelled.errors_total, String(code)),
    committed: (seconds) => commits.observe(seconds),
    text(now) {
      // They watch the event loop and the garbage collector: not before anybody wants to know.
      if (!standard) collectDefaultMetrics({ register: registry });
      standard = true;
      uptime.set(now.uptimeSeconds);
      totals = now.totals;
      return registry.metrics();
    },
  };
}
