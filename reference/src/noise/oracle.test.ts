/**
 * The handshake against clatter, an independent implementation in Rust: every draw, message, h, ck, key and transport message of
 * vectors/sources/noise-hybridXX.json, in both roles.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { NoiseError } from '../crypto/errors.ts';
import { nobleCrypto } from '../crypto/noble.ts';
import { nodeCrypto } from '../crypto/node.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import type { CipherState } from './cipher-state.ts';
import { HandshakeState } from './handshake-state.ts';
import { identityFromSeed } from './identity.ts';

type Role = 'initiator' | 'responder';

interface Vector {
  id: string;
  prologue: string;
  initiator: Keys;
  responder: Keys;
  state_initial: State;
  messages: { from: Role; payload: string; message: string; rng: string[]; state_after: State }[];
  transport: { dir: 'i2r' | 'r2i'; nonce: number; rekeys_before: number; plaintext: string; ciphertext: string }[];
  transport_keys: Record<'i2r' | 'r2i', string>;
  transport_keys_final: Record<'i2r' | 'r2i', string>;
  handshake_hash: string;
}

interface Keys {
  s_dh: { secret: string; public: string };
  s_kem: { seed: string; public: string };
}

interface State {
  h: string;
  ck: string;
  has_key: boolean;
}

interface Negative {
  id: string;
  base_vector: string;
  fails_at: { role: Role; action: 'read' | 'write'; message: number };
  mutation:
    | { kind: 'xor'; message: number; offset: number; mask: string }
    | { kind: 'truncate'; message: number; length: number }
    | { kind: 'append'; message: number; bytes: string }
    | { kind: 'prologue' };
}

const source = new URL('../../../vectors/sources/noise-hybridXX.json', import.meta.url);
const oracle: {
  vectors: Vector[];
  negative: Negative[];
  strictness: { id: string; ek?: string; point?: string }[];
} = JSON.parse(readFileSync(source, 'utf8'));

const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

function handshake(vector: Vector, role: Role, crypto: CryptoProvider, prologue = vector.prologue): HandshakeState {
  const draws = vector.messages.filter(({ from }) => from === role).flatMap(({ rng }) => rng);
  const keys = vector[role];
  return new HandshakeState({
    role,
    prologue: hex(prologue),
    identity: identityFromSeed(hex(keys.s_dh.secret + keys.s_kem.seed), crypto),
    crypto,
    draw: () => hex(draws.shift()!),
    requireEmptyPayloads: false,
  });
}

function stateOf(side: HandshakeState): State {
  const symmetric = side['symmetric'];
  return { h: toHex(symmetric['hash']), ck: toHex(symmetric['chainingKey']), has_key: symmetric.hasKey };
}

const keyOf = (cipher: CipherState) => toHex(cipher['key']!);

/** node:crypto with noble's encapsulation, whose randomness can be given: so that every other primitive of it is compared. */
const nodeWithDraws: CryptoProvider = {
  ...nodeCrypto,
  mlKem768Encapsulate: (publicKey, m) => nobleCrypto.mlKem768Encapsulate(publicKey, m),
};

describe.each([
  ['noble', nobleCrypto, nobleCrypto],
  ['node', nodeWithDraws, nodeWithDraws],
  ['noble and node', nobleCrypto, nodeWithDraws],
  ['node and noble', nodeWithDraws, nobleCrypto],
])('%s, byte for byte', (_, initiatorCrypto, responderCrypto) => {
  test.each(oracle.vectors)('$id', (vector) => {
    const sides = {
      initiator: handshake(vector, 'initiator', initiatorCrypto),
      responder: handshake(vector, 'responder', responderCrypto),
    };
    for (const side of Object.values(sides)) expect(stateOf(side)).toEqual(vector.state_initial);

    for (const { from, payload, message, state_after } of vector.messages) {
      const [writer, reader] =
        from === 'initiator' ? [sides.initiator, sides.responder] : [sides.responder, sides.initiator];
      expect(toHex(writer.writeMessage(hex(payload)))).toBe(message);
      expect(toHex(reader.readMessage(hex(message)))).toBe(payload);
      expect(stateOf(writer)).toEqual(state_after);
      expect(stateOf(reader)).toEqual(state_after);
    }

    expect(toHex(sides.initiator.remoteIdentity!.dhPublic)).toBe(vector.responder.s_dh.public);
    expect(toHex(sides.initiator.remoteIdentity!.kemPublic)).toBe(vector.responder.s_kem.public);
    expect(toHex(sides.responder.remoteIdentity!.dhPublic)).toBe(vector.initiator.s_dh.public);
    expect(toHex(sides.responder.remoteIdentity!.kemPublic)).toBe(vector.initiator.s_kem.public);

    const initiator = sides.initiator.split();
    const responder = sides.responder.split();
    expect([toHex(initiator.handshakeHash), toHex(responder.handshakeHash)]).toEqual(
      Array(2).fill(vector.handshake_hash),
    );
    const ciphers = {
      i2r: [initiator.send, responder.receive],
      r2i: [responder.send, initiator.receive],
    } as const;
    const rekeys = { i2r: 0, r2i: 0 };
    for (const dir of ['i2r', 'r2i'] as const) {
      expect(ciphers[dir].map(keyOf)).toEqual(Array(2).fill(vector.transport_keys[dir]));
    }
    for (const { dir, nonce, rekeys_before, plaintext, ciphertext } of vector.transport) {
      const [sender, receiver] = ciphers[dir];
      for (; rekeys[dir] < rekeys_before; rekeys[dir]++) for (const cipher of ciphers[dir]) cipher.rekey();
      expect([sender.nonce, receiver.nonce]).toEqual([nonce, nonce]);
      expect(toHex(sender.encrypt(hex(plaintext)))).toBe(ciphertext);
      expect(toHex(receiver.decrypt(hex(ciphertext)))).toBe(plaintext);
    }
    for (const dir of ['i2r', 'r2i'] as const) {
      expect(ciphers[dir].map(keyOf)).toEqual(Array(2).fill(vector.transport_keys_final[dir]));
    }
  });
});

