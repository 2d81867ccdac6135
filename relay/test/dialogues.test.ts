/** Every dialogue of vectors/session-dialogues.json, played against the relay. vectors/README.md describes the format. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  createGroup,
  createIdentity,
  decodeMessage,
  encodeFrame,
  FrameReader,
  type Group,
  type Identity,
  proveMembership,
  SecureChannel,
} from '@0k-sync/reference';
import { nodeCrypto, webSocketTransport } from '@0k-sync/reference/node';
import { MAX_BODY, MESSAGES, type Message, TYPES } from '@0k-sync/spec';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { startRelay } from './relay-harness.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Fields = { [key: string]: Json };

interface Step {
  connection: string;
  open?: { device: string };
  send?: Fields[];
  sendBody?: string;
  expect?: Fields;
  skip?: string[];
  pullAll?: { after_cursor: string; limit: number };
  expectBlobs?: Json;
  expectClose?: number;
  close?: number;
}

interface Dialogue {
  tcId: number;
  comment: string;
  steps: Step[];
}

const file = JSON.parse(
  readFileSync(new URL(import.meta.resolve('@0k-sync/vectors/session-dialogues.json')), 'utf8'),
) as { numberOfTests: number; testGroups: { tests: Dialogue[] }[] };
const dialogues = file.testGroups.flatMap((group) => group.tests);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
const plain = (value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value);
const same = (a: unknown, b: unknown) => String(plain(a)) === String(plain(b));

/** One connection of a dialogue. */
class Connection {
  readonly inbox: Message[] = [];
  closeCode: number | undefined;
  readonly device: Identity;
  channel!: SecureChannel;
  #arrived = () => {};

  constructor(device: Identity) {
    this.device = device;
  }

  async open(url: string): Promise<void> {
    const socket = new WebSocket(url.split('#')[0]!, ['0k-sync.1']);
    onTestFinished(() => socket.terminate());
    await once(socket, 'open');
    const frames = new FrameReader({ maxBody: MAX_BODY.bin });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.channel = new SecureChannel(webSocketTransport(socket), {
      role: 'initiator',
      identity: this.device,
      crypto: nodeCrypto,
      handlers: {
        open: () => resolve(),
        data: (plaintext) => {
          frames.push(plaintext);
          for (let body = frames.next(); body; body = frames.next()) this.inbox.push(decodeMessage(body, 'bin'));
          this.#arrived();
        },
        close: (code) => {
          this.closeCode = code;
          this.#arrived();
        },
      },
    });
    await promise;
  }

  /** The next message, those of the skipped types left out; undefined once the connection is closed. */
  async next(skip: readonly string[] = []): Promise<Message | undefined> {
    for (;;) {
      const message = this.inbox.shift();
      if (message && !skip.includes(message.type)) return message;
      if (message) continue;
      if (this.closeCode !== undefined) return undefined;
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }
}

/** What the names in a dialogue stand for, made when they are first used. */
class Names {
  readonly saved = new Map<string, unknown>();
  readonly #made = new Map<string, unknown>();

  group = (name: string) => this.#make(`group ${name}`, () => createGroup(randomBytes(32), nodeCrypto)) as Group;
  open = (name: string) => this.#make(`open ${name}`, () => new Uint8Array(randomBytes(32))) as Uint8Array;
  device = (name: string) => this.#make(`device ${name}`, () => createIdentity(nodeCrypto)) as Identity;

  /** The bytes or value behind `{group: x}`, `{openGroup: x}`, `{deviceId: x}` or `{saved: x}`; undefined for others. */
  meant(value: unknown): unknown {
    if (!isObject(value)) return undefined;
    if (typeof value['group'] === 'string') return this.group(value['group']).groupId;
    if (typeof value['openGroup'] === 'string') return this.open(value['openGroup']);
    if (typeof value['deviceId'] === 'string') return this.device(value['deviceId']).deviceId;
    if (typeof value['saved'] === 'string') return this.saved.get(value['saved']);
    return undefined;
  }

