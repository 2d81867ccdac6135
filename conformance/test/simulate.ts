import { GroupModel } from '../src/model/group.ts';
import type { History, Operation, PullOperation, PushOperation } from '../src/property/history.ts';
import { Random } from '../src/random.ts';

type PageAnswer = Extract<NonNullable<PullOperation['answer']>, { kind: 'page' }>;

const LIMITS = { maxPullLimit: 1000, defaultTtl: 604_800, maxTtl: 604_800 };

/** A race that a relay can have. */
export type Bug = 'ack before it is visible' | 'cursor before commit' | 'check then act' | 'requests at once';

/**
 * A relay, its clients and a scheduler in a few lines: each request is sent, takes effect and is answered at ticks that
 * the seed chooses. Its groups are models; the bugs are in how it uses them.
 */
export function simulate(seed: number, bug?: Bug, requests = 30): History {
  const random = new Random(seed);
  const model = new GroupModel();
  const committed = new Map<bigint, number>();
  const operations: Operation[] = [];
  const connections = [1, 2, 11];
  const sequences = new Map<number, number>();
  const pending: { operation: Operation; steps: (() => void)[]; connection: number }[] = [];
  let tick = 0;
  let blobs = 0;

  const visible = (after: bigint) =>
    model.live(after).filter((blob) => (committed.get(blob.cursor) ?? Number.POSITIVE_INFINITY) <= tick);
  const start = (connection: number): void => {
    const device = connection < 10 ? 'a' : 'b';
    const sequence = (sequences.get(connection) ?? 0) + 1;
    sequences.set(connection, sequence);
    const base = { group: 0, connection, device, sequence, invoked: ++tick };
    if (random.integer(0, 1) === 0) {
      const fresh = blobs === 0 || random.integer(0, 3) > 0;
      const blobId = String(fresh ? ++blobs : random.integer(1, blobs));
      const digest = !fresh && random.integer(0, 1) === 0 ? 'y' : 'x';
      const operation: PushOperation = { ...base, kind: 'push', blobId, digest, size: 1, ttl: 0 };
      const answer = (value: PushOperation['answer']) => Object.assign(operation, { completed: ++tick, answer: value });
      const commit = (cursor: bigint) => committed.set(cursor, Math.min(committed.get(cursor) ?? ++tick, tick));
      let known: ReturnType<GroupModel['push']> | undefined;
      const assign = () => (known = model.push(device, blobId, digest));
      const assignAndCommit = () => {
        assign();
        if (known?.kind === 'stored') commit(known.cursor);
      };
      const reply = () => {
        if (known?.kind === 'conflict') answer({ kind: 'error', code: 1006 });
        else answer({ kind: 'ack', cursor: (known as { cursor: bigint }).cursor, digest });
      };
      let taken = 0n;
      const steps: Record<Bug, (() => void)[]> = {
        'ack before it is visible': [assign, reply, () => known?.kind === 'stored' && commit(known.cursor)],
        'cursor before commit': [assign, () => known?.kind === 'stored' && commit(known.cursor), reply],
        'check then act': [
          () => (taken = model.maxCursor + 1n),
          () => {
            assignAndCommit();
            answer({ kind: 'ack', cursor: taken, digest });
          },
        ],
        'requests at once': [assignAndCommit, reply],
      };
      pending.push({ operation, steps: steps[bug ?? 'requests at once'], connection });
      operations.push(operation);
      return;
    }
    const after = BigInt(Math.max(0, Number(model.maxCursor) - random.integer(0, 5)));
    const limit = random.pick([0, 1, 2, 5]);
    const operation: PullOperation = { ...base, kind: 'pull', after, limit };
    let found: PageAnswer | undefined;
    const read = () => {
      const live = visible(after);
      const returned = live.slice(0, limit === 0 ? 100 : limit);
      const blobs = returned.map(({ blobId, digest, cursor, sender }) => ({ blobId, digest, cursor, sender }));
      found = { kind: 'page', blobs, hasMore: live.length > blobs.length, maxCursor: blobs.at(-1)?.cursor ?? after };
    };
    const steps = [read, () => Object.assign(operation, { completed: ++tick, answer: found })];
    pending.push({ operation, steps, connection });
    operations.push(operation);
  };
  const step = () => {
    const first = (entry: (typeof pending)[number]) =>
      pending.find(({ connection }) => connection === entry.connection) === entry;
    const ready = bug === 'requests at once' ? pending : pending.filter(first);
    const chosen = random.pick(ready);
    tick++;
    chosen.steps.shift()!();
    if (chosen.steps.length === 0) pending.splice(pending.indexOf(chosen), 1);
  };

  let sent = 0;
  while (sent < requests || pending.length > 0) {
    if (sent < requests && (pending.length === 0 || random.integer(0, 2) === 0)) {
      start(random.pick(connections));
      sent++;
    } else {
      step();
    }
  }
  return { operations, notifies: [], endings: [], faults: [], limits: LIMITS };
}
