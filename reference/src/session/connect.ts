/** Connects to a relay from Node: WebSocket, handshake, session. */
import { nodeCrypto } from '../crypto/node.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import { parseRelayAddress } from '../ids.ts';
import type { Identity, RemoteIdentity } from '../noise/identity.ts';
import { dialWebSocket } from '../transport/websocket.ts';
import { SecureChannel } from './secure-channel.ts';
import { Session, sessionHandlers } from './session.ts';
import { ConnectError, ConnectionClosedError, IdentityMismatchError, TimeoutError } from './session-errors.ts';

export interface ConnectOptions {
  /** The crypto to use; node:crypto unless said. */
  readonly crypto?: CryptoProvider;
  /** How long the connection and the handshake may take together, milliseconds; 30,000 unless said. */
  readonly connectTimeoutMs?: number;
  /** How long an answer may take, milliseconds; 30,000 unless said. */
  readonly answerTimeoutMs?: number;
  /** For `wss://`: certificates in PEM of the authorities to trust, instead of those that Node trusts. */
  readonly ca?: Uint8Array | undefined;
  /** Called with the relay's identity before ours is sent; what it throws ends the connection. */
  onRelayIdentity?(remote: RemoteIdentity): void;
}

/**
 * Opens a secure channel to a relay.
 *
 * @param address `ws(s)://host:port/#<identity>`: with the relay's identity in the fragment it is pinned
 * @throws {ConnectError} the relay cannot be reached, or does not speak the protocol
 * @throws {IdentityMismatchError} it is another relay than the pinned one
 * @throws {TimeoutError} it did not answer in time
 */
export async function connect(address: string, identity: Identity, options: ConnectOptions = {}): Promise<Session> {
  const { url, pin } = parseRelayAddress(address);
  const crypto = options.crypto ?? nodeCrypto;
  const timeoutMs = options.connectTimeoutMs ?? 30_000;
  const started = performance.now();
  const transport = await dialWebSocket(url, { timeoutMs, ca: options.ca });
  const left = Math.max(1, timeoutMs - (performance.now() - started));

  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new TimeoutError('handshake', timeoutMs));
      transport.terminate();
    }, left);
    const channel: SecureChannel = new SecureChannel(transport, {
      role: 'initiator',
      identity,
      crypto,
      verify(remote) {
        if (pin !== undefined && !pin.every((byte, index) => byte === remote.deviceId[index])) {
          throw new IdentityMismatchError();
        }
        options.onRelayIdentity?.(remote);
      },
      handlers: sessionHandlers({
        open() {
          clearTimeout(timer);
          const session: Session = new Session(channel, {
            crypto,
            ...(options.answerTimeoutMs === undefined ? {} : { answerTimeoutMs: options.answerTimeoutMs }),
          });
          resolve(session);
          return session;
        },
        failed(code, error) {
          clearTimeout(timer);
          if (error instanceof IdentityMismatchError) reject(error);
          else {
            reject(
              new ConnectError('the handshake with the relay failed', {
                cause: error ?? new ConnectionClosedError(code),
              }),
            );
          }
        },
      }),
    });
  });
}
