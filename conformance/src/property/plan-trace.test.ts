import { expect, it } from 'vitest';
import { colorsFor } from '../report/style.ts';
import { renderColumns } from '../report/trace-columns.ts';
import type { History, Operation, PullOperation, PushOperation } from './history.ts';
import { planTrace } from './plan-trace.ts';

const on = (where: string, connection: number, invoked: number, completed?: number) => ({
  group: 0,
  where,
  connection,
  device: where[0]!,
  sequence: invoked,
  invoked,
  ...(completed !== undefined && { completed }),
});
const push = (blobId: string, digest: string) => ({ kind: 'push' as const, blobId, digest, size: 3, ttl: 0 });

const first: PushOperation = {
  ...on('A', 1, 2, 5),
  ...push('blob 0', 'x'),
  answer: { kind: 'ack', cursor: 1n, digest: '' },
};
const rival: PushOperation = { ...on('B', 2, 3, 4), ...push('blob 0', 'y'), answer: { kind: 'error', code: 1006 } };
const lost: PushOperation = { ...on('B', 2, 6), ...push('blob 1', 'z'), ttl: 9 };
const reading: PullOperation = {
  ...on('A2', 3, 12, 13),
  kind: 'pull',
  after: 0n,
  limit: 1,
  exact: 'final',
  answer: { kind: 'page', blobs: [], hasMore: false, maxCursor: 0n },
};
const other: PullOperation = { ...reading, ...on('B2', 4, 14, 15) };
const hello: Operation = { ...on('A', 1, 1, 1.5), kind: 'hello', lastCursor: 0n, isAside: true };
const elsewhere: PushOperation = { ...first, ...on('A3', 5, 7, 8), group: 1 };

const history: History = {
  operations: [hello, first, rival, lost, elsewhere, reading, other],
  notifies: [],
  endings: [{ group: 0, connection: 2, where: 'B', device: 'B', at: 7, how: 'cut' }],
  faults: [{ kind: 'kill', began: 9, ended: 10 }],
  limits: { maxPullLimit: 1000, defaultTtl: 1, maxTtl: 1 },
};

it('shows the operations of the plan, and of the rest only what shows the failure', () => {
  const trace = planTrace(history, { expected: [], actual: '', witnesses: [reading] });
  expect(trace.map(({ n, from, text }) => `${n} ${from} ${text}`)).toEqual([
    '1 A Push blob 0, 3 bytes',
    '2 B Push blob 0 with another payload, 3 bytes',
    '3 B Error 1006',
    '4 A PushAck cursor 1',
    '5 B Push blob 1, 3 bytes, ttl 9',
    '6 B cut by the kit',
    '7 relay killed and started again',
    '8 A2 Pull after 0, limit 1',
    '9 A2 PullResponse [], has_more false, max_cursor 0',
  ]);
});

it('shows the last reading too where nothing else shows the failure', () => {
  const trace = planTrace(history, { expected: [], actual: '', witnesses: [] });
  expect(trace.filter(({ text }) => text.startsWith('Pull '))).toHaveLength(2);
});

it('has a column for each device, and a line across for the relay', () => {
  const trace = planTrace(history, { expected: [], actual: '', witnesses: [reading] });
  const lines = renderColumns(trace, colorsFor(false), 80)!;
  expect(lines[0]).toBe(`${' '.repeat(16)}A${' '.repeat(31)}B`);
  expect(lines[1]).toBe('    1    2.0 ms → Push blob 0, 3 bytes');
  expect(lines[2]).toBe(`    2    3.0 ms${' '.repeat(33)}→ Push blob 0 with another`);
  expect(lines[3]).toBe(`${' '.repeat(50)}payload, 3 bytes`);
  expect(lines).toContain('    7    9.0 ms · the relay is killed and started again');
  expect(lines.at(-2)).toBe('    9   13.0 ms A2 ← PullResponse [], has_more');
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
});

it('has no columns for more devices than there is room for', () => {
  const steps = ['A', 'B', 'C', 'D', 'E'].map((from, index) => ({
    n: index + 1,
    at: index,
    from,
    direction: 'event' as const,
    text: 'cut by the kit',
  }));
  expect(renderColumns(steps, colorsFor(false), 120)).toBeUndefined();
  expect(renderColumns(steps.slice(1), colorsFor(false), 120)).toHaveLength(5);
});
