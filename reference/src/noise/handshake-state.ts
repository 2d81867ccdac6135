import { HANDSHAKE } from '@0k-sync/spec';
import { NoiseError, type NoiseErrorClass } from '../crypto/errors.ts';
import { type CryptoProvider, type KeyPair, wipeSecretKey } from '../crypto/provider.ts';
import { checkMlKem768PublicKey, checkX25519PublicKey } from '../crypto/public-key-checks.ts';
import type { CipherState } from './cipher-state.ts';
import { deviceIdOf, type Identity, type RemoteIdentity, type StaticKeys, staticKeys } from './identity.ts';
import { SymmetricState } from './symmetric-state.ts';

export interface HandshakeOptions {
  readonly role: 'initiator' | 'responder';
  /** Both sides must mix the same bytes; an empty prologue is mixed as well. */
  readonly prologue: Uint8Array;
  readonly identity: Identity;
  readonly crypto: CryptoProvider;
  /**
   * Replaces the random source, so that vectors can be reproduced: with the noble provider only, for node:crypto draws the
   * randomness of encapsulations itself. Drawn, in this order, 32 bytes each: `e` X25519 secret, d, z; `ekem` and `skem` m.
   * What it returns is overwritten after use.
   */
  readonly draw?: ((length: number) => Uint8Array) | undefined;
  /** Whether a payload fails the handshake, as the protocol demands (the default). Vectors of other origin carry payloads. */
  readonly requireEmptyPayloads?: boolean | undefined;
}

/** The ciphers of a finished handshake, by direction, and its hash h (32 bytes), the same on both sides. */
export interface SessionKeys {
  readonly send: CipherState;
  readonly receive: CipherState;
  readonly handshakeHash: Uint8Array;
}

type Step = 'write' | 'read' | 'split';
type Token = (typeof HANDSHAKE.messages)[number]['tokens'][number];

interface PublicKeys {
  readonly dh: Uint8Array;
  readonly kem: Uint8Array;
}

const NOTHING = new Uint8Array(0);
const SIZES = HANDSHAKE.sizes;

/**
 * The HandshakeState of the Noise specification, 5.3, with tokens for ML-KEM. The pattern is data: the table HANDSHAKE of the spec
 * says which tokens each message has, in which order, and how long they are.
 *
 * The initiator calls write, read, write, read; the responder read, write, read, write; then both call `split`. Between reading
 * the second message and writing the third, the initiator has `remoteIdentity` and compares it with a pinned one.
 *
 * A NoiseError ends the handshake, and every later call throws `failed-state`; only `wrong-turn` changes nothing. Secrets are
 * overwritten when they are used up, as far as JavaScript reaches: KeyObjects and copies made by engines are out of reach.
 */
export class HandshakeState {
  private readonly crypto: CryptoProvider;
  private readonly initiator: boolean;
  private readonly requireEmptyPayloads: boolean;
  private readonly draw: ((length: number) => Uint8Array) | undefined;
  private readonly symmetric: SymmetricState;
  private readonly s: StaticKeys;
  private readonly localIdentity: Identity;
  private e: StaticKeys | undefined;
  private remoteEphemeral: PublicKeys | undefined;
  private remoteStatic: RemoteIdentity | undefined;
  private messageIndex = 0;
  private failed = false;

  constructor(options: HandshakeOptions) {
    this.crypto = options.crypto;
    this.initiator = options.role === 'initiator';
    this.requireEmptyPayloads = options.requireEmptyPayloads ?? true;
    this.draw = options.draw;
    this.localIdentity = options.identity;
    this.s = staticKeys(options.identity, options.crypto);
    this.symmetric = new SymmetricState(options.crypto, new TextEncoder().encode(HANDSHAKE.protocol_name));
    this.symmetric.mixHash(options.prologue);
  }

  /** Whether all four messages are through and `split` is next. */
  get complete(): boolean {
    return this.messageIndex >= HANDSHAKE.messages.length;
  }

  /** The other side's static keys and DeviceId: for the initiator after message 2, for the responder after message 3. */
  get remoteIdentity(): RemoteIdentity | undefined {
    return this.remoteStatic;
  }

