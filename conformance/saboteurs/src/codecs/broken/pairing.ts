import type { BrokenCodec } from '../broken.ts';

const INVITE = 'reference/src/pairing/invite.ts';
const INVITE_JSON = 'reference/src/pairing/invite-json.ts';
const INVITE_MAP = 'reference/src/pairing/invite-map.ts';
const SHORT_CODE = 'reference/src/pairing/short-code.ts';

/** Codecs whose invites or short codes are wrong. */
export const brokenPairing: readonly BrokenCodec[] = [
  {
    name: 'codec-invite-times-rounded',
    breaks: ['INV-06'],
    harm: 'an invite without end is refused, or ends at another time',
    patches: [
      {
        file: INVITE_JSON,
        find: '? BigInt(context!.source) : item',
        replace: '? BigInt(Number(context!.source)) : item',
      },
    ],
  },
  {
    name: 'codec-invite-version-always-2',
    breaks: ['INV-02'],
    harm: 'deployed devices know one relay of several, or refuse the invite',
    patches: [
      {
        file: INVITE_JSON,
        find: 'version: versions[relay_node_ids.length === 1 ? 0 : 1],',
        replace: 'version: versions[0],',
      },
    ],
  },
  {
    name: 'codec-invite-group-unchecked',
    breaks: ['INV-14'],
    harm: 'a forged invite leads the device into a group of somebody else',
    patches: [
      {
        file: INVITE_MAP,
        find: 'if (invite.group_secret) requireGroup',
        replace: 'if (invite.version !== 4) requireGroup',
      },
    ],
  },
  {
    name: 'codec-invite-address-without-identity',
    breaks: ['INV-30'],
    harm: 'whoever answers first at that address is taken for the relay',
    patches: [
      {
        file: INVITE_MAP,
        find: 'parseRelayAddress(address).pin) return;',
        replace: 'parseRelayAddress(address)) return;',
      },
    ],
  },
  {
    name: 'codec-invite-expires-to-the-second',
    breaks: ['INV-36'],
    harm: 'a clock that goes a little wrong keeps the user from pairing',
    patches: [
      { file: INVITE, find: 'if (now < expires_at + SLACK) return;', replace: 'if (now < expires_at) return;' },
    ],
  },
  {
    name: 'codec-short-code-digits-refused',
    breaks: ['CODE-04'],
    harm: 'people who read the code off a screen are told that it is wrong',
    patches: [{ file: SHORT_CODE, find: 'READ_AS[letter] ?? letter', replace: 'letter' }],
  },
  {
    name: 'codec-short-code-any-letter',
    breaks: ['CODE-05'],
    harm: 'letters that merely look alike make another code',
    patches: [{ file: SHORT_CODE, find: '/^[a-z]$/.test(character) ?', replace: 'true ?' }],
  },
  {
    name: 'codec-short-code-lookup-of-seal-key',
    breaks: ['CODE-08'],
    harm: 'the relay is told half the key of the invite',
    patches: [{ file: SHORT_CODE, find: 'derive(lookup)', replace: 'derive({ ...seal, bytes: 16 })' }],
  },
  {
    name: 'codec-short-code-lookup-not-bound',
    breaks: ['CODE-10'],
    harm: 'a relay can hand out the invite of one code for another',
    patches: [
      {
        file: SHORT_CODE,
        find: 'nonce, keys.lookupKey, invite, payload',
        replace: 'nonce, new Uint8Array(0), invite, payload',
      },
      { file: SHORT_CODE, find: 'nonce, keys.lookupKey, payload', replace: 'nonce, new Uint8Array(0), payload' },
    ],
  },
];
