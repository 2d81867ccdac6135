import { expect, it } from 'vitest';
import { Random } from '../random.ts';
import { Coverage } from './coverage.ts';
import { nextPlan } from './generate.ts';
import { NoPlan, parsePlan } from './parse-plan.ts';

const LIMITS = { maxBlob: 1_048_576, quota: 4_194_304 };

it.each(['lanes', 'expiry', 'faults'] as const)('takes every plan that there can be: %s', (theme) => {
  const random = new Random(1);
  const coverage = new Coverage();
  for (let n = 0; n < 60; n++) {
    const plan = nextPlan(random, theme, LIMITS, coverage);
    expect(parsePlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  }
});

const plan = {
  devices: 1,
  groups: 1,
  blobs: [1],
  prefix: [],
  lanes: [{ device: 0, group: 0, ops: [{ op: 'push', blob: 0 }] }],
  faults: [],
};

it.each<[string, unknown]>([
  ['plan is no object', 'a plan'],
  ['devices is no whole number from 1 to 64', { ...plan, devices: 0 }],
  ['blobs[1] is no whole number from 0 to 16777216', { ...plan, blobs: [1, -1] }],
  ['blobs[0] is none of largest, over', { ...plan, blobs: ['huge'] }],
  ['prefix is no list', { ...plan, prefix: undefined }],
  ['prefix[0].op is no object', { ...plan, prefix: [{ lane: 0 }] }],
  ['lanes is empty', { ...plan, lanes: [] }],
  ['lanes[0].ops[0].op is none of push, pull', { ...plan, lanes: [{ device: 0, group: 0, ops: [{ op: 'dance' }] }] }],
  [
    'lanes[0].ops[0].requests[0].limit is none of exact, over',
    {
      ...plan,
      lanes: [{ device: 0, group: 0, ops: [{ op: 'together', requests: [{ op: 'pull', from: 'own', limit: 'x' }] }] }],
    },
  ],
  ['faults[0].kind is none of restart, kill', { ...plan, faults: [{ kind: 'burn', after: 1 }] }],
])('says what is wrong with another: %s', (message, value) => {
  expect(() => parsePlan(value)).toThrow(new NoPlan(message));
});

const lane = (...ops: object[]) => ({ device: 0, group: 0, ops });

it.each<[string, unknown]>([
  ['devices is no whole number from 1 to 64', { ...plan, devices: 1e9 }],
  ['groups is no whole number from 1 to 64', { ...plan, groups: 65 }],
  ['blobs[0] is no whole number from 0 to 16777216', { ...plan, blobs: [16_777_217] }],
  [
    'lanes[0].ops[0].ttl is no whole number from 0 to 4294967295',
    { ...plan, lanes: [lane({ op: 'push', blob: 0, ttl: 2 ** 32 })] },
  ],
  [
    'lanes[0].ops[0].limit is no whole number from 0 to 4294967295',
    { ...plan, lanes: [lane({ op: 'pull', from: 'own', limit: 9e15 })] },
  ],
  ['it has 10001 lanes and operations, and 10000 are the most', { ...plan, lanes: Array(10_001).fill(lane()) }],
  [
    'it has 10001 lanes and operations, and 10000 are the most',
    { ...plan, lanes: [lane({ op: 'together', requests: Array(10_000).fill({ op: 'push', blob: 0 }) })] },
  ],
  ['blob 1 is pushed, and there are 1, from 0', { ...plan, lanes: [lane({ op: 'torn', blob: 1 })] }],
  ['blob 7 is pushed, and there are 1, from 0', { ...plan, prefix: [{ lane: 0, op: { op: 'abandon', blob: 7 } }] }],
  [
    'blob 2 is pushed, and there are 1, from 0',
    { ...plan, lanes: [lane({ op: 'together', requests: [{ op: 'push', blob: 2 }] })] },
  ],
])('takes no plan that would take this process with it, or says less than it seems to: %s', (message, value) => {
  expect(() => parsePlan(value)).toThrow(new NoPlan(message));
});

it('takes a plan at the bounds', () => {
  const ops = [...Array(9998).fill({ op: 'push', blob: 0 }), { op: 'push', blob: 0, ttl: 2 ** 32 - 1 }];
  const largest = { ...plan, devices: 64, groups: 64, blobs: [16_777_216], lanes: [{ ...plan.lanes[0], ops }] };
  expect(parsePlan(largest)).toEqual(largest);
});
