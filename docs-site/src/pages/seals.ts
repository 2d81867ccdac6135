import { ENVELOPES, SEAL } from '@0k-sync/spec';
import { type Part, splitArray } from '../layout.ts';
import { code, count, number, type Page, plain, table } from '../markdown.ts';
import { typePlace, vectorPage } from '../places.ts';
import { type Hex, hexOf, type Vector, vectorFile } from '../sources.ts';
import { bytesText } from './messages.ts';

const { sizes, keys, passphrase, seal_1, seal_2, content, device_name } = SEAL;

/** Keys, seals, content, device names and envelopes: what clients do and no relay sees. */
export function sealsPage(): Page {
  const keyName = (key: keyof typeof keys) => `the key \`${key}\``;
  const additional = ({ label, then }: { label: string; then: readonly string[] }) =>
    [`"${label}"`, ...then.map(code)].join(' ‖ ');
  const unknown = passphrase.creator.find(({ below_gib }) => below_gib === null || passphrase.unknown_gib < below_gib);
  const parameters = ({ m, t, p }: { m: number; t: number; p: number }) => [`${number(m)} KiB`, t, p];
  return {
    path: 'seals.md',
    title: 'Keys and seals',
    text: [
      'What clients do before a payload leaves them and after it has come. A relay sees none of it. ‖ puts bytes one after the other.\n',
      '## Sizes {#sizes}\n',
      table(
        ['', 'bytes'],
        Object.entries(sizes).map(([name, size]) => [code(name), size]),
      ),
      '\n## Keys {#keys}\n',
      `Each key is HKDF-SHA256 of the group secret, ${sizes.key} bytes. Rules: KEY-01 and what follows. Vectors: kdf.json.\n`,
      table(
        ['key', 'salt', 'info', 'for'],
        Object.entries(keys).map(([name, key]) => [
          code(name),
          `"${key.salt}"`,
          `${'info_prefix' in key ? `${code(key.info_prefix)} ‖ ` : ''}"${key.info}"`,
          plain(key.doc),
        ]),
      ),
      '\n## Passphrases {#passphrase}\n',
      `Argon2id, version ${passphrase.version}, with a salt of ${passphrase.salt} bytes, makes a group secret of a passphrase, in v2 groups of its NFC (KEY-04). Vectors: argon2.json.\n`,
      table(
        ['a creator with memory', 'm', 't', 'p'],
        passphrase.creator.map((row) => [
          `${row.below_gib === null ? 'else' : `below ${row.below_gib} GiB`}${row === unknown ? ', or unknown' : ''}`,
          ...parameters(row),
        ]),
      ),
      '',
      table(
        ['a joiner takes', 'm', 't', 'p'],
        [
          ...passphrase.least.map((row, index) => [index === 0 ? 'at least' : 'or at least', ...parameters(row)]),
          ['at most', ...parameters(passphrase.largest)],
        ],
      ),
      '\n## Seal 1 {#seal-1}\n',
      `For v1 groups: nonce ‖ XChaCha20-Poly1305 under ${keyName(seal_1.key)}, without additional data; ${seal_1.overhead} bytes longer than the plaintext. Vectors: seal-1.json.\n`,
      sealedExample('seal-1', 0),
      '\n## Seal 2 {#seal-2}\n',
      `For v2 groups: the byte 0x${seal_2.version.toString(16).padStart(2, '0')} ‖ nonce ‖ XChaCha20-Poly1305 under ${keyName(seal_2.key)}.`,
      `The additional data is ${additional(seal_2.aad)}. Vectors: seal-2.json, padme.json.\n`,
      sealedExample('seal-2', 1),
      '\nWhat is encrypted is a MessagePack array, in the shortest form, and zero bytes behind it:\n',
      table(
        ['element', 'type', 'meaning'],
        seal_2.fields.map((field) => [
          code(field.name),
          `${field.kind}${'length' in field ? `, ${field.length} bytes` : ''}${'nullable' in field ? ', or nil' : ''}`,
          plain(field.doc),
        ]),
      ),
      `\nIt is at least ${seal_2.padded_least} bytes long; the rule is SEAL-14. data has at most ${number(seal_2.max_data)} bytes.\n`,
      '## Content {#content}\n',
      `Large content travels outside of the message stream, and a [ContentRef](/messages/contentref.md#ContentRef) inside a sealed Push names it:`,
      `XChaCha20-Poly1305 under ${keyName(content.key)}, ${content.overhead} bytes longer, at most ${number(content.max_content)} bytes. Rules: CONT-01 and what follows. Vectors: content.json.\n`,
      '## Device names {#device-name}\n',
      `"${device_name.mark}" ‖ base64url of nonce ‖ XChaCha20-Poly1305 under ${keyName(device_name.key)}, ${device_name.characters} characters in all.`,
      `What is encrypted is the name in NFC, cut after the last whole Unicode scalar value that ends within ${device_name.max_name} bytes of UTF-8, and zero bytes up to ${device_name.padded}. A name with U+0000 is refused. The additional data is ${additional(device_name.aad)}. Rules: SEAL-26 to SEAL-39.\n`,
      '## Envelopes {#envelopes}\n',
      'One stored blob outside of a relay, a MessagePack array. Rules: ENV-01 and what follows. Vectors: envelope.json.\n',
      ...ENVELOPES.flatMap((envelope) => [
        `### Envelope ${envelope.version} {#envelope-${envelope.version}}\n`,
        `${plain(envelope.doc)} ${envelope.written ? 'Written and read.' : 'Read, never written.'}\n`,
        table(
          ['element', 'type'],
          envelope.fields.map(({ name, type }) => [code(name), `[\`${type}\`](${typePlace(type)})`]),
        ),
        ...('msg_types' in envelope
          ? [
              `\n\`msg_type\`: ${Object.entries(envelope.msg_types)
                .map(([name, value]) => `${value} ${name}`)
                .join(', ')}.\n`,
            ]
          : []),
        '',
        envelopeExample(envelope),
        '',
      ]),
    ].join('\n'),
  };
}

