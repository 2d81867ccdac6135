/** The one place of the reference that touches `ws`: dials a relay, and makes a transport of a WebSocket. */
import { HANDSHAKE } from '@0k-sync/spec';
import { WebSocket } from 'ws';
import { ConnectError } from '../session/session-errors.ts';
import type { MessageTransport, TransportHandlers } from './message-transport.ts';

/** Largest WebSocket message, all its fragments together: one Noise message of 65,535 bytes (FRAME). */
export const MAX_WEBSOCKET_MESSAGE = HANDSHAKE.transport.max_message;

export interface DialOptions {
  /** How long the TCP connection and the upgrade may take, milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** For `wss://`: certificates in PEM of the authorities to trust, instead of those that Node trusts. */
  readonly ca?: Uint8Array | undefined;
}

const UNTRUSTED = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];

/** What is wrong and what to do, by the code of Node's error. */
const ADVICE: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    UNTRUSTED.map((code) => [
      code,
      `no authority that is trusted here has signed its certificate (${code}): give the certificate of its authority (ca)`,
    ]),
  ),
  CERT_HAS_EXPIRED: 'its certificate has expired: its operator has to renew it',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: compare the clocks of both machines',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host: use the name that it was made for',
  EPROTO: 'the TLS handshake failed: is its address ws:// and not wss://?',
};

/**
 * Opens a WebSocket to a relay, with the protocol's subprotocol and without compression.
 *
 * @param url `ws://` or `wss://`, without a fragment
 * @throws {ConnectError} when it cannot be opened; `status` holds the HTTP status where there was one
 */
export function dialWebSocket(url: string, options: DialOptions): Promise<MessageTransport> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, [HANDSHAKE.websocket_subprotocol], {
      perMessageDeflate: false,
      maxPayload: MAX_WEBSOCKET_MESSAGE,
      // One for each byte is within the rules.
      maxFragments: MAX_WEBSOCKET_MESSAGE,
      handshakeTimeout: options.timeoutMs,
      skipUTF8Validation: true,
      ca: options.ca && Buffer.from(options.ca),
    });
    const abort = () => socket.terminate();
    options.signal?.addEventListener('abort', abort, { once: true });
    const settle = () => {
      options.signal?.removeEventListener('abort', abort);
      socket.off('error', onError);
    };
    const onError = (error: NodeJS.ErrnoException) => {
      settle();
      socket.on('error', () => {});
      const why = ADVICE[error.code ?? ''] ?? error.message;
      reject(new ConnectError(`cannot connect to ${redacted(url)}: ${why}`, { cause: error }));
    };
    socket.on('error', onError);
    socket.once('unexpected-response', (_request, response) => {
      const status = response.statusCode ?? 0;
      response.destroy();
      settle();
      socket.on('error', () => {});
      const retryAfter = Number(response.headers['retry-after']);
      reject(
        new ConnectError(`${redacted(url)} answered HTTP ${status} instead of a WebSocket`, {
          status,
          ...(Number.isFinite(retryAfter) ? { retryAfterMs: retryAfter * 1000 } : {}),
        }),
      );
    });
    // The transport must listen before the first message can come, and `open` is emitted before any.
    socket.once('open', () => {
      settle();
      resolve(webSocketTransport(socket));
    });
  });
}

/** Host and port without path or credentials: what a message to people needs. */
function redacted(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

/** What is used of a WebSocket of `ws`, so that users of the types need not have those of `ws`. */
export interface OpenWebSocket {
  binaryType: string;
  readonly readyState: number;
  readonly OPEN: number;
  readonly bufferedAmount: number;
  on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'close', listener: (code: number) => void): unknown;
  send(data: Uint8Array, options: { binary: boolean }, done: (error?: Error) => void): void;
  close(code: number): void;
  terminate(): void;
  pause(): void;
  resume(): void;
}

/** A transport over an open WebSocket, of either side. A text message closes it with 1003. */
export function webSocketTransport(socket: OpenWebSocket): MessageTransport {
  socket.binaryType = 'nodebuffer';
  const early: Uint8Array[] = [];
  let handlers: TransportHandlers | undefined;
  let closed: number | undefined;
  const fail = () => socket.terminate();
  let refused = false;
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (refused) return;
    if (!isBinary) {
      refused = true;
      socket.close(1003);
      return;
    }
    if (handlers === undefined) early.push(data);
    else handlers.message(data);
  });
  socket.on('error', () => {}); // `close` follows and carries the code
  socket.on('close', (code: number) => {
    closed = code;
    handlers?.close(code);
  });
  return {
    get handlers() {
      return handlers!;
    },
    set handlers(next) {
      handlers = next;
      for (const message of early.splice(0)) next.message(message);
      if (closed !== undefined) next.close(closed);
    },
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    send(message) {
      if (socket.readyState !== socket.OPEN) return;
      socket.send(message, { binary: true }, (error) => {
        if (error) fail();
      });
    },
    close: (code) => socket.close(code),
    terminate: () => socket.terminate(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
  };
}
