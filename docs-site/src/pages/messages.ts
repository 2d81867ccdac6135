import { type Example, examplesOf, type Part } from '../layout.ts';
import { and, code, link, list, number, type Page, plain, table } from '../markdown.ts';
import { messageGroups, messagePlace, typePlace, vectorPage } from '../places.ts';
import { type MessageDefinition, specification, type TypeDefinition } from '../sources.ts';
import { rulesNaming } from './requirements.ts';

const DIRECTIONS = {
  'client-to-relay': 'client → relay',
  'relay-to-client': 'relay → client',
  either: 'either way',
  inner: 'sealed inside a Push',
} as const;

const hexCode = (value: number) => `0x${value.toString(16).padStart(2, '0').toUpperCase()}`;
const typeLink = (type: string) => link(code(type), typePlace(type));

export function messagePages(): Page[] {
  return [overview(), ...messageGroups.map(groupPage)];
}

function overview(): Page {
  const rows = specification.messages.map((message) => [
    link(message.name, messagePlace(message.name)),
    code(hexCode(message.code)),
    DIRECTIONS[message.direction],
    message.fields.map(({ name }) => code(name)).join(' '),
    (message.ext ?? []).map(({ key }) => code(key)).join(' '),
    message.answers ? message.answers.join(', ') : '',
  ]);
  return {
    path: 'messages/index.md',
    title: 'Messages',
    label: 'All messages',
    text: [
      'A message is a MessagePack array: its name, its fields in order, then at most one map of extensions (WIRE-04). [Encodings](/encodings.md) says how',
      'each type is written. The codes name messages for people; they do not travel.\n',
      table(['message', 'code', 'direction', 'fields', 'extension keys', 'answered by'], rows),
      '\nAny request can be answered by an [Error](/messages/ok.md#Error) instead. The same as data: [spec/protocol.json](/spec/protocol.json),',
      'as CDDL: [bin.cddl](/spec/bin.cddl), [rmp.cddl](/spec/rmp.cddl).\n',
    ].join('\n'),
  };
}

