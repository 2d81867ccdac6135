/** Random handshakes with the driver on either side, and the transport around its rekeys. */
import { CipherState, identityFromSeed, NoiseError } from '@0k-sync/reference';
import fc from 'fast-check';
import { CRYPTO, otherSide, type Party, play, type Side, writerOf } from '../noise-play.ts';
import type { Trial } from '../trial.ts';
import { bytes, bytesUpTo } from './ids.ts';
import type { Sampling } from './sampling.ts';

const hex = (value: Uint8Array) => Buffer.from(value).toString('hex');
const secret = bytes(32).map(hex);
/** The keys, and as many draws as either role takes. None is smaller than another: a request is no clearer with zeros in it. */
const party: fc.Arbitrary<Party> = fc.noShrink(
  fc.record({
    dhSecret: secret,
    kemSeed: fc.tuple(secret, secret).map((halves) => halves.join('')),
    draws: fc.array(secret, { minLength: 5, maxLength: 5 }),
  }),
);

/** The draws that a role takes: `e` three, and one for each `ekem` and `skem` that it writes. */
const DRAWS = { initiator: 4, responder: 5 } as const;

/**
 * Where a bit of a message may be changed so that there is one reason to refuse it: what is encrypted, and the ciphertext of
 * `ekem`. A changed key in the clear may be refused as a key, or for what comes of it.
 */
const CHANGEABLE: Readonly<Record<number, readonly (readonly [from: number, to: number])[]>> = {
  2: [
    [0, 1088],
    [2304, 3568],
  ],
  3: [[0, 2368]],
  4: [[0, 1120]],
};

function handshakes(side: Side): fc.Arbitrary<Trial> {
  return fc
    .record({
      initiator: party,
      responder: party,
      prologue: fc.constantFrom(hex(Buffer.from('/0k-sync/1')), '', '00'),
      fault: fc.option(fc.record({ message: fc.constantFrom(2, 3, 4), at: fc.nat() }), { freq: 2 }),
      plaintexts: fc.array(bytesUpTo(40).map(hex), { maxLength: 3 }),
    })
    .map(({ initiator, responder, prologue, fault, plaintexts }) => {
      const parties = { initiator, responder };
      const { states, calls } = play({
        prologue: { initiator: prologue, responder: prologue },
        parties: {
          initiator: { ...initiator, draws: initiator.draws.slice(0, DRAWS.initiator) },
          responder: { ...responder, draws: responder.draws.slice(0, DRAWS.responder) },
        },
        payloads: ['', '', '', ''],
        refusePayloads: true,
        change: (message, number) =>
          fault && fault.message === number && writerOf(number) !== side ? changed(message, number, fault.at) : message,
      });
      const own = calls.filter((call) => call.side === side);
      const steps: object[] = own.map((call) => ({ do: call.do, data: call.data }));
      const outcomes: object[] = own.map(({ outcome }) => outcome);
      if (own.every(({ outcome }) => 'data' in outcome)) {
        const { handshakeHash, send, receive } = states[side].split();
        const remote = states[otherSide(side)].split();
        steps.push({ do: 'finish' });
        const { deviceId } = identityOf(parties[otherSide(side)]);
        outcomes.push({ handshake_hash: hex(handshakeHash), remote_id: hex(deviceId) });
        for (const plaintext of plaintexts) {
          const data = Buffer.from(plaintext, 'hex');
          steps.push({ do: 'encrypt', data: plaintext }, { do: 'decrypt', data: hex(remote.send.encrypt(data)) });
          outcomes.push({ data: hex(send.encrypt(data)) }, { data: plaintext });
        }
        receive.destroy();
      } else {
        steps.push({ do: 'write', data: '' });
        outcomes.push({ error: 'failed-state' });
      }
      const { dhSecret, kemSeed, draws } = parties[side];
      const op = `noise-${side}`;
      return {
        op,
        input: {
          prologue,
          dh_secret: dhSecret,
          kem_seed: kemSeed,
          draws: draws.slice(0, DRAWS[side]),
          payloads: 'refused',
          steps,
        },
        allowed: { ok: [{ steps: outcomes }] },
      };
    });
}

function identityOf({ dhSecret, kemSeed }: Party) {
  return identityFromSeed(Buffer.from(dhSecret + kemSeed, 'hex'), CRYPTO);
}

function changed(message: Uint8Array, number: number, at: number): Uint8Array {
  const places = CHANGEABLE[number]!.flatMap(([from, to]) =>
    Array.from({ length: to - from }, (_, index) => from + index),
  );
  const out = Uint8Array.from(message);
  out[places[(at >> 3) % places.length]!]! ^= 1 << (at & 7);
  return out;
}

const nonces = fc.oneof(fc.constantFrom(0, 65_534, 65_535, 131_071, 2 ** 32 - 1), fc.integer({ min: 0, max: 2 ** 40 }));

const ciphers = fc
  .record({
    key: bytes(32),
    nonce: nonces,
    plaintexts: fc.array(bytesUpTo(40), { minLength: 1, maxLength: 5 }),
    way: fc.constantFrom('encrypt' as const, 'decrypt' as const),
    fault: fc.option(fc.tuple(fc.nat(), fc.nat()), { freq: 2 }),
  })
  .map(({ key, nonce, plaintexts, way, fault }): Trial => {
    const state = () => new CipherState(CRYPTO, Uint8Array.from(key), nonce);
    const sender = state();
    const ciphertexts = plaintexts.map((plaintext) => Uint8Array.from(sender.encrypt(plaintext)));
    if (way === 'decrypt' && fault) {
      const ciphertext = ciphertexts[fault[0] % ciphertexts.length]!;
      ciphertext[(fault[1] >> 3) % ciphertext.length]! ^= 1 << (fault[1] & 7);
    }
    const receiver = state();
    const steps = (way === 'encrypt' ? plaintexts : ciphertexts).map((data) => ({ do: way, data: hex(data) }));
    const outcomes = ciphertexts.map((ciphertext) =>
      way === 'encrypt' ? { data: hex(ciphertext) } : outcomeOf(() => receiver.decrypt(ciphertext)),
    );
    return { op: 'transport', input: { key: hex(key), counter: nonce, steps }, allowed: { ok: [{ steps: outcomes }] } };
  });

function outcomeOf(run: () => Uint8Array): object {
  try {
    return { data: hex(run()) };
  } catch (error) {
    if (!(error instanceof NoiseError)) throw error;
    return { error: error.errorClass };
  }
}

const handshake = (side: Side): Sampling => ({
  id: `HS-03/random-${side}`,
  title: `random handshakes with the driver as ${side}, right ones and some with one bit changed`,
  requirements: ['HS-01', 'HS-04', 'HS-05', 'HS-09', 'HS-18', 'WIRE-01'],
  op: `noise-${side}`,
  runs: 15,
  trials: () => handshakes(side),
});

export const NOISE_SAMPLINGS: readonly Sampling[] = [
  {
    id: 'HS-15/random-transport',
    title: 'random transport messages around a rekey, right ones and some with one bit changed',
    requirements: ['HS-18', 'HS-19', 'HS-20'],
    op: 'transport',
    runs: 150,
    trials: () => ciphers,
  },
  handshake('initiator'),
  handshake('responder'),
];
