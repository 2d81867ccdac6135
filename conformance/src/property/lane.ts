import { createHash } from 'node:crypto';
import type { Identity } from '@0k-sync/reference';
import type { Message, PullResponse } from '@0k-sync/spec';
import type { MessageConnection } from '../access/messages.ts';
import { Violation } from '../verdict.ts';
import type { Operation } from './history.ts';
import type { From, NumberedOp, Request } from './plan.ts';
import type { Content, PlanRun } from './plan-run.ts';
import type { Answered } from './recorder.ts';
import { RULES } from './rules.ts';

type Exactness = Operation['exact'];

/** A request ready to be sent, and how its answer is read. */
interface Exchange {
  readonly message: Message;
  readAnswer(connection: MessageConnection): Promise<void>;
}

/** Page sizes of the last reading; the last one goes on. */
const READING_LIMITS = [1, 2, 0, 1000] as const;

/** One lane of a plan: a device and the connections it opens, one of them in use. */
export class LaneRun {
  readonly #run: PlanRun;
  readonly #device: Identity;
  #connection: MessageConnection | undefined;
  #number = 0;
  #sequence = 0;
  /** Where the lane's own reading has come to. */
  #own = 0n;

  constructor(run: PlanRun, device: Identity) {
    this.#run = run;
    this.#device = device;
  }

  async perform({ op, firstBlob }: NumberedOp, exact?: Exactness): Promise<void> {
    switch (op.op) {
      case 'together':
        if (!(await this.#request(op.requests, firstBlob, exact))) return;
        break;
      case 'reconnect':
        if (op.how === 'bye') await this.#connection?.bye();
        else this.#connection?.terminate();
        await this.#open(op.from, exact);
        break;
      case 'second':
        await this.#open(op.from, exact);
        break;
      case 'abandon':
        await this.#abandon(this.#run.blob(firstBlob), exact);
        break;
      default:
        if (!(await this.#request([op], firstBlob, exact))) return;
    }
    this.#run.did(op.op);
  }

  /** Pushes a content and waits for its answer, whatever that is. */
  async push(content: Content, exact?: Exactness): Promise<void> {
    const connection = await this.#ready();
    await this.#exchange(connection, [this.#pushOf(content, exact)]);
  }

  /** Reads from 0 to the end, in pages of one, two and then as many blobs as the relay likes. */
  async readEverything(): Promise<void> {
    const { random } = this.#run.context;
    const connection = await this.#open(random.pick<From>(['zero', random.integer(0, 20)]), 'final');
    let after = 0n;
    for (let page = 0; ; page++) {
      const limit = READING_LIMITS[Math.min(page, READING_LIMITS.length - 1)]!;
      let answer: PullResponse | undefined;
      await this.#exchange(connection, [this.#pullOf(after, limit, 'final', (response) => (answer = response))]);
      // A page without progress is for the checker to judge.
      if (!answer?.has_more || answer.max_cursor <= after) return;
      after = answer.max_cursor;
    }
  }

  /** Sends requests without waiting between them. @returns whether there was anything to send */
  async #request(requests: readonly Request[], firstBlob: number, exact: Exactness): Promise<boolean> {
    const connection = await this.#ready(exact);
    let blob = firstBlob;
    const exchanges = requests.flatMap((request) => {
      if (request.op === 'pull') {
        return [this.#pullOf(this.#run.cursor(request.from, this.#own), request.limit, exact)];
      }
      const content = request.op === 'push' ? this.#run.blob(blob++) : this.#run.referredTo(request);
      return content ? [this.#pushOf(content, exact)] : [];
    });
    await this.#exchange(connection, exchanges);
    return exchanges.length > 0;
  }

  async #exchange(connection: MessageConnection, exchanges: readonly Exchange[]): Promise<void> {
    if (exchanges.length === 0) return;
    connection.send(...exchanges.map(({ message }) => message));
    for (const exchange of exchanges) await exchange.readAnswer(connection);
  }

  async #abandon(content: Content, exact: Exactness): Promise<void> {
    const connection = await this.#ready(exact);
    connection.send(this.#pushOf(content, exact).message);
    connection.terminate();
    // Whether it has landed cannot be known, so this Welcome is not determined even in the prefix.
    await this.#open('zero');
    if (exact) await this.push(content, exact);
  }

  #pushOf(content: Content, exact: Exactness): Exchange {
    const sent = this.#run.sent(content, this.#device);
    const answered = this.#run.recorder.invoke({
      ...this.#base(exact),
      kind: 'push',
      blobId: hex(content.blobId),
      digest: sha256(content.payload),
    });
    return {
      message: { type: 'Push', blob_id: content.blobId, payload: content.payload, ttl: 0 },
      readAnswer: async (connection) => {
        const answer = await connection.expectOneOf('PushAck', 'Error');
        sent.isAnswered = true;
        if (answer.type === 'Error') return answered({ kind: 'error', code: answer.code });
        if (Buffer.compare(answer.blob_id, content.blobId) !== 0) throw outOfOrder(content.blobId, answer.blob_id);
        this.#run.acknowledged(answer.cursor);
        answered({ kind: 'ack', cursor: answer.cursor, digest: answer.ext?.digest ? hex(answer.ext.digest) : '' });
      },
    };
  }

  #pullOf(after: bigint, limit: number, exact: Exactness, look?: (answer: PullResponse) => void): Exchange {
    const answered = this.#run.recorder.invoke({ ...this.#base(exact), kind: 'pull', after, limit });
    return {
      message: { type: 'Pull', after_cursor: after, limit },
      readAnswer: async (connection) => {
        const answer = await connection.expect('PullResponse');
        this.#own = answer.blobs.at(-1)?.cursor ?? this.#own;
        recordPage(answer, answered);
        look?.(answer);
      },
    };
  }

  async #ready(exact?: Exactness): Promise<MessageConnection> {
    return this.#connection ?? (await this.#open('zero', exact));
  }

  async #open(from: From, exact?: Exactness): Promise<MessageConnection> {
    const connection = await this.#run.context.messages({ device: this.#device });
    this.#number = this.#run.nextConnection();
    this.#sequence = 0;
    const last_cursor = this.#run.cursor(from, this.#own);
    const answered = this.#run.recorder.invoke({ ...this.#base(exact), kind: 'hello', lastCursor: last_cursor });
    const welcome = await connection.hello({ group: this.#run.group, last_cursor });
    const epoch = welcome.ext?.epoch ? hex(welcome.ext.epoch) : '';
    answered({ kind: 'welcome', maxCursor: welcome.max_cursor, pendingCount: welcome.pending_count, epoch });
    this.#connection = connection;
    return connection;
  }

  #base(exact: Exactness) {
    const device = hex(this.#device.deviceId);
    return { connection: this.#number, device, sequence: ++this.#sequence, ...(exact && { exact }) };
  }
}

function recordPage(answer: PullResponse, answered: Answered<'pull'>): void {
  const blobs = answer.blobs.map((blob) => ({
    blobId: hex(blob.blob_id),
    cursor: blob.cursor,
    digest: sha256(blob.payload),
    sender: blob.ext?.sender ? hex(blob.ext.sender) : '',
  }));
  answered({ kind: 'page', blobs, hasMore: answer.has_more, maxCursor: answer.max_cursor });
}

function outOfOrder(asked: Uint8Array, answered: Uint8Array): Violation {
  return new Violation({
    requirement: RULES['answer-order'],
    expected: [`PushAck for blob ${hex(asked).slice(0, 8)}`],
    actual: `one for blob ${hex(answered).slice(0, 8)}`,
  });
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
