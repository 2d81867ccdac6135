import { HANDSHAKE } from '@0k-sync/spec';
import type { CryptoProvider } from '../crypto/provider.ts';
import type { CipherState } from '../noise/cipher-state.ts';
import { HandshakeState } from '../noise/handshake-state.ts';
import type { Identity, RemoteIdentity } from '../noise/identity.ts';
import type { MessageTransport } from '../transport/message-transport.ts';

const PROLOGUE = new TextEncoder().encode(HANDSHAKE.prologue);
const MAX_PLAINTEXT = HANDSHAKE.transport.max_plaintext;

export interface SecureChannelOptions {
  readonly role: 'initiator' | 'responder';
  readonly identity: Identity;
  readonly crypto: CryptoProvider;
  readonly handlers: SecureChannelHandlers;
  /**
   * Called once the other side's static keys are known, for an initiator before its own are sent. What it throws ends
   * the handshake.
   */
  verify?(remote: RemoteIdentity): void;
}

export interface SecureChannelHandlers {
  /** The handshake is done. For a responder the other side is authenticated only when its first message opens. */
  open(remote: RemoteIdentity): void;
  /** Bytes of the stream of frames, in the order sent. */
  data(plaintext: Uint8Array): void;
  /** Something failed on this side: the transport is being closed with 1002. */
  failed?(error: unknown): void;
  /** The last event. `error` says what ended it on this side, if something did. */
  close(code: number, error?: unknown): void;
}

/**
 * Noise over a transport of messages, of either side: the handshake, then a stream of bytes each way (HS). Anything that
 * fails closes the transport with 1002 and without a word, as the rules ask.
 */
export class SecureChannel {
  readonly #transport: MessageTransport;
  readonly #handlers: SecureChannelHandlers;
  readonly #verify: ((remote: RemoteIdentity) => void) | undefined;
  #handshake: HandshakeState | undefined;
  #send: CipherState | undefined;
  #receive: CipherState | undefined;
  #error: unknown;
  #closed = false;

  constructor(transport: MessageTransport, options: SecureChannelOptions) {
    this.#transport = transport;
    this.#handlers = options.handlers;
    this.#verify = options.verify;
    this.#handshake = new HandshakeState({
      role: options.role,
      prologue: PROLOGUE,
      identity: options.identity,
      crypto: options.crypto,
    });
    transport.handlers = {
      message: (message) => this.#message(message),
      close: (code) => this.#ended(code),
    };
    if (options.role === 'initiator') transport.send(this.#handshake.writeMessage());
  }

  /** Bytes written that have not left the process yet. */
  get bufferedAmount(): number {
    return this.#transport.bufferedAmount;
  }

  /** Sends bytes of the stream, in Noise messages of at most 65,519 bytes of plaintext each. */
  write(plaintext: Uint8Array): void {
    if (this.#closed || this.#send === undefined) return;
    for (let at = 0; at < plaintext.length || at === 0; at += MAX_PLAINTEXT) {
      const part =
        plaintext.length <= MAX_PLAINTEXT
          ? plaintext
          : plaintext.subarray(at, Math.min(at + MAX_PLAINTEXT, plaintext.length));
      this.#transport.send(this.#send.encrypt(part));
    }
  }

  /** Ends in order, after what was written. */
  close(code: number): void {
    this.#transport.close(code);
  }

  /** Ends at once. */
  terminate(): void {
    this.#transport.terminate();
  }

  pause(): void {
    this.#transport.pause();
  }

  resume(): void {
    this.#transport.resume();
  }

  #message(message: Uint8Array): void {
    if (this.#closed || this.#error !== undefined) return;
    let plaintext: Uint8Array | undefined;
    try {
      if (this.#receive !== undefined) plaintext = this.#receive.decrypt(message);
      else this.#advance(message);
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (plaintext !== undefined && plaintext.length > 0) this.#handlers.data(plaintext);
  }

  #advance(message: Uint8Array): void {
    const handshake = this.#handshake!;
    const known = handshake.remoteIdentity;
    handshake.readMessage(message);
    if (known === undefined && handshake.remoteIdentity !== undefined) this.#verify?.(handshake.remoteIdentity);
    if (!handshake.complete) this.#transport.send(handshake.writeMessage());
    if (!handshake.complete) return;
    const remote = handshake.remoteIdentity!;
    const { send, receive } = handshake.split();
    this.#send = send;
    this.#receive = receive;
    this.#handshake = undefined;
    this.#handlers.open(remote);
  }

  #fail(error: unknown): void {
    this.#error = error;
    this.#handlers.failed?.(error);
    this.#transport.close(1002);
  }

  #ended(code: number): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#handshake?.destroy();
    this.#send?.destroy();
    this.#receive?.destroy();
    this.#handlers.close(code, this.#error);
  }
}
