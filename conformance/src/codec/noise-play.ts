import { type CryptoProvider, HandshakeState, identityFromSeed, NoiseError, nobleCrypto } from '@0k-sync/reference';
import { nodeCrypto } from '@0k-sync/reference/node';
import { fromHex, toHex } from './vectors/vector-file.ts';

export type Side = 'initiator' | 'responder';

export const otherSide = (side: Side): Side => (side === 'initiator' ? 'responder' : 'initiator');

/** node:crypto is quicker, but draws the randomness of encapsulations itself. */
export const CRYPTO: CryptoProvider = { ...nodeCrypto, mlKem768Encapsulate: nobleCrypto.mlKem768Encapsulate };

/** A side of a handshake, all that it has drawn included. Bytes as hex. */
export interface Party {
  readonly dhSecret: string;
  readonly kemSeed: string;
  readonly draws: readonly string[];
}

export interface Play {
  readonly prologue: Readonly<Record<Side, string>>;
  readonly parties: Readonly<Record<Side, Party>>;
  /** Of the four messages. */
  readonly payloads: readonly string[];
  readonly refusePayloads: boolean;
  /** What becomes of a message on its way, by its number from 1. */
  change?(message: Uint8Array, number: number): Uint8Array;
}

/** One call of a side, and what it gave. */
export interface Call {
  readonly side: Side;
  readonly do: 'write' | 'read';
  /** The number of the message, from 1. */
  readonly message: number;
  readonly data: string;
  readonly outcome: { readonly data: string } | { readonly error: string };
}

export function writerOf(message: number): Side {
  return message % 2 === 1 ? 'initiator' : 'responder';
}

/** Plays a handshake between two sides of the reference until it is over or one of them fails. */
export function play({ prologue, parties, payloads, refusePayloads, change }: Play) {
  const make = (role: Side) => {
    const { dhSecret, kemSeed, draws } = parties[role];
    const left = draws.map(fromHex);
    return new HandshakeState({
      role,
      prologue: fromHex(prologue[role]),
      identity: identityFromSeed(fromHex(dhSecret + kemSeed), CRYPTO),
      crypto: CRYPTO,
      draw: () => left.shift()!,
      requireEmptyPayloads: refusePayloads,
    });
  };
  const states = { initiator: make('initiator'), responder: make('responder') };
  const calls: Call[] = [];
  const call = (side: Side, what: 'write' | 'read', message: number, data: Uint8Array): Uint8Array | undefined => {
    const step = { side, do: what, message, data: toHex(data) };
    try {
      const given = what === 'write' ? states[side].writeMessage(data) : states[side].readMessage(data);
      calls.push({ ...step, outcome: { data: toHex(given) } });
      return given;
    } catch (error) {
      if (!(error instanceof NoiseError)) throw error;
      calls.push({ ...step, outcome: { error: error.errorClass } });
      return undefined;
    }
  };
  for (const [index, payload] of payloads.entries()) {
    const number = index + 1;
    const from = writerOf(number);
    const written = call(from, 'write', number, fromHex(payload));
    if (!written) break;
    if (!call(otherSide(from), 'read', number, change?.(written, number) ?? written)) break;
  }
  return { states, calls };
}
