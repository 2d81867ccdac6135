import { Context } from '../conformance/src/context.ts';
import { checkHistory } from '../conformance/src/property/checker.ts';
import { Coverage } from '../conformance/src/property/coverage.ts';
import { nextPlan } from '../conformance/src/property/generate.ts';
import type { History, Operation } from '../conformance/src/property/history.ts';
import { PlanRunner } from '../conformance/src/property/plan-runner.ts';
import { Random } from '../conformance/src/random.ts';
import { remoteTarget } from '../conformance/src/target/remote.ts';
import { atLeast, type Figure } from './figure.ts';
import type { Pace } from './pace.ts';
import { startRelay } from './relay.ts';
import { inTurns } from './turns.ts';

const OPERATIONS = 100_000;
const CONNECTIONS = 20;

/** How fast the certifier checks a long history, and how many plans a second it carries out, one after the other, and checks. */
export async function measurePlans({ rounds, networkMs }: Pace): Promise<Figure[]> {
  const history = longHistory(OPERATIONS);
  await using relay = await startRelay();
  const values = await inTurns(rounds, {
    checker: () => {
      const from = performance.now();
      if (checkHistory(history).length > 0) throw new Error('the checker objects to a right history');
      return (OPERATIONS * 1000) / (performance.now() - from);
    },
    plans: () => plansPerSecond(relay.url.split('#')[0]!, networkMs),
  });
  return [
    {
      subject: 'plans',
      name: `check ${OPERATIONS.toLocaleString('en')} operations`,
      unit: '/s',
      values: values.checker,
      asked: atLeast(OPERATIONS),
    },
    { subject: 'plans', name: 'carry out and check a plan', unit: '/s', values: values.plans },
  ];
}

/** Pushes and Pulls of several connections that overlap with the next ones, as a correct relay answers them. */
function longHistory(count: number): History {
  const operations: Operation[] = [];
  let cursor = 0n;
  for (let n = 0; n < count; n++) {
    const connection = n % CONNECTIONS;
    const [sequence, device] = [Math.floor(n / CONNECTIONS), String(connection % 3)];
    const base = { group: 0, connection, device, sequence, invoked: n, completed: n + 1.5 };
    if (n % 2 === 0) {
      const blobId = String(n);
      const answer = { kind: 'ack', cursor: ++cursor, digest: blobId } as const;
      operations.push({ ...base, kind: 'push', blobId, digest: blobId, size: 1, ttl: 0, answer });
    } else {
      const blob = { blobId: String(n - 1), cursor, digest: String(n - 1), sender: '' };
      const answer = { kind: 'page', blobs: [blob], hasMore: false, maxCursor: cursor } as const;
      operations.push({ ...base, kind: 'pull', after: cursor - 1n, limit: 0, answer });
    }
  }
  const limits = { maxPullLimit: 1000, defaultTtl: 604_800, maxTtl: 604_800 };
  return { operations, notifies: [], endings: [], faults: [], limits };
}

async function plansPerSecond(url: string, ms: number): Promise<number> {
  const context = new Context({
    target: remoteTarget(url),
    seed: [1],
    timeoutMs: 10_000,
    limits: new Map(),
    signal: new AbortController().signal,
  });
  const runner = new PlanRunner(context);
  const [random, coverage] = [new Random(1), new Coverage()];
  const from = performance.now();
  let plans = 0;
  for (; performance.now() < from + ms; plans++) {
    const failure = await runner.run(nextPlan(random, 'lanes', {}, coverage));
    if (failure) throw new Error(`a plan fails: ${failure.found.actual}`);
  }
  const seconds = (performance.now() - from) / 1000;
  context.close();
  return plans / seconds;
}