  /**
   * The next handshake message.
   * @throws NoiseError `low-order` (only now is the other side's ephemeral key used), `unexpected-payload`, `too-long`,
   * `wrong-turn`, `failed-state`
   */
  writeMessage(payload: Uint8Array = NOTHING): Uint8Array {
    return this.step('write', (tokens, overhead) => {
      this.checkLength(overhead + payload.length, overhead);
      const parts: Uint8Array[] = [];
      for (const token of tokens) this.writeToken(token, parts);
      parts.push(this.symmetric.encryptAndHash(payload));
      return concatenate(parts, overhead + payload.length);
    });
  }

  /**
   * Takes the other side's message and returns its payload.
   * @throws NoiseError `too-short`, `too-long`, `unexpected-payload` (judged by the length, before anything is decrypted),
   * `bad-public-key`, `low-order`, `decrypt`, `wrong-turn`, `failed-state`
   */
  readMessage(message: Uint8Array): Uint8Array {
    return this.step('read', (tokens, overhead) => {
      this.checkLength(message.length, overhead);
      const reader = new Reader(message);
      for (const token of tokens) this.readToken(token, reader);
      return Uint8Array.from(this.symmetric.decryptAndHash(reader.rest()));
    });
  }

  /** The keys of the session, once; this object is destroyed. @throws NoiseError `wrong-turn` before the last message */
  split(): SessionKeys {
    return this.step('split', () => {
      const handshakeHash = this.symmetric.handshakeHash;
      const [fromInitiator, fromResponder] = this.symmetric.split();
      this.destroy();
      return this.initiator
        ? { send: fromInitiator, receive: fromResponder, handshakeHash }
        : { send: fromResponder, receive: fromInitiator, handshakeHash };
    });
  }

  /** Overwrites what is secret here (the identity belongs to the caller). Nothing but `remoteIdentity` works afterwards. */
  destroy(): void {
    this.failed = true;
    this.symmetric.destroy();
    if (this.e) {
      wipeSecretKey(this.e.dh.secretKey);
      wipeSecretKey(this.e.kem.secretKey);
      this.e = undefined;
    }
  }

  private get turn(): Step {
    const next = HANDSHAKE.messages[this.messageIndex];
    if (!next) return 'split';
    return (next.from === 'initiator') === this.initiator ? 'write' : 'read';
  }

  private step<T>(step: Step, work: (tokens: readonly Token[], overhead: number) => T): T {
    if (this.failed) {
      throw new NoiseError('failed-state', 'this handshake is over: it failed, was split or was destroyed');
    }
    if (step !== this.turn) {
      const message = this.complete ? '' : ` message ${this.messageIndex + 1}`;
      throw new NoiseError('wrong-turn', `cannot ${step} now: the next step of this side is to ${this.turn}${message}`);
    }
    try {
      const { tokens = [], overhead = 0 } = HANDSHAKE.messages[this.messageIndex] ?? {};
      const result = work(tokens, overhead);
      this.messageIndex++;
      return result;
    } catch (error) {
      this.destroy();
      this.remoteStatic = undefined; // keys of a message that failed are nobody's
      throw error;
    }
  }

  private checkLength(actual: number, overhead: number): void {
    const refuse = (errorClass: NoiseErrorClass, allowed: string) =>
      new NoiseError(errorClass, `handshake message ${this.messageIndex + 1} has ${actual} bytes; ${allowed}`);
    if (actual < overhead) throw refuse('too-short', `its tokens take ${overhead}`);
    if (actual > HANDSHAKE.transport.max_message) throw refuse('too-long', 'Noise allows 65,535');
    if (this.requireEmptyPayloads && actual > overhead) {
      throw refuse('unexpected-payload', `without payload, as this protocol demands, it has ${overhead}`);
    }
  }

