import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { type Child, startNode } from './children.ts';
import type { Client } from './load.ts';

const SERVER = fileURLToPath(new URL('echo-server.ts', import.meta.url));

/** A bare echo in a process of its own. */
export const startEcho = (): Promise<Child> => startNode(['--conditions=source', SERVER]);

/** Clients of the echo that send so many bytes and wait for them to come back. */
export async function echoClients(url: string, count: number, bytes: number): Promise<Client[]> {
  const message = new Uint8Array(bytes);
  return Promise.all(
    Array.from({ length: count }, async () => {
      const socket = new WebSocket(url, { perMessageDeflate: false, skipUTF8Validation: true });
      await once(socket, 'open');
      let answered = () => {};
      socket.on('message', () => answered());
      return () =>
        new Promise<void>((resolve) => {
          answered = resolve;
          socket.send(message);
        });
    }),
  );
}
