import { describe, expect, it } from 'vitest';
import { Random } from '../random.ts';
import { Ledger } from './ledger.ts';
import type { Action, Step } from './scenario.ts';
import { draw, Overdue, Stage } from './stage.ts';

/** A stage for the devices A and B, and what it did, in order; devices add what they do. */
function stageOf(timeline: readonly Step[], timeoutMs = 60_000) {
  const log: string[] = [];
  const over = new AbortController();
  const ledger = new Ledger();
  const stage = new Stage({
    timeline,
    ledger,
    random: new Random(1),
    timeoutMs,
    proxied: ['A', 'B'],
    signal: over.signal,
    limit: () => 1n,
    async perform(action: Action) {
      await new Promise(setImmediate);
      log.push(action.kind);
    },
  });
  const device = async (name: string, ...events: Parameters<Stage['reached']>[1][]) => {
    for (const event of events) {
      await stage.reached(name, event);
      log.push(`${name} ${event}`);
    }
  };
  let count = 0;
  const acknowledge = async () => {
    const push = {
      type: 'Push',
      blob_id: new Uint8Array(16).fill(++count),
      payload: new Uint8Array(1),
      ttl: 0,
    } as const;
    ledger.made(push, 'A');
    ledger.acknowledged(push, { type: 'PushAck', blob_id: push.blob_id, cursor: BigInt(count) });
    await device('A', 'acknowledged');
  };
  return { stage, log, over, ledger, device, acknowledge };
}

const cut: Step['do'] = [{ kind: 'cut', to: 'A' }];
const heal: Step['do'] = [{ kind: 'heal', to: 'A' }];

describe('a stage', () => {
  it('lets the device wait until the step is taken, and no other', async () => {
    const { stage, log, device } = stageOf([{ when: { event: 'pushing', of: 'A' }, do: [...cut, ...heal] }]);
    const run = stage.run();
    await device('B', 'pushing');
    await device('A', 'open', 'pushing', 'lost');
    await run;
    expect(log).toEqual(['B pushing', 'A open', 'cut', 'heal', 'A pushing', 'A lost']);
    expect(stage.isOver).toBe(true);
  });

  it('counts from the step before', async () => {
    const { stage, log, device } = stageOf([
      { when: { event: 'pulling', of: 'A', nth: 2 }, do: cut },
      { when: { event: 'pulling', of: 'A', nth: 2 }, do: heal },
    ]);
    const run = stage.run();
    await device('A', 'pulling', 'pulling', 'pulling', 'pulling');
    await run;
    expect(log).toEqual(['A pulling', 'cut', 'A pulling', 'A pulling', 'heal', 'A pulling']);
  });

  it('waits for each device', async () => {
    const { stage, log, device } = stageOf([{ when: { event: 'lost', of: 'each', nth: 2 }, do: heal }]);
    const run = stage.run();
    await device('A', 'lost', 'lost', 'lost');
    await device('B', 'lost', 'lost');
    await run;
    expect(log).toEqual(['A lost', 'A lost', 'A lost', 'B lost', 'heal', 'B lost']);
  });

  it('counts acknowledgements, and does not wait for more than there can be', async () => {
    const { stage, log, ledger, acknowledge } = stageOf([
      { when: { acknowledged: 2 }, do: cut },
      { when: { acknowledged: 9 }, do: heal },
    ]);
    ledger.made({ type: 'Push', blob_id: new Uint8Array(16).fill(99), payload: new Uint8Array(1), ttl: 0 }, 'B');
    const run = stage.run();
    await acknowledge();
    await acknowledge();
    expect(log).toEqual(['A acknowledged', 'cut', 'A acknowledged']);
    const last = ledger.entry(new Uint8Array(16).fill(99))!.push;
    ledger.acknowledged(last, { type: 'PushAck', blob_id: last.blob_id, cursor: 99n });
    await acknowledge();
    await run;
    expect(log.slice(3)).toEqual(['heal', 'A acknowledged']);
  });

  it('takes a step after a time', async () => {
    const { stage, log } = stageOf([{ when: { lasts: 1 }, do: heal }]);
    await stage.run();
    expect(log).toEqual(['heal']);
  });

  it('says what did not come about, by the rule that the relay broke', async () => {
    const late = stageOf([{ when: { event: 'lost', of: 'A', nth: 3 }, do: heal }], 10);
    await expect(late.stage.run()).rejects.toThrow(
      new Overdue({
        expected: ['device A with its connection ended, 3 times within 0.06 s'],
        actual: 'it did not come to that',
      }),
    );
    const within = { limit: 'hello_timeout_secs', rule: 'SES-51' } as const;
    const slow = stageOf([{ when: { event: 'lost', of: 'each' }, within, do: heal }], 10);
    await expect(slow.stage.run()).rejects.toMatchObject({
      requirement: 'SES-51',
      expected: ['each device with its connection ended within hello_timeout_secs of 1 s, and 0.285 s more'],
    });
  });

  it('holds no device when the play is over', async () => {
    const { stage, over, device } = stageOf([{ when: { event: 'open', of: 'A' }, do: cut }]);
    const run = stage.run();
    const waiting = device('A', 'open');
    over.abort(new Error('over'));
    await waiting;
    await run;
    const next = stageOf([{ when: { event: 'open', of: 'A' }, do: cut }]);
    const stopped = next.stage.run();
    next.over.abort(new Error('over'));
    await expect(stopped).rejects.toThrow('abort');
  });
});

it('draws amounts by the seed', () => {
  const draws = (seed: number) => Array.from({ length: 20 }, () => draw([3, 6], new Random(seed)));
  expect(draws(1)).toEqual(draws(1));
  const random = new Random(2);
  expect(new Set(Array.from({ length: 100 }, () => draw([3, 6], random)))).toEqual(new Set([3, 4, 5, 6]));
  expect(draw(7, random)).toBe(7);
});
