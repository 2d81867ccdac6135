/** Every vector of vectors/invite.json, with both crypto providers. */
import { describe, expect, test } from 'vitest';
import {
  formatInvite,
  type Invite4,
  joinByPassphrase,
  PairingError,
  parseInvite,
  requireUnexpired,
} from '../src/index.ts';
import { judge, providers, toHex, VectorFile } from './vector-file.ts';

interface InviteVector {
  text: string;
  invite?: unknown;
}

const file = new VectorFile('invite');
const classOf = (error: unknown) => (error instanceof PairingError ? error.errorClass : undefined);

/** As a vector shows it: bytes as hex, times as text. */
function shown(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value === 'bigint') return `${value}`;
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shown(item)]));
}

describe.each(providers)('invite.json, $name', (crypto) => {
  test.each(['InviteJson', 'InviteMap'])('%s', (type) => {
    file.each<InviteVector>(type, (vector, name) => {
      judge(vector, name, classOf, () => {
        const invite = parseInvite(vector.text, crypto);
        if (vector.result === 'invalid') return;
        expect(shown(invite), name).toEqual(vector.invite);
        if (vector.flags.includes('Canonical')) expect(formatInvite(invite), name).toBe(vector.text);
      });
    });
  });

  test('expiry', () => {
    file.each<{ expires_at: string; now: string }>('Expiry', (vector, name) => {
      const expires_at = BigInt(vector.expires_at);
      judge(vector, name, classOf, () => requireUnexpired({ expires_at }, BigInt(vector.now)));
    });
  });

  test('joining by a passphrase', { timeout: 120_000 }, () => {
    file.each<{ text: string; passphrase: string; group_secret?: string }>('Join', (vector, name) => {
      const invite = parseInvite(vector.text, crypto) as Invite4;
      judge(vector, name, classOf, () => {
        expect(toHex(joinByPassphrase(invite, vector.passphrase, crypto)), name).toBe(vector.group_secret);
      });
    });
  });
});

test('every vector of the file was run, by each provider', () => {
  expect(file.ran).toBe(file.numberOfTests * providers.length);
});
