import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeMessage, encodeMessage } from './message.ts';

const length = fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 10_000 }));

test('messages written one after the other share a buffer, but no byte of it', () => {
  fc.assert(
    fc.property(fc.array(length, { minLength: 20, maxLength: 40 }), (lengths) => {
      const pushes = lengths.map((bytes, ttl) => ({
        type: 'Push' as const,
        blob_id: new Uint8Array(16).fill(ttl),
        payload: new Uint8Array(bytes).fill(ttl + 1),
        ttl,
      }));
      const bodies = pushes.map((push) => encodeMessage(push, 'bin'));
      expect(bodies.map((body) => decodeMessage(body, 'bin'))).toEqual(pushes);
      expect(new Set(bodies.map((body) => body.buffer)).size).toBeLessThan(bodies.length);
    }),
  );
});
