/** Every vector of vectors/backoff.json. */
import { expect, test } from 'vitest';
import { backoffDelay, type RetryAction, type RetryEvent, retry } from '../src/index.ts';
import { judge, VectorFile } from './vector-file.ts';

interface Step {
  event: RetryEvent['type'];
  code?: number;
  retry_after_ms?: string;
  jitter?: number;
  action?: 'wait' | 'stop' | 'report';
  delay?: string;
}

const file = new VectorFile('backoff');

function eventOf({ event, code, retry_after_ms }: Step): RetryEvent {
  if (event !== 'error') return { type: event };
  return {
    type: 'error',
    code: code!,
    retry_after_ms: retry_after_ms === undefined ? undefined : BigInt(retry_after_ms),
  };
}

function claimOf({ action, delay }: Step): RetryAction {
  if (action === 'wait') return { type: 'wait', ms: BigInt(delay!) };
  return { type: action ?? 'none' };
}

test('delays', () => {
  file.each<{ attempt: number; jitter: number; delay: string }>('Delay', (vector, name) => {
    const { attempt, jitter, delay } = vector;
    if (vector.error === 'mismatch') expect(backoffDelay(attempt, jitter), name).not.toBe(Number(delay));
    else {
      const classOf = (error: unknown) => (error instanceof RangeError ? 'out-of-range' : undefined);
      judge(vector, name, classOf, () => expect(backoffDelay(attempt, jitter), name).toBe(Number(delay)));
    }
  });
});

test('schedules', () => {
  file.each<{ steps: Step[] }>('Schedule', (vector, name) => {
    let attempts = 0;
    const done = vector.steps.map((step) => {
      const next = retry(attempts, eventOf(step), step.jitter ?? 0);
      attempts = next.attempts;
      return next.action;
    });
    const claimed = vector.steps.map(claimOf);
    if (vector.error === 'mismatch') expect(done, name).not.toEqual(claimed);
    else expect(done, name).toEqual(claimed);
  });
});

test('every vector of the file was run', () => {
  expect(file.ran).toBe(file.numberOfTests);
});
