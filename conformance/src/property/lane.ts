import type { Identity } from '@0k-sync/reference';
import type { HelloExt, PullResponse } from '@0k-sync/spec';
import type { Greeting, Op, Request } from './plan.ts';
import type { Content, GroupRun, PlanRun } from './plan-run.ts';
import { type Exchange, PlanSession, type Standing } from './session.ts';

const FROM_START: Greeting = { from: 'zero' };
const IN_LANE: Standing = {};
/** What the kit does to carry a plan out, and the plan does not say. */
const ASIDE: Standing = { isAside: true };
const FINAL: Standing = { exact: 'final' };

/** Page sizes of the last reading; the last one goes on. */
const READING_LIMITS = [1, 2, 0, 1000] as const;

/** One lane of a plan: a device in a group, and the connections it opens, one of them in use. */
export class LaneRun {
  readonly device: Identity;
  readonly group: GroupRun;
  readonly #run: PlanRun;
  /** Those that are open; the last one is in use. */
  #sessions: PlanSession[] = [];
  /** Where the lane's own reading has come to. */
  #own = 0n;
  /** The number of faults that the lane has taken notice of. */
  #faults = 0;

  constructor(run: PlanRun, device: Identity, group: GroupRun) {
    this.#run = run;
    this.device = device;
    this.group = group;
  }

  /** Its open connections; none that a fault has ended. */
  get sessions(): readonly PlanSession[] {
    return this.#faults === this.#run.faults ? this.#sessions : [];
  }

  /** Does a step of the prefix. */
  async begin(op: Op): Promise<void> {
    const standing: Standing = { exact: 'prefix' };
    await this.ready({ ...standing, ...ASIDE });
    await this.#perform(op, standing);
  }

  /** Does an operation. If the relay ends meanwhile, by a fault of the plan, it stays without its answer. */
  async perform(op: Op): Promise<void> {
    await this.ready();
    try {
      await this.#perform(op, IN_LANE);
    } catch (error) {
      if (this.#run.faults === this.#faults) throw error;
    }
  }

  /** Waits for the relay if it is down, and opens a connection if none is. */
  async ready(standing: Standing = ASIDE): Promise<PlanSession> {
    for (;;) {
      await this.#run.up();
      if (this.#faults !== this.#run.faults) this.#sessions = [];
      this.#faults = this.#run.faults;
      const session = this.#sessions.at(-1);
      if (session) return session;
      try {
        return await this.#open(FROM_START, standing);
      } catch (error) {
        if (this.#run.faults === this.#faults) throw error;
      }
    }
  }

  /** Pushes once more what had no answer, and waits for the answer, whatever that is. */
  async settle(content: Content): Promise<void> {
    await this.#exchange(await this.ready(), (session) => [session.push(content, 0, ASIDE)]);
  }

  /** Opens another connection at the end, when nothing else happens. */
  async greet(from: Greeting['from']): Promise<void> {
    await this.#open({ from }, FINAL);
  }

  /** Reads from 0 to the end, in pages of one, two and then as many blobs as the relay likes. */
  async readEverything(limits: readonly number[] = READING_LIMITS): Promise<void> {
    const session = await this.ready({ ...FINAL, ...ASIDE });
    let after = 0n;
    for (let page = 0; ; page++) {
      const limit = limits[Math.min(page, limits.length - 1)]!;
      let answer: PullResponse | undefined;
      await this.#exchange(session, () => [session.pull(after, limit, FINAL, (response) => (answer = response))]);
      // A page without progress is for the checker to judge.
      if (!answer?.has_more || answer.max_cursor <= after) return;
      after = answer.max_cursor;
    }
  }

  async #perform(op: Op, standing: Standing): Promise<void> {
    const session = this.#sessions.at(-1)!;
    switch (op.op) {
      case 'push':
      case 'pull':
        return await this.#request([op], session, standing);
      case 'together':
        await this.#request(op.requests, session, standing);
        return this.#run.did(...(op.requests.length > 1 ? (['together'] as const) : []));
      case 'connect':
        await this.#open(op, standing);
        return this.#run.did('second');
      case 'reconnect':
        await this.#close(op.how);
        await this.#open(op, standing);
        return this.#run.did('reconnect');
      case 'close':
        return await this.#close(op.how);
      case 'abandon':
        return await this.#abandon(op, standing);
      case 'torn':
        this.#sessions.pop()!.tear(this.#run.blob(op.blob), standing);
        return this.#run.did('torn');
      case 'fill':
        return await this.#fill(session, standing);
      case 'wait':
        return await this.#wait();
    }
  }

  async #request(requests: readonly Request[], session: PlanSession, standing: Standing): Promise<void> {
    await this.#exchange(
      session,
      () => requests.map((request) => this.#exchangeOf(request, session, standing)),
      standing === IN_LANE,
    );
  }

  #exchangeOf(request: Request, session: PlanSession, standing: Standing): Exchange {
    if (request.op === 'push') {
      return session.push(this.#run.blob(request.blob, request.rival), this.#run.ttl(request.ttl), standing);
    }
    const { from, limit } = request;
    const after = this.group.cursor(from, this.#own);
    this.#run.did(PULLS[typeof from === 'number' ? 'ack' : from]);
    if (limit in LIMITS) this.#run.did(LIMITS[limit as keyof typeof LIMITS]);
    return session.pull(after, this.group.limit(limit, after), standing, (answer) => {
      this.#own = answer.blobs.at(-1)?.cursor ?? this.#own;
    });
  }

  /** Sends requests without waiting between them, then reads the answers. */
  async #exchange(
    session: PlanSession,
    prepare: (session: PlanSession) => readonly Exchange[],
    isInLane = false,
  ): Promise<void> {
    const exchanges = prepare(session);
    if (exchanges.length === 0) return;
    session.send(exchanges);
    if (isInLane) this.#run.requested(exchanges.length);
    for (const exchange of exchanges) await exchange.readAnswer();
  }

  async #close(how: 'bye' | 'cut'): Promise<void> {
    const session = this.#sessions.pop()!;
    if (how === 'bye') await session.bye();
    else session.cut();
    this.#run.did(how);
  }

