/** Random invites, and their parts: entries of a map, members of a JSON object, from which right and wrong texts are put together. */
import {
  acceptsArgon2Parameters,
  createGroup,
  encodeBase64url,
  groupIdV1Of,
  type Invite4,
  type InviteJson,
} from '@0k-sync/reference';
import { nodeCrypto } from '@0k-sync/reference/node';
import { INVITES } from '@0k-sync/spec';
import fc from 'fast-check';
import { bytes, bytesUpTo } from './ids.ts';
import { type Entry, extensions, node, text, write } from './wire-tree.ts';

const key = bytes(32);
const time = fc.oneof(
  fc.constantFrom(0n, 127n, 128n, 1_705_000_000n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
);

/** Addresses of both kinds. What readers of URLs would read in different ways is not among them. */
const address = fc
  .tuple(
    fc.constantFrom('wss://relay.example.org/#', 'ws://127.0.0.1:4000/#', 'wss://[::1]:8443/a/b?c=d#', 'iroh://'),
    key,
    fc.constantFrom('', '?relay=https://relay.example.org'),
  )
  .map(([where, id, query]) =>
    where === 'iroh://' ? where + Buffer.from(id).toString('hex') + query : where + encodeBase64url(id),
  );

const passphrase = fc
  .record({
    salt: bytes(16),
    m: fc.oneof(fc.constantFrom(19_456, 47_104, 65_536), fc.integer({ min: 7168, max: 2 ** 20 })),
    t: fc.integer({ min: 1, max: 10 }),
    p: fc.integer({ min: 1, max: 4 }),
  })
  .filter(acceptsArgon2Parameters);

export const invite4: fc.Arbitrary<Invite4> = fc
  .record({
    relays: fc.array(address, { minLength: 1, maxLength: 3 }),
    device_id: key,
    created_at: time,
    expires_at: time,
    secret: key,
    passphrase: fc.option(passphrase),
  })
  .map(({ secret, passphrase, ...rest }) => ({
    version: 4,
    seal: 2,
    ...rest,
    group_id: createGroup(secret, nodeCrypto).groupId,
    ...(passphrase ? { passphrase } : { group_secret: secret }),
  }));

export const inviteJson: fc.Arbitrary<InviteJson> = fc
  .record({
    relay_node_ids: fc.array(key, { minLength: 1, maxLength: 3 }),
    group_secret: key,
    salt: bytesUpTo(20),
    created_at: time,
    expires_at: time,
  })
  .map((rest) => ({
    ...rest,
    version: rest.relay_node_ids.length === 1 ? 2 : 3,
    group_id: groupIdV1Of(rest.group_secret, nodeCrypto),
  }));

/** The entries of an invite 4, in the order of the specification. */
export function entriesOf(invite: Invite4): Entry[] {
  return INVITES.map.keys.flatMap(({ key, field, type }): Entry[] =>
    invite[field] === undefined ? [] : [[text(key), node(type, invite[field])]],
  );
}

/** The text of a map. `choose` as for `write`. */
export function textOfMap(entries: readonly Entry[], choose?: (forms: number) => number): string {
  return INVITES.map.prefix + encodeBase64url(write(extensions(entries), choose));
}

/** A key and its value as it stands in JSON. */
export type Member = readonly [key: string, json: string];

/** A list of bytes as it stands in JSON. */
export const listOf = (value: Iterable<number>) => `[${[...value].join(',')}]`;

/** The members of an invite 2 or 3, in the order of the specification. */
export function membersOf(invite: InviteJson): Member[] {
  const json: Record<(typeof INVITES.json.keys)[number], string> = {
    version: String(invite.version),
    relay_node_ids: `[${invite.relay_node_ids.map(listOf).join(',')}]`,
    group_id: listOf(invite.group_id),
    group_secret: listOf(invite.group_secret),
    salt: listOf(invite.salt),
    created_at: String(invite.created_at),
    expires_at: String(invite.expires_at),
  };
  return INVITES.json.keys.map((key) => [key, json[key]]);
}

/** The text of a JSON object, with white space between its parts. */
export function textOfObject(members: readonly Member[], space = ''): string {
  const inner = members.map(([key, json]) => `${space}"${key}"${space}:${space}${json}${space}`).join(',');
  return encodeBase64url(new TextEncoder().encode(`${space}{${inner}}${space}`));
}
