// The limit of everything on a WebSocket: a server of `ws` that sends back what comes, and nothing else.
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false, skipUTF8Validation: true });
server.on('connection', (socket) => {
  socket.on('message', (data) => socket.send(data));
});
server.on('listening', () => console.log(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`));
process.on('SIGTERM', () => process.exit());
