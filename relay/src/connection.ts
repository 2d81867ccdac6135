import {
  type CryptoProvider,
  FrameReader,
  type Identity,
  type RemoteIdentity,
  SecureChannel,
} from '@0k-sync/reference';
import { FIXED_LIMITS, FRAME, MAX_BODY } from '@0k-sync/spec';
import type { Clock } from './clock.ts';
import { CLOSE } from './errors.ts';
import type { Metrics } from './metrics.ts';
import { Outbox } from './outbox.ts';
import type { Wire } from './websocket.ts';

export interface ConnectionOptions {
  identity: Identity;
  crypto: CryptoProvider;
  clock: Clock;
  metrics: Metrics;
  /** All in ms; the time for Hello counts from when TCP was accepted. */
  pingInterval: number;
  idleTimeout: number;
  helloTimeout: number;
}

export interface ConnectionHandlers {
  /** The handshake is done. */
  open(remote: RemoteIdentity): void;
  /** It is being closed by this side, or the handshake has failed. */
  ending(): void;
  /** Bytes of frames have come. */
  readable(): void;
  /** The outbox has become shorter. */
  drained(): void;
  /** The last event, with the WebSocket's close code. */
  closed(code: number): void;
}

/** How often `tick` is called, ms. */
export const TICK = 250;

/** How long a client that has no session, or is silent, may take to close, ms. */
const HASTY_CLOSE = 2000;

const SLOW_READER = FIXED_LIMITS.slow_reader_secs * 1000;

/** One client: its secure channel, frames in, outbox, and the clocks that end a connection of which nothing is heard. */
export class Connection {
  readonly address: string;
  readonly outbox: Outbox;
  /** Ends the wait for Hello. */
  readonly helloCame: () => void;
  /** Set before anything else happens. */
  handlers!: ConnectionHandlers;
  #wire: Wire;
  #channel: SecureChannel;
  #options: ConnectionOptions;
  #frames = new FrameReader({ maxBody: FRAME.max_body_before_welcome });
  #reading = true;
  #deaf = false;
  #opened = false;
  #ending = false;
  #heardAt: number;
  #bytesRead = 0;
  #pingAt: number;
  #drainedAt: number;
  #sent = 0;
  #left = 0;

  constructor(wire: Wire, options: ConnectionOptions) {
    this.#wire = wire;
    this.#options = options;
    this.address = wire.address;
    this.#heardAt = this.#drainedAt = options.clock.uptime();
    this.#pingAt = this.#heardAt + options.pingInterval;
    const forHello = wire.acceptedAt + options.helloTimeout - this.#heardAt;
    this.helloCame = options.clock.after(forHello, () => this.#abandon(CLOSE.policy));
    this.#channel = new SecureChannel(wire.transport, {
      role: 'responder',
      identity: options.identity,
      crypto: options.crypto,
      handlers: {
        open: (remote) => {
          this.#opened = true;
          this.handlers.open(remote);
        },
        data: (plaintext) => this.#data(plaintext),
        failed: () => this.#end(),
        close: (code) => this.#closed(code),
      },
    });
    this.outbox = new Outbox({
      write: (plaintext) => {
        this.#sent += plaintext.length;
        options.metrics.add('bytes_sent_total', plaintext.length);
        this.#channel.write(plaintext);
      },
      blocked: () => wire.blocked,
      finished: (code) => this.#close(code),
    });
    wire.onDrain = () => {
      this.outbox.flush();
      this.handlers.drained();
    };
  }

  /** Bytes that wait for the network. */
  get queued(): number {
    return this.outbox.bytes + this.#channel.bufferedAmount;
  }

  /** The next frame's body. @throws CodecError for a length that no frame has */
  nextBody(): Uint8Array | undefined {
    return this.#ending || this.#deaf ? undefined : this.#frames.next();
  }

  /** After Welcome frames may have their full length. */
  liftFrameLimit(): void {
    this.#frames.maxBody = MAX_BODY.bin;
  }

  /** Stops reading from the network, so that the client is held back, or goes on. */
  setReading(reading: boolean): void {
    if (this.#reading === reading || this.#ending) return;
    this.#reading = reading;
    this.#heardAt = this.#options.clock.uptime();
    if (reading) this.#channel.resume();
    else this.#channel.pause();
  }

  /** Nothing that still comes is looked at; the network is read on, so that the client's close is seen. */
  stopListening(): void {
    this.setReading(true);
    this.#deaf = true;
    this.#frames = new FrameReader({ maxBody: 1 });
  }

  /** Closes when everything in the outbox is written. */
  end(code: number): void {
    this.outbox.end(code);
  }

  /** Closes now and drops what waits. */
  cut(code: number): void {
    this.outbox.discard();
    this.#close(code);
  }

  terminate(): void {
    this.#channel.terminate();
  }

  /** Called every `TICK`, or a little later. */
  tick(): void {
    const now = this.#options.clock.uptime();
    if (this.#wire.bytesRead !== this.#bytesRead || !this.#reading) {
      this.#bytesRead = this.#wire.bytesRead;
      this.#heardAt = now;
    }
    const left = this.#sent - this.#channel.bufferedAmount;
    // Pings that are queued behind the rest make it smaller; only more than ever before is progress.
    if (left > this.#left || this.queued === 0) {
      this.#left = left;
      this.#drainedAt = now;
    }
    if (this.#ending) return;
    if (now - this.#drainedAt >= SLOW_READER) this.cut(CLOSE.policy);
    else if (now - this.#heardAt >= this.#options.idleTimeout) this.#abandon(CLOSE.goingAway);
    // What would be due before the next tick is sent now.
    else if (now + TICK > this.#pingAt) {
      this.#wire.ping();
      this.#pingAt = now + this.#options.pingInterval;
    }
  }

  #data(plaintext: Uint8Array): void {
    if (this.#ending || this.#deaf || this.#wire.broken) return;
    this.#options.metrics.add('bytes_received_total', plaintext.length);
    this.#frames.push(plaintext);
    this.handlers.readable();
  }

  #close(code: number): void {
    if (this.#ending) return;
    this.#end();
    // A close from the other side can only be seen by reading.
    if (!this.#reading) this.#channel.resume();
    this.#channel.close(code);
  }

  #end(): void {
    this.#ending = true;
    this.handlers.ending();
    // A client in a session may still be reading what is on its way; others have nothing to wait for.
    if (!this.#opened) this.#terminateSoon();
  }

  /** Closes without much hope that the client is still there. */
  #abandon(code: number): void {
    this.cut(code);
    this.#terminateSoon();
  }

  #terminateSoon(): void {
    this.#options.clock.after(HASTY_CLOSE, () => this.#channel.terminate());
  }

  #closed(code: number): void {
    this.#ending = true;
    this.helloCame();
    this.outbox.discard();
    this.handlers.closed(code);
  }
}
