import { describe, expect, it } from 'vitest';
import { type Bug, simulate } from '../../test/simulate.ts';
import { factsByGroup } from './checker.ts';
import { checkOneOrder } from './group-order.ts';
import type { History } from './history.ts';

const verdicts = (history: History) => factsByGroup(history).map((facts) => checkOneOrder(facts).verdict);

describe('one order of the operations of a group', () => {
  it('is found for what a correct relay gives under any schedule', () => {
    for (let seed = 0; seed < 150; seed++) expect(verdicts(simulate(seed)), `seed ${seed}`).toEqual(['linearizable']);
  });

  it.each<Bug>(['ack before it is visible', 'check then act', 'requests at once'])(
    'is missed by a relay with a race: %s',
    (bug) => {
      let missed = 0;
      for (let seed = 0; seed < 60; seed++) if (verdicts(simulate(seed, bug))[0] === 'not-linearizable') missed++;
      // Not each schedule shows a race; a good part of them must.
      expect(missed).toBeGreaterThan(10);
    },
  );

  it('is not looked for among more operations than can be tried', () => {
    expect(verdicts(simulate(1, undefined, 200))).toEqual(['left-out']);
  });

  it('says which answer no order explains', () => {
    const history = simulate(3);
    const page = history.operations.find(({ kind, answer }) => kind === 'pull' && answer?.kind === 'page');
    const wrong = { ...page, answer: { ...page!.answer, hasMore: true, blobs: [], maxCursor: 999n }, after: 999n };
    const operations = history.operations.map((operation) => (operation === page ? wrong : operation));
    const [facts] = factsByGroup({ ...history, operations } as History);
    const { verdict, findings } = checkOneOrder(facts!);
    expect(verdict).toBe('not-linearizable');
    expect(findings).toMatchObject([{ rule: 'content', actual: expect.stringContaining('Pull(999, ') }]);
  });
});
