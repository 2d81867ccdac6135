import { createConnection } from 'node:net';
import { createGroup, createIdentity, encodeFrame, proveMembership, SecureChannel } from '@0k-sync/reference';
import { dialWebSocket, nodeCrypto } from '@0k-sync/reference/node';
import { HANDSHAKE } from '@0k-sync/spec';
import type { Random } from '../../conformance/src/random.ts';
import { corpus, mutate } from './mutate.ts';

const identity = createIdentity(nodeCrypto);
const { groupId, authSeed } = createGroup(nodeCrypto.randomBytes(32), nodeCrypto);
const hello = encodeFrame(
  {
    type: 'Hello',
    version: 1,
    device_name: '',
    group_id: groupId,
    last_cursor: 0n,
    ext: { proof: proveMembership(authSeed, groupId, identity.deviceId, nodeCrypto) },
  },
  'bin',
);
const bodies = corpus('codec-bin');
const framed = bodies.map((body) => {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(body.length);
  return Buffer.concat([header, body]);
});
const upgrade = (url: URL) =>
  Buffer.from(
    `GET / HTTP/1.1\r\nHost: ${url.host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
      `Sec-WebSocket-Key: ${nodeCrypto.randomBytes(16).toString()}\r\nSec-WebSocket-Protocol: ${HANDSHAKE.websocket_subprotocol}\r\n\r\n`,
  );

/** How long a relay may take to end a connection that has ended on our side, ms. */
const END_MS = 20_000;

/** Bytes on a bare socket: HTTP, WebSocket frames and none of them. Resolves when the connection has ended. */
export function bareSocket(url: URL, random: Random): Promise<void> {
  const bytes = mutate(random, [upgrade(url), Buffer.concat([upgrade(url), mutate(random, framed)])]);
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: url.hostname, port: Number(url.port) }, () => socket.end(bytes));
    socket.setTimeout(END_MS, () =>
      socket.destroy(new Error(`the relay did not end a connection within ${END_MS} ms`)),
    );
    socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? resolve() : reject(error)));
    socket.on('close', () => resolve());
    socket.resume();
  });
}

/** A WebSocket whose messages are no handshake, or half of one. */
export async function beforeHandshake(url: URL, random: Random): Promise<void> {
  const transport = await dialWebSocket(url.href, { timeoutMs: END_MS });
  const first = mutate(random, [nodeCrypto.randomBytes(HANDSHAKE.messages[0].overhead)]);
  await new Promise<void>((resolve) => {
    transport.handlers = { message() {}, close: () => resolve() };
    transport.send(first.subarray(0, HANDSHAKE.transport.max_message));
    transport.send(random.bytes(random.integer(0, 300)));
    transport.close(1000);
  });
}

/** Frames of any content on a secure channel, half of the time after Hello. */
export async function afterHandshake(url: URL, random: Random): Promise<void> {
  const transport = await dialWebSocket(url.href, { timeoutMs: END_MS });
  const stream = mutate(random, framed);
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`the relay did not end a session within ${END_MS} ms`));
      transport.terminate();
    }, END_MS);
    const channel: SecureChannel = new SecureChannel(transport, {
      role: 'initiator',
      identity,
      crypto: nodeCrypto,
      handlers: {
        open() {
          if (random.integer(0, 1) === 0) channel.write(hello);
          channel.write(stream);
          channel.close(1000);
        },
        data() {},
        close() {
          clearTimeout(timer);
          resolve();
        },
      },
    });
  });
}