  #make(key: string, make: () => unknown): unknown {
    if (!this.#made.has(key)) this.#made.set(key, make());
    return this.#made.get(key);
  }
}

function proof(kind: Json, groupName: string, device: Identity, names: Names) {
  const signer = names.group(kind === 'other-key' ? `another than ${groupName}` : groupName);
  const signed = names.group(kind === 'other-group' ? `another than ${groupName}` : groupName).groupId;
  const deviceId = kind === 'other-device' ? names.device('another than all').deviceId : device.deviceId;
  const { key, signature } = proveMembership(signer.authSeed, signed, deviceId, nodeCrypto);
  return {
    key,
    signature: kind === 'changed' ? signature.map((byte, at) => (at === 40 ? byte ^ 1 : byte)) : signature,
  };
}

/** A message as the codec takes it. */
function messageOf(fields: Fields, device: Identity, names: Names): Message {
  const table = MESSAGES.find(({ name }) => name === fields['type'])!;
  const fieldOf = (type: string, value: Json): unknown => {
    const meant = names.meant(value);
    if (meant !== undefined) return meant;
    if (isObject(value) && 'proof' in value) {
      return proof(value['proof'] as Json, (fields['group_id'] as Fields)['group'] as string, device, names);
    }
    const { kind } = (TYPES as Record<string, { kind: string }>)[type]!;
    const long = isObject(value) ? (value['repeat'] as string).repeat(value['times'] as number) : value;
    if (kind === 'uint64') return BigInt(long as string);
    return kind === 'bytes' ? new Uint8Array(Buffer.from(long as string, 'hex')) : long;
  };
  const message: Record<string, unknown> = { type: table.name };
  for (const { name, type } of table.fields) message[name] = fieldOf(type, fields[name]!);
  const ext = 'ext' in table ? (table.ext as readonly { key: string; type: string }[]) : [];
  if (fields['ext']) {
    message['ext'] = Object.fromEntries(
      Object.entries(fields['ext']).map(([key, value]) => [
        key,
        fieldOf(ext.find((entry) => entry.key === key)!.type, value),
      ]),
    );
  }
  return message as unknown as Message;
}

/** Fails where `got` is not what the dialogue wants. Extensions that it does not name may be there. */
function match(want: Json, got: unknown, where: string, names: Names): void {
  if (Array.isArray(want)) {
    expect(got, where).toHaveLength(want.length);
    for (const [index, item] of want.entries()) match(item, (got as unknown[])[index], `${where}[${index}]`, names);
    return;
  }
  if (!isObject(want)) {
    expect(typeof got === 'bigint' ? String(got) : plain(got), where).toBe(want);
    return;
  }
  if ('any' in want || 'save' in want) {
    expect(got, where).toBeDefined();
    if ('save' in want) names.saved.set(want['save'] as string, got);
  } else if ('time' in want) expect(Math.abs(Number(got) - Date.now() / 1000), where).toBeLessThan(3600);
  else if ('otherThan' in want) expect(same(names.saved.get(want['otherThan'] as string), got), where).toBe(false);
  else if (names.meant(want) !== undefined) expect(same(names.meant(want), got), where).toBe(true);
  else {
    expect(got, where).toBeTypeOf('object');
    const values = got as Record<string, unknown>;
    for (const [key, value] of Object.entries(want)) match(value as Json, values[key], `${where}.${key}`, names);
    if (where.endsWith('.ext')) return;
    expect(
      Object.keys(values).filter((key) => key !== 'ext' && !(key in want)),
      where,
    ).toEqual([]);
  }
}

async function play({ steps }: Dialogue, url: string): Promise<void> {
  const names = new Names();
  const connections = new Map<string, Connection>();
  for (const [index, step] of steps.entries()) {
    const where = `step ${index + 1}, connection ${step.connection}`;
    if (step.open) {
      const opened = new Connection(names.device(step.open.device));
      connections.set(step.connection, opened);
      await opened.open(url);
      continue;
    }
    const connection = connections.get(step.connection)!;
    const { channel, device } = connection;
    if (step.send)
      channel.write(Buffer.concat(step.send.map((one) => encodeFrame(messageOf(one, device, names), 'bin'))));
    else if (step.sendBody !== undefined) {
      const body = Buffer.from(step.sendBody, 'hex');
      const header = Buffer.alloc(4);
      header.writeUInt32BE(body.length);
      channel.write(Buffer.concat([header, body]));
    } else if (step.expect) {
      match(step.expect, await connection.next(step.skip), `${where}: ${step.expect['type']}`, names);
    } else if (step.pullAll) {
      const blobs: unknown[] = [];
      for (let after = BigInt(step.pullAll.after_cursor), more = true; more; ) {
        channel.write(encodeFrame({ type: 'Pull', after_cursor: after, limit: step.pullAll.limit }, 'bin'));
        const page = await connection.next();
        if (page?.type !== 'PullResponse') throw new Error(`${where}: ${page?.type} in place of a page`);
        blobs.push(...page.blobs);
        ({ max_cursor: after, has_more: more } = page);
      }
      match(step.expectBlobs!, blobs, where, names);
    } else if (step.expectClose !== undefined) {
      expect((await connection.next())?.type, `${where}: a frame before the close`).toBeUndefined();
      expect(connection.closeCode, where).toBe(step.expectClose);
    } else if (step.close !== undefined) channel.close(step.close);
    else throw new Error(`${where}: an unknown step`);
  }
}

test.each(dialogues.map((dialogue) => [dialogue.tcId, dialogue.comment, dialogue] as const))(
  '%i: %s',
  async (_id, _comment, dialogue) => {
    const relay = await startRelay();
    await play(dialogue, relay.url);
  },
);

test('all of the file are played', () => {
  expect(dialogues).toHaveLength(file.numberOfTests);
});
