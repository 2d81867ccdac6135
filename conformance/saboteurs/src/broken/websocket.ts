import type { Broken } from '../saboteur.ts';
import { SOURCE } from '../sources.ts';

const MAX_PAYLOAD =
  'maxPayload: MAX_WEBSOCKET_MESSAGE,\n    // One for each byte is within the rules.\n    maxFragments';

/** How WebSocket carries it: the upgrade, what a message may be, pings. */
export const brokenWebSocket: readonly Broken[] = [
  {
    name: 'no-subprotocol-needed',
    breaks: ['FRAME-09'],
    harm: 'a client of something else is let in and fails in the dark',
    patches: [
      {
        file: SOURCE.websocket,
        find: 'if (!offered.includes(HANDSHAKE.websocket_subprotocol)) return',
        replace: "if (offered.join() !== '' && !offered.includes(HANDSHAKE.websocket_subprotocol)) return",
      },
    ],
  },
  {
    name: 'any-subprotocol-will-do',
    breaks: ['FRAME-09'],
    harm: 'a client of something else is let in and fails in the dark',
    patches: [
      {
        file: SOURCE.websocket,
        find: 'if (!offered.includes(HANDSHAKE.websocket_subprotocol)) return',
        replace: "if (offered.join() === '') return",
      },
    ],
  },
  {
    name: 'first-subprotocol-chosen',
    breaks: ['FRAME-10'],
    harm: 'browsers that offer several end the connection',
    patches: [
      {
        file: SOURCE.websocket,
        find: 'handleProtocols: () => HANDSHAKE.websocket_subprotocol,',
        replace: 'handleProtocols: (names) => [...names][0]!,',
      },
    ],
  },
  {
    name: 'one-path-only',
    breaks: ['FRAME-11'],
    harm: 'relays behind a proxy that keeps its prefix cannot be reached',
    patches: [
      {
        file: SOURCE.websocket,
        find: 'const { origin } = request.headers;',
        replace: "if (request.url !== '/') return refuse(socket, 404);\n    const { origin } = request.headers;",
      },
    ],
  },
  {
    name: 'no-browsers',
    breaks: ['FRAME-12'],
    harm: 'web apps cannot sync with a relay of their user’s choice',
    patches: [
      {
        file: SOURCE.websocket,
        find: 'if (options.allowedOrigins.length > 0 && origin !== undefined &&',
        replace: 'if (origin !== undefined &&',
      },
    ],
  },
  {
    name: 'allowed-origins-ignored',
    breaks: ['FRAME-13'],
    harm: 'the operator’s restriction is without effect',
    profile: 'limits',
    patches: [
      {
        file: SOURCE.websocket,
        find: 'if (options.allowedOrigins.length > 0 && origin !== undefined &&',
        replace: 'if (options.allowedOrigins.length < 0 && origin !== undefined &&',
      },
    ],
  },
  {
    name: 'allowed-origins-as-prefixes',
    breaks: ['FRAME-13'],
    harm: 'whoever registers a longer name gets past the operator’s restriction',
    profile: 'limits',
    patches: [
      {
        file: SOURCE.websocket,
        find: '!options.allowedOrigins.includes(origin)) {',
        replace: '!options.allowedOrigins.some((allowed) => origin.startsWith(allowed))) {',
      },
    ],
  },
  {
    name: 'compression-agreed-to',
    breaks: ['FRAME-14'],
    harm: 'a compressor costs memory on every connection, for data that does not shrink',
    patches: [{ file: SOURCE.websocket, find: 'perMessageDeflate: false,', replace: 'perMessageDeflate: true,' }],
  },
  {
    name: 'text-messages-ignored',
    breaks: ['FRAME-15'],
    harm: 'a broken client waits instead of being told',
    patches: [
      {
        file: SOURCE.transport,
        find: 'if (!isBinary) {\n      refused = true;\n      socket.close(1003);\n      return;\n    }',
        replace: 'if (!isBinary) return;',
      },
    ],
  },
  {
    name: 'messages-of-a-mebibyte',
    breaks: ['FRAME-17'],
    harm: 'strangers make the relay buffer a megabyte for each connection',
    patches: [
      { file: SOURCE.websocket, find: MAX_PAYLOAD, replace: MAX_PAYLOAD.replace('MAX_WEBSOCKET_MESSAGE', '1 << 20') },
    ],
  },
  {
    name: 'message-limit-off-by-one',
    breaks: ['FRAME-17'],
    harm: 'the limit is not the one that others keep',
    patches: [{ file: SOURCE.websocket, find: MAX_PAYLOAD, replace: MAX_PAYLOAD.replace('MESSAGE', 'MESSAGE + 1') }],
  },
  {
    name: 'fragments-refused',
    breaks: ['FRAME-18'],
    harm: 'clients behind proxies that re-fragment messages cannot connect',
    patches: [{ file: SOURCE.websocket, find: 'maxFragments: MAX_WEBSOCKET_MESSAGE,', replace: 'maxFragments: 1,' }],
  },
  {
    name: 'pings-unanswered',
    breaks: ['FRAME-22'],
    harm: 'clients and proxies hold the connection for dead',
    patches: [
      {
        file: SOURCE.websocket,
        find: 'clientTracking: false,',
        replace: 'clientTracking: false,\n    autoPong: false,',
      },
    ],
  },
];
