import { createIdentity, decodeMessage, encodeFrame, FrameReader, SecureChannel } from '@0k-sync/reference';
import { dialWebSocket, nodeCrypto } from '@0k-sync/reference/node';
import { MAX_BODY, type Message } from '@0k-sync/spec';
import { median } from './figure.ts';

/** One client's next request; it settles when the answer is there. */
export type Client = () => Promise<unknown>;

/** Sends a frame and waits for its answer. One at a time. */
export type Ask = (frame: Uint8Array) => Promise<Message>;

/**
 * A client of a relay that costs as little as a client can, for it shares the machine with what is measured: the channel of the
 * reference, but frames that were made before, no timers, and no second look at answers.
 */
export async function openClient(address: string, groupId: Uint8Array): Promise<Ask> {
  const transport = await dialWebSocket(new URL(address).href.split('#')[0]!, { timeoutMs: 10_000 });
  const frames = new FrameReader({ maxBody: MAX_BODY.bin });
  const opened = Promise.withResolvers<void>();
  let waiting: PromiseWithResolvers<Message> | undefined;

  const channel = new SecureChannel(transport, {
    role: 'initiator',
    identity: createIdentity(nodeCrypto),
    crypto: nodeCrypto,
    handlers: {
      open: () => opened.resolve(),
      data(plaintext) {
        frames.push(plaintext);
        for (let body = frames.next(); body; body = frames.next()) {
          const message = decodeMessage(body, 'bin');
          if (message.type === 'Error') waiting?.reject(new Error(`the relay answered with ${message.code}`));
          else if (message.type !== 'Notify') waiting?.resolve(message);
        }
      },
      close(code) {
        const error = new Error(`the relay closed the connection with ${code}`);
        opened.reject(error);
        waiting?.reject(error);
      },
    },
  });
  await opened.promise;

  const ask: Ask = (frame) => {
    waiting = Promise.withResolvers();
    channel.write(frame);
    return waiting.promise;
  };
  const hello = { type: 'Hello', version: 1, device_name: '', group_id: groupId, last_cursor: 0n } as const;
  await ask(encodeFrame(hello, 'bin'));
  return ask;
}

export const randomBytes = (length: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(length));

/** A client that pushes blobs of one size, each under an id of its own. */
export function pusher(ask: Ask, bytes: number): Client {
  const blobId = randomBytes(16);
  const frame = Buffer.from(encodeFrame({ type: 'Push', blob_id: blobId, payload: randomBytes(bytes), ttl: 0 }, 'bin'));
  const idAt = frame.indexOf(blobId);
  let pushes = 0;
  return () => {
    frame.writeUInt32BE(pushes++, idAt);
    return ask(frame);
  };
}

/** Requests per second that the clients get done together, each sending the next when the last is answered. */
export async function throughput(clients: readonly Client[], ms: number): Promise<number> {
  let done = 0;
  const start = performance.now();
  await Promise.all(
    clients.map(async (request) => {
      while (performance.now() < start + ms) {
        await request();
        done++;
      }
    }),
  );
  return (done * 1000) / (performance.now() - start);
}

/** Milliseconds that a request of one client takes: the median. */
export async function latency(request: Client, ms: number): Promise<number> {
  const times: number[] = [];
  for (const end = performance.now() + ms; performance.now() < end; ) {
    const start = performance.now();
    await request();
    times.push(performance.now() - start);
  }
  return median(times);
}
