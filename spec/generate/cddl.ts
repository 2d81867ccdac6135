/** Renders the messages as CDDL (RFC 8610), one file for each encoding: the data model of CBOR is that of MessagePack. */
import type { ExtensionKey, MessageDefinition, Specification, TypeDefinition } from './specification.ts';

type Encoding = 'bin' | 'rmp';

const rule = (name: string) => name.replaceAll('_', '-');
/** A field of an array; its name is for readers alone, and says nothing where the type says it. */
const element = ({ name, type }: { name: string; type: string }) =>
  name === type ? rule(type) : `${rule(name)}: ${rule(type)}`;
const comment = (text: string) => `; ${text}\n`;

export function renderCddl(specification: Specification): Map<string, string> {
  return new Map(
    (['bin', 'rmp'] as const).map((encoding) => [`cddl/${encoding}.cddl`, document(specification, encoding)]),
  );
}

function document({ messages, types, extension_map }: Specification, encoding: Encoding): string {
  const own = messages.filter((message) => message.encodings.includes(encoding));
  const parts = [
    comment('Generated from the YAML files of spec/ by `npm run generate`. Do not edit.') +
      comment(`The bodies of frames in the encoding \`${encoding}\`, which is MessagePack with CBOR's data model.`),
    `body = ${own.map(({ name }) => name).join(' /\n  ')}\n`,
    ...own.map((message) => messageRule(message, encoding)),
    // CDDL has bool itself.
    ...usedTypes(own, types, encoding)
      .filter((name) => name !== 'bool')
      .map((name) => typeRule(name, types[name]!, encoding)),
    encoding === 'bin'
      ? comment(
          `An extension map has at most ${extension_map.max_keys} keys, each once. The value of an unknown key is any well-formed MessagePack, at most ${extension_map.max_nesting} containers deep.`,
        )
      : 'byte = 0..255\n',
  ];
  return parts.join('\n');
}

/** Every type that the messages need, in the order of types.yaml. */
function usedTypes(messages: MessageDefinition[], types: Record<string, TypeDefinition>, encoding: Encoding) {
  const used = new Set<string>();
  const use = (name: string) => {
    if (used.has(name)) return;
    used.add(name);
    const type = types[name]!;
    if (type.kind === 'list' || type.kind === 'map') use(type.of);
    if (type.kind !== 'tuple') return;
    for (const field of type.fields) use(field.type);
    if (encoding === 'bin') for (const entry of type.ext ?? []) use(entry.type);
  };
  for (const message of messages) {
    for (const field of message.fields) use(field.type);
    if (encoding === 'bin') for (const entry of message.ext ?? []) use(entry.type);
  }
  return Object.keys(types).filter((name) => used.has(name));
}

function messageRule({ name, doc, fields, ext }: MessageDefinition, encoding: Encoding): string {
  const lines = [`"${name}"`, ...fields.map(element)];
  if (encoding === 'bin') lines.push(`? ${extension(ext ?? [])}`);
  return `${comment(doc)}${name} = [\n${lines.map((line) => `  ${line},\n`).join('')}]\n`;
}

/** The colon cuts: a known key with a value of another type is not taken for an unknown one. */
function extension(keys: readonly ExtensionKey[]): string {
  const known = keys.map(({ key, type }) => `? "${key}": ${rule(type)}, `);
  return `{ ${known.join('')}* tstr => any }`;
}

function typeRule(name: string, type: TypeDefinition, encoding: Encoding): string {
  return `${comment(type.doc)}${rule(name)} = ${expression(type, encoding)}\n`;
}

function expression(type: TypeDefinition, encoding: Encoding): string {
  switch (type.kind) {
    case 'uint':
    case 'uint64':
      return `0..${type.max}`;
    case 'bool':
      return 'bool';
    case 'str': {
      const text = type.max_bytes === undefined ? 'tstr' : `tstr .size (0..${type.max_bytes})`;
      return type.nullable ? `${text} / nil` : text;
    }
    case 'bytes': {
      const asArray = encoding === 'rmp' && type.rmp === 'array';
      if (type.length === undefined) return asArray ? '[* byte]' : 'bstr';
      return asArray ? `[${type.length}*${type.length} byte]` : `bstr .size ${type.length}`;
    }
    case 'list':
      return `[* ${rule(type.of)}]`;
    case 'map':
      return `{ 0*${type.max_keys} tstr => ${rule(type.of)} }`;
    case 'tuple': {
      const lines = type.fields.map(element);
      if (encoding === 'bin' && type.ext) lines.push(`? ${extension(type.ext)}`);
      return `[${lines.join(', ')}]`;
    }
  }
}
