import { createHash } from 'node:crypto';
import type { Blob } from '@0k-sync/spec';

/** Strings that a relay or the kit chose from fixed texts. Every other one may be a name or a token: only its length is shown. */
const SHOWN_TEXT = new Set(['message', 'reason']);

/** Extensions that are in nearly every message, longer than all the rest, and of interest in hardly any exchange. */
const LEFT_OUT = /^(x-.*|caps|limits|relay|usage|timestamp)$/;

/** How many items of a list are written out. */
const SHOWN_ITEMS = 4;

/** The first four bytes in hex: enough to tell ids apart within one trace, too little to be one. */
export function shortId(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  return bytes.length > 4 ? `${hex}…` : hex;
}

/** A payload as its length and the beginning of its SHA-256. */
export function shortPayload(bytes: Uint8Array): string {
  if (bytes.length === 0) return '0 bytes';
  return `${bytes.length} bytes #${createHash('sha256').update(bytes).digest('hex').slice(0, 8)}`;
}

/**
 * A decoded message in one line: `Push {blob_id: 3fa4b0c2…, payload: 12 bytes #a1b2c3d4, ttl: 0}`. Payloads, names, tokens
 * and full ids never appear.
 */
export function describeMessage(message: { readonly type: string }): string {
  const fields = Object.entries(message).filter(([name]) => name !== 'type');
  return fields.length === 0 ? message.type : `${message.type} ${describeFields(fields)}`;
}

function describeFields(fields: readonly (readonly [string, unknown])[]): string {
  return `{${fields.map(([name, value]) => `${name}: ${describeValue(name, value)}`).join(', ')}}`;
}

function describeExtensions(extensions: object): string {
  const fields = Object.entries(extensions);
  const shown = fields.filter(([name]) => !LEFT_OUT.test(name));
  const described = describeFields(shown);
  return shown.length === fields.length
    ? described
    : described.replace(/(.)\}$/, (_, last) => (last === '{' ? '{…}' : `${last}, …}`));
}

function describeValue(name: string, value: unknown): string {
  if (value instanceof Uint8Array) return name === 'payload' ? shortPayload(value) : shortId(value);
  if (typeof value === 'string')
    return SHOWN_TEXT.has(name) ? JSON.stringify(value.slice(0, 64)) : `text of ${value.length}`;
  if (Array.isArray(value)) return describeList(name, value);
  if (value !== null && typeof value === 'object') {
    if (name === 'proof') return '{…}';
    return name === 'ext' ? describeExtensions(value) : describeFields(Object.entries(value));
  }
  return value === null ? 'nil' : String(value);
}

function describeList(name: string, list: readonly unknown[]): string {
  if (list.length === 0) return '[]';
  const describe = name === 'blobs' ? describeBlob : (item: unknown) => describeValue(name, item);
  const shown = list.slice(0, SHOWN_ITEMS).map(describe);
  const more = list.length > SHOWN_ITEMS ? [`… ${list.length - SHOWN_ITEMS} more`] : [];
  return `[${[...shown, ...more].join(', ')}]`;
}

/** A blob of a page: its cursor, id and payload. */
function describeBlob(blob: unknown): string {
  const { cursor, blob_id, payload } = blob as Blob;
  return `${cursor}: ${shortId(blob_id)} ${shortPayload(payload)}`;
}
