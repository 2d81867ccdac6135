import { once } from 'node:events';
import { decodeMessage, encodeFrame, FrameReader, SecureChannel } from '@0k-sync/reference';
import { nodeCrypto, webSocketTransport } from '@0k-sync/reference/node';
import { MAX_BODY, type Message } from '@0k-sync/spec';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { newIdentity } from './relay-harness.ts';

/** A secure channel to the relay that writes whatever bytes a test likes. */
export class RawClient {
  readonly messages: Message[] = [];
  readonly closed: Promise<number>;
  readonly socket: WebSocket;
  channel!: SecureChannel;
  #frames = new FrameReader({ maxBody: MAX_BODY.bin });
  #arrived = () => {};
  #taken = 0;

  private constructor(socket: WebSocket, opened: () => void) {
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      this.channel = new SecureChannel(webSocketTransport(socket), {
        role: 'initiator',
        identity: newIdentity(),
        crypto: nodeCrypto,
        handlers: {
          open: opened,
          data: (plaintext) => this.#data(plaintext),
          close: (code) => resolve(code),
        },
      });
    });
  }

  static async connect(relay: { url: string }, headers: Record<string, string> = {}): Promise<RawClient> {
    const socket = new WebSocket(relay.url.split('#')[0]!, ['0k-sync.1'], { headers });
    onTestFinished(() => socket.terminate());
    await once(socket, 'open');
    const { promise, resolve } = Promise.withResolvers<void>();
    const client = new RawClient(socket, resolve);
    await promise;
    return client;
  }

  send(...messages: Message[]): void {
    this.channel.write(Buffer.concat(messages.map((message) => encodeFrame(message, 'bin'))));
  }

  /** The next message from the relay. */
  async next(): Promise<Message> {
    while (this.messages.length <= this.#taken) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
    return this.messages[this.#taken++]!;
  }

  #data(plaintext: Uint8Array): void {
    this.#frames.push(plaintext);
    for (let body = this.#frames.next(); body; body = this.#frames.next())
      this.messages.push(decodeMessage(body, 'bin'));
    this.#arrived();
  }
}
