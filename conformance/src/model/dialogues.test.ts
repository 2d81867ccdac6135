/** The model against the dialogues of vectors/: what their messages ask of a group, the model answers as they say. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DEFAULT_LIMITS, GroupModel, type PushAnswer } from './group.ts';
import { judgeQuietPage } from './page.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Fields = { [key: string]: Json };

interface Step {
  connection: string;
  open?: { device: string };
  send?: Fields[];
  sendBody?: string;
  expect?: Fields;
  pullAll?: { after_cursor: string; limit: number };
  expectBlobs?: Json;
}

interface Dialogue {
  tcId: number;
  comment: string;
  flags: string[];
  steps: Step[];
}

const file = JSON.parse(
  readFileSync(new URL(import.meta.resolve('@0k-sync/vectors/session-dialogues.json')), 'utf8'),
) as { testGroups: { tests: Dialogue[] }[] };
const dialogues = file.testGroups.flatMap((group) => group.tests);

/** What a session is about and a group knows nothing of: who is let in, when a session ends, who is notified, how bytes decode. */
const OF_SESSIONS: readonly RegExp[] = [/Membership/, /BeforeHello/, /RelayOnly/, /Undecodable/, /Fatal/, /^Bye$/];
/** Messages that the model answers. */
const ANSWERED = ['Hello', 'Push', 'Pull'];
const ANSWERS = ['Welcome', 'PushAck', 'PullResponse', 'Error'];

function concernsModel({ flags, steps }: Dialogue): boolean {
  if (flags.some((flag) => OF_SESSIONS.some((pattern) => pattern.test(flag)))) return false;
  return steps.every(
    ({ send = [], sendBody }) => sendBody === undefined && send.every(({ type }) => type !== 'Delete'),
  );
}

