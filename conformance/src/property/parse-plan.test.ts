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
  ['devices is no whole number from 1', { ...plan, devices: 0 }],
  ['blobs[1] is no whole number from 0', { ...plan, blobs: [1, -1] }],
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
