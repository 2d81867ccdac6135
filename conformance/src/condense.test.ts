import { expect, test } from 'vitest';
import { condense } from './condense.ts';
import type { Direction, TraceStep } from './trace.ts';

const arrows: Record<string, Direction> = { '>': 'to-relay', '<': 'from-relay', '.': 'event' };

/** Steps written as `A > Pull {…}`. */
const trace = (...lines: string[]): TraceStep[] =>
  lines.map((line, index) => {
    const [, from, arrow, text] = /^(\S+) (.) (.*)$/.exec(line)!;
    return { n: index + 1, at: index, from: from!, direction: arrows[arrow!]!, text: text! };
  });

const read = (steps: readonly TraceStep[]) => steps.map(({ n, from, text }) => `${n} ${from} ${text}`);

const handshake = (name: string) => [
  `${name} . connected`,
  `${name} > handshake message of 1216 bytes`,
  `${name} < handshake message of 3568 bytes`,
  `${name} > handshake message of 2368 bytes`,
  `${name} < handshake message of 1120 bytes`,
];

test('a finished handshake is left out, and requests stand with their answers', () => {
  const steps = condense(
    trace(
      ...handshake('A'),
      'A > Hello {}',
      'A < Welcome {}',
      'A > Pull {a}',
      'A > Pull {b}',
      'A < PullResponse {a}',
      'A < PullResponse {b}',
    ),
  );
  expect(read(steps)).toEqual([
    '1 A Hello {} ← Welcome {}',
    '2 A Pull {a} ← PullResponse {a}',
    '3 A Pull {b} ← PullResponse {b}',
  ]);
});

test('a handshake that did not finish is shown', () => {
  const lines = [...handshake('A').slice(0, 3), 'A . closed with 1002'];
  expect(condense(trace(...lines))).toHaveLength(4);
});

test('an Error answers the oldest request; what comes unasked stays', () => {
  const steps = condense(
    trace('A > Push {1}', 'A > Push {2}', 'A < Notify {}', 'A < Error {1006}', 'A < PushAck {2}', 'A < Ok'),
  );
  expect(read(steps)).toEqual(['1 A Push {1} ← Error {1006}', '2 A Push {2} ← PushAck {2}', '3 A Notify {}', '4 A Ok']);
});

test('an answer stays apart where another connection did something in between', () => {
  const lines = ['A > Push {}', 'B > Pull {}', 'A < PushAck {}', 'B < PullResponse {}'];
  expect(condense(trace(...lines))).toHaveLength(4);
});

test('a row of like exchanges is one step, and the last exchange of all is never folded', () => {
  const pushes = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => [
      `A > Push {${from + index}}`,
      `A < PushAck {${from + index}}`,
    ]).flat();
  expect(read(condense(trace(...pushes(1, 5), 'A > Pull {}', 'A < PullResponse {}')))).toEqual([
    '1 A Push {1} ← PushAck {1} … 5 like it … Push {5} ← PushAck {5}',
    '2 A Pull {} ← PullResponse {}',
  ]);
  expect(read(condense(trace(...pushes(1, 5)))).at(-1)).toBe('2 A Push {5} ← PushAck {5}');
});

test('steps that a long trace left out are counted', () => {
  const steps = trace('A > Presence {}', 'A > Presence {}').map((step, index) =>
    index === 1 ? { ...step, n: 10 } : step,
  );
  expect(read(condense(steps))).toEqual(['1 A Presence {}', '2 … 8 steps are left out', '3 A Presence {}']);
});

test('the bytes of messages stay with the exchange, of a row with its first and its last one', () => {
  const exchange = (n: number): TraceStep[] => {
    const message = (direction: 'to-relay' | 'from-relay', text: string): TraceStep => ({
      ...{ n, at: n, from: 'A', direction, text },
      messages: [{ direction, at: n, text, size: 1, bytes: `0${n}` }],
    });
    return [message('to-relay', 'Pull {}'), message('from-relay', 'PullResponse {}')];
  };
  const numbered = [1, 2, 3, 4, 5].flatMap(exchange).map((step, index) => ({ ...step, n: index + 1 }));
  const steps = condense(numbered);
  expect(steps.map(({ exchanges, messages }) => [exchanges, messages!.map(({ bytes }) => bytes)])).toEqual([
    [4, ['01', '01', '04', '04']],
    [undefined, ['05', '05']],
  ]);
});

test('only the first and the last steps of a long trace keep their bytes', () => {
  const steps = condense(
    trace(...Array.from({ length: 100 }, (_, n) => `A . event ${n}`)).map((step) => ({ ...step, messages: [] })),
  );
  const without = steps.filter(({ messages }) => !messages).map(({ n }) => n);
  expect([without[0], without.at(-1), without.length]).toEqual([13, 64, 52]);
});
