/** Random invites, right ones in canonical and in other forms and wrong ones in one place, and random short codes. */
import {
  formatInvite,
  formatShortCode,
  type Invite,
  openInvite,
  parseInvite,
  parseShortCode,
  requireUnexpired,
  sealInvite,
} from '@0k-sync/reference';
import { nodeCrypto } from '@0k-sync/reference/node';
import { INVITES } from '@0k-sync/spec';
import fc from 'fast-check';
import { bytes, bytesUpTo } from './ids.ts';
import { faultsOfMap, faultsOfObject, type InviteFault } from './invite-faults.ts';
import { entriesOf, invite4, inviteJson, type Member, membersOf, textOfMap, textOfObject } from './invite-parts.ts';
import { allowed, type SampledTrial, type Sampling, shown } from './sampling.ts';
import { type Entry, text as nameOf, raw } from './wire-tree.ts';

const hex = (value: Uint8Array) => Buffer.from(value).toString('hex');

function reading(invite: string, requirement: string): SampledTrial {
  return {
    op: 'read-invite',
    input: { text: invite },
    allowed: allowed(() => ({ invite: parseInvite(invite, nodeCrypto) })),
    requirement,
  };
}

const writing = (invite: Invite): SampledTrial => ({
  op: 'write-invite',
  input: { invite: shown(invite) },
  allowed: { ok: [{ text: formatInvite(invite) }] },
});

const choices = fc.array(fc.nat({ max: 8 }), { minLength: 1, maxLength: 16 });

/** A map in a form that a reader takes and a writer need not write. */
const otherMaps = fc
  .tuple(
    invite4.chain((invite) => fc.shuffledSubarray(entriesOf(invite), { minLength: entriesOf(invite).length })),
    choices,
    fc.constantFrom<Entry[]>(
      [],
      [[nameOf('x'), raw(0xca, 0, 0, 0, 0)]],
      [
        [nameOf('z-1'), raw(0xc0)],
        [nameOf('z-2'), raw(0x91, 0x91, 0x91, 0x90)],
      ],
    ),
    fc.boolean(),
  )
  .map(([entries, forms, unknown, isLink]) => {
    let at = 0;
    const link = textOfMap([...unknown, ...entries], (count) => forms[at++ % forms.length]! % count);
    if (!isLink) return reading(link.slice(INVITES.map.prefix.length), 'INV-18');
    return reading(link, unknown.length > 0 ? 'INV-20' : 'INV-19');
  });

/** An object with its keys in another order, white space, and keys that nobody knows. */
const otherObjects = fc
  .tuple(
    inviteJson.chain((invite) => fc.shuffledSubarray(membersOf(invite), { minLength: membersOf(invite).length })),
    fc.constantFrom('', ' ', '\n', '\r\n\t'),
    fc.constantFrom<Member[]>([], [['x', 'null']], [['später', '{"version":9,"e":[1.5e3,"\\ud83d\\ude00"]}']]),
  )
  .map(([members, space, unknown]) =>
    reading(textOfObject([...unknown, ...members], space), unknown.length > 0 ? 'INV-04' : 'INV-03'),
  );

/** The rule stays as it is when an invite is made smaller, if that has a fault of the kind, and the place is made smaller first. */
const oneFault = (faults: fc.Arbitrary<InviteFault[]>, rules: readonly string[]) =>
  fc.tuple(fc.nat({ max: 1000 }), fc.noShrink(fc.constantFrom(...rules)), faults).map(([choice, rule, all]) => {
    const own = all.filter(({ requirement }) => requirement === rule);
    const from = own.length > 0 ? own : all;
    const { requirement, text } = from[choice % from.length]!;
    return reading(text(), requirement);
  });

const OBJECT_RULES = ['INV-07', 'INV-08', 'INV-10', 'INV-11', 'INV-12', 'INV-13', 'INV-14', 'INV-15'] as const;
const MAP_RULES = [
  ...OBJECT_RULES,
  ...['INV-21', 'INV-22', 'INV-23', 'INV-24', 'INV-25', 'INV-26', 'INV-27', 'INV-28', 'INV-29', 'INV-30'],
  ...['INV-31', 'INV-32'],
] as const;

/** Times around the one from which on nobody joins. */
const expiries = fc
  .tuple(
    fc.oneof(fc.constantFrom(0n, 2n ** 53n, 2n ** 64n - 1n), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
    fc.bigInt({ min: -2n, max: 602n }),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  )
  .map(([expires_at, later, created_at]): SampledTrial => {
    const last = 2n ** 64n - 1n;
    const now = expires_at + later > last ? last : expires_at + later < 0n ? 0n : expires_at + later;
    return {
      op: 'check-expiry',
      input: { created_at: String(created_at), expires_at: String(expires_at), now: String(now) },
      allowed: allowed(() => {
        requireUnexpired({ expires_at }, now);
        return {};
      }),
    };
  });

/** What people make of a code when they type it; perhaps with one character more, less, or of another alphabet. */
const typed = fc
  .tuple(
    bytes(10),
    fc.array(fc.constantFrom('', '', '-', ' ', '--'), { minLength: 16, maxLength: 16 }),
    fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }),
    fc.boolean(),
    fc.option(fc.tuple(fc.nat({ max: 15 }), fc.constantFrom('', 'AA', '9', '_', '\t', 'é', 'ı', 'ß', 'Ａ', '😀')), {
      freq: 2,
    }),
  )
  .map(([code, between, small, digits, change]): SampledTrial => {
    const written = [...formatShortCode(code).replaceAll('-', '')].map((letter, index) => {
      if (change && change[0] === index) return change[1];
      const digit = digits ? ({ O: '0', I: '1', B: '8' }[letter] ?? letter) : letter;
      return (small[index] ? digit.toLowerCase() : digit) + between[index];
    });
    const input = written.join('');
    const verdict = allowed(() => ({ characters: parseShortCode(input) }));
    const [error] = verdict.errors ?? [];
    const requirement =
      error === 'malformed' ? 'CODE-05' : error ? 'CODE-06' : /[018]/.test(input) ? 'CODE-04' : 'CODE-03';
    return { op: 'read-short-code', input: { typed: input }, allowed: verdict, requirement };
  });