/** The hex of a payload that may be given as a repetition. */
function bytesOf(value: Json): Buffer {
  if (typeof value === 'string') return Buffer.from(value, 'hex');
  const { repeat, times } = value as { repeat: string; times: number };
  return Buffer.from(repeat.repeat(times), 'hex');
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const REFUSALS: Partial<Record<PushAnswer['kind'], number>> = { conflict: 1006, 'too-large': 2001, full: 2002 };

/** One dialogue, with a model for each of its groups. */
class Play {
  readonly #models = new Map<string, GroupModel>();
  readonly #devices = new Map<string, string>();
  readonly #groups = new Map<string, string>();
  /** Epochs that the dialogue has named: the group and the number of its epoch. */
  readonly #saved = new Map<string, string>();
  /** Answers that are due on each connection. */
  readonly #due = new Map<string, ((want: Fields) => void)[]>();
  compared = 0;

  take(step: Step): void {
    const { connection, open, send, expect: want, pullAll } = step;
    if (open) this.#devices.set(connection, open.device);
    for (const message of send ?? []) this.#send(connection, message);
    if (want && ANSWERS.includes(want['type'] as string)) {
      const answer = this.#due.get(connection)?.shift();
      if (!answer) throw new Error(`${want['type']} on ${connection} answers nothing`);
      answer(want);
      this.compared++;
    }
    if (pullAll) this.#comparePage(this.#model(connection), pullAll, step.expectBlobs as Fields[], false);
  }

  #model(connection: string): GroupModel {
    const group = this.#groups.get(connection)!;
    const model = this.#models.get(group) ?? new GroupModel(DEFAULT_LIMITS);
    this.#models.set(group, model);
    return model;
  }

  #send(connection: string, message: Fields): void {
    if (!ANSWERED.includes(message['type'] as string)) return;
    if (message['type'] === 'Hello') this.#groups.set(connection, JSON.stringify(message['group_id']));
    const due = this.#due.get(connection) ?? [];
    this.#due.set(connection, due);
    const group = this.#groups.get(connection);
    // Before Hello nothing is asked of a group.
    if (group === undefined) return;
    due.push(this.#answerTo(connection, message));
  }

  #answerTo(connection: string, message: Fields): (want: Fields) => void {
    const model = this.#model(connection);
    const device = this.#devices.get(connection)!;
    switch (message['type']) {
      case 'Hello': {
        const { epoch, last_blob } = (message['ext'] ?? {}) as Fields;
        const known = { epoch: this.#epochOf(connection, epoch), lastBlob: last_blob as string | undefined };
        const answer = model.hello(device, BigInt(message['last_cursor'] as string), 0, known);
        return (want) => this.#compareWelcome(connection, answer, want);
      }
      case 'Push': {
        const payload = bytesOf(message['payload']!);
        const [id, digest] = [message['blob_id'] as string, sha256(payload)];
        const more = { ttl: message['ttl'] as number, size: payload.length };
        const answer = model.push(device, id, digest, more);
        return (want) => comparePush(answer, digest, want);
      }
      default: {
        const [after, limit] = [message['after_cursor'] as string, message['limit'] as number];
        // Taken now: what is pushed behind it is not for it.
        const then = model.clone();
        return (want) => {
          const asked = { after_cursor: after, limit };
          this.#comparePage(then, asked, want['blobs'] as Fields[], want['has_more'] as boolean, want);
        };
      }
    }
  }

  /** The number of an epoch that was saved under a name; one that no group has for any other. */
  #epochOf(connection: string, named: Json | undefined): number | undefined {
    if (named === undefined) return undefined;
    const saved = typeof named === 'object' && this.#saved.get((named as Fields)['saved'] as string);
    const [group, number] = saved ? (JSON.parse(saved) as [string, number]) : ['', -1];
    return group === this.#groups.get(connection) ? number : -1;
  }

  #compareWelcome(connection: string, answer: ReturnType<GroupModel['hello']>, want: Fields): void {
    expect(String(answer.maxCursor)).toBe(want['max_cursor']);
    expect(answer.pendingCount).toBe(want['pending_count']);
    const { epoch, expired_through } = (want['ext'] ?? {}) as { epoch?: Fields; expired_through?: string };
    if (expired_through !== undefined) expect(String(answer.expiredThrough)).toBe(expired_through);
    const mine = JSON.stringify([this.#groups.get(connection), answer.epoch]);
    if (epoch?.['save']) this.#saved.set(epoch['save'] as string, mine);
    if (epoch?.['saved']) expect(mine).toBe(this.#saved.get(epoch['saved'] as string));
    if (epoch?.['otherThan']) expect(mine).not.toBe(this.#saved.get(epoch['otherThan'] as string));
  }

  #comparePage(
    model: GroupModel,
    { after_cursor, limit }: { after_cursor: string; limit: number },
    blobs: readonly Fields[],
    hasMore: boolean,
    page?: Fields,
  ): void {
    const after = BigInt(after_cursor);
    const read = blobs.map(({ blob_id, cursor, payload, ext }) => ({
      blobId: blob_id as string,
      cursor: BigInt(cursor as string),
      digest: sha256(bytesOf(payload!)),
      sender: ((ext as Fields | undefined)?.['sender'] as Fields | undefined)?.['deviceId'] as string,
    }));
    const maxCursor = page ? BigInt(page['max_cursor'] as string) : (read.at(-1)?.cursor ?? after);
    // The blobs of several pages together have no limit.
    const asked = { after, limit: page ? limit : 1000 };
    const found = judgeQuietPage(asked, { blobs: read, hasMore, maxCursor }, model.live(after), 1000);
    expect(found).toBeUndefined();
    this.compared++;
  }
}

function comparePush(answer: PushAnswer, digest: string, want: Fields): void {
  expect(want['type']).toBe('cursor' in answer ? 'PushAck' : 'Error');
  if (!('cursor' in answer)) {
    expect(want['code']).toBe(REFUSALS[answer.kind]);
    return;
  }
  expect(String(answer.cursor)).toBe(want['cursor']);
  expect(digest).toBe((want['ext'] as Fields)['digest']);
}

const concerned = dialogues.filter(concernsModel);

test.each(concerned.map((dialogue) => [dialogue.tcId, dialogue.comment, dialogue] as const))(
  '%i: %s',
  (_id, _comment, { steps }) => {
    const play = new Play();
    for (const step of steps) play.take(step);
    expect(play.compared).toBeGreaterThan(0);
  },
);

test('the other dialogues are about sessions', () => {
  const others = dialogues.filter((dialogue) => !concernsModel(dialogue)).map(({ tcId }) => tcId);
  // The end of a session, who is let in, and what is no request.
  expect(others).toEqual([3, 4, 5, 6, 7, 43, ...range(46, 58), ...range(59, 63), ...range(64, 71), ...range(72, 74)]);
});

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