function groupPage(group: readonly MessageDefinition[]): Page {
  return {
    path: messagePlace(group[0]!.name).replace(/^\/|#.*$/g, ''),
    title: and(group.map(({ name }) => name)),
    label: group.map(({ name }) => name).join(', '),
    text: group.map(messageText).join('\n'),
  };
}

function messageText(message: MessageDefinition): string {
  const parts = [
    `## ${message.name} {#${message.name}}\n`,
    `${plain(message.doc)}\n`,
    `${code(hexCode(message.code))} · ${DIRECTIONS[message.direction]} · encodings ${message.encodings.map(code).join(', ')}\n`,
  ];
  if (message.fields.length > 0) {
    parts.push(
      table(
        ['field', 'type', 'meaning'],
        message.fields.map((field) => [code(field.name), typeLink(field.type), plain(field.doc)]),
      ),
    );
  } else {
    parts.push('It has no fields.\n');
  }
  if (message.ext) {
    parts.push(
      table(
        ['extension key', 'type', 'meaning'],
        message.ext.map((entry) => [code(entry.key), typeLink(entry.type), plain(entry.doc)]),
      ),
    );
  }
  if (message.answers) {
    parts.push(
      `Answered by ${and(message.answers.map((name) => link(name, messagePlace(name))))}, or by an [Error](/messages/ok.md#Error).\n`,
    );
  }
  const rules = rulesNaming(message.name);
  if (rules !== '') parts.push(`Rules that name it: ${rules}.\n`);
  for (const encoding of message.encodings) {
    for (const example of examplesOf(message, encoding)) parts.push(exampleText(message, encoding, example));
  }
  return parts.join('\n');
}

function exampleText(message: MessageDefinition, encoding: string, { file, vector, bytes, parts }: Example): string {
  return [
    `### ${message.name} in \`${encoding}\`: ${plain(vector.comment)} {#${message.name}-${encoding}-${vector.tcId}}\n`,
    `The body of a frame, ${bytes.length} bytes: test ${vector.tcId} of ${link(`${file}.json`, vectorPage(file))}.\n`,
    bytesText(parts, bytes),
  ].join('\n');
}

const COLOURS = 6;

/** The bytes in a row, each part in a colour, and a table of what they are. */
export function bytesText(parts: readonly Part[], bytes: Uint8Array): string {
  const spans = parts.map((part, index) => {
    const own = bytes.subarray(part.offset, part.offset + part.length);
    return `<span class="c${index % COLOURS}" title="${escapeAttribute(`${part.name}: ${part.meaning}`)}">${abbreviate(own, 40)}</span>`;
  });
  const rows = parts.map((part, index) => {
    const own = bytes.subarray(part.offset, part.offset + part.length);
    return [
      number(part.offset),
      `<code class="c${index % COLOURS}">${abbreviate(own, 8)}</code>`,
      `<span class="d${Math.min(part.depth, 3)}"></span>${code(part.name)}`,
      plain(part.meaning),
    ];
  });
  return `<div class="bytes">${spans.join(' ')}</div>\n\n${table(['offset', 'bytes', 'field', 'meaning'], rows)}`;
}

const escapeAttribute = (text: string) => plain(text.replaceAll('`', "'")).replaceAll('"', '&quot;');

function abbreviate(bytes: Uint8Array, most: number): string {
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  if (digits.length <= most) return digits.join(' ');
  return `${digits.slice(0, most / 2).join(' ')} … ${digits.slice(-2).join(' ')}`;
}

export function encodingsPage(): Page {
  const { encodings, frame, extension_map, types } = specification;
  return {
    path: 'encodings.md',
    title: 'Encodings and types',
    text: [
      table(
        ['encoding', 'largest body', 'extension maps', 'over', 'meaning'],
        encodings.map(({ name, max_body, extensions, transports, doc }) => [
          code(name),
          `${number(max_body)} bytes`,
          extensions ? 'yes' : 'no',
          transports.join(', '),
          plain(doc),
        ]),
      ),
      '\n## Frames {#frames}\n',
      `A frame is ${frame.header_bytes} bytes of header, an ${plain(frame.header)}, and the body, which is one message. A body has at most`,
      `${number(frame.max_body_before_welcome)} bytes before Welcome. Rules: FRAME-01 to FRAME-08. Vectors: framing.json.\n`,
      '## Extension maps {#extension-maps}\n',
      list([
        `At most ${extension_map.max_keys} keys (WIRE-22, WIRE-42).`,
        `The value of an unknown key is skipped; it nests at most ${extension_map.max_nesting} containers (WIRE-23, WIRE-24, WIRE-43).`,
        'A message without keys has no map at all (WIRE-09); a reader takes an empty one (WIRE-20).',
      ]),
      '\n## Types {#types}\n',
      table(
        ['type', 'as', 'in `rmp`', 'meaning'],
        Object.entries(types).map(([name, type]) => [
          `<span id="type-${name}">${code(name)}</span>`,
          form(type),
          'rmp' in type && type.rmp === 'array' ? 'array of integers' : '',
          plain(type.doc),
        ]),
      ),
      '\n## Error classes {#error-classes}\n',
      'What a codec refuses, it refuses with one of the [error classes](/errors.md#classes), which the vectors name.\n',
      '## As CDDL {#cddl}\n',
      'The grammar of RFC 8610, made from the same tables: [bin.cddl](/spec/bin.cddl), [rmp.cddl](/spec/rmp.cddl).\n',
    ].join('\n'),
  };
}

/** How a type looks in MessagePack. */
function form(type: TypeDefinition): string {
  switch (type.kind) {
    case 'uint':
    case 'uint64':
      return `integer, 0 to ${number(type.max)}`;
    case 'str':
      return `str${type.max_bytes ? `, at most ${type.max_bytes} bytes` : ''}${type.nullable ? ', or nil' : ''}`;
    case 'bytes':
      return `bin${type.length ? ` of ${type.length} bytes` : ''}`;
    case 'list':
      return `array of ${typeLink(type.of)}`;
    case 'map':
      return `map of str to ${typeLink(type.of)}, at most ${type.max_keys} keys`;
    case 'tuple':
      return [
        `array: ${type.fields.map(({ name, type: of }) => `${code(name)} ${typeLink(of)}`).join(', ')}`,
        ...(type.ext ?? []).map(({ key, type: of }) => `extension key ${code(key)} ${typeLink(of)}`),
      ].join('; ');
    case 'bool':
      return 'bool';
  }
}
