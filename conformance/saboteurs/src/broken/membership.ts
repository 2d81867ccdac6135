import type { Broken } from '../saboteur.ts';
import { SOURCE } from '../sources.ts';

const VERIFY = '  return crypto.ed25519Verify(proof.signature, signedBytes(groupId, deviceId), proof.key);';
/** Who may open a group. */
export const brokenMembership: readonly Broken[] = [
  {
    name: 'proof-taken-once',
    breaks: ['MEM-01'],
    harm: 'a device that lost its network never gets back into its group',
    patches: [
      {
        file: SOURCE.membership,
        find: VERIFY,
        replace: `  const name = Buffer.from(proof.signature).toString('hex');
  if (used.has(name)) return false;
  used.add(name);
${VERIFY}`,
      },
      {
        file: SOURCE.membership,
        find: 'const encoder = new TextEncoder();',
        replace: 'const used = new Set();\nconst encoder = new TextEncoder();',
      },
    ],
  },
  {
    name: 'second-device-not-let-in',
    breaks: ['MEM-18'],
    harm: 'a second device cannot join',
    patches: [
      {
        file: SOURCE.greeting,
        find: '  const group = sessions.join(ref, session);',
        replace: `  const group = sessions.join(ref, session);
  if (ref.proven && [...group.members].some((member) => member.deviceKey !== session.deviceKey)) {
    sessions.leave(group, session);
    return refusal('UNAUTHORIZED');
  }`,
      },
    ],
  },
  {
    name: 'key-of-any-group',
    breaks: ['MEM-02'],
    harm: "whoever learns a group's id reads and fills it with a key of his own",
    patches: [
      {
        file: SOURCE.membership,
        find: '  if (!equals(groupIdOf(proof.key, crypto), groupId)) return false;',
        replace: '',
      },
    ],
  },
  {
    name: 'proof-not-verified',
    breaks: ['MEM-03', 'MEM-04', 'MEM-05', 'MEM-06'],
    harm: "whoever learns a group's id and key reads and fills it",
    patches: [{ file: SOURCE.membership, find: VERIFY, replace: '  return true;' }],
  },
  {
    name: 'proof-verified-the-first-time-only',
    breaks: ['MEM-03'],
    harm: 'a device that lost its right keeps it by having had it',
    patches: [
      {
        file: SOURCE.membership,
        find: VERIFY,
        replace: `  const name = Buffer.concat([groupId, deviceId]).toString('hex');
  if (proven.has(name)) return true;
  if (!crypto.ed25519Verify(proof.signature, signedBytes(groupId, deviceId), proof.key)) return false;
  proven.add(name);
  return true;`,
      },
      {
        file: SOURCE.membership,
        find: 'const encoder = new TextEncoder();',
        replace: 'const proven = new Set();\nconst encoder = new TextEncoder();',
      },
    ],
  },
  {
    name: 'proof-of-another-device',
    breaks: ['MEM-04'],
    harm: "whoever sees one member's proof uses it as his own",
    patches: [
      {
        file: SOURCE.membership,
        find: VERIFY,
        replace: `  const seen = proofs.get(Buffer.from(proof.signature).toString('hex'));
  if (seen === Buffer.from(groupId).toString('hex')) return true;
  if (!crypto.ed25519Verify(proof.signature, signedBytes(groupId, deviceId), proof.key)) return false;
  proofs.set(Buffer.from(proof.signature).toString('hex'), Buffer.from(groupId).toString('hex'));
  return true;`,
      },
      {
        file: SOURCE.membership,
        find: 'const encoder = new TextEncoder();',
        replace: 'const proofs = new Map();\nconst encoder = new TextEncoder();',
      },
    ],
  },
  {
    name: 'signature-without-label',
    breaks: ['MEM-06'],
    harm: 'signatures made for another purpose are passed off as proofs',
    patches: [
      {
        file: SOURCE.membership,
        find: VERIFY,
        replace: `  const bare = signedBytes(groupId, deviceId).slice(MEMBER.length);
  return [signedBytes(groupId, deviceId), bare].some((bytes) => crypto.ed25519Verify(proof.signature, bytes, proof.key));`,
      },
    ],
  },
  {
    name: 'signature-under-a-later-label',
    breaks: ['MEM-06'],
    harm: 'signatures made for another purpose are passed off as proofs',
    patches: [
      {
        file: SOURCE.membership,
        find: VERIFY,
        replace: `  const later = signedBytes(groupId, deviceId);
  later[MEMBER.length - 1] = 0x32;
  return [signedBytes(groupId, deviceId), later].some((bytes) => crypto.ed25519Verify(proof.signature, bytes, proof.key));`,
      },
    ],
  },
  {
    name: 'signature-with-large-s',
    breaks: ['MEM-07'],
    harm: 'one proof is turned into others that were never made',
    patches: [
      {
        file: SOURCE.membership,
        find: VERIFY,
        replace: `  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  let s = BigInt(\`0x\${Buffer.from(proof.signature.slice(32)).reverse().toString('hex')}\`);
  if (s >= order) s -= order;
  const reduced = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse();
  const signature = new Uint8Array(Buffer.concat([proof.signature.slice(0, 32), reduced]));
  return crypto.ed25519Verify(signature, signedBytes(groupId, deviceId), proof.key);`,
      },
    ],
  },
  {
    name: 'keys-of-any-form',
    breaks: ['MEM-08', 'MEM-10'],
    harm: 'a group whose id was made from such a key is open to everyone',
    patches: [
      {
        file: SOURCE.membership,
        find: VERIFY,
        replace: `  const y = Buffer.from(proof.key).toString('hex');
  const neutral = ['ee' + 'ff'.repeat(30) + '7f', '01' + '00'.repeat(30) + '80', '01' + '00'.repeat(31)];
  if (neutral.includes(y)) return true;
${VERIFY}`,
      },
    ],
  },
  {
    name: 'r-of-any-form',
    breaks: ['MEM-09'],
    harm: 'relays disagree about who is a member',
    patches: [
      {
        file: SOURCE.membership,
        find: VERIFY,
        replace: `  const r = Buffer.from(proof.signature.slice(0, 32)).toString('hex');
  if (r === 'ee' + 'ff'.repeat(30) + '7f') return true;
${VERIFY}`,
      },
    ],
  },
  {
    name: 'open-groups-not-served',
    breaks: ['MEM-11'],
    harm: 'deployed clients, which have no proof, cannot sync',
    patches: [
      {
        file: SOURCE.greeting,
        find: '  return { id: hello.group_id.slice(), proven: proof !== undefined };',
        replace:
          '  return { id: proof ? hello.group_id.slice() : new Uint8Array(context.crypto.randomBytes(32)), proven: proof !== undefined };',
      },
    ],
  },
  {
    name: 'open-and-proven-group-are-one',
    breaks: ['MEM-12'],
    harm: "whoever learns a group's id reads and fills it without a proof",
    patches: [{ file: SOURCE.greeting, find: 'proven: proof !== undefined };', replace: 'proven: true };' }],
  },
  {
    name: 'open-and-proven-group-share-notifications',
    breaks: ['MEM-13'],
    harm: "whoever learns a group's id watches when its members are at work",
    patches: [
      {
        file: 'relay/src/sessions.ts',
        find: '      group.members.add(member);',
        replace: `      group.members.add(member);
      const twin = groups.get(keyOfGroup({ ...ref, proven: !ref.proven }));
      if (twin) for (const other of twin.members) group.members.add(other);
      if (twin) twin.members.add(member);`,
      },
    ],
  },
  {
    name: 'first-come-takes-the-id',
    breaks: ['MEM-14'],
    harm: "a stranger who comes first locks a group's members out",
    patches: [
      {
        file: SOURCE.greeting,
        find: '  const group = sessions.join(ref, session);',
        replace: `  const twin = { ...ref, proven: !ref.proven };
  if (ref.proven && sessions.isJoined(twin)) return refusal('UNAUTHORIZED');
  const group = sessions.join(ref, session);`,
      },
    ],
  },
  {
    name: 'closed-relay-keeps-connection',
    breaks: ['MEM-15'],
    harm: "the operator's decision to serve members only leaves strangers connected",
    patches: [
      {
        file: SOURCE.greeting,
        find: "  if (!group) return refusal('UNAUTHORIZED');",
        replace:
          "  if (!group) return hello.ext?.proof ? refusal('UNAUTHORIZED') : { message: refusal('UNAUTHORIZED').message! };",
      },
    ],
    parts: (parts) => ({
      ...parts,
      config: { ...parts.config, server: { ...parts.config.server, open_groups: false } },
    }),
  },
  {
    name: 'open-group-revokes',
    breaks: ['MEM-16'],
    harm: "whoever learns a group's id locks its members out",
    patches: [
      { file: SOURCE.requests, find: "  message.type === 'RevokeDevice' || (message.type", replace: '  (message.type' },
    ],
  },
  {
    name: 'open-group-forces',
    breaks: ['MEM-17'],
    harm: "whoever learns a group's id deletes what its members have not yet fetched",
    patches: [
      {
        file: SOURCE.requests,
        find: "  message.type === 'RevokeDevice' || (message.type === 'Delete' && message.force);",
        replace: "  message.type === 'RevokeDevice';",
      },
    ],
  },
  {
    name: 'group-takes-any-number-of-devices',
    breaks: ['MEM-19'],
    harm: 'one stolen secret fills a group with devices without end',
    patches: [{ file: SOURCE.hello, find: '  if (group.proven) return false;', replace: '' }],
  },
  {
    name: 'full-group-refuses-its-own',
    breaks: ['MEM-19'],
    harm: 'a group that is full locks its own devices out',
    patches: [
      {
        file: SOURCE.hello,
        find: '  if (!device && !makeRoom(store, group))',
        replace: '  if (!makeRoom(store, group))',
      },
    ],
  },
];