function bytesOf(vector: Vector, key: string): Uint8Array {
  return new Uint8Array(Buffer.from(hexOf(vector[key] as Hex), 'hex'));
}

/** The shortest right blob of a file, split into version (if there is one), nonce, ciphertext and tag. */
function sealedExample(file: string, version: number): string {
  const vectors = vectorFile(file)
    .testGroups.flatMap(({ tests }) => tests)
    .filter(({ result, sealed }) => result === 'valid' && typeof sealed === 'string');
  const vector = vectors.toSorted(
    (a, b) => (a['sealed'] as string).length - (b['sealed'] as string).length || a.tcId - b.tcId,
  )[0]!;
  const bytes = bytesOf(vector, 'sealed');
  const cuts = [
    ...(version > 0 ? [['version', version]] : []),
    ['nonce', sizes.nonce],
    ['ciphertext', bytes.length - version - sizes.nonce - sizes.tag],
    ['tag', sizes.tag],
  ] as [string, number][];
  let offset = 0;
  const parts = cuts.map(([name, length]): Part => {
    offset += length;
    return { offset: offset - length, length, name, meaning: count(length, 'byte'), depth: 0 };
  });
  return `Test ${vector.tcId} of [${file}.json](${vectorPage(file)}), ${plain(vector.comment)}:\n\n${bytesText(
    parts.filter(({ length }) => length > 0),
    bytes,
  )}`;
}

function envelopeExample({ version, fields }: (typeof ENVELOPES)[number]): string {
  const group = vectorFile('envelope').testGroups.filter(({ type }) => type === `Envelope${version}`);
  const vector = group
    .flatMap(({ tests }) => tests)
    .find(({ result, hex }) => result === 'valid' && typeof hex === 'string');
  if (!vector) return '';
  const bytes = bytesOf(vector, 'hex');
  return `Test ${vector.tcId} of [envelope.json](${vectorPage('envelope')}), ${plain(vector.comment)}:\n\n${bytesText(splitArray(fields, bytes), bytes)}`;
}
