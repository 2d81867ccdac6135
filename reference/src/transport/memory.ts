import type { MessageTransport, TransportHandlers } from './message-transport.ts';

const unset: TransportHandlers = {
  message() {
    throw new Error('memory transport: no handlers were set');
  },
  close() {},
};

class MemoryTransport implements MessageTransport {
  handlers = unset;
  peer!: MemoryTransport;
  #queue: (() => void)[] = [];
  #paused = false;
  #closed = false;
  #scheduled = false;

  get bufferedAmount(): number {
    return 0;
  }

  send(message: Uint8Array): void {
    if (this.#closed) return;
    const copy = message.slice();
    this.peer.#enqueue(() => this.peer.handlers.message(copy));
  }

  close(code: number): void {
    if (this.#closed) return;
    this.#closed = true;
    this.peer.#enqueue(() => this.peer.#end(code));
    this.#enqueue(() => this.handlers.close(code));
  }

  terminate(): void {
    this.close(1006);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#schedule();
  }

  #end(code: number): void {
    if (this.#closed) return;
    this.#closed = true;
    this.handlers.close(code);
  }

  #enqueue(event: () => void): void {
    this.#queue.push(event);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || this.#paused) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      while (!this.#paused) {
        const event = this.#queue.shift();
        if (event === undefined) return;
        event();
      }
    });
  }
}

/** Two transports, each the other's far side. Messages are delivered in later microtasks, as from a network. */
export function memoryPair(): [MessageTransport, MessageTransport] {
  const a = new MemoryTransport();
  const b = new MemoryTransport();
  a.peer = b;
  b.peer = a;
  return [a, b];
}