interface Sealed {
  readonly lookupKey: Uint8Array;
  readonly sealKey: Uint8Array;
  readonly nonce: Uint8Array;
  readonly invite: Uint8Array;
}

const sealedInvite: fc.Arbitrary<Sealed> = fc.record({
  lookupKey: bytes(16),
  sealKey: bytes(32),
  nonce: bytes(24),
  invite: bytesUpTo(300),
});

const keysOf = ({ lookupKey, sealKey }: Sealed) => ({ lookupKey, lookupText: hex(lookupKey), sealKey });

const payloadOf = (own: Sealed) => sealInvite(own.invite, keysOf(own), { ...nodeCrypto, randomBytes: () => own.nonce });

const sealing = sealedInvite.map((own): SampledTrial => {
  const { lookupKey, sealKey, nonce, invite } = own;
  return {
    op: 'seal-invite',
    input: { lookup_key: hex(lookupKey), seal_key: hex(sealKey), nonce: hex(nonce), invite: hex(invite) },
    allowed: { ok: [{ payload: hex(payloadOf(own)) }] },
  };
});

/** What a relay hands out: as it was sealed, or cut, or with a bit changed in it or in the lookup key. */
const opening = fc
  .tuple(sealedInvite, fc.constantFrom('right', 'cut', 'payload', 'lookup key'), fc.nat())
  .map(([own, how, at]): SampledTrial => {
    const payload = how === 'cut' ? payloadOf(own).slice(0, at % 40) : payloadOf(own);
    if (how === 'payload') payload[(at >> 3) % payload.length]! ^= 1 << (at & 7);
    const lookupKey = Uint8Array.from(own.lookupKey);
    if (how === 'lookup key') lookupKey[(at >> 3) % 16]! ^= 1 << (at & 7);
    const keys = keysOf({ ...own, lookupKey });
    return {
      op: 'open-invite',
      input: { lookup_key: keys.lookupText, seal_key: hex(own.sealKey), payload: hex(payload) },
      allowed: allowed(() => ({ invite: openInvite(payload, keys, nodeCrypto) })),
      requirement: { right: 'CODE-10', cut: 'CODE-11', payload: 'CODE-12', 'lookup key': 'CODE-10' }[how]!,
    };
  });

export const PAIRING_SAMPLINGS: readonly Sampling[] = [
  {
    id: 'INV-16/random-write-invite',
    title: 'random invites to v2 groups are written',
    requirements: ['INV-17', 'INV-06'],
    op: 'write-invite',
    runs: 150,
    trials: () => invite4.map(writing),
  },
  {
    id: 'INV-01/random-write-invite-json',
    title: 'random invites to v1 groups are written',
    requirements: ['INV-02', 'INV-06'],
    op: 'write-invite',
    runs: 100,
    trials: () => inviteJson.map(writing),
  },
  {
    id: 'INV-19/random-read-invite',
    title: 'random invites to v2 groups with other widths, unknown keys and another order of keys are read',
    requirements: ['INV-18', 'INV-20'],
    op: 'read-invite',
    runs: 200,
    trials: () => otherMaps,
  },
  {
    id: 'INV-03/random-read-invite-json',
    title: 'random invites to v1 groups with white space, unknown keys and another order of keys are read',
    requirements: ['INV-04'],
    op: 'read-invite',
    runs: 100,
    trials: () => otherObjects,
  },
  {
    id: 'INV-10/random-invite-faults',
    title: 'a random invite to a v2 group with one thing wrong is refused for that',
    requirements: MAP_RULES,
    op: 'read-invite',
    runs: 500,
    trials: () => oneFault(invite4.map(faultsOfMap), MAP_RULES),
  },
  {
    id: 'INV-10/random-invite-json-faults',
    title: 'a random invite to a v1 group with one thing wrong is refused for that',
    requirements: OBJECT_RULES,
    op: 'read-invite',
    runs: 250,
    trials: () => oneFault(inviteJson.map(faultsOfObject), OBJECT_RULES),
  },
  {
    id: 'INV-35/random-check-expiry',
    title: 'whether a device joins around random times of expiry',
    requirements: ['INV-36'],
    op: 'check-expiry',
    runs: 100,
    trials: () => expiries,
  },
  {
    id: 'CODE-02/random-write-short-code',
    title: 'random codes are shown',
    op: 'write-short-code',
    runs: 100,
    trials: () =>
      bytes(10).map((code) => ({
        op: 'write-short-code',
        input: { bytes: hex(code) },
        allowed: { ok: [{ text: formatShortCode(code) }] },
      })),
  },
  {
    id: 'CODE-03/random-read-short-code',
    title: 'random codes are read however they are typed, and refused with a wrong character or number of them',
    requirements: ['CODE-04', 'CODE-05', 'CODE-06'],
    op: 'read-short-code',
    runs: 250,
    trials: () => typed,
  },
  {
    id: 'CODE-10/random-seal-invite',
    title: 'random invites are sealed',
    op: 'seal-invite',
    runs: 50,
    trials: () => sealing,
  },
  {
    id: 'CODE-12/random-open-invite',
    title: 'random sealed invites open, and do not when cut, with a bit changed or under another lookup key',
    requirements: ['CODE-10', 'CODE-11'],
    op: 'open-invite',
    runs: 100,
    trials: () => opening,
  },
];
