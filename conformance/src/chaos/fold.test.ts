import { expect, it } from 'vitest';
import type { TraceStep } from '../trace.ts';
import { fold } from './fold.ts';

/** Steps from lines: `A1 > Push {…}`, `A1 < PushAck {…}`, `proxy . cut`. */
function trace(...lines: string[]): TraceStep[] {
  const directions = { '>': 'to-relay', '<': 'from-relay', '.': 'event' } as const;
  return lines.map((line, index) => {
    const [from = '', arrow = '.', ...words] = line.split(' ');
    const direction = directions[arrow as keyof typeof directions];
    return { n: index + 1, at: index, from, direction, text: words.join(' ') };
  });
}

const lines = (steps: readonly TraceStep[]) => steps.map(({ n, from, text }) => `${n} ${from} ${text}`);
const pushes = (count: number) => Array.from({ length: count }, () => ['A1 > Push {x}', 'A1 < PushAck {y}']).flat();

it('counts what passed between two events on each connection', () => {
  const folded = fold(
    trace(
      'A1 > Hello {}',
      'A1 < Welcome {}',
      'B1 > Pull {}',
      ...pushes(2),
      'A1 > Pull {}',
      'proxy . cut',
      'A1 . closed with 1001',
    ),
  );
  expect(lines(folded)).toEqual([
    '1 A1 sent Hello, 2 Push, Pull; got Welcome, 2 PushAck',
    '2 B1 Pull {}',
    '3 proxy cut',
    '4 A1 closed with 1001',
  ]);
});

it('shows the last messages one by one', () => {
  const folded = fold(trace('proxy . cut', ...pushes(10)));
  expect(lines(folded).slice(0, 3)).toEqual(['1 proxy cut', '2 A1 sent 4 Push; got 4 PushAck', '3 A1 Push {x}']);
  expect(folded).toHaveLength(2 + 12);
});

it('puts attempts to connect together, and drops their closes', () => {
  const attempts = [2, 3, 4, 5].flatMap((n) => [
    `A${n} . not connected: ECONNREFUSED`,
    `B${n} . not connected: socket hang up`,
    `A${n} . closed with 1006`,
    `B${n} . closed with 1006`,
  ]);
  expect(lines(fold(trace('A1 . closed with 1006', ...attempts, 'relay . started')))).toEqual([
    '1 A1 closed with 1006',
    '2 A2 4 attempts to connect up to A5, the last one not connected: ECONNREFUSED',
    '3 B2 4 attempts to connect up to B5, the last one not connected: socket hang up',
    '4 relay started',
  ]);
});

it('says where a long trace left steps out', () => {
  const [first, second] = trace('proxy . cut', 'proxy . heal');
  expect(lines(fold([first!, { ...second!, n: 50 }]))).toEqual([
    '1 proxy cut',
    '2 … 48 steps are left out',
    '3 proxy heal',
  ]);
});

it('keeps handshakes, for whoever shows traces drops those that went well', () => {
  const steps = trace('A1 > handshake message of 1216 bytes', 'A1 . closed with 1006');
  expect(fold(steps)).toEqual(steps);
});