  private writeToken(token: Token, parts: Uint8Array[]): void {
    switch (token) {
      case 'e': {
        this.e = this.generateEphemeral();
        const { dh, kem } = this.e;
        this.symmetric.mixHash(dh.publicKey);
        this.symmetric.mixHash(kem.publicKey);
        parts.push(dh.publicKey, kem.publicKey);
        return;
      }
      case 's':
        parts.push(this.symmetric.encryptAndHash(this.localIdentity.dhPublic));
        parts.push(this.symmetric.encryptAndHash(this.localIdentity.kemPublic));
        return;
      case 'ekem': {
        const { ciphertext, sharedSecret } = this.encapsulate(this.remoteEphemeral!.kem);
        this.symmetric.mixHash(ciphertext);
        this.symmetric.mixKey(sharedSecret);
        parts.push(ciphertext);
        return;
      }
      case 'skem': {
        const { ciphertext, sharedSecret } = this.encapsulate(this.remoteStatic!.kemPublic);
        parts.push(this.symmetric.encryptAndHash(ciphertext));
        this.symmetric.mixKeyAndHash(sharedSecret);
        return;
      }
      default:
        this.symmetric.mixKey(this.agree(token));
    }
  }

  private readToken(token: Token, reader: Reader): void {
    const tag = this.symmetric.hasKey ? SIZES.tag : 0;
    switch (token) {
      case 'e': {
        const dh = Uint8Array.from(reader.take(SIZES.dh_public));
        const kem = Uint8Array.from(reader.take(SIZES.kem_public));
        checkX25519PublicKey(dh);
        checkMlKem768PublicKey(kem);
        this.symmetric.mixHash(dh);
        this.symmetric.mixHash(kem);
        this.remoteEphemeral = { dh, kem };
        return;
      }
      case 's': {
        const dhPublic = this.symmetric.decryptAndHash(reader.take(SIZES.dh_public + tag));
        const kemPublic = this.symmetric.decryptAndHash(reader.take(SIZES.kem_public + tag));
        checkX25519PublicKey(dhPublic);
        checkMlKem768PublicKey(kemPublic);
        this.remoteStatic = { dhPublic, kemPublic, deviceId: deviceIdOf(dhPublic, kemPublic, this.crypto) };
        return;
      }
      case 'ekem': {
        const ciphertext = reader.take(SIZES.kem_ciphertext);
        this.symmetric.mixHash(ciphertext);
        this.symmetric.mixKey(this.crypto.mlKem768Decapsulate(ciphertext, this.e!.kem.secretKey));
        return;
      }
      case 'skem': {
        const ciphertext = this.symmetric.decryptAndHash(reader.take(SIZES.kem_ciphertext + tag));
        this.symmetric.mixKeyAndHash(this.crypto.mlKem768Decapsulate(ciphertext, this.s.kem.secretKey));
        return;
      }
      default:
        this.symmetric.mixKey(this.agree(token));
    }
  }

  /** X25519 of a token's two letters: the initiator's key, then the responder's. */
  private agree(token: 'ee' | 'es' | 'se'): Uint8Array {
    const [ours, theirs] = this.initiator ? [token[0], token[1]] : [token[1], token[0]];
    const local: KeyPair = ours === 'e' ? this.e!.dh : this.s.dh;
    const remote = theirs === 'e' ? this.remoteEphemeral!.dh : this.remoteStatic!.dhPublic;
    return this.crypto.x25519(local.secretKey, remote);
  }

  private generateEphemeral(): StaticKeys {
    const draw = this.draw ?? this.crypto.randomBytes;
    const secret = draw(32);
    const seed = new Uint8Array(64);
    for (const offset of [0, 32]) {
      const half = draw(32);
      seed.set(half, offset);
      half.fill(0);
    }
    try {
      return { dh: this.crypto.x25519Keygen(secret), kem: this.crypto.mlKem768Keygen(seed) };
    } finally {
      secret.fill(0);
      seed.fill(0);
    }
  }

  private encapsulate(publicKey: Uint8Array): { ciphertext: Uint8Array; sharedSecret: Uint8Array } {
    if (!this.draw) return this.crypto.mlKem768Encapsulate(publicKey);
    const m = this.draw(32);
    try {
      return this.crypto.mlKem768Encapsulate(publicKey, m);
    } finally {
      m.fill(0);
    }
  }
}

/** Cuts a message whose length has been checked. The parts share its memory: what is kept longer must be copied. */
class Reader {
  private remaining: Uint8Array;

  constructor(message: Uint8Array) {
    this.remaining = message;
  }

  take(length: number): Uint8Array {
    const part = this.remaining.subarray(0, length);
    this.remaining = this.remaining.subarray(length);
    return part;
  }

  rest(): Uint8Array {
    return this.remaining;
  }
}

function concatenate(parts: Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
