import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { nobleCrypto as crypto } from '../crypto/noble.ts';
import { encodeBase64url, groupIdV1Of } from '../ids.ts';
import { createGroup } from '../membership.ts';
import { createPassphraseParameters } from '../seal/passphrase.ts';
import {
  decodeInvite,
  encodeInvite,
  formatInvite,
  type Invite,
  type Invite4,
  type InviteJson,
  joinByPassphrase,
  parseInvite,
  requireUnexpired,
} from './invite.ts';
import { PairingError } from './pairing-error.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const time = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const address = fc
  .record({ host: fc.domain(), pin: bytes(32) })
  .map(({ host, pin }) => `wss://${host}/#${encodeBase64url(pin)}`);
const times = { created_at: time, expires_at: time };

const inviteJson: fc.Arbitrary<InviteJson> = fc
  .record({ relay_node_ids: fc.array(bytes(32), { minLength: 1, maxLength: 4 }), group_secret: bytes(32), ...times })
  .chain((rest) =>
    fc.uint8Array({ maxLength: 40 }).map((salt) => ({
      ...rest,
      salt,
      version: rest.relay_node_ids.length === 1 ? (2 as const) : (3 as const),
      group_id: groupIdV1Of(rest.group_secret, crypto),
    })),
  );

const invite4: fc.Arbitrary<Invite4> = fc
  .record({ relays: fc.array(address, { minLength: 1, maxLength: 4 }), device_id: bytes(32), ...times })
  .chain((rest) =>
    fc
      .oneof(
        bytes(32).map((group_secret) => ({ group_secret, group_id: createGroup(group_secret, crypto).groupId })),
        bytes(32).map((group_id) => ({ group_id, passphrase: createPassphraseParameters(crypto) })),
      )
      .map((secret) => ({ version: 4 as const, seal: 2 as const, ...rest, ...secret })),
  );

const usual = (): Invite4 => ({
  version: 4,
  group_id: createGroup(new Uint8Array(32).fill(7), crypto).groupId,
  group_secret: new Uint8Array(32).fill(7),
  relays: [`wss://relay.example.org/#${encodeBase64url(new Uint8Array(32))}`],
  seal: 2,
  device_id: new Uint8Array(32),
  created_at: 1n,
  expires_at: 2n,
});

test('what is written is read as the same invite', () => {
  fc.assert(
    fc.property(fc.oneof(inviteJson, invite4), (invite: Invite) => {
      expect(parseInvite(formatInvite(invite), crypto)).toEqual(invite);
      expect(decodeInvite(encodeInvite(invite), crypto)).toEqual(invite);
    }),
  );
});

test('whatever is read: an invite, or a PairingError', () => {
  const mutation = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) });
  fc.assert(
    fc.property(
      fc.oneof(inviteJson, invite4),
      fc.array(mutation, { minLength: 1, maxLength: 4 }),
      (invite, mutations) => {
        const encoded = encodeInvite(invite).slice();
        for (const { at, byte } of mutations) encoded[at % encoded.length] = byte;
        try {
          decodeInvite(encoded, crypto);
        } catch (error) {
          expect(error).toBeInstanceOf(PairingError);
        }
      },
    ),
    { numRuns: 500 },
  );
  for (const text of ['', '{', '0ksync://join/', 'https://example.org', '😀', '\u0000'.repeat(9)]) {
    expect(() => parseInvite(text, crypto)).toThrow(PairingError);
  }
});

it('takes JSON nested without end for no invite, and does not run out of stack', () => {
  const deep = new TextEncoder().encode(`{"x":${'['.repeat(200_000)}${']'.repeat(200_000)}}`);
  expect(() => decodeInvite(deep, crypto)).toThrow(PairingError);
});

it('is not misled by a key named __proto__', () => {
  const text = '{"__proto__":{"version":2,"relay_node_ids":[[1]],"group_id":[],"group_secret":[]}}';
  expect(() => decodeInvite(new TextEncoder().encode(text), crypto)).toThrow(
    expect.objectContaining({ errorClass: 'missing-key' }),
  );
});

