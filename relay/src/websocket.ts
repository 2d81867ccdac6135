import { createServer, type IncomingMessage, STATUS_CODES } from 'node:http';
import { type AddressInfo, BlockList, isIP, isIPv6, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { MessageTransport } from '@0k-sync/reference';
import { MAX_WEBSOCKET_MESSAGE, webSocketTransport } from '@0k-sync/reference/node';
import { HANDSHAKE } from '@0k-sync/spec';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from './clock.ts';

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
  /** IP addresses and CIDR ranges whose X-Forwarded-For is believed. */
  trustedProxies: string[];
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
  readonly host: string;
  readonly port: number;
  /** Stops accepting. Open connections go on. */
  close(): void;
}

/** Sockets that have not sent their HTTP request. For one more, another is dropped: silence costs no memory. */
const MOST_WAITING = 1024;

/** Listens for WebSockets of the protocol: any path, binary messages of one Noise message each, no compression. */
export async function listenWebSocket(options: WebSocketOptions): Promise<WebSocketListener> {
  const { clock } = options;
  const proxies = blockList(options.trustedProxies);
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

  // A small buffer: what waits for the network waits in the outbox, where it is counted.
  const server = createServer({ highWaterMark: 16 * 1024 }, (request, response) => {
    if (request.method === 'GET' && request.url === '/health') {
      response.setHeader('content-type', 'application/json').end('{"status":"ok"}');
    } else response.writeHead(426, { upgrade: 'websocket', connection: 'Upgrade, close' }).end();
  });

  server.on('connection', (socket) => {
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
  });

  server.on('upgrade', (request, socket: Duplex, head) => {
    waiting.delete(socket as Socket);
    socket.on('error', () => socket.destroy());
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    if (!offered.includes(HANDSHAKE.websocket_subprotocol)) return refuse(socket, 400);
    const { origin } = request.headers;
    if (options.allowedOrigins.length > 0 && origin !== undefined && !options.allowedOrigins.includes(origin)) {
      return refuse(socket, 403);
    }
    const address = clientAddress(request, proxies);
    const refusal = options.admit(address);
    if (refusal) return refuse(socket, refusal.status, refusal.retryAfterMs);
    upgrader.handleUpgrade(request, socket, head, (webSocket) => {
      options.accept(wireOf(webSocket, socket as Socket, address, acceptedAt.get(socket) ?? clock.uptime()));
    });
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { address, port } = server.address() as AddressInfo;
  return {
    host: isIPv6(address) ? `[${address}]` : address,
    port,
    close() {
      server.close();
      for (const socket of waiting) socket.destroy();
    },
  };
}

/** The oldest socket of the address that has most: one address does not lock out the others. Sockets stand by age. */
function oldestOfTheMost(sockets: ReadonlySet<Socket>): Socket {
  const byAddress = Map.groupBy(sockets, (socket) => socket.remoteAddress ?? '');
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

function refuse(socket: Duplex, status: number, retryAfterMs?: number): void {
  const retryAfter = retryAfterMs === undefined ? '' : `Retry-After: ${Math.ceil(retryAfterMs / 1000)}\r\n`;
  // What the client still sends is not waited for.
  socket.once('finish', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n${retryAfter}Content-Length: 0\r\n\r\n`,
  );
}

function blockList(entries: string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

/** The peer, or behind trusted proxies the last address that none of them has. */
function clientAddress(request: IncomingMessage, proxies: BlockList): string {
  const forwarded = String(request.headers['x-forwarded-for'] ?? '').split(',');
  let address = request.socket.remoteAddress ?? '';
  while (isIP(address) && proxies.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')) {
    const before = forwarded.pop()?.trim() ?? '';
    if (!isIP(before)) break;
    address = before;
  }
  return address;
}
