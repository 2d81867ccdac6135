/** Every vector of vectors/device-name.json, with both crypto providers. */
import { describe, expect, test } from 'vitest';
import { type DeviceNameContext, decodeBase64url, openDeviceName, SealError, sealDeviceName } from '../src/index.ts';
import { fromHex, judge, providers, VectorFile } from './vector-file.ts';

interface Context {
  key: string;
  group_id: string;
  device_id: string;
  sealed: string;
}

const file = new VectorFile('device-name');

const contextOf = ({ key, group_id, device_id }: Context): DeviceNameContext => ({
  key: fromHex(key),
  groupId: fromHex(group_id),
  deviceId: fromHex(device_id),
});

/** A name that cannot be sealed is the caller's mistake and so a RangeError. */
function classOf(error: unknown): string | undefined {
  if (error instanceof SealError) return error.errorClass;
  return error instanceof RangeError ? 'malformed' : undefined;
}

describe.each(providers)('device-name.json, $name', (crypto) => {
  const drawing = (nonce: Uint8Array) => ({ ...crypto, randomBytes: () => nonce });

  test('opening', () => {
    file.each<Context & { opened?: string }>('Open', (vector, name) => {
      const context = contextOf(vector);
      let opened: string | undefined;
      judge(vector, name, classOf, () => {
        opened = openDeviceName(vector.sealed, context, crypto);
      });
      expect(opened, name).toBe(vector.opened);
      if (opened === undefined || !vector.flags.includes('Canonical')) return;
      const nonce = decodeBase64url(vector.sealed.slice(1)).slice(0, 24);
      expect(sealDeviceName(opened, context, drawing(nonce)), name).toBe(vector.sealed);
    });
  });

  test('sealing', () => {
    file.each<Context & { name: string; nonce: string }>('Seal', (vector, name) => {
      const seal = () => sealDeviceName(vector.name, contextOf(vector), drawing(fromHex(vector.nonce)));
      if (vector.error === 'mismatch') expect(seal(), name).not.toBe(vector.sealed);
      else judge(vector, name, classOf, () => expect(seal(), name).toBe(vector.sealed));
    });
  });
});

test('every vector of the file was run, by each provider', () => {
  expect(file.ran).toBe(file.numberOfTests * providers.length);
});