  async #abandon({ blob, ttl }: Extract<Op, { op: 'abandon' }>, standing: Standing): Promise<void> {
    const content = this.#run.blob(blob);
    const session = this.#sessions.pop()!;
    session.send([session.push(content, this.#run.ttl(ttl), standing)]);
    session.cut();
    this.#run.did('abandon');
    if (standing === IN_LANE) return this.#run.requested(1);
    // Whether it has landed cannot be known: what is seen before it is settled is not determined even in the prefix.
    await this.settle(content);
  }

  /** Pushes blobs until there is room for none, and one more. */
  async #fill(session: PlanSession, standing: Standing): Promise<void> {
    const { maxBlob, quota } = this.#run.limits;
    if (maxBlob === undefined || quota === undefined) return;
    const sizes: number[] = [];
    for (let room = quota - this.group.used; room >= 256; room -= sizes.at(-1)! + 256) {
      sizes.push(Math.min(maxBlob, room - 256));
    }
    const contents = [...sizes, 0].map((size) => this.#run.extraBlob(size));
    const push = (content: Content) => session.push(content, 0, standing);
    await this.#exchange(session, () => contents.map(push), standing === IN_LANE);
  }

  async #wait(): Promise<void> {
    const { expiredBy } = this.group;
    if (expiredBy === 0) return;
    const left = expiredBy - performance.now();
    if (left > 0) await this.#run.context.elapse(left);
    this.#run.did('expired');
  }

  async #open(greeting: Greeting, standing: Standing): Promise<PlanSession> {
    const { group, device } = this;
    const cursor = group.cursor(greeting.from, this.#own);
    const member = { run: this.#run, device, group };
    const session = await PlanSession.open(member, cursor, this.#claim(greeting, cursor), standing);
    this.#sessions.push(session);
    return session;
  }

  /** What a Hello says that it knows; nothing of what the kit has not been told itself. */
  #claim({ from, epoch, blob }: Greeting, cursor: bigint): HelloExt {
    const { random } = this.#run.context;
    const right = this.group.blobIdAt.get(cursor);
    const last_blob = cursor === 0n ? undefined : blob === 'wrong' ? random.blobId() : blob && right;
    const named = epoch === 'stale' ? random.bytes(16) : epoch && this.group.epoch;
    if (named && epoch === 'stale') this.#run.did('hello-stale');
    else if (named && (from === 'middle' || from === 'end')) this.#run.did('hello-beyond');
    else if (named && last_blob) this.#run.did(last_blob === right ? 'hello-current' : 'hello-wrong');
    return { ...(named && { epoch: named }), ...(last_blob && { last_blob }) };
  }
}

const PULLS = {
  zero: 'pull-zero',
  own: 'pull-own',
  ack: 'pull-ack',
  middle: 'pull-2^63',
  end: 'pull-2^64−1',
} as const;

const LIMITS = { 0: 'limit-0', 1: 'limit-1', exact: 'limit-exact', over: 'limit-over' } as const;
