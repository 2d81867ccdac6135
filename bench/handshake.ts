import { type CryptoProvider, createIdentity, HandshakeState, type Identity, nobleCrypto } from '@0k-sync/reference';
import { nodeCrypto } from '@0k-sync/reference/node';
import { HANDSHAKE } from '@0k-sync/spec';
import { atLeast, type Figure } from './figure.ts';
import type { Pace } from './pace.ts';
import { LIBRARIES, type PrimitiveName } from './primitives.ts';
import { inTurns, perSecond } from './turns.ts';

const PROLOGUE = new TextEncoder().encode(HANDSHAKE.prologue);

/** Whole handshakes, both sides, beside the same primitives asked of the library itself. */
export async function measureHandshakes({ rounds, ms }: Pace): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const crypto of [nodeCrypto, nobleCrypto]) {
    const sides: [Identity, Identity] = [createIdentity(crypto), createIdentity(crypto)];
    const library = LIBRARIES[crypto.name];
    const calls = primitivesOf(crypto, sides);
    const once = () => [undefined];
    const values = await inTurns(rounds, {
      handshake: perSecond(2 * ms, once, () => handshake(crypto, sides)),
      primitives: perSecond(2 * ms, once, () => calls.map(({ name, args }) => library[name](...(args as [never])))),
    });
    figures.push({
      subject: 'handshake',
      name: `both sides, ${crypto.name}`,
      unit: '/s',
      values: values.handshake,
      limit: { name: 'its primitives', values: values.primitives },
      ...(crypto.name === 'node' ? { asked: atLeast(0.8) } : {}),
    });
  }
  return figures;
}

function handshake(crypto: CryptoProvider, [client, relay]: [Identity, Identity]) {
  const initiator = new HandshakeState({ role: 'initiator', prologue: PROLOGUE, identity: client, crypto });
  const responder = new HandshakeState({ role: 'responder', prologue: PROLOGUE, identity: relay, crypto });
  for (const { from } of HANDSHAKE.messages) {
    if (from === 'initiator') responder.readMessage(initiator.writeMessage());
    else initiator.readMessage(responder.writeMessage());
  }
  return [initiator.split(), responder.split()];
}

interface Call {
  readonly name: PrimitiveName;
  readonly args: unknown[];
}

/** Of X25519 and ML-KEM, what the pattern cannot do without: more would be waste that the limit must not excuse. */
const LEAST = { x25519Keygen: 2, x25519: 6, mlKem768Keygen: 2, mlKem768Encapsulate: 3, mlKem768Decapsulate: 3 };

/** The primitives that both sides of a handshake ask their provider for, with what they pass. */
function primitivesOf(crypto: CryptoProvider, sides: [Identity, Identity]): Call[] {
  const calls: Call[] = [];
  const recorder = new Proxy(crypto, {
    get(provider, name: PrimitiveName | 'randomBytes') {
      const call = provider[name] as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => {
        // Copied, for secrets are overwritten after use. Key pairs of the library are drawn within it.
        const copies = args.map((arg) => (arg instanceof Uint8Array ? Uint8Array.from(arg) : arg));
        if (name !== 'randomBytes') calls.push({ name, args: copies });
        return call(...args);
      };
    },
  });
  handshake(recorder, sides); // imports the static keys, once
  calls.length = 0;
  handshake(recorder, sides);
  for (const [name, least] of Object.entries(LEAST)) {
    const count = calls.filter((call) => call.name === name).length;
    if (count !== least) throw new Error(`a handshake called ${name} ${count} times; its pattern needs ${least}`);
  }
  return calls;
}
