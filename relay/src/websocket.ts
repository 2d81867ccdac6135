import { createServer as createHttpServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import { createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type SecureContext, TLSSocket } from 'node:tls';
import type { MessageTransport } from '@0k-sync/reference';
import { MAX_WEBSOCKET_MESSAGE, webSocketTransport } from '@0k-sync/reference/node';
import { HANDSHAKE } from '@0k-sync/spec';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ClientAddress } from './client-address.ts';
import type { Clock } from './clock.ts';
import { network } from './limits.ts';
import { listen } from './listen.ts';

/** A WebSocket with what its messages alone do not tell. */
export interface Wire {
  readonly transport: MessageTransport;
  /** The client's IP address. */
  readonly address: string;
  /** Milliseconds of `Clock.uptime` at which TCP was accepted. */
  readonly acceptedAt: number;
  readonly bytesRead: number;
  /** Whether the network takes nothing more at the moment; `onDrain` is called when it does again. */
  readonly blocked: boolean;
  onDrain: () => void;
  /** Whether the client broke the rules of the WebSocket: what still comes is not to be read. */
  readonly broken: boolean;
  ping(): void;
}

export interface WebSocketOptions {
  host: string;
  port: number;
  clientAddress: ClientAddress;
  /** With it the listener speaks TLS. */
  certificate: SecureContext | undefined;
  /** Origins that browsers may connect from; empty for any. */
  allowedOrigins: string[];
  /** From accepting TCP to the end of the HTTP request, ms. */
  upgradeTimeout: number;
  clock: Clock;
  /** Asked before anything is answered: a limit turns the client away with an HTTP status. */
  admit(address: string): { status: 429 | 503; retryAfterMs: number } | undefined;
  accept(wire: Wire): void;
  /** Too many sockets wait without a request: one of them was dropped. */
  crowded(): void;
}

export interface WebSocketListener {
  /** `ws://host:port/` or `wss://host:port/`. */
  readonly url: string;
  /** For the connections that come from now on. */
  setCertificate(certificate: SecureContext): void;
  /** Stops accepting. Open connections go on. */
  close(): void;
}

/** Sockets that have not sent their HTTP request. For one more, another is dropped: silence costs no memory. */
const MOST_WAITING = 1024;

/** Listens for WebSockets of the protocol: any path, binary messages of one Noise message each, no compression. */
export async function listenWebSocket(options: WebSocketOptions): Promise<WebSocketListener> {
  const { clock } = options;
  let { certificate } = options;
  const acceptedAt = new WeakMap<Duplex, number>();
  const waiting = new Set<Socket>();
  const upgrader = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_WEBSOCKET_MESSAGE,
    // One for each byte is within the rules.
    maxFragments: MAX_WEBSOCKET_MESSAGE,
    skipUTF8Validation: true,
    handleProtocols: () => HANDSHAKE.websocket_subprotocol,
  });

  const http = createHttpServer(answer);
  // A small buffer: what waits for the network waits in the outbox, where it is counted.
  const buffers = { highWaterMark: 16 * 1024 };
  const server = createServer({ ...buffers, noDelay: true }, (connection) => {
    const socket = certificate
      ? new TLSSocket(connection, {
          ...buffers,
          isServer: true,
          secureContext: certificate,
          ALPNProtocols: ['http/1.1'],
        })
      : connection;
    if (waiting.size >= MOST_WAITING) {
      options.crowded();
      oldestOfTheMost(waiting).destroy();
    }
    acceptedAt.set(socket, clock.uptime());
    waiting.add(socket);
    const cancel = clock.after(options.upgradeTimeout, () => {
      if (waiting.has(socket)) socket.destroy();
    });
    socket.once('close', () => {
      waiting.delete(socket);
      cancel();
    });
    http.emit('connection', socket);
  });

  http.on('upgrade', (request, socket: Duplex, head) => {
    waiting.delete(socket as Socket);
    socket.on('error', () => socket.destroy());
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    if (!offered.includes(HANDSHAKE.websocket_subprotocol)) return refuse(socket, 400);
    const { origin } = request.headers;
    if (options.allowedOrigins.length > 0 && origin !== undefined && !options.allowedOrigins.includes(origin)) {
      return refuse(socket, 403);
    }
    const address = options.clientAddress(request);
    const refusal = options.admit(address);
    if (refusal) return refuse(socket, refusal.status, refusal.retryAfterMs);
    upgrader.handleUpgrade(request, socket, head, (webSocket) => {
      options.accept(wireOf(webSocket, socket as Socket, address, acceptedAt.get(socket) ?? clock.uptime()));
    });
  });

  const { host, port } = await listen(server, options.host, options.port, 'server.bind');
  return {
    url: `${certificate ? 'wss' : 'ws'}://${host}:${port}/`,
    setCertificate(next) {
      certificate = next;
    },
    close() {
      server.close();
      for (const socket of waiting) socket.destroy();
    },
  };
}

/** The oldest socket of the address that has most: one address does not lock out the others. Sockets stand by age. */
function oldestOfTheMost(sockets: ReadonlySet<Socket>): Socket {
  const byAddress = Map.groupBy(sockets, (socket) => network(socket.remoteAddress ?? ''));
  let most: Socket[] = [];
  for (const group of byAddress.values()) if (group.length > most.length) most = group;
  return most[0]!;
}

function wireOf(webSocket: WebSocket, socket: Socket, address: string, acceptedAt: number): Wire {
  let broken = false;
  webSocket.on('message', (_, isBinary) => {
    broken ||= !isBinary;
  });
  webSocket.on('error', () => {
    broken = true;
  });
  const wire: Wire = {
    transport: webSocketTransport(webSocket),
    address,
    acceptedAt,
    get bytesRead() {
      return socket.bytesRead;
    },
    get blocked() {
      return socket.writableNeedDrain;
    },
    onDrain() {},
    get broken() {
      return broken;
    },
    ping() {
      if (webSocket.readyState === webSocket.OPEN) webSocket.ping();
    },
  };
  socket.on('drain', () => wire.onDrain());
  return wire;
}

/** Without an upgrade the listener says that it is alive, and no more. */
function answer({ url, method }: IncomingMessage, response: ServerResponse): void {
  if ((method === 'GET' || method === 'HEAD') && url === '/health') {
    response.setHeader('content-type', 'application/json').end('{"status":"ok"}');
  } else response.writeHead(426, { upgrade: 'websocket', connection: 'Upgrade, close' }).end();
}

function refuse(socket: Duplex, status: number, retryAfterMs?: number): void {
  const retryAfter = retryAfterMs === undefined ? '' : `Retry-After: ${Math.ceil(retryAfterMs / 1000)}\r\n`;
  // What the client still sends is not waited for.
  socket.once('finish', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n${retryAfter}Content-Length: 0\r\n\r\n`,
  );
}