test('node:crypto with its own encapsulation writes message 1 and reads message 2 as clatter does', () => {
  for (const vector of oracle.vectors) {
    const initiator = handshake(vector, 'initiator', nodeCrypto);
    const [first, second] = vector.messages;
    expect(toHex(initiator.writeMessage(hex(first!.payload)))).toBe(first!.message);
    expect(toHex(initiator.readMessage(hex(second!.message)))).toBe(second!.payload);
    expect(stateOf(initiator)).toEqual(second!.state_after);
  }
});

describe.each([
  ['noble', nobleCrypto],
  ['node', nodeWithDraws],
])('wrong handshakes, %s', (_, crypto) => {
  test.each(oracle.negative)('$id', ({ base_vector, fails_at, mutation }) => {
    const vector = oracle.vectors.find(({ id }) => id === base_vector)!;
    // This protocol always mixes the prologue, so "none" is played by another one.
    const prologue = mutation.kind === 'prologue' ? '00' : vector.prologue;
    const sides = {
      initiator: handshake(vector, 'initiator', crypto, prologue),
      responder: handshake(vector, 'responder', crypto, mutation.kind === 'prologue' ? '' : vector.prologue),
    };
    let failure: { role: Role; action: string; message: number; errorClass: string } | undefined;
    for (const [index, { from, payload }] of vector.messages.entries()) {
      const to = from === 'initiator' ? 'responder' : 'initiator';
      const message = sides[from].writeMessage(hex(payload));
      try {
        sides[to].readMessage(mutated(message, index + 1, mutation));
      } catch (error) {
        if (!(error instanceof NoiseError)) throw error;
        failure = { role: to, action: 'read', message: index + 1, errorClass: error.errorClass };
        expectFailedState(sides[to], message);
        break;
      }
    }
    const errorClass = mutation.kind === 'truncate' ? 'too-short' : 'decrypt';
    expect(failure).toEqual({
      role: fails_at.role,
      action: fails_at.action,
      message: fails_at.message,
      errorClass,
    });
  });
});

function mutated(message: Uint8Array, index: number, mutation: Negative['mutation']): Uint8Array {
  if (mutation.kind === 'prologue' || mutation.message !== index) return message;
  if (mutation.kind === 'truncate') return message.subarray(0, mutation.length);
  if (mutation.kind === 'append') return hex(toHex(message) + mutation.bytes);
  const changed = message.slice();
  changed[mutation.offset]! ^= Number.parseInt(mutation.mask, 16);
  return changed;
}

function expectFailedState(side: HandshakeState, goodMessage: Uint8Array): void {
  for (const call of [() => side.readMessage(goodMessage), () => side.writeMessage(), () => side.split()]) {
    expect(call).toThrow(expect.objectContaining({ errorClass: 'failed-state' }));
  }
}

describe('what clatter lets pass and this protocol does not', () => {
  const vector = oracle.vectors.find(({ id }) => id === 'v01-prologue-empty-payloads')!;
  const first = vector.messages[0]!.message;

  test.each(oracle.strictness)('$id', ({ ek, point }) => {
    for (const crypto of [nobleCrypto, nodeCrypto]) {
      const identity = identityFromSeed(new Uint8Array(96).fill(1), crypto);
      const responder = new HandshakeState({ role: 'responder', prologue: hex(vector.prologue), identity, crypto });
      if (ek) {
        // A key that is not canonical is refused when it arrives.
        expect(() => responder.readMessage(hex(first.slice(0, 64) + ek))).toThrow(
          expect.objectContaining({ errorClass: 'bad-public-key' }),
        );
      } else {
        // A point of low order shows in X25519, which `ee` computes when the answer is written.
        responder.readMessage(hex(point! + first.slice(64)));
        expect(() => responder.writeMessage()).toThrow(expect.objectContaining({ errorClass: 'low-order' }));
      }
      expectFailedState(responder, hex(first));
    }
  });
});
