import { HANDSHAKE } from '@0k-sync/spec';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { NoiseError } from '../crypto/errors.ts';
import { nobleCrypto } from '../crypto/noble.ts';
import { nodeCrypto } from '../crypto/node.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import { type HandshakeOptions, HandshakeState } from './handshake-state.ts';
import { createIdentity } from './identity.ts';

const prologue = new TextEncoder().encode(HANDSHAKE.prologue);
const overheads = HANDSHAKE.messages.map(({ overhead }) => overhead);
const refused = (errorClass: string) => expect.objectContaining({ name: 'NoiseError', errorClass });

// An identity belongs to no provider: noble's side and node's side use the same objects.
const client = createIdentity(nodeCrypto);
const relay = createIdentity(nobleCrypto);

type Sides = readonly [initiator: HandshakeState, responder: HandshakeState];

function sides(
  initiator: CryptoProvider = nodeCrypto,
  responder: CryptoProvider = nodeCrypto,
  options: Partial<HandshakeOptions> = {},
): Sides {
  return [
    new HandshakeState({ role: 'initiator', prologue, identity: client, crypto: initiator, ...options }),
    new HandshakeState({ role: 'responder', prologue, identity: relay, crypto: responder, ...options }),
  ];
}

/** Plays the first `count` messages; message 0 is the initiator's. */
function play([initiator, responder]: Sides, count: number): void {
  for (let index = 0; index < count; index++) {
    const [writer, reader] = index % 2 === 0 ? [initiator, responder] : [responder, initiator];
    reader.readMessage(writer.writeMessage());
  }
}

/** The message of that index, whoever writes it, and its reader, which waits for it. */
function messageAt(index: number, both: Sides): { message: Uint8Array; reader: HandshakeState } {
  play(both, index);
  const [writer, reader] = index % 2 === 0 ? both : [both[1], both[0]];
  return { message: writer.writeMessage(), reader };
}

describe.each([
  ['noble', 'noble', nobleCrypto, nobleCrypto],
  ['noble', 'node', nobleCrypto, nodeCrypto],
  ['node', 'noble', nodeCrypto, nobleCrypto],
  ['node', 'node', nodeCrypto, nodeCrypto],
])('%s talks to %s', (_initiator, _responder, initiatorCrypto, responderCrypto) => {
  test('handshake and transport in both directions', () => {
    const both = sides(initiatorCrypto, responderCrypto);
    play(both, 4);
    const [initiator, responder] = both.map((side) => side.split());
    expect(initiator!.handshakeHash).toEqual(responder!.handshakeHash);
    for (let n = 0; n < 3; n++) {
      const plaintext = Uint8Array.of(n);
      expect(responder!.receive.decrypt(initiator!.send.encrypt(plaintext))).toEqual(plaintext);
      expect(initiator!.receive.decrypt(responder!.send.encrypt(plaintext))).toEqual(plaintext);
    }
  });
});

describe('who the other side is', () => {
  it('is known to the initiator after message 2, before it shows its own keys in message 3', () => {
    const both = sides();
    const [initiator, responder] = both;
    play(both, 1);
    expect(initiator.remoteIdentity).toBeUndefined();
    initiator.readMessage(responder.writeMessage());
    expect(initiator.remoteIdentity).toEqual({
      dhPublic: relay.dhPublic,
      kemPublic: relay.kemPublic,
      deviceId: relay.deviceId,
    });
    expect(responder.remoteIdentity).toBeUndefined();
    responder.readMessage(initiator.writeMessage());
    expect(responder.remoteIdentity!.deviceId).toEqual(client.deviceId);
  });

  it('is unknown when the message that said so failed', () => {
    const both = sides();
    const { message, reader } = messageAt(1, both);
    message[message.length - 1]! ^= 1; // the tag of the payload, after the keys
    expect(() => reader.readMessage(message)).toThrow(refused('decrypt'));
    expect(reader.remoteIdentity).toBeUndefined();
  });

  it('stays known after split', () => {
    const both = sides();
    play(both, 4);
    both[0].split();
    expect(both[0].complete).toBe(true);
    expect(both[0].remoteIdentity!.deviceId).toEqual(relay.deviceId);
  });

  it('differs when only one of the two static keys differs', () => {
    const other = createIdentity(nodeCrypto);
    for (const part of ['dh', 'kem'] as const) {
      const mixed =
        part === 'dh'
          ? { ...relay, dhSecret: other.dhSecret, dhPublic: other.dhPublic }
          : { ...relay, kemSeed: other.kemSeed, kemPublic: other.kemPublic };
      const [initiator] = sides();
      const responder = new HandshakeState({ role: 'responder', prologue, identity: mixed, crypto: nodeCrypto });
      play([initiator, responder], 4);
      expect(initiator.remoteIdentity!.deviceId).not.toEqual(relay.deviceId);
    }
  });
});

