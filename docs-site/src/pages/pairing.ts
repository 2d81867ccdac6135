import { CLIENT, INVITES, SHORT_CODE } from '@0k-sync/spec';
import { code, number, type Page, plain, table } from '../markdown.ts';
import { typePlace, vectorPage } from '../places.ts';

const { json, map, slack_secs } = INVITES;
const { argon2, lookup, seal } = SHORT_CODE;
const { backoff, cursor_tracker } = CLIENT;

const vectors = (name: string) => `Vectors: [${name}.json](${vectorPage(name)}).\n`;

/** Invites and short codes, and the figures that clients share: what no relay sees. */
export function pairingPage(): Page {
  return {
    path: 'pairing.md',
    title: 'Pairing and clients',
    text: [
      'How a device gets into a group, and two things that every client keeps. A relay sees none of it.\n',
      '## Invite 4 {#invite-4}\n',
      `For v2 groups: ${code(map.prefix)} and the base64url of a MessagePack map, in links and in QR codes. Keys are sorted when written. Of ${map.secret_keys.map(code).join(' and ')} one alone stands there, every other key always. An unknown key is skipped. Rules: INV-16 and what follows.\n`,
      table(
        ['key', 'type', 'meaning'],
        map.keys.map(({ key, type, doc }) => [code(key), `[\`${type}\`](${typePlace(type)})`, plain(doc)]),
      ),
      '\n## Invites 2 and 3 {#invite-2}\n',
      `For v1 groups, with devices of the deployed implementation: the base64url of a JSON object without spaces, with the keys ${json.keys.map(code).join(', ')} in this order. Byte strings are arrays of integers, and times may reach 2^64−1. ${code(json.one_relay)} may stand for ${code('relay_node_ids')} when read. Rules: INV-01 and what follows.\n`,
      vectors('invite'),
      '## Expiry {#expiry}\n',
      `A device joins until less than ${slack_secs} s after the expiry (INV-35, INV-36). Whoever has read an invite can read the group: if one has leaked, only a new group helps.\n`,
      '## Short codes {#short-code}\n',
      `${SHORT_CODE.bytes} random bytes in base32, ${SHORT_CODE.characters} characters in blocks of ${SHORT_CODE.block}. When typed, case, spaces and hyphens are ignored, and ${Object.entries(
        SHORT_CODE.read_as,
      )
        .map(([typed, letter]) => `${typed} is read as ${letter}`)
        .join(', ')}.\n`,
      table(
        ['what', 'how', 'bytes'],
        [
          [
            'stretched code',
            `Argon2id of the ${SHORT_CODE.characters} characters, m ${number(argon2.m)} KiB, t ${argon2.t}, p ${argon2.p}; the salt is the first ${argon2.salt} bytes of SHA-256("${SHORT_CODE.label}")`,
            32,
          ],
          ...[
            { name: 'lookup key', key: lookup },
            { name: 'key of the seal', key: seal },
          ].map(({ name, key }) => [
            name,
            `HKDF-SHA256 of the stretched code, salt "${SHORT_CODE.label}", info "${key.info}"`,
            key.bytes,
          ]),
        ],
      ),
      `\nThe relay keeps, under the lookup key in hexadecimal digits, nonce ‖ XChaCha20-Poly1305 of the bytes of the invite, those before base64url. The additional data is the ${lookup.bytes} bytes of the lookup key. Rules: CODE-01 and what follows.\n`,
      vectors('short-code'),
      '## Which cursors a client has {#cursor-tracker}\n',
      `The highest seen, the highest contiguous, which is what the client pulls from, and at most ${number(cursor_tracker.most_gaps)} gaps between them. A page says of everything from its after_cursor to its max_cursor that nothing else is there. Rules: CLI-01 to CLI-12.\n`,
      vectors('cursor-tracker'),
      '## When a client tries again {#backoff}\n',
      `Before its n-th attempt in a row it waits min(${number(backoff.longest_ms)}, ${number(backoff.first_ms)} · 2^(n−1)) ms, and a random part of 0 to ${number(backoff.jitter_ms)} ms. What it does after which Error stands in [Errors](/errors.md#codes). Rules: CLI-13 to CLI-19.\n`,
      vectors('backoff'),
    ].join('\n'),
  };
}
