import { HANDSHAKE } from '@0k-sync/spec';
import { code, number, type Page, plain, table } from '../markdown.ts';
import { vectorPage } from '../places.ts';
import { type Hex, hexOf, vectorFile } from '../sources.ts';

const { messages, tokens, sizes, transport } = HANDSHAKE;

/** A piece of a handshake message. */
interface Piece {
  token: string;
  what: string;
  bytes: number;
}

/** The pieces of each message: once a key is there, what is encrypted is longer by its tag. */
export function piecesOfMessages(): Piece[][] {
  let tag = 0;
  return messages.map(({ from, tokens, overhead }) => {
    const pieces = tokens.flatMap((token: string): Piece[] => {
      if (token === 'e') {
        return [
          { token, what: 'ephemeral X25519 key', bytes: sizes.dh_public },
          { token, what: 'ephemeral ML-KEM-768 key', bytes: sizes.kem_public },
        ];
      }
      if (token === 's') {
        return [
          { token, what: 'static X25519 key, encrypted', bytes: sizes.dh_public + tag },
          { token, what: 'static ML-KEM-768 key, encrypted', bytes: sizes.kem_public + tag },
        ];
      }
      const encrypted = token === 'skem' ? tag : 0;
      tag = sizes.tag;
      if (token !== 'ekem' && token !== 'skem') return [];
      return [
        {
          token,
          what: `ML-KEM-768 ciphertext${encrypted ? ', encrypted' : ''}`,
          bytes: sizes.kem_ciphertext + encrypted,
        },
      ];
    });
    if (tag > 0) pieces.push({ token: 'payload', what: 'tag of the empty payload', bytes: tag });
    const sum = pieces.reduce((total, { bytes }) => total + bytes, 0);
    if (sum !== overhead)
      throw new Error(
        `the tokens ${tokens.join(', ')} of the ${from} make ${sum} bytes, and the table says ${overhead}`,
      );
    return pieces;
  });
}

/** A handshake in noise.json, as far as it is shown. */
interface HandshakeVector {
  messages: { message: Hex; h: string; ck: string }[];
}

export function handshakePage(): Page {
  const example = vectorFile('noise').testGroups.find(({ type }) => type === 'Handshake')!.tests[0]!;
  const shown = (example as unknown as HandshakeVector).messages;
  const all = piecesOfMessages();
  const side = (from: string) => (from === 'initiator' ? 'client' : 'relay');
  const arrows = messages.map(({ from, tokens, overhead }) => {
    const [sender, receiver] = from === 'initiator' ? ['client', 'relay'] : ['relay', 'client'];
    return `${sender} -> ${receiver}: ${tokens.join(', ')} | ${number(overhead)} bytes`;
  });
  return {
    path: 'handshake.md',
    title: 'Handshake and secure channel',
    label: 'Handshake',
    text: [
      table(
        ['', ''],
        [
          ['protocol name', code(HANDSHAKE.protocol_name)],
          ['prologue', code(HANDSHAKE.prologue)],
          ['ALPN over QUIC', code(HANDSHAKE.alpn)],
          ['subprotocol of the WebSocket', code(HANDSHAKE.websocket_subprotocol)],
        ],
      ),
      '\nThe client is the initiator, the relay the responder. Each message is one binary WebSocket message with an empty payload.',
      'The rules are HS-01 to HS-30, and FRAME-09 to FRAME-22 for the WebSocket. Vectors, with the state after each message: noise.json.\n',
      '```sequence',
      ...arrows,
      'note: both sides call Split; from here on each message is a transport message',
      'client -> relay: Hello, in a transport message',
      'relay --> client: Welcome',
      '```\n',
      '## Tokens {#tokens}\n',
      table(
        ['token', 'what it does'],
        tokens.map(({ name, doc }) => [code(name), plain(doc)]),
      ),
      '\nThe operations MixHash, MixKey, MixKeyAndHash, EncryptAndHash and Split are those of the Noise specification, revision 34, with BLAKE2s and ChaChaPoly.',
      'As `e` and `s` are pairs of keys, each of the two is written, and hashed or encrypted, by itself: the X25519 key first.\n',
      '## Messages byte by byte {#messages}\n',
      `The bytes are those of test ${example.tcId} of ${`[noise.json](${vectorPage('noise')})`}, ${plain(example.comment)}.\n`,
      ...messages.flatMap(({ from, tokens, overhead }, index) => [
        `### Message ${index + 1}, ${side(from)} → ${side(from) === 'client' ? 'relay' : 'client'}: ${tokens.map(code).join(', ')} {#message-${index + 1}}\n`,
        piecesTable(all[index]!, hexOf(shown[index]!.message)),
        `\n${number(overhead)} bytes in all. Afterwards h is \`${shown[index]!.h}\` and ck \`${shown[index]!.ck}\`.\n`,
      ]),
      '## Sizes {#sizes}\n',
      table(
        ['', 'bytes'],
        Object.entries(sizes).map(([name, size]) => [code(name), number(size)]),
      ),
      '\n## Transport messages {#transport}\n',
      'A transport message is ciphertext and a tag of 16 bytes, without header: the nonce is a counter that both sides keep, from 0, one in each direction.',
      'The nonce of ChaChaPoly is 4 zero bytes and the counter in 8 bytes, little-endian. There is no additional data.\n',
      table(
        ['', ''],
        [
          ['largest message', `${number(transport.max_message)} bytes`],
          ['largest plaintext', `${number(transport.max_plaintext)} bytes`],
          ['messages before a direction rekeys', number(transport.rekey_interval)],
        ],
      ),
      '\nTheir plaintexts, one after the other, are a stream of bytes; [frames](/encodings.md#frames) stand in it and know nothing of where a message ends.\n',
      '## Rekey {#rekey}\n',
      `Each direction counts for itself. After ${number(transport.rekey_interval)} messages its key becomes the first 32 bytes of ENCRYPT(key, nonce 2^64−1, no additional data, 32 zero bytes),`,
      'which is REKEY of the Noise specification, 4.2; the counter goes on. HS-19, HS-20, HS-21, D-059.\n',
    ].join('\n'),
  };
}

function piecesTable(pieces: readonly Piece[], hex: string): string {
  let offset = 0;
  const rows = pieces.map(({ token, what, bytes }) => {
    const from = offset;
    offset += bytes;
    const digits = hex.slice(2 * from, 2 * offset);
    return [
      number(from),
      number(bytes),
      code(token),
      what,
      code(bytes <= 16 ? digits : `${digits.slice(0, 16)}…${digits.slice(-8)}`),
    ];
  });
  return table(['offset', 'bytes', 'token', 'what', 'in the vector'], rows);
}
