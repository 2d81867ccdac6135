/** Renders the TypeScript of `src/generated/` from the specification. */
import type { ExtensionKey, Specification, TypeDefinition } from './specification.ts';

const HEADER = '// Generated from the YAML files of spec/ by `npm run generate`. Do not edit.\n';

const camel = (name: string) => name.replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
const json = (value: unknown) => JSON.stringify(value, null, 1);

/** The TypeScript type of a field, by the name of its type in types.yaml. */
function fieldType(types: Record<string, TypeDefinition>, name: string): string {
  const type = types[name]!;
  switch (type.kind) {
    case 'uint':
      return 'number';
    case 'uint64':
      return 'bigint';
    case 'bool':
      return 'boolean';
    case 'str':
      return type.nullable ? 'string | null' : 'string';
    case 'bytes':
      return 'Uint8Array';
    case 'list':
      return `${fieldType(types, type.of)}[]`;
    case 'map':
      return `Record<string, ${fieldType(types, type.of)}>`;
    case 'tuple':
      return camel(name);
  }
}

function describe(types: Record<string, TypeDefinition>, name: string, doc: string): string {
  const type = types[name]!;
  const size = type.kind === 'bytes' && type.length !== undefined ? `, ${type.length} bytes` : '';
  return `/** ${doc.replace(/\.$/, '')} (\`${name}\`${size}). */`;
}

function extensionInterface(types: Record<string, TypeDefinition>, owner: string, keys: ExtensionKey[]): string {
  const lines = keys.map(
    (key) => `  ${describe(types, key.type, key.doc)}\n  ${key.key}?: ${fieldType(types, key.type)};`,
  );
  return `export interface ${owner}Ext extends UnknownKeys {\n${lines.join('\n')}\n}\n`;
}

export function renderTypeScript(specification: Specification): Map<string, string> {
  const { types, messages } = specification;
  const out: string[] = [HEADER];
  out.push(
    '/** Keys that no version of the protocol defines: a reader skips them, a writer may send them as byte strings. */',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a template literal type
    'export interface UnknownKeys {\n  [unknown: `x-${string}`]: Uint8Array;\n}\n',
  );
  for (const [name, type] of Object.entries(types)) {
    if (type.kind !== 'tuple') continue;
    if (type.ext) out.push(extensionInterface(types, camel(name), type.ext));
    const lines = type.fields.map((field) => `  ${field.name}: ${fieldType(types, field.type)};`);
    if (type.ext) lines.push(`  ext?: ${camel(name)}Ext;`);
    out.push(`/** ${type.doc} */\nexport interface ${camel(name)} {\n${lines.join('\n')}\n}\n`);
  }
  for (const message of messages) {
    if (message.ext) out.push(extensionInterface(types, message.name, message.ext));
    const lines = message.fields.map(
      (field) => `  ${describe(types, field.type, field.doc)}\n  ${field.name}: ${fieldType(types, field.type)};`,
    );
    if (message.encodings.includes('bin')) lines.push(`  ext?: ${message.ext ? `${message.name}Ext` : 'UnknownKeys'};`);
    // `Error` would hide the global of that name wherever the types are imported.
    const name = message.name === 'Error' ? 'ErrorMessage' : message.name;
    out.push(`/** ${message.doc} */\nexport interface ${name} {\n  type: '${message.name}';\n${lines.join('\n')}\n}\n`);
  }
  const union = messages.map((message) => (message.name === 'Error' ? 'ErrorMessage' : message.name));
  out.push(`export type Message =\n  | ${union.join('\n  | ')};\n`);
  out.push(`export type MessageName = Message['type'];\n`);
  out.push(
    `export type ErrorClass =\n  | ${specification.error_classes.map((entry) => `'${entry.name}'`).join('\n  | ')};\n`,
  );

  const tables = [
    HEADER,
    `/** Every message: name, code, direction, fields in order, known extension keys (messages.yaml). */\nexport const MESSAGES = ${json(messages)} as const;\n`,
    `/** Every type of a field (types.yaml). */\nexport const TYPES = ${json(types)} as const;\n`,
    `/** Largest bodies, in bytes, by encoding (encodings.yaml). */\nexport const MAX_BODY = ${json(
      Object.fromEntries(specification.encodings.map((encoding) => [encoding.name, encoding.max_body])),
    )} as const;\n`,
    `export const FRAME = ${json(specification.frame)} as const;\n`,
    `export const EXTENSION_MAP = ${json(specification.extension_map)} as const;\n`,
    `export const LABELS = ${json(specification.labels)} as const;\n`,
    `/** The Noise handshake as a table (handshake.yaml). */\nexport const HANDSHAKE = ${json(specification.handshake)} as const;\n`,
    `/** Keys, seals, content and device names of a group (seal.yaml). */\nexport const SEAL = ${json(specification.seal)} as const;\n`,
    `/** The forms of one stored blob outside a relay (seal.yaml). */\nexport const ENVELOPES = ${json(specification.envelopes)} as const;\n`,
    `/** Invites to a group (pairing.yaml). */\nexport const INVITES = ${json(specification.invites)} as const;\n`,
    `/** Short codes, which lead to an invite (pairing.yaml). */\nexport const SHORT_CODE = ${json(specification.short_code)} as const;\n`,
    `/** Figures that clients share (client.yaml). */\nexport const CLIENT = ${json(specification.client)} as const;\n`,
    `/** The names of the error classes, which never travel: vectors and drivers use them (encodings.yaml). */\nexport const ERROR_CLASSES = ${json(
      specification.error_classes.map(({ name }) => name),
    )} as const;\n`,
    `/** Error codes by name (errors.yaml). */\nexport const ERRORS = ${json(
      Object.fromEntries(specification.errors.map(({ doc: _, ...error }) => [error.name, error])),
    )} as const;\n`,
    'export type ErrorName = keyof typeof ERRORS;\n',
    `/** Limits with their defaults (limits.yaml). */\nexport const LIMITS = ${json(
      Object.fromEntries(specification.limits.map((limit) => [limit.name, limit])),
    )} as const;\n`,
    'export type LimitName = keyof typeof LIMITS;\n',
    `/** Limits that no configuration changes (limits.yaml). */\nexport const FIXED_LIMITS = ${json(
      Object.fromEntries(specification.fixed.map((limit) => [limit.name, limit.value])),
    )} as const;\n`,
    `/** Metrics of a relay (metrics.yaml). */\nexport const METRICS = ${json(specification.metrics)} as const;\n`,
    `/** Keys of a relay's configuration beyond its limits (configuration.yaml). */\nexport const CONFIGURATION = ${json(
      specification.configuration,
    )} as const;\n`,
    `/** How the certifier drives a codec in any language (driver.yaml). */\nexport const DRIVER = ${json(specification.driver)} as const;\n`,
    `/** What a session of the relay does (session.yaml). */\nexport const SESSION = ${json(specification.session)} as const;\n`,
  ];
  const requirements = [
    HEADER,
    "import type { Decision, Requirement } from '../requirement.ts';\n",
    `/** The version of the specification. */\nexport const SPEC_VERSION = ${json(specification.version)};\n`,
    `export const AREAS = ${json(specification.areas)} as const;\n`,
    `export const REQUIREMENTS: readonly Requirement[] = ${json(specification.requirements)};\n`,
    `export const DECISIONS: readonly Decision[] = ${json(specification.decisions)};\n`,
  ];
  return new Map([
    ['src/generated/messages.ts', `${out.join('\n')}`],
    ['src/generated/tables.ts', tables.join('\n')],
    ['src/generated/requirements.ts', requirements.join('\n')],
  ]);
}