test('messages may come in Buffers that are used again', () => {
  const both = sides(nobleCrypto, nodeCrypto, { requireEmptyPayloads: false });
  const payload = Uint8Array.of(1, 2, 3);
  for (const index of [0, 1, 2, 3]) {
    const [writer, reader] = index % 2 === 0 ? both : [both[1], both[0]];
    const message = Buffer.from(writer.writeMessage(payload));
    const read = reader.readMessage(message);
    message.fill(0);
    expect(read).toEqual(payload);
  }
  expect(both[0].split().handshakeHash).toEqual(both[1].split().handshakeHash);
});

describe('order of calls', () => {
  it('refuses the wrong step and goes on', () => {
    const [initiator, responder] = sides();
    expect(() => initiator.readMessage(new Uint8Array(1216))).toThrow(refused('wrong-turn'));
    expect(() => responder.writeMessage()).toThrow(refused('wrong-turn'));
    const first = initiator.writeMessage();
    expect(() => initiator.writeMessage()).toThrow(refused('wrong-turn'));
    expect(() => initiator.split()).toThrow(refused('wrong-turn'));
    responder.readMessage(first);
    expect(() => responder.readMessage(first)).toThrow(refused('wrong-turn'));
    initiator.readMessage(responder.writeMessage());
    responder.readMessage(initiator.writeMessage());
    expect([initiator.complete, responder.complete]).toEqual([false, false]);
    initiator.readMessage(responder.writeMessage());
    expect([initiator.complete, responder.complete]).toEqual([true, true]);
    expect(() => initiator.writeMessage()).toThrow(refused('wrong-turn'));
    initiator.split();
    expect(() => initiator.split()).toThrow(refused('failed-state'));
  });

  it('does nothing after destroy', () => {
    const [initiator] = sides();
    initiator.destroy();
    expect(() => initiator.writeMessage()).toThrow(refused('failed-state'));
  });
});

describe.each([0, 1, 2, 3])('lengths of message %i', (index) => {
  const overhead = overheads[index]!;
  const around = Array.from({ length: 20 }, (_, i) => i + 1);

  test('shorter ones', () => {
    for (const length of [0, 1, 31, 32, 1088, ...around.map((less) => overhead - less)]) {
      if (length >= overhead) continue;
      for (const requireEmptyPayloads of [true, false]) {
        const { message, reader } = messageAt(index, sides(nodeCrypto, nodeCrypto, { requireEmptyPayloads }));
        expect(() => reader.readMessage(message.subarray(0, length))).toThrow(refused('too-short'));
        expect(() => reader.readMessage(message)).toThrow(refused('failed-state'));
      }
    }
  });

  test('longer ones, where payloads are refused', () => {
    for (const more of [...around, 65_535 - overhead]) {
      const { message, reader } = messageAt(index, sides());
      expect(() => reader.readMessage(extended(message, more))).toThrow(refused('unexpected-payload'));
      expect(() => reader.readMessage(message)).toThrow(refused('failed-state'));
    }
  });

  test('longer ones, where payloads are allowed', () => {
    for (const more of around) {
      const { message, reader } = messageAt(index, sides(nodeCrypto, nodeCrypto, { requireEmptyPayloads: false }));
      const read = () => reader.readMessage(extended(message, more));
      // Nothing protects message 1; what was added to it shows when the initiator reads message 2.
      if (index === 0) expect(read()).toEqual(new Uint8Array(more));
      else expect(read).toThrow(refused('decrypt'));
    }
  });

  test('over 65,535 bytes', () => {
    for (const requireEmptyPayloads of [true, false]) {
      const { message, reader } = messageAt(index, sides(nodeCrypto, nodeCrypto, { requireEmptyPayloads }));
      expect(() => reader.readMessage(extended(message, 65_536 - overhead))).toThrow(refused('too-long'));
    }
  });

  test('what is written has the length of the table', () => {
    expect(messageAt(index, sides()).message.length).toBe(overhead);
  });

  test('a payload is refused at the writer too, and the largest one that fits is 65,535 in all', () => {
    const writerAt = (options: Partial<HandshakeOptions>) => {
      const both = sides(nodeCrypto, nodeCrypto, options);
      play(both, index);
      return index % 2 === 0 ? both : ([both[1], both[0]] as const);
    };
    expect(() => writerAt({})[0].writeMessage(Uint8Array.of(1))).toThrow(refused('unexpected-payload'));
    const [writer, reader] = writerAt({ requireEmptyPayloads: false });
    const payload = new Uint8Array(65_535 - overhead).fill(7);
    expect(reader.readMessage(writer.writeMessage(payload))).toEqual(payload);
    const [another] = writerAt({ requireEmptyPayloads: false });
    expect(() => another.writeMessage(new Uint8Array(65_536 - overhead))).toThrow(refused('too-long'));
  });
});

