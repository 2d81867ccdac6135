/** The handshake, in either role, and the transport. What the other side does in a wrong one the reference plays. */
import { type Call, otherSide, type Play, play, type Side } from '../noise-play.ts';
import type { Subject } from './subject.ts';
import { type Bytes, expand, fromHex, type Group, groupsOf, type Vector } from './vector-file.ts';

interface Party {
  dhSecret: string;
  kemSeed: string;
  deviceId: string;
  draws: string[];
}

interface Handshake {
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
  | { kind: 'append'; message: number; bytes: Bytes }
  | { kind: 'replace'; message: number; offset: number; bytes: Bytes }
  | { kind: 'prologue'; initiator: string; responder: string };

interface Fault {
  handshake: string;
  mutation: Mutation;
  failsAt: { side: Side; action: 'read' | 'write'; message: number }[];
  afterwards: string;
  error: string;
}

interface Turn {
  handshake: string;
  side: Side;
  afterMessages: number;
  call: 'read' | 'write';
  error: string;
}

interface Cipher {
  operation: 'both' | 'encrypt' | 'decrypt';
  nonce: number;
  currentKey: string;
  plaintext?: Bytes;
  ciphertext?: Bytes;
  error?: string;
}

interface Sequence {
  nonce: number;
  currentKey: string;
  steps: { ciphertext: string; plaintext?: string; error?: string }[];
}

interface Step {
  do: string;
  data?: string;
}

type Outcome = Record<string, string>;

const SIDES: readonly Side[] = ['initiator', 'responder'];

function named(handshake: string): Handshake {
  const [tests = []] = groupsOf('noise').flatMap(({ type, tests }) => (type === 'Handshake' ? [tests] : []));
  return (tests as unknown as Handshake[]).find((test) => test.handshake === handshake)!;
}

function inputOf(
  side: Side,
  own: Handshake,
  steps: readonly Step[],
  more: { prologue?: string; payloads?: string } = {},
) {
  const { dhSecret, kemSeed, draws } = own[side];
  const { prologue = own.prologue, payloads = 'allowed' } = more;
  return { prologue, dh_secret: dhSecret, kem_seed: kemSeed, draws, payloads, steps };
}

/** The calls of one side in a right handshake, up to so many messages. */
function messagesOf(side: Side, { messages }: Handshake, count = messages.length): { step: Step; outcome: Outcome }[] {
  return messages
    .slice(0, count)
    .map(({ from, payload, message }) =>
      from === side
        ? { step: { do: 'write', data: payload }, outcome: { data: message } }
        : { step: { do: 'read', data: message }, outcome: { data: payload } },
    );
}

function handshake(side: Side): Subject {
  const op = `noise-${side}`;
  return {
    op,
    file: 'noise',
    group: 'Handshake',
    trials(vector) {
      const own = vector as Vector & Handshake;
      const done = messagesOf(side, own);
      const end = { handshake_hash: own.handshakeHash, remote_id: own[otherSide(side)].deviceId };
      done.push({ step: { do: 'finish' }, outcome: end });
      const rekeys = { initiator: 0, responder: 0 };
      for (const { from, rekeysBefore, plaintext, ciphertext } of own.transport) {
        const sends = from === side;
        for (; rekeys[from] < rekeysBefore; rekeys[from]++) {
          done.push({ step: { do: sends ? 'rekey-send' : 'rekey-receive' }, outcome: {} });
        }
        done.push(
          sends
            ? { step: { do: 'encrypt', data: plaintext }, outcome: { data: ciphertext } }
            : { step: { do: 'decrypt', data: ciphertext }, outcome: { data: plaintext } },
        );
      }
      const input = inputOf(
        side,
        own,
        done.map(({ step }) => step),
      );
      return [{ op, input, allowed: { ok: [{ steps: done.map(({ outcome }) => outcome) }] } }];
    },
  };
}

function fault(side: Side): Subject {
  const op = `noise-${side}`;
  return {
    op,
    file: 'noise',
    group: 'HandshakeFault',
    applies: (vector) => (vector as Vector & Fault).failsAt.some((place) => place.side === side),
    trials(vector, group) {
      const own = vector as Vector & Fault;
      const { payloads } = group as Group & { payloads: 'allowed' | 'refused' };
      const base = named(own.handshake);
      const { mutation } = own;
      const prologue = mutation.kind === 'prologue' ? mutation : { initiator: base.prologue, responder: base.prologue };
      const carried = base.messages.map(({ payload }) => (payloads === 'refused' ? '' : payload));
      const setting: Play = {
        prologue,
        parties: base,
        payloads: carried,
        refusePayloads: payloads === 'refused',
        change: (message, number) => mutated(message, mutation, number),
      };
      const calls: Call[] = play(setting).calls.filter((call) => call.side === side);
      // Where the reference fails at the earlier of two places, the later one is never reached.
      for (const { action, message } of own.failsAt) {
        if (calls.some((call) => call.do === action && call.message === message)) continue;
        const outcome = { error: own.afterwards };
        calls.push({ side, do: action, message, data: carried[message - 1]!, outcome });
      }
      // A failed state stays failed, whatever is asked of it.
      const after: Step[] = [
        { do: 'read', data: '00'.repeat(1120) },
        { do: 'write', data: '' },
      ];
      const ok = own.failsAt.map(({ action, message }) => {
        const place = calls.findIndex((call) => call.do === action && call.message === message);
        const steps = calls.map((call, index): Outcome => {
          if (index > place) return { error: own.afterwards };
          if (index === place) return { error: own.error };
          return 'data' in call.outcome ? { ...call.outcome } : { data: carried[call.message - 1]! };
        });
        return { steps: [...steps, ...after.map(() => ({ error: own.afterwards }))] };
      });
      const steps = [...calls.map((call) => ({ do: call.do, data: call.data })), ...after];
      return [{ op, input: inputOf(side, base, steps, { prologue: prologue[side], payloads }), allowed: { ok } }];
    },
  };
}

function turn(side: Side): Subject {
  const op = `noise-${side}`;
  return {
    op,
    file: 'noise',
    group: 'Turn',
    applies: (vector) => (vector as Vector & Turn).side === side,
    trials(vector) {
      const { handshake, afterMessages, call, error } = vector as Vector & Turn;
      const base = named(handshake);
      const done = messagesOf(side, base, afterMessages);
      const data = call === 'read' ? base.messages[afterMessages]!.message : '';
      const steps = [...done.map(({ step }) => step), { do: call, data }];
      const outcomes = [...done.map(({ outcome }) => outcome), { error }];
      return [{ op, input: inputOf(side, base, steps), allowed: { ok: [{ steps: outcomes }] } }];
    },
  };
}

function mutated(message: Uint8Array, mutation: Mutation, number: number): Uint8Array {
  if (mutation.kind === 'prologue' || mutation.message !== number) return message;
  switch (mutation.kind) {
    case 'xor': {
      const out = Uint8Array.from(message);
      out[mutation.offset]! ^= Number.parseInt(mutation.mask, 16);
      return out;
    }
    case 'truncate':
      return message.slice(0, mutation.length);
    case 'append':
      return Buffer.concat([message, fromHex(expand(mutation.bytes))]);
    case 'replace': {
      const bytes = fromHex(expand(mutation.bytes));
      const out = new Uint8Array(Math.max(message.length, mutation.offset + bytes.length));
      out.set(message);
      out.set(bytes, mutation.offset);
      return out;
    }
  }
}

const transport: Subject[] = [
  {
    op: 'transport',
    file: 'noise',
    group: 'Transport',
    trials(vector) {
      const { operation, nonce, currentKey: key, plaintext, ciphertext, error } = vector as Vector & Cipher;
      const pair = { encrypt: plaintext, decrypt: ciphertext };
      const ways = operation === 'both' ? (['encrypt', 'decrypt'] as const) : [operation];
      return ways.map((way) => {
        const given = pair[way === 'encrypt' ? 'decrypt' : 'encrypt'];
        const outcome = error === undefined ? { data: expand(given!) } : { error };
        const steps = [{ do: way, data: expand(pair[way]!) }];
        return { op: 'transport', input: { key, counter: nonce, steps }, allowed: { ok: [{ steps: [outcome] }] } };
      });
    },
  },
  {
    op: 'transport',
    file: 'noise',
    group: 'TransportSequence',
    trials(vector) {
      const { nonce, currentKey: key, steps } = vector as Vector & Sequence;
      const outcomes = steps.map(({ plaintext, error }) => (error === undefined ? { data: plaintext } : { error }));
      const asked = steps.map(({ ciphertext }) => ({ do: 'decrypt', data: ciphertext }));
      return [
        { op: 'transport', input: { key, counter: nonce, steps: asked }, allowed: { ok: [{ steps: outcomes }] } },
      ];
    },
  },
];

export const NOISE_SUBJECTS: readonly Subject[] = [
  ...transport,
  ...SIDES.flatMap((side) => [handshake(side), fault(side), turn(side)]),
];
