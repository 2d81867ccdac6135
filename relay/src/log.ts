import type { Clock } from './clock.ts';

/**
 * All that is ever logged. The fields of an event are listed here and nowhere else, so that nothing about content,
 * devices or people gets in by accident: no ids, no addresses of clients, no bytes of messages.
 */
export interface LogEvents {
  started: { listen: string; open_groups: boolean };
  stopping: { sessions: number };
  stopped: Record<string, never>;
  /** A limit turned clients away, `times` since it was last logged. */
  limit: { name: string; times: number };
  /** The text is that of the operation and of SQLite or Node, and holds no values. */
  storage_failed: { message: string; times: number };
  internal_error: { message: string };
}

export type Log = <Name extends keyof LogEvents>(event: Name, fields: LogEvents[Name]) => void;

/** One line of JSON for each event. */
export function lineLog(clock: Clock, write: (line: string) => void): Log {
  return (event, fields) => write(`${JSON.stringify({ time: clock.now(), event, ...fields })}\n`);
}

const QUIET_TIME = 10_000;

/** Reports what happens the first time, and after that at most every ten seconds: an attack must not fill the disk. */
export function seldom(clock: Clock, report: (what: string, times: number) => void): (what: string) => void {
  const seen = new Map<string, { times: number; quietUntil: number }>();
  return (what) => {
    const entry = seen.get(what) ?? { times: 0, quietUntil: Number.NEGATIVE_INFINITY };
    seen.set(what, entry);
    entry.times++;
    if (clock.uptime() < entry.quietUntil) return;
    report(what, entry.times);
    entry.times = 0;
    entry.quietUntil = clock.uptime() + QUIET_TIME;
  };
}
