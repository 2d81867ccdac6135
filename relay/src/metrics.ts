/** What the relay counts. Sums and levels only: nothing here tells groups, devices or blobs apart. */
export type MetricName =
  | 'connections_total'
  | 'connections_active'
  | 'groups_active'
  | 'pushes_total'
  | 'pulls_total'
  | 'blobs_stored_total'
  | 'bytes_received_total'
  | 'bytes_sent_total'
  | 'rate_limit_hits_total'
  | 'errors_total';

export interface Metrics {
  /** Adds to a sum or level; `by` is negative where a level falls. */
  add(name: MetricName, by?: number): void;
  read(): ReadonlyMap<MetricName, number>;
}

export function createMetrics(): Metrics {
  const values = new Map<MetricName, number>();
  return {
    add(name, by = 1) {
      values.set(name, (values.get(name) ?? 0) + by);
    },
    read: () => values,
  };
}
