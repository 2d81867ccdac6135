import { ERRORS } from '@0k-sync/spec';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffDelay, MAX_JITTER_MS, type RetryEvent, retry } from './backoff.ts';

const jitter = fc.integer({ min: 0, max: MAX_JITTER_MS });

test('a wait is at least 1 s, at most 35 s, and never shorter than the one before', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 40 }), jitter, (attempt, random) => {
      const delay = backoffDelay(attempt, random);
      expect(delay).toBeGreaterThanOrEqual(1_000);
      expect(delay).toBeLessThanOrEqual(35_000);
      expect(backoffDelay(attempt + 1, random)).toBeGreaterThanOrEqual(delay);
    }),
  );
});

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('there is no attempt %s', (attempt) => {
  expect(() => backoffDelay(attempt, 0)).toThrow(RangeError);
});

test.each([-1, 5_001, 0.5, Number.NaN])('there is no random part of %s ms', (random) => {
  expect(() => backoffDelay(1, random)).toThrow(RangeError);
});

test('after an Error a client waits no less than the backoff, and no less than it was told', () => {
  const told = fc.option(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { nil: undefined });
  fc.assert(
    fc.property(
      fc.constantFrom(2000, 3000),
      told,
      fc.nat({ max: 50 }),
      jitter,
      (code, retry_after_ms, before, random) => {
        const { attempts, action } = retry(before, { type: 'error', code, retry_after_ms }, random);
        const backoff = BigInt(backoffDelay(before + 1, random));
        expect(attempts).toBe(before + 1);
        expect(action.type === 'wait' && [backoff, retry_after_ms ?? 0n]).toContain(
          action.type === 'wait' && action.ms,
        );
        expect(action.type === 'wait' && action.ms >= backoff && action.ms >= (retry_after_ms ?? 0n)).toBe(true);
      },
    ),
  );
});

test('every code of the table has an action, and none hammers the relay', () => {
  for (const { code, client } of Object.values(ERRORS)) {
    const { action } = retry(3, { type: 'error', code }, 0);
    expect(action).toEqual(client === 'stop' || client === 'report' ? { type: client } : { type: 'wait', ms: 8_000n });
  }
});

test('only a success brings the count back to 0', () => {
  const event: fc.Arbitrary<RetryEvent> = fc.oneof(
    fc.constant({ type: 'lost' as const }),
    fc.nat({ max: 4_000 }).map((code) => ({ type: 'error' as const, code })),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 20 }), (events) => {
      const after = events.reduce((attempts, each) => retry(attempts, each, 0).attempts, 5);
      expect(after).toBeGreaterThanOrEqual(5);
      expect(retry(after, { type: 'succeeded' }, 0)).toEqual({ attempts: 0, action: { type: 'none' } });
    }),
  );
});
