/** How the driver's values are written in JSON, as driver.yaml says: bytes in hex, integers of 64 bits as decimal texts. */
import type { Invite } from '@0k-sync/reference';
import { INVITES, MESSAGES, TYPES } from '@0k-sync/spec';

// biome-ignore lint/suspicious/noExplicitAny: what comes from the kit is as driver.yaml says
export type Inputs = any;
export type Outputs = Record<string, unknown>;

export const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
export const hex = (value: Uint8Array) => Buffer.from(value).toString('hex');

export function toJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return hex(value);
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, toJson(inner)]));
}

interface Field {
  readonly name: string;
  readonly kind: string;
}

/** Values of fields that have a kind of their own. */
export function fromJson(value: Inputs, fields: readonly Field[]): Outputs {
  return Object.fromEntries(fields.map(({ name, kind }) => [name, ofKind(kind, value[name])]));
}

function ofKind(kind: string, value: Inputs): unknown {
  if (value === null) return null;
  if (kind === 'bytes') return bytes(value);
  return kind === 'uint64' ? BigInt(value) : value;
}

interface TypedField {
  readonly name: string;
  readonly type: string;
}

interface Table {
  readonly kind?: string;
  readonly of?: string;
  readonly fields?: readonly TypedField[];
  readonly ext?: readonly { readonly key: string; readonly type: string }[];
}

/** Values of fields that have a type of types.yaml. */
export function fromTypes(value: Inputs, fields: readonly TypedField[], ext: Table['ext'] = []): Outputs {
  const out: Outputs = Object.fromEntries(fields.map(({ name, type }) => [name, ofType(type, value[name])]));
  if (!value.ext) return out;
  const keys = Object.keys(value.ext).map((key) => [
    key,
    ofType(ext.find((entry) => entry.key === key)!.type, value.ext[key]),
  ]);
  return { ...out, ext: Object.fromEntries(keys) };
}

function ofType(name: string, value: Inputs): unknown {
  const { kind = '', of = '', fields, ext } = (TYPES as Record<string, Table>)[name]!;
  if (kind === 'tuple') return fromTypes(value, fields!, ext);
  if (kind === 'list') return value.map((one: Inputs) => ofType(of, one));
  if (kind === 'map') return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, ofType(of, inner)]));
  return ofKind(kind, value);
}

export function inviteOf(value: Inputs): Invite {
  if (value.version === INVITES.map.version) {
    const fields = INVITES.map.keys
      .filter(({ field }) => value[field] !== undefined)
      .map(({ field, type }) => ({ name: field, type }));
    return fromTypes(value, fields) as unknown as Invite;
  }
  return {
    ...value,
    relay_node_ids: value.relay_node_ids.map(bytes),
    group_id: bytes(value.group_id),
    group_secret: bytes(value.group_secret),
    salt: bytes(value.salt),
    created_at: BigInt(value.created_at),
    expires_at: BigInt(value.expires_at),
  };
}

export function messageOf(value: Inputs): Outputs {
  const { fields, ext } = MESSAGES.find(({ name }) => name === value.type) as unknown as Table;
  return { type: value.type, ...fromTypes(value, fields!, ext) };
}
