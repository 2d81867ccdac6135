/** The parts of the reference that need Node: node:crypto, WebSocket through `ws`, and `connect`. */
export { nodeCrypto } from './crypto/node.ts';
export { type ConnectOptions, connect } from './session/connect.ts';
export {
  type DialOptions,
  dialWebSocket,
  MAX_WEBSOCKET_MESSAGE,
  type OpenWebSocket,
  webSocketTransport,
} from './transport/websocket.ts';