function extended(message: Uint8Array, more: number): Uint8Array {
  const longer = new Uint8Array(message.length + more);
  longer.set(message);
  return longer;
}

describe('one flipped bit', () => {
  const flip = (message: Uint8Array, place: number, bit: number) => {
    message[place]! ^= 1 << bit;
    return message;
  };
  const classOf = (call: () => void): string => {
    try {
      call();
    } catch (error) {
      if (error instanceof NoiseError) return error.errorClass;
      throw error;
    }
    return 'accepted';
  };
  const FOUND = ['decrypt', 'bad-public-key', 'low-order'];

  test('in messages 2 to 4 is found by their reader, at once', () => {
    const anywhere = fc
      .integer({ min: 1, max: 3 })
      .chain((index) => fc.tuple(fc.constant(index), fc.nat(overheads[index]! - 1)));
    fc.assert(
      fc.property(anywhere, fc.nat(7), ([index, place], bit) => {
        const { message, reader } = messageAt(index, sides());
        expect(FOUND).toContain(classOf(() => reader.readMessage(flip(message, place, bit))));
        expect(() => reader.readMessage(message)).toThrow(refused('failed-state'));
      }),
      { numRuns: 250 },
    );
  });

  test('in message 1 is found by the responder, or by the initiator in message 2', () => {
    fc.assert(
      fc.property(fc.nat(overheads[0]! - 1), fc.nat(7), (place, bit) => {
        const [initiator, responder] = sides();
        const message = initiator.writeMessage();
        const found = classOf(() => {
          responder.readMessage(flip(message, place, bit));
          initiator.readMessage(responder.writeMessage());
        });
        expect(FOUND).toContain(found);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a public key that is not canonical is refused when it arrives', () => {
  const changes = {
    'X25519 bit 255': (key: Uint8Array) => {
      key[31]! |= 0x80;
    },
    'X25519 value of p': (key: Uint8Array) => {
      key.fill(0xff, 0, 31);
      key[0] = 0xed;
      key[31] = 0x7f;
    },
    'ML-KEM coefficient of q': (key: Uint8Array) => {
      key[32] = 0x01;
      key[33] = (key[33]! & 0xf0) | 0x0d;
    },
  };

  test.each(Object.entries(changes))('ephemeral: %s', (_, change) => {
    const { message, reader } = messageAt(0, sides());
    change(message);
    expect(() => reader.readMessage(message)).toThrow(refused('bad-public-key'));
  });

  // A dishonest side, which does all else right: only its static key is not what it should be.
  test.each(Object.entries(changes))('static, of the responder: %s', (_, change) => {
    const keys = new Uint8Array(1216);
    keys.set(relay.dhPublic);
    keys.set(relay.kemPublic, 32);
    change(keys);
    const identity = { ...relay, dhPublic: keys.slice(0, 32), kemPublic: keys.slice(32) };
    const [initiator] = sides();
    const responder = new HandshakeState({ role: 'responder', prologue, identity, crypto: nodeCrypto });
    responder.readMessage(initiator.writeMessage());
    const message = responder.writeMessage();
    expect(() => initiator.readMessage(message)).toThrow(refused('bad-public-key'));
    expect(initiator.remoteIdentity).toBeUndefined();
  });
});

describe('secrets in memory', () => {
  it('overwrites what it drew, and ck and the ephemeral keys after split', () => {
    const drawn: Uint8Array[] = [];
    const draw = (length: number) => {
      drawn.push(nobleCrypto.randomBytes(length));
      return drawn.at(-1)!;
    };
    const both = sides(nobleCrypto, nobleCrypto, { draw });
    play(both, 3);
    const [initiator] = both;
    const ephemeral = initiator['e']!;
    const chainingKey = initiator['symmetric']['chainingKey'];
    initiator.readMessage(both[1].writeMessage());
    initiator.split();
    expect(drawn.length).toBe(9);
    for (const secret of [...drawn, chainingKey, ephemeral.dh.secretKey, ephemeral.kem.secretKey]) {
      expect((secret as Uint8Array).every((byte) => byte === 0)).toBe(true);
    }
    expect(client.dhSecret.every((byte) => byte === 0)).toBe(false);
  });

  it('overwrites whatever a primitive gave it, and each key, once it is not needed any more', () => {
    const secrets: Record<string, Set<Uint8Array>> = {
      hkdf: new Set(),
      x25519: new Set(),
      kem: new Set(),
      key: new Set(),
    };
    const noted = (kind: string, secret: Uint8Array) => {
      secrets[kind]!.add(secret);
      return secret;
    };
    const crypto: CryptoProvider = {
      ...nobleCrypto,
      hkdfBlake2s: (...args) => noted('hkdf', nobleCrypto.hkdfBlake2s(...args)),
      x25519: (...args) => noted('x25519', nobleCrypto.x25519(...args)),
      mlKem768Decapsulate: (...args) => noted('kem', nobleCrypto.mlKem768Decapsulate(...args)),
      mlKem768Encapsulate: (...args) => {
        const result = nobleCrypto.mlKem768Encapsulate(...args);
        noted('kem', result.sharedSecret);
        return result;
      },
      chacha20Poly1305Seal: (key, ...args) => nobleCrypto.chacha20Poly1305Seal(noted('key', key), ...args),
    };
    const both = sides(crypto, crypto);
    play(both, 4);
    for (const side of both.map((each) => each.split())) {
      side.send.encrypt(Uint8Array.of(1));
      side.send.rekey();
      side.send.destroy();
      side.receive.destroy();
    }
    const counts = Object.entries(secrets).map(([kind, { size }]) => [kind, size > 3]);
    expect(Object.fromEntries(counts)).toEqual({ hkdf: true, x25519: true, kem: true, key: true });
    const kept = Object.entries(secrets).flatMap(([kind, all]) =>
      [...all].filter((secret) => secret.some((byte) => byte !== 0)).map(() => kind),
    );
    expect(kept).toEqual([]);
  });

  it('gives the hash away as a copy, which is not changed by what follows', () => {
    const [initiator, responder] = sides();
    const hash = initiator['symmetric'].handshakeHash;
    const before = hash.slice();
    hash.fill(0);
    responder.readMessage(initiator.writeMessage());
    expect(initiator['symmetric'].handshakeHash).not.toEqual(before);
    expect(responder['symmetric'].handshakeHash).toEqual(initiator['symmetric'].handshakeHash);
  });
});

test('another prologue is found in message 2', () => {
  const initiator = new HandshakeState({ role: 'initiator', prologue, identity: client, crypto: nodeCrypto });
  const responder = new HandshakeState({
    role: 'responder',
    prologue: prologue.subarray(1),
    identity: relay,
    crypto: nodeCrypto,
  });
  responder.readMessage(initiator.writeMessage());
  expect(() => initiator.readMessage(responder.writeMessage())).toThrow(refused('decrypt'));
});
