import type { Legal } from '../saboteur.ts';
import { SOURCE } from '../sources.ts';

const WRITE = '        this.#channel.write(plaintext);';

/** How relays may carry their bytes. */
export const legalCarriage: readonly Legal[] = [
  {
    name: 'one-byte-per-write',
    allowedBy: ['FRAME-16'],
    oddity: 'hands all but large pieces to the network byte by byte',
    patches: [
      {
        file: SOURCE.websocket,
        find: "  socket.on('drain', () => wire.onDrain());",
        replace: `  const write = socket.write.bind(socket) as (...of: unknown[]) => boolean;
  (socket as { write: unknown }).write = (data: Uint8Array, ...rest: unknown[]) => {
    if (typeof data === 'string' || data.length > 256 || data.length === 0) return write(data, ...rest);
    socket.uncork();
    for (const byte of data.subarray(0, -1)) write(Uint8Array.of(byte));
    return write(data.subarray(-1), ...rest);
  };
  socket.on('drain', () => wire.onDrain());`,
      },
    ],
  },
  {
    name: 'one-byte-per-noise-message',
    allowedBy: ['FRAME-16'],
    oddity: 'sends the first bytes of each piece in Noise messages of one byte',
    patches: [
      {
        file: SOURCE.connection,
        find: WRITE,
        replace: `        const single = Math.min(plaintext.length - 1, 40);
        for (let at = 0; at < single; at++) this.#channel.write(plaintext.subarray(at, at + 1));
        this.#channel.write(plaintext.subarray(single));`,
      },
    ],
  },
  {
    name: 'empty-noise-messages',
    allowedBy: ['FRAME-16', 'FRAME-21'],
    oddity: 'sends an empty Noise message before and behind each piece',
    patches: [
      {
        file: SOURCE.connection,
        find: WRITE,
        replace: `        this.#channel.write(new Uint8Array(0));\n${WRITE}\n        this.#channel.write(new Uint8Array(0));`,
      },
    ],
  },
  {
    name: 'fragments',
    allowedBy: ['FRAME-16'],
    oddity: 'sends each Noise message in three WebSocket fragments',
    patches: [
      {
        file: 'reference/src/transport/websocket.ts',
        find: '      socket.send(message, { binary: true }, (error) => {',
        replace: `      const cuts = [0, 1, message.length >> 1, message.length];
      for (const n of [0, 1]) socket.send(message.subarray(cuts[n], cuts[n + 1]), { binary: true, fin: false } as never, () => {});
      socket.send(message.subarray(cuts[2]), { binary: true }, (error) => {`,
      },
    ],
  },
  {
    name: 'frames-gathered',
    allowedBy: ['FRAME-16', 'FRAME-20'],
    oddity: 'waits for 15 ms whether more can go into the same Noise message',
    patches: [
      {
        file: SOURCE.outbox,
        find: '    queueMicrotask(() => {\n      this.#scheduled = false;\n      this.flush();\n    });',
        replace: '    setTimeout(() => {\n      this.#scheduled = false;\n      this.flush();\n    }, 15);',
      },
    ],
  },
  {
    name: 'pings-and-pongs-all-the-time',
    allowedBy: ['FRAME-28'],
    oddity: 'sends a ping and a pong that nobody asked for every quarter of a second',
    patches: [
      { file: SOURCE.connection, find: '    else if (now + TICK > this.#pingAt) {', replace: '    else {' },
      {
        file: SOURCE.websocket,
        find: '      if (webSocket.readyState === webSocket.OPEN) webSocket.ping();',
        replace:
          "      if (webSocket.readyState === webSocket.OPEN) webSocket.ping('still there?');\n      if (webSocket.readyState === webSocket.OPEN) webSocket.pong();",
      },
    ],
  },
  {
    name: 'idle-connections-closed-soon',
    allowedBy: ['SES-51', 'FRAME-29'],
    oddity: 'gives a client a second and a half for Hello, and closes two seconds after the last pong',
    parts: (parts) => ({
      ...parts,
      config: { ...parts.config, limits: { ...parts.config.limits, hello_timeout_secs: 2, idle_timeout_secs: 2 } },
    }),
  },
];
