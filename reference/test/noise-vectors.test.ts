/** Every vector of vectors/noise.json, with both crypto providers. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  CipherState,
  type CryptoProvider,
  encodeBase64url,
  HandshakeState,
  type Identity,
  identityFromSeed,
  NoiseError,
  nobleCrypto,
} from '../src/index.ts';
import { nodeCrypto } from '../src/node.ts';

type Side = 'initiator' | 'responder';
type Bytes = string | { repeat: string; times: number } | Bytes[];

interface Party {
  dhSecret: string;
  kemSeed: string;
  deviceId: string;
  draws: string[];
}

interface HandshakeVector {
  tcId: number;
  comment: string;
  handshake: string;
  prologue: string;
  initiator: Party;
  responder: Party;
  messages: { from: Side; payload: string; message: string }[];
  handshakeHash: string;
  transport: { from: Side; rekeysBefore: number; plaintext: string; ciphertext: string }[];
}

type Mutation =
  | { kind: 'xor'; message: number; offset: number; mask: string }
  | { kind: 'truncate'; message: number; length: number }
  | { kind: 'append'; message: number; bytes: string }
  | { kind: 'replace'; message: number; offset: number; bytes: string }
  | { kind: 'prologue'; initiator: string; responder: string };

interface FaultVector {
  tcId: number;
  comment: string;
  handshake: string;
  mutation: Mutation;
  failsAt: { side: Side; action: 'read' | 'write'; message: number }[];
  afterwards: string;
  error: string;
}

interface TransportVector {
  tcId: number;
  comment: string;
  operation: 'both' | 'encrypt' | 'decrypt';
  nonce: number;
  currentKey: string;
  plaintext?: Bytes;
  ciphertext?: Bytes;
  result: 'valid' | 'invalid';
  error?: string;
}

const file = JSON.parse(readFileSync(new URL(import.meta.resolve('@0k-sync/vectors/noise.json')), 'utf8')) as {
  numberOfTests: number;
  testGroups: { type: string; payloads?: 'allowed' | 'refused'; tests: never[] }[];
};
const groups = <T>(type: string) =>
  file.testGroups
    .filter((group) => group.type === type)
    .flatMap((group) => group.tests.map((vector) => ({ ...(vector as T), payloads: group.payloads })));

const expand = (value: Bytes): string =>
  typeof value === 'string'
    ? value
    : Array.isArray(value)
      ? value.map(expand).join('')
      : value.repeat.repeat(value.times);
const hex = (value: Bytes) => Uint8Array.from(Buffer.from(expand(value), 'hex'));
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

// Encapsulation with chosen randomness is beyond node:crypto; all the rest of a handshake is its own here.
const providers: [string, CryptoProvider][] = [
  ['noble', nobleCrypto],
  ['node', { ...nodeCrypto, mlKem768Encapsulate: nobleCrypto.mlKem768Encapsulate }],
];

const handshakes = groups<HandshakeVector>('Handshake');
const byName = new Map(handshakes.map((vector) => [vector.handshake, vector]));

function errorClassOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(NoiseError);
    return (error as NoiseError).errorClass;
  }
  return 'accepted';
}

function identityOf(party: Party, crypto: CryptoProvider): Identity {
  return identityFromSeed(Buffer.from(party.dhSecret + party.kemSeed, 'hex'), crypto);
}

function sides(
  vector: HandshakeVector,
  crypto: CryptoProvider,
  refusePayloads: boolean,
  prologues?: Record<Side, string>,
) {
  const make = (role: Side) => {
    const draws = vector[role].draws.map(hex);
    return new HandshakeState({
      role,
      prologue: hex(prologues?.[role] ?? vector.prologue),
      identity: identityOf(vector[role], crypto),
      crypto,
      draw: () => draws.shift()!,
      requireEmptyPayloads: refusePayloads,
    });
  };
  return { initiator: make('initiator'), responder: make('responder') };
}

function mutated(message: Uint8Array, mutation: Mutation, number: number): Uint8Array {
  if (mutation.kind === 'prologue' || mutation.message !== number) return message;
  switch (mutation.kind) {
    case 'xor':
      return message.map((byte, index) =>
        index === mutation.offset ? byte ^ Number.parseInt(mutation.mask, 16) : byte,
      );
    case 'truncate':
      return message.slice(0, mutation.length);
    case 'append':
      return Buffer.concat([message, hex(mutation.bytes)]);
    case 'replace': {
      const bytes = hex(mutation.bytes);
      const out = new Uint8Array(Math.max(message.length, mutation.offset + bytes.length));
      out.set(message);
      out.set(bytes, mutation.offset);
      return out;
    }
  }
}

let ran = 0;

describe.each(providers)('noise.json, %s', (_name, crypto) => {
  test.each(handshakes)('handshake $handshake: $comment', (vector) => {
    ran++;
    const { initiator, responder } = sides(vector, crypto, false);
    for (const { from, payload, message } of vector.messages) {
      const [writer, reader] = from === 'initiator' ? [initiator, responder] : [responder, initiator];
      expect(toHex(writer.writeMessage(hex(payload)))).toBe(message);
      expect(toHex(reader.readMessage(hex(message)))).toBe(payload);
    }
    expect(toHex(initiator.remoteIdentity!.deviceId)).toBe(vector.responder.deviceId);
    expect(toHex(responder.remoteIdentity!.deviceId)).toBe(vector.initiator.deviceId);
    const keys = { initiator: initiator.split(), responder: responder.split() };
    expect(toHex(keys.initiator.handshakeHash)).toBe(vector.handshakeHash);
    expect(toHex(keys.responder.handshakeHash)).toBe(vector.handshakeHash);
    const rekeys = { initiator: 0, responder: 0 };
    for (const { from, rekeysBefore, plaintext, ciphertext } of vector.transport) {
      const receiver = keys[from === 'initiator' ? 'responder' : 'initiator'].receive;
      for (; rekeys[from] < rekeysBefore; rekeys[from]++) {
        keys[from].send.rekey();
        receiver.rekey();
      }
      expect(toHex(keys[from].send.encrypt(hex(plaintext)))).toBe(ciphertext);
      expect(toHex(receiver.decrypt(hex(ciphertext)))).toBe(plaintext);
    }
  });

  test('wrong handshakes fail where they must, for the stated reason, and stay failed', () => {
    for (const vector of groups<FaultVector>('HandshakeFault')) {
      ran++;
      const name = `${vector.tcId}: ${vector.comment}`;
      const base = byName.get(vector.handshake)!;
      const { mutation } = vector;
      const both = sides(
        base,
        crypto,
        vector.payloads === 'refused',
        mutation.kind === 'prologue' ? mutation : undefined,
      );
      let failed: { side: Side; action: 'read' | 'write'; message: number; error: string } | undefined;
      const step = (side: Side, action: 'read' | 'write', message: number, run: () => Uint8Array) => {
        if (failed) return new Uint8Array();
        let result = new Uint8Array() as Uint8Array;
        const error = errorClassOf(() => {
          result = run();
        });
        if (error !== 'accepted') failed = { side, action, message, error };
        return result;
      };
      for (const [index, { from, payload }] of base.messages.entries()) {
        const number = index + 1;
        const to = from === 'initiator' ? 'responder' : 'initiator';
        const carried = vector.payloads === 'refused' ? new Uint8Array() : hex(payload);
        const message = step(from, 'write', number, () => both[from].writeMessage(carried));
        step(to, 'read', number, () => both[to].readMessage(mutated(message, mutation, number)));
      }
      expect(failed, name).toBeDefined();
      const { error, ...where } = failed!;
      expect(vector.failsAt, name).toContainEqual(where);
      expect(error, name).toBe(vector.error);
      expect(
        errorClassOf(() => both[where.side].readMessage(new Uint8Array(1120))),
        name,
      ).toBe(vector.afterwards);
      expect(
        errorClassOf(() => both[where.side].writeMessage()),
        name,
      ).toBe(vector.afterwards);
    }
  });

  test('a call out of turn is refused and changes nothing', () => {
    for (const vector of groups<{
      handshake: string;
      side: Side;
      afterMessages: number;
      call: 'read' | 'write';
      error: string;
      comment: string;
    }>('Turn')) {
      ran++;
      const base = byName.get(vector.handshake)!;
      const both = sides(base, crypto, false);
      const play = (from: number, to: number) => {
        for (const message of base.messages.slice(from, to)) {
          const other = message.from === 'initiator' ? 'responder' : 'initiator';
          both[other].readMessage(both[message.from].writeMessage(hex(message.payload)));
        }
      };
      play(0, vector.afterMessages);
      const it = both[vector.side];
      const call = () =>
        vector.call === 'read' ? it.readMessage(hex(base.messages[vector.afterMessages]!.message)) : it.writeMessage();
      expect(errorClassOf(call), vector.comment).toBe(vector.error);
      play(vector.afterMessages, 4);
      expect(it.complete, vector.comment).toBe(true);
    }
  });

  test('transport messages, with their rekeys', () => {
    for (const vector of groups<TransportVector>('Transport')) {
      ran++;
      const name = `${vector.tcId}: ${vector.comment}`;
      const cipher = () => new CipherState(crypto, hex(vector.currentKey), vector.nonce);
      if (vector.result === 'invalid') {
        const run = () =>
          vector.operation === 'encrypt'
            ? cipher().encrypt(hex(vector.plaintext!))
            : cipher().decrypt(hex(vector.ciphertext!));
        expect(errorClassOf(run), name).toBe(vector.error);
        continue;
      }
      if (vector.operation !== 'decrypt')
        expect(toHex(cipher().encrypt(hex(vector.plaintext!))), name).toBe(expand(vector.ciphertext!));
      if (vector.operation !== 'encrypt')
        expect(toHex(cipher().decrypt(hex(vector.ciphertext!))), name).toBe(expand(vector.plaintext!));
    }
  });

  test('a counter that reaches a rekey by itself has the key of the vectors', () => {
    const group = file.testGroups.find(({ type }) => type === 'Transport') as unknown as {
      key: string;
      tests: TransportVector[];
    };
    const sender = new CipherState(crypto, hex(group.key));
    const nothing = new Uint8Array();
    const wanted = new Map(
      group.tests.flatMap((vector) =>
        vector.result === 'valid' &&
        vector.nonce >= 65_534 &&
        vector.nonce <= 65_537 &&
        expand(vector.plaintext!) === ''
          ? [[vector.nonce, expand(vector.ciphertext!)]]
          : [],
      ),
    );
    expect([...wanted.keys()]).toEqual(expect.arrayContaining([65_535, 65_536]));
    for (let nonce = 0; nonce <= 65_537; nonce++) {
      const sealed = sender.encrypt(nothing);
      if (wanted.has(nonce)) expect(toHex(sealed), `nonce ${nonce}`).toBe(wanted.get(nonce));
    }
  });

  test('sequences of transport messages', () => {
    for (const vector of groups<{
      comment: string;
      nonce: number;
      currentKey: string;
      steps: { ciphertext: string; plaintext?: string; error?: string }[];
    }>('TransportSequence')) {
      ran++;
      const receiver = new CipherState(crypto, hex(vector.currentKey), vector.nonce);
      for (const [index, { ciphertext, plaintext, error }] of vector.steps.entries()) {
        const name = `${vector.comment}, step ${index + 1}`;
        if (error === undefined) expect(toHex(receiver.decrypt(hex(ciphertext))), name).toBe(plaintext);
        else
          expect(
            errorClassOf(() => receiver.decrypt(hex(ciphertext))),
            name,
          ).toBe(error);
      }
    }
  });

  test('identities', () => {
    for (const vector of groups<Party & { dhPublic: string; kemPublic: string; shown: string }>('Identity')) {
      ran++;
      const identity = identityOf(vector, crypto);
      expect(toHex(identity.dhPublic)).toBe(vector.dhPublic);
      expect(toHex(identity.kemPublic)).toBe(vector.kemPublic);
      expect(toHex(identity.deviceId)).toBe(vector.deviceId);
      expect(encodeBase64url(identity.deviceId)).toBe(vector.shown);
    }
  });
});

test('every vector of the file was run, by each provider', () => {
  expect(ran).toBe(file.numberOfTests * providers.length);
});
