import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearize, type Specification, type Timed } from './linearize.ts';

/** An operation on a log: `append` is answered with how long the log is then, `read` with all of it. */
interface LogOperation extends Timed {
  readonly kind: 'append' | 'read';
  readonly value: string;
  readonly answer?: string;
}

const LOG: Specification<string, LogOperation> = {
  initial: '',
  key: (log) => log,
  step(log, { kind, value, answer }) {
    const next = kind === 'append' ? log + value : log;
    const given = kind === 'append' ? String(next.length) : log;
    return answer === undefined || answer === given ? [next] : [];
  },
};

let connections = 0;
const append = (value: string, invoked: number, completed?: number, answer?: string): LogOperation => ({
  kind: 'append',
  value,
  ...timed(invoked, completed, answer),
});
const read = (answer: string, invoked: number, completed: number): LogOperation => ({
  kind: 'read',
  value: '',
  ...timed(invoked, completed, answer),
});
function timed(invoked: number, completed?: number, answer?: string) {
  const answered = completed === undefined ? {} : { completed, ...(answer !== undefined && { answer }) };
  return { connection: ++connections, sequence: 1, invoked, ...answered };
}
const on = (connection: number, sequence: number, operation: LogOperation) => ({ ...operation, connection, sequence });
const verdict = (...operations: LogOperation[]) => linearize(operations, LOG, 10_000).verdict;

describe('a history', () => {
  it.each<[string, LogOperation[]]>([
    ['of nothing', []],
    ['in order', [append('a', 1, 2, '1'), read('a', 3, 4)]],
    ['that overlaps, read before', [append('a', 1, 4, '1'), read('', 2, 3)]],
    ['that overlaps, read after', [append('a', 1, 4, '1'), read('a', 2, 3)]],
    ['of two at once, in either order', [append('a', 1, 3, '2'), append('b', 2, 4, '1'), read('ba', 5, 6)]],
    ['with a request that happened without an answer', [append('a', 1), read('a', 2, 3)]],
    ['with a request that did not happen', [append('a', 1), read('', 2, 3), append('b', 4, 5, '1')]],
    ['with a request that happened late', [append('a', 1), read('', 2, 3), read('a', 4, 5)]],
    ['of one connection in its order', [on(1, 1, append('a', 1, 4, '1')), on(1, 2, read('a', 1, 5))]],
    ['that touches: the end of one is the beginning of the other', [append('a', 1, 2, '1'), read('', 2, 3)]],
  ])('%s is linearizable', (_, operations) => {
    expect(verdict(...operations)).toBe('linearizable');
  });

  it.each<[string, LogOperation[]]>([
    ['that forgets', [append('a', 1, 2, '1'), read('', 3, 4)]],
    ['that reads what nobody wrote', [read('a', 1, 2)]],
    ['whose reads go back', [append('a', 1, 6, '1'), read('a', 2, 3), read('', 4, 5)]],
    ['of two with one place', [append('a', 1, 3, '1'), append('b', 2, 4, '1')]],
    [
      'of two at once that are read in two orders',
      [append('a', 1, 3), append('b', 2, 4), read('ab', 5, 6), read('ba', 5, 6)],
    ],
    ['with a request that happened before it was sent', [read('a', 1, 2), append('a', 3)]],
    ['with a request that happened and was undone', [append('a', 1), read('a', 2, 3), read('', 4, 5)]],
    ['of one connection out of its order', [on(1, 1, append('a', 1, 4, '1')), on(1, 2, read('', 1, 5))]],
    [
      'of one connection out of its order, with one between them that may not have happened',
      [on(1, 1, append('a', 1, 4, '1')), on(1, 2, append('b', 1)), on(1, 3, read('', 1, 5))],
    ],
  ])('%s is not', (_, operations) => {
    expect(verdict(...operations)).toBe('not-linearizable');
  });

  it('is shown with what no order can go on with', () => {
    const [first, wrong, after] = [append('a', 1, 2, '1'), read('', 3, 4), read('a', 5, 6)];
    expect(linearize([after, wrong, first], LOG, 1000)).toEqual({
      verdict: 'not-linearizable',
      done: [first],
      stuck: wrong,
    });
  });

  it('of which not all orders could be tried is unknown', () => {
    const many = Array.from({ length: 12 }, (_, index) => append(String.fromCharCode(97 + index), 1, 100));
    expect(linearize([...many, read('x', 200, 201)], LOG, 500).verdict).toBe('unknown');
  });
});

it('agrees with trying every order', () => {
  const moment = fc.integer({ min: 1, max: 12 });
  const operation = fc.record({
    kind: fc.constantFrom('append' as const, 'read' as const),
    value: fc.constantFrom('a', 'b'),
    times: fc.tuple(moment, moment).map(([a, b]) => [Math.min(a, b), Math.max(a, b) + 0.5] as const),
    hasAnswer: fc.integer({ min: 0, max: 3 }).map((n) => n > 0),
    answer: fc.constantFrom('', 'a', 'b', 'ab', 'ba', '1', '2'),
    connection: fc.integer({ min: 1, max: 4 }),
  });
  const histories = fc.array(operation, { maxLength: 5 }).map((drafts) =>
    drafts.map(({ kind, value, times, hasAnswer, answer, connection }, index): LogOperation => {
      const fitting = kind === 'append' ? String(answer.length || 1) : answer.replace(/\d/, '');
      const timed = { kind, value, connection, sequence: index, invoked: times[0] };
      return hasAnswer ? { ...timed, completed: times[1], answer: fitting } : timed;
    }),
  );
  const verdicts = new Set<boolean>();
  fc.assert(
    fc.property(histories, (operations) => {
      const expected = permutations(operations).some((order) => isLegal(order, operations));
      verdicts.add(expected);
      expect(verdict(...operations)).toBe(expected ? 'linearizable' : 'not-linearizable');
    }),
    { numRuns: 1500 },
  );
  expect(verdicts.size).toBe(2);
});

/** Every order of every part of the operations. */
function permutations<T>(items: readonly T[]): T[][] {
  return [
    [],
    ...items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest])),
  ];
}

/** Whether an order has all that was answered, respects time and connections, and explains every answer. */
function isLegal(order: readonly LogOperation[], all: readonly LogOperation[]): boolean {
  if (all.some((operation) => operation.completed !== undefined && !order.includes(operation))) return false;
  for (const [index, later] of order.entries()) {
    for (const earlier of order.slice(0, index)) {
      if ((later.completed ?? Number.POSITIVE_INFINITY) < earlier.invoked) return false;
      const isTurned = later.connection === earlier.connection && later.sequence < earlier.sequence;
      if (isTurned && later.completed !== undefined) return false;
    }
  }
  let states = [LOG.initial];
  for (const operation of order) states = states.flatMap((state) => LOG.step(state, operation, []));
  return states.length > 0;
}
