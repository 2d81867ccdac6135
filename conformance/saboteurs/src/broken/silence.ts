import type { Broken } from '../saboteur.ts';
import { SOURCE } from '../sources.ts';

const PING = 'this.#wire.ping();\n      this.#pingAt = now + this.#options.pingInterval;';

/** Connections on which little or nothing passes, and clients that do not read. */
export const brokenSilence: readonly Broken[] = [
  {
    name: 'a-notify-for-each-blob',
    breaks: ['FRAME-26'],
    harm: 'a phone that wakes up is flooded',
    profile: 'limits',
    patches: [
      {
        file: SOURCE.outbox,
        find: 'const before = this.#notify;',
        replace:
          "if (this.#written > 0) return this.send(encodeFrame({ type: 'Notify', latest_cursor: latest, count }, 'bin'));\n    const before = this.#notify;",
      },
    ],
  },
  {
    name: 'slow-reader-kept',
    breaks: ['FRAME-27'],
    harm: 'dead connections hold memory for ever',
    profile: 'limits',
    patches: [
      { file: SOURCE.connection, find: 'if (now - this.#drainedAt >= SLOW_READER) this', replace: 'if (now < 0) this' },
    ],
  },
  {
    name: 'one-ping-only',
    breaks: ['FRAME-28'],
    harm: 'proxies drop quiet connections, and notifications with them',
    profile: 'limits',
    patches: [
      {
        file: SOURCE.connection,
        find: PING,
        replace: 'this.#wire.ping();\n      this.#pingAt = Number.POSITIVE_INFINITY;',
      },
    ],
  },
  {
    name: 'pings-half-as-often',
    breaks: ['FRAME-28'],
    harm: 'proxies drop quiet connections, and notifications with them',
    profile: 'limits',
    patches: [{ file: SOURCE.connection, find: PING, replace: PING.replace('pingInterval', 'pingInterval * 2') }],
  },
  {
    name: 'silence-endured',
    breaks: ['FRAME-29'],
    harm: 'devices that vanished are shown as online and hold memory',
    profile: 'limits',
    patches: [
      {
        file: SOURCE.connection,
        find: 'else if (now - this.#heardAt >= this.#options.idleTimeout)',
        replace: 'else if (now < 0)',
      },
    ],
  },
  {
    name: 'pongs-do-not-count',
    breaks: ['FRAME-30'],
    harm: 'an app that merely listens misses new edits',
    profile: 'limits',
    patches: [
      {
        file: SOURCE.connection,
        find: 'if (this.#wire.bytesRead !== this.#bytesRead || !this.#reading) {',
        replace: 'if (!this.#reading) {',
      },
      {
        file: SOURCE.connection,
        find: 'this.#frames.push(plaintext);',
        replace: 'this.#heardAt = this.#options.clock.uptime();\n    this.#frames.push(plaintext);',
      },
    ],
  },
];