describe('writing', () => {
  const json = (): InviteJson => ({
    version: 2,
    relay_node_ids: [new Uint8Array(32)],
    group_id: groupIdV1Of(new Uint8Array(32), crypto),
    group_secret: new Uint8Array(32),
    salt: new Uint8Array(0),
    created_at: 0n,
    expires_at: 0n,
  });

  test.each([
    ['no relay', { relays: [] }, 'no-relay'],
    ['an address without identity', { relays: ['wss://relay.example.org/'] }, 'bad-address'],
    [
      'a secret and a passphrase',
      { passphrase: { salt: new Uint8Array(16), m: 65_536, t: 3, p: 4 } },
      'conflicting-keys',
    ],
    ['neither', { group_secret: undefined }, 'missing-key'],
    ['no device', { device_id: undefined }, 'missing-key'],
    ['another seal', { seal: 1 }, 'out-of-range'],
    ['a short secret', { group_secret: new Uint8Array(31) }, 'wrong-length'],
    ['a time before 1970', { created_at: -1n }, 'out-of-range'],
    [
      'weak parameters',
      { group_secret: undefined, passphrase: { salt: new Uint8Array(16), m: 8, t: 1, p: 1 } },
      'out-of-range',
    ],
  ])('refuses %s in an invite 4', (_, changed, errorClass) => {
    expect(() => encodeInvite({ ...usual(), ...changed } as Invite4)).toThrow(expect.objectContaining({ errorClass }));
  });

  test.each([
    ['no relay', { relay_node_ids: [] }, 'no-relay'],
    ['a short relay id', { relay_node_ids: [new Uint8Array(31)] }, 'wrong-length'],
    ['a long secret', { group_secret: new Uint8Array(33) }, 'wrong-length'],
    ['a time of 65 bits', { expires_at: 2n ** 64n }, 'out-of-range'],
    ['a time before 1970', { created_at: -1n }, 'out-of-range'],
  ])('refuses %s in JSON', (_, changed, errorClass) => {
    expect(() => encodeInvite({ ...json(), ...changed })).toThrow(expect.objectContaining({ errorClass }));
  });

  it('takes the version in JSON from the number of relays (INV-02)', () => {
    const two = { ...json(), relay_node_ids: [new Uint8Array(32), new Uint8Array(32).fill(1)] };
    expect(decodeInvite(encodeInvite(two), crypto).version).toBe(3);
    expect(decodeInvite(encodeInvite({ ...json(), version: 3 }), crypto).version).toBe(2);
  });
});

it('repeats nothing of an invite in its errors', () => {
  const secret = 'aGVsbG8gd29ybGQhIQ';
  const broken = [
    `{"group_secret":"${secret}"`,
    `{"version":2,"relay_node_ids":[],"group_secret":"${secret}","${secret}":1}`,
    `{"version":2,"relay_node_ids":[["${secret}"]]}`,
    `{"s":${secret}}`,
  ].map((text) => encodeBase64url(new TextEncoder().encode(text)));
  const addresses = [`wss://mara:${secret}@relay.example.org/`, `https://${secret}/`, `iroh://${secret}`];
  const links = addresses.map((relay) => () => formatInvite({ ...usual(), relays: [relay] }));
  for (const run of [
    ...links,
    ...[...broken, `0ksync://join/${secret}=`].map((text) => () => parseInvite(text, crypto)),
  ]) {
    let error: unknown;
    try {
      run();
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(PairingError);
    expect((error as Error).message).not.toContain(secret.slice(0, 4));
    expect((error as Error).cause).toBeUndefined();
  }
});

it('expires 300 s after the time that it names, and never before (INV-35, INV-36)', () => {
  fc.assert(
    fc.property(time, time, (expires_at, now) => {
      const run = () => requireUnexpired({ expires_at }, now);
      if (now >= expires_at + 300n) expect(run).toThrow(expect.objectContaining({ errorClass: 'expired' }));
      else expect(run).not.toThrow();
    }),
  );
});

it('asks for no passphrase where the secret stands', () => {
  expect(() => joinByPassphrase(usual(), 'x', crypto)).toThrow(RangeError);
});
