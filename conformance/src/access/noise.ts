import { HandshakeState, type Identity, type RemoteIdentity } from '@0k-sync/reference';
import { nodeCrypto } from '@0k-sync/reference/node';
import { HANDSHAKE } from '@0k-sync/spec';
import { Violation } from '../verdict.ts';
import { NOTHING } from './inbox.ts';
import { closedOverLimit } from './over-limit.ts';
import { describeEvent, type Wire, type WireEvent } from './wire.ts';

type SessionKeys = ReturnType<HandshakeState['split']>;

const PROLOGUE = new TextEncoder().encode(HANDSHAKE.prologue);
const MAX_PLAINTEXT = HANDSHAKE.transport.max_plaintext;

/** Changes bytes on their way to the relay. */
export type Mutation = (bytes: Uint8Array) => Uint8Array;

const unchanged: Mutation = (bytes) => bytes;

/**
 * The secure channel, driven step by step: each of the four handshake messages and each transport message can be looked at,
 * changed, repeated or left out.
 */
export class NoiseConnection {
  readonly wire: Wire;
  readonly identity: Identity;
  readonly handshake: HandshakeState;
  #keys: SessionKeys | undefined;

  /** @param prologue - the ALPN bytes unless said. */
  constructor(wire: Wire, identity: Identity, prologue: Uint8Array = PROLOGUE) {
    this.wire = wire;
    this.identity = identity;
    // A kit has to be able to write what the protocol forbids, a payload too; what it reads is judged here.
    const requireEmptyPayloads = false;
    this.handshake = new HandshakeState({
      role: 'initiator',
      prologue,
      identity,
      crypto: nodeCrypto,
      requireEmptyPayloads,
    });
  }

  /** The relay's static keys and identity; known from the second message on. */
  get remote(): RemoteIdentity | undefined {
    return this.handshake.remoteIdentity;
  }

  /**
   * Writes and sends the next handshake message, after `mutate` had its way with the bytes.
   *
   * @returns what was sent.
   */
  writeHandshake(mutate: Mutation = unchanged, payload?: Uint8Array): Uint8Array {
    const message = mutate(this.handshake.writeMessage(payload));
    this.#record('to-relay', `handshake message of ${message.length} bytes`);
    this.wire.send(message);
    return message;
  }

  /**
   * Receives the next handshake message and lets the handshake process it.
   *
   * @returns the bytes as they came.
   * @throws Violation if something else came, or the message is not a valid one.
   */
  async readHandshake(): Promise<Uint8Array> {
    const message = await this.wire.receive('the next handshake message');
    this.process(message);
    return message;
  }

  /** Lets the handshake process a message of the relay. @throws Violation if it is not a valid one */
  process(message: Uint8Array): void {
    this.#record('from-relay', `handshake message of ${message.length} bytes`);
    let payload: Uint8Array;
    try {
      payload = this.handshake.readMessage(message);
    } catch (error) {
      throw new Violation({
        requirement: 'HS-03',
        expected: ['a handshake message that the pattern allows here'],
        actual: `${message.length} bytes that fail: ${(error as Error).message}`,
      });
    }
    if (payload.length === 0) return;
    throw new Violation({
      requirement: 'HS-06',
      expected: [`a handshake message of ${message.length - payload.length} bytes`],
      actual: `one of ${message.length}, with a payload`,
    });
  }

  /** The four messages as they should be. */
  async complete(): Promise<this> {
    this.writeHandshake();
    await this.readHandshake();
    this.writeHandshake();
    await this.readHandshake();
    return this;
  }

  /** The keys of both directions, once the handshake is complete. */
  get keys(): SessionKeys {
    this.#keys ??= this.handshake.split();
    return this.#keys;
  }

  /** Encrypts one Noise message and sends it. @returns what was sent. */
  send(plaintext: Uint8Array, mutate: Mutation = unchanged): Uint8Array {
    const message = mutate(this.keys.send.encrypt(plaintext));
    this.wire.send(message);
    return message;
  }

  /** Sends bytes of the frame stream, in as many Noise messages as they need. */
  sendStream(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += MAX_PLAINTEXT) this.send(bytes.subarray(at, at + MAX_PLAINTEXT));
  }

  /** The plaintext of the next Noise message, or what came instead of one. A message that does not open is a violation. */
  async next(
    ms?: number,
  ): Promise<{ kind: 'plaintext'; data: Uint8Array } | Exclude<WireEvent, { kind: 'message' }> | typeof NOTHING> {
    const event = await this.wire.next(ms);
    if (event === NOTHING || event.kind !== 'message') return event;
    return { kind: 'plaintext', data: this.#open(event.data) };
  }

  /** The plaintext of the next Noise message. @throws Violation */
  async receive(awaited = 'a Noise message'): Promise<Uint8Array> {
    const event = await this.next();
    if (event !== NOTHING && event.kind === 'plaintext') return event.data;
    throw (
      closedOverLimit(event) ??
      new Violation({ expected: [awaited], actual: describeEvent(event, this.wire.link.timeoutMs) })
    );
  }

  #open(message: Uint8Array): Uint8Array {
    if (message.length > HANDSHAKE.transport.max_message) {
      throw new Violation({
        requirement: 'FRAME-16',
        expected: [`Noise messages of at most ${HANDSHAKE.transport.max_message} bytes`],
        actual: `one of ${message.length}`,
      });
    }
    // From the first rekey on, a message that does not open points to it.
    const requirement = this.keys.receive.nonce < HANDSHAKE.transport.rekey_interval ? 'HS-05' : 'HS-20';
    try {
      return this.keys.receive.decrypt(message);
    } catch (error) {
      throw new Violation({
        requirement,
        expected: ['a transport message that opens with the key of its direction'],
        actual: `${message.length} bytes that fail: ${(error as Error).message}`,
      });
    }
  }

  #record(direction: 'to-relay' | 'from-relay', text: string): void {
    this.wire.link.trace.record(this.wire.link.name, direction, text);
  }
}
