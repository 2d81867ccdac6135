import { createHmac, randomBytes } from 'node:crypto';
import { type DestinationStream, type Level, pino } from 'pino';
import type { Clock } from './clock.ts';

/**
 * An id of a device or group on its way to the log: eight hex digits of a hash whose key is drawn at each start. Lines of
 * one run can be told to be about the same device; nobody can tell which one it is, or find it in another run.
 */
const shortened = Symbol('shortened');

type Kind = typeof shortened | ((value: unknown) => string | number | boolean);

/**
 * All that is ever logged: the events with their fields, each with what becomes of its value. What is not listed here does
 * not get into the log, so nothing about content, devices or people does: no addresses of clients, no names, no whole ids,
 * no bytes of messages. The texts in `message` are those of SQLite, Node and this program, and hold no values.
 */
const EVENTS = {
  started: { level: 'info', fields: { listen: String, open_groups: Boolean } },
  stopping: { level: 'info', fields: { connections: Number } },
  stopped: { level: 'info', fields: {} },
  certificate_read: { level: 'info', fields: {} },
  certificate_refused: { level: 'error', fields: { message: String } },
  /** A limit turned clients away, `times` since it was last logged. */
  limit: { level: 'warn', fields: { name: String, times: Number } },
  storage_failed: { level: 'error', fields: { message: String, times: Number } },
  internal_error: { level: 'error', fields: { message: String } },
  session_opened: { level: 'debug', fields: { device: shortened, group: shortened } },
  session_closed: { level: 'debug', fields: { device: shortened, group: shortened, close_code: Number } },
  error_sent: { level: 'debug', fields: { device: shortened, code: Number } },
} as const satisfies Record<string, { level: Level; fields: Record<string, Kind> }>;

type Events = typeof EVENTS;
type FieldValue<Field> = Field extends (value: never) => infer Value ? Value : Uint8Array;
export type LogEvents = {
  [Event in keyof Events]: {
    [Name in keyof Events[Event]['fields']]: FieldValue<Events[Event]['fields'][Name]>;
  };
};

export type Log = <Event extends keyof LogEvents>(event: Event, fields: LogEvents[Event]) => void;

/** One line of JSON for each event whose level is `level` or graver. */
export function createLog(level: Level | 'silent', clock: Clock, lines: DestinationStream): Log {
  const logger = pino(
    {
      level,
      base: null,
      messageKey: 'event',
      timestamp: () => `,"time":${clock.now()}`,
      formatters: { level: (name) => ({ level: name }) },
    },
    lines,
  );
  const key = randomBytes(32);
  const shorten = (id: Uint8Array) => createHmac('sha256', key).update(id).digest('hex').slice(0, 8);

  return (event, fields) => {
    const { level, fields: listed } = EVENTS[event];
    if (!logger.isLevelEnabled(level)) return;
    const values: Record<string, unknown> = fields;
    const line: Record<string, unknown> = {};
    for (const [name, kind] of Object.entries<Kind>(listed)) {
      line[name] = kind === shortened ? shorten(values[name] as Uint8Array) : kind(values[name]);
    }
    logger[level](line, event);
  };
}

/** Lines that nobody reads are kept up to this many bytes, and then dropped: a log must not hold up the relay. */
const MOST_UNREAD = 1024 * 1024;

/** The standard error stream, written in the background, and to the end when the process exits. */
export function standardError(): DestinationStream {
  const stream = pino.destination({ dest: 2, sync: false, maxLength: MOST_UNREAD });
  // A relay goes on when nobody can read its log any more.
  return stream.on('error', () => {});
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
