import { DRIVER, ENVELOPES, INVITES, MESSAGES, TYPES } from '@0k-sync/spec';
import { isObject, type Values } from './driver-process.ts';

/** A type as types.yaml states it. */
interface TypeTable {
  readonly kind: string;
  readonly of?: string;
  readonly fields?: readonly Field[];
  readonly ext?: readonly { readonly key: string; readonly type: string }[];
}

interface Field {
  readonly name: string;
  readonly type: string;
  readonly list?: true;
  readonly optional?: true;
}

const types = TYPES as unknown as Record<string, TypeTable>;
const objects = DRIVER.objects as unknown as Record<string, { readonly fields: readonly Field[] } | undefined>;

/**
 * Outputs in a form in which equal ones are equal: hex in lower case, optional ones that are null left out, and nothing that
 * the operation does not name.
 */
export function comparable(fields: readonly Field[], values: Values): Values {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = values[field.name];
      if (value === undefined || (field.optional && value === null)) return [];
      return [
        [
          field.name,
          field.list && Array.isArray(value) ? value.map((one) => ofType(field.type, one)) : ofType(field.type, value),
        ],
      ];
    }),
  );
}

function ofType(type: string, value: unknown): unknown {
  const object = objects[type];
  if (object) return isObject(value) ? comparable(object.fields, value) : value;
  if (type === 'hex') return lower(value);
  if (!isObject(value)) return value;
  if (type === 'message') {
    const table = MESSAGES.find(({ name }) => name === value['type']) as TypeTable | undefined;
    return { ...value, ...tupleOf(table ?? { kind: 'tuple' }, value) };
  }
  if (type === 'envelope') {
    const table = ENVELOPES.find(({ version }) => version === value['version']);
    return { ...value, ...tupleOf({ kind: 'tuple', fields: table?.fields ?? [] }, value) };
  }
  if (type === 'invite') return value['version'] === INVITES.map.version ? tupleOf(INVITE_4, value) : lowerAll(value);
  return value;
}

const INVITE_4: TypeTable = {
  kind: 'tuple',
  fields: INVITES.map.keys.map(({ field, type }) => ({ name: field, type })),
};

/** Of invites in JSON: there all text is hex or digits. */
function lowerAll(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerAll);
  if (!isObject(value)) return lower(value);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, lowerAll(inner)]));
}

/** Keys that a message has not are kept: they are a difference. */
function tupleOf({ fields = [], ext = [] }: TypeTable, value: Record<string, unknown>): Record<string, unknown> {
  const known = Object.fromEntries(
    fields.flatMap(({ name, type }) => (name in value ? [[name, ofField(type, value[name])]] : [])),
  );
  const extensions = value['ext'];
  if (!isObject(extensions)) return { ...value, ...known };
  const shown = Object.entries(extensions).map(([key, inner]) => {
    const type = ext.find((entry) => entry.key === key)?.type;
    return [key, type === undefined ? inner : ofField(type, inner)];
  });
  return { ...value, ...known, ext: Object.fromEntries(shown) };
}

function ofField(type: string, value: unknown): unknown {
  const table = types[type]!;
  if (table.kind === 'bytes') return lower(value);
  if (table.kind === 'list' && Array.isArray(value)) return value.map((one) => ofField(table.of!, one));
  if (table.kind === 'tuple' && isObject(value)) return tupleOf(table, value);
  return value;
}

function lower(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

export interface Difference {
  /** Where the two differ first: `message.cursor:`. */
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
}

/** The first place in which two JSON values differ; undefined if they are equal. */
export function difference(expected: unknown, actual: unknown, path = ''): Difference | undefined {
  const here = (): Difference => ({
    path: path === '' ? 'ok' : `${path}:`,
    expected: expected === undefined ? 'nothing' : JSON.stringify(expected),
    actual: actual === undefined ? 'nothing' : JSON.stringify(actual),
  });
  if (Array.isArray(expected) && Array.isArray(actual)) {
    for (let index = 0; index < Math.max(expected.length, actual.length); index++) {
      const found = difference(expected[index], actual[index], `${path}[${index}]`);
      if (found) return found;
    }
    return undefined;
  }
  if (isObject(expected) && isObject(actual)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      const inner = path === '' ? key : `${path}.${key}`;
      // Own properties alone: a key may be called __proto__ or constructor.
      const own = (value: Record<string, unknown>) => (Object.hasOwn(value, key) ? value[key] : undefined);
      const found = difference(own(expected), own(actual), inner);
      if (!found) continue;
      // What is missing may be so because the other side is an error.
      const isMissing = own(actual) === undefined;
      if (isMissing && 'error' in actual) return { ...found, actual: `the error ${actual['error']}` };
      if (isMissing && key === 'error') return { ...found, actual: `no error, but ${JSON.stringify(actual)}` };
      return found;
    }
    return undefined;
  }
  return expected === actual ? undefined : here();
}
