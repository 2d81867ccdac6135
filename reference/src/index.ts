/** The reference implementation of 0k-Sync that runs anywhere: codec, frames, Noise, identifiers, seals, session, pairing. */
export * from './client/backoff.ts';
export * from './client/cursor-tracker.ts';
export { CodecError } from './codec/codec-error.ts';
export type { Encoding } from './codec/field-codec.ts';
export { FrameReader } from './codec/frame-reader.ts';
export { decodeMessage, encodedSize, encodeFrame, encodeMessage } from './codec/message.ts';
export { NoiseError, type NoiseErrorClass, SealError, type SealErrorClass } from './crypto/errors.ts';
export { nobleCrypto } from './crypto/noble.ts';
export type { Argon2Parameters, CryptoProvider, KeyHandle, KeyPair, SecretKey } from './crypto/provider.ts';
export * from './envelope.ts';
export * from './ids.ts';
export * from './membership.ts';
export { CipherState } from './noise/cipher-state.ts';
export { type HandshakeOptions, HandshakeState, type SessionKeys } from './noise/handshake-state.ts';
export {
  createIdentity,
  deviceIdOf,
  IDENTITY_SEED_LENGTH,
  type Identity,
  identityFromSeed,
  identitySeed,
  type RemoteIdentity,
} from './noise/identity.ts';
export * from './pairing/invite.ts';
export { PairingError } from './pairing/pairing-error.ts';
export * from './pairing/short-code.ts';
export * from './seal/content.ts';
export * from './seal/device-name.ts';
export * from './seal/keys.ts';
export * from './seal/padme.ts';
export * from './seal/passphrase.ts';
export * from './seal/seal-1.ts';
export * from './seal/seal-2.ts';
export { SecureChannel, type SecureChannelHandlers, type SecureChannelOptions } from './session/secure-channel.ts';
export { type HelloFields, type RelayEvent, Session, type SessionOptions, sessionHandlers } from './session/session.ts';
export {
  ConnectError,
  ConnectionClosedError,
  IdentityMismatchError,
  ProtocolViolationError,
  RelayError,
  TimeoutError,
} from './session/session-errors.ts';
export { memoryPair } from './transport/memory.ts';
export type { MessageTransport, TransportHandlers } from './transport/message-transport.ts';
