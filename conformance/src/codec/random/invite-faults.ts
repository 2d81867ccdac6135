/** Ways to make exactly one thing wrong in an invite, each with the requirement that it breaks. */
import { encodeBase64url, type Invite4, type InviteJson } from '@0k-sync/reference';
import { entriesOf, listOf, type Member, membersOf, textOfMap, textOfObject } from './invite-parts.ts';
import { type Entry, extensions, type Node, raw, text, write } from './wire-tree.ts';

export interface InviteFault {
  readonly requirement: string;
  /** Written when it is wanted: an invite has a hundred of them. */
  text(): string;
}

const NIL = raw(0xc0);
const MINUS_ONE = raw(0xff);
const RESERVED = raw(0xc1);
/** 1.0 */
const FLOAT = raw(0xcb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0);
const uint = (value: number): Node => ({ kind: 'uint', value: BigInt(value), max: 2n ** 64n - 1n });
const bin = (bytes: Uint8Array): Node => ({ kind: 'bin', bytes });
const list = (...items: Node[]): Node => ({ kind: 'array', items, role: 'list', extensible: false });

const PIN = 'A'.repeat(43);
/** Each of another reason, and none that only some readers of URLs refuse. */
const BAD_ADDRESSES = [
  ...['', 'relay.example.org', 'wss://relay.example.org/', 'wss://relay.example.org/#', 'iroh://'],
  ...[`https://relay.example.org/#${PIN}`, `wss://mara:x@relay.example.org/#${PIN}`, `wss:relay.example.org/#${PIN}`],
  ...[`wss://relay.example.org/#${PIN.slice(1)}`, `wss://relay.example.org/#${PIN}=`, `iroh://${'A'.repeat(64)}`],
  `iroh://${'a'.repeat(63)}`,
];

/** The faults of an invite 4. */
export function faultsOfMap(invite: Invite4): InviteFault[] {
  const entries = entriesOf(invite);
  const nameOf = ([key]: Entry) => (key.kind === 'str' ? Buffer.from(key.bytes).toString() : '');
  const has = (name: string) => entries.some((entry) => nameOf(entry) === name);
  const faults: InviteFault[] = [];
  const add = (requirement: string, changed: readonly Entry[]) =>
    faults.push({ requirement, text: () => textOfMap(changed) });
  const set = (requirement: string, name: string, ...values: Node[]) => {
    if (!has(name)) return;
    for (const value of values) {
      add(
        requirement,
        entries.map((entry): Entry => (nameOf(entry) === name ? [entry[0], value] : entry)),
      );
    }
  };
  const more = (count: number) => Array.from({ length: count }, (_, index): Entry => [text(`x-${index}`), raw(0)]);

  set('INV-07', 'v', ...[0, 1, 2, 3, 5, 255].map(uint));
  set('INV-31', 'l', ...[0, 1, 3, 255].map(uint));
  for (const entry of entries) {
    const name = nameOf(entry);
    const rest = entries.filter((other) => other !== entry);
    add(name === 's' || name === 'p' ? 'INV-29' : 'INV-08', rest);
    set('INV-10', name, NIL, FLOAT);
    set('INV-26', name, RESERVED);
    add('INV-21', [...entries, entry]);
  }
  for (const name of ['g', 's', 'c']) set('INV-11', name, bin(new Uint8Array(31)), bin(new Uint8Array(33)));
  for (const name of ['a', 'e']) set('INV-12', name, MINUS_ONE);
  set('INV-13', 'r', list());
  set('INV-27', 'r', list({ kind: 'str', bytes: Uint8Array.of(0xc0, 0x80) }));
  set('INV-30', 'r', ...BAD_ADDRESSES.map((address) => list(text(address))));
  const [salt, ...costs] = [bin(new Uint8Array(16)), uint(47_104), uint(1), uint(1)] as const;
  set('INV-32', 'p', list(), list(salt, ...costs.slice(1)), list(salt, ...costs, uint(1)));
  if (has('s')) {
    const other = Uint8Array.from(invite.group_id);
    other[31]! ^= 1;
    set('INV-14', 'g', bin(other));
    add('INV-28', [...entries, [text('p'), list(salt, ...costs)]]);
  }
  add('INV-22', [...entries, ...more(17 - entries.length)]);
  add('INV-23', [...entries, [text('x-deep'), raw(0x91, 0x91, 0x81, 0xa0, 0x91, 0x90)]]);
  const whole = write(extensions(entries));
  faults.push({ requirement: 'INV-24', text: () => encodeBase64url(Uint8Array.of(...whole, 0)) });
  for (let length = 1; length < whole.length; length += 5) {
    faults.push({ requirement: 'INV-25', text: () => encodeBase64url(whole.slice(0, length)) });
  }
  return [...faults, ...faultsOfText(textOfMap(entries))];
}

/** The faults of an invite 2 or 3. */
export function faultsOfObject(invite: InviteJson): InviteFault[] {
  const members = membersOf(invite);
  const faults: InviteFault[] = [];
  const set = (requirement: string, name: string, ...values: string[]) => {
    for (const value of values) {
      const changed = members.map(([key, json]): Member => [key, key === name ? value : json]);
      faults.push({ requirement, text: () => textOfObject(changed) });
    }
  };
  set('INV-07', 'version', '0', '1', '4', '5', '4294967295');
  for (const [name] of members) {
    set('INV-10', name, 'null', 'true', '"x"', '{}');
    if (name !== 'salt') {
      faults.push({ requirement: 'INV-08', text: () => textOfObject(members.filter(([key]) => key !== name)) });
    }
  }
  for (const name of ['version', 'created_at', 'expires_at']) set('INV-10', name, '1.5', '[]');
  for (const name of ['created_at', 'expires_at']) set('INV-12', name, '-1', '18446744073709551616');
  const id = [...invite.group_id];
  for (const name of ['group_id', 'group_secret']) {
    set('INV-10', name, listOf(id).replace(/\d+/, '"1"'));
    set('INV-11', name, '[]', listOf(id.slice(1)), listOf([...id, 0]));
    set('INV-12', name, listOf(id.with(31, 256)), listOf(id.with(0, -1)));
  }
  set('INV-11', 'relay_node_ids', '[[]]', `[${listOf(id.slice(1))}]`);
  set('INV-12', 'relay_node_ids', `[${listOf(id.with(31, 256))}]`);
  set('INV-13', 'relay_node_ids', '[]');
  set('INV-14', 'group_id', listOf(id.with(31, id[31]! ^ 1)));
  const whole = textOfObject(members);
  for (let length = 0; length < whole.length; length += 17) {
    faults.push({ requirement: 'INV-15', text: () => whole.slice(0, length) });
  }
  return [...faults, ...faultsOfText(whole)];
}

function faultsOfText(whole: string): InviteFault[] {
  const middle = whole.length >> 1;
  return ['=', '+', ' ', '\n', 'é'].flatMap((character) => [
    { requirement: 'INV-15', text: () => whole + character },
    { requirement: 'INV-15', text: () => whole.slice(0, middle) + character + whole.slice(middle) },
  ]);
}
