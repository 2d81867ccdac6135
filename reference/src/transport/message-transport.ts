/**
 * What the secure channel stands on: whole binary messages, in order, both ways. One WebSocket is one, and so is one
 * side of an in-memory pair.
 */
export interface MessageTransport {
  /** Set before the first event can come. */
  handlers: TransportHandlers;
  /** Bytes taken by {@link send} that have not left the process yet. */
  readonly bufferedAmount: number;
  /** Sends one message. After the transport closed it does nothing. */
  send(message: Uint8Array): void;
  /** Ends in order, after what was sent; `code` is a WebSocket close code. */
  close(code: number): void;
  /** Ends at once; what was sent may be lost. */
  terminate(): void;
  /** Stops reading, so that the sender is held back. */
  pause(): void;
  resume(): void;
}

export interface TransportHandlers {
  message(data: Uint8Array): void;
  /** The last event. `code` is 1006 where the connection ended without a close. */
  close(code: number): void;
}
