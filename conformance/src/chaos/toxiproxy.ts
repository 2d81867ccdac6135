import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Toxic } from './scenario.ts';

/** How long Toxiproxy may take to be there, and to answer, in milliseconds. */
const START_MS = 10_000;
const ANSWER_MS = 10_000;

/** A toxic whose amounts have been drawn. */
export interface DrawnToxic {
  readonly type: Toxic['type'];
  readonly stream: Toxic['stream'];
  readonly attributes: Readonly<Record<string, number>>;
}

/** Toxiproxy did not do what it was asked: the fault could not be made, and nothing is known of the relay. */
export class ToxiproxyError extends Error {
  override readonly name = 'ToxiproxyError';
}

/** It does not answer, or not yet. */
class NoAnswer extends ToxiproxyError {}

/** Toxiproxy as a child of the kit, and its HTTP API on a free port of 127.0.0.1. */
export class Toxiproxy implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #api: string;
  #proxies = 0;

  private constructor(child: ChildProcess, api: string) {
    this.#child = child;
    this.#api = api;
  }

  /** @throws ToxiproxyError if it cannot be started, or does not answer as Toxiproxy does */
  static async start(file: string): Promise<Toxiproxy> {
    const port = await freePort();
    const child = spawn(file, ['-host', '127.0.0.1', '-port', String(port)], { stdio: 'ignore' });
    // For an exit in a hurry; `stop` is the orderly way.
    const kill = () => child.kill('SIGKILL');
    process.on('exit', kill);
    const ended = new Promise<never>((_, reject) => {
      const end = (how: string) => {
        process.off('exit', kill);
        reject(new ToxiproxyError(`${file} ${how}`));
      };
      child.once('error', (error) => end(`could not be started: ${error.message}`));
      child.once('exit', (code, signal) => end(`ended by ${signal ?? `itself with exit code ${code}`}`));
    });
    ended.catch(() => {});
    const toxiproxy = new Toxiproxy(child, `http://127.0.0.1:${port}`);
    try {
      await Promise.race([toxiproxy.#answers(file), ended]);
    } catch (error) {
      await toxiproxy.stop();
      throw error;
    }
    return toxiproxy;
  }

  /** A new proxy to `upstream`, as `127.0.0.1:8080`, on a free port. */
  async proxy(upstream: string): Promise<ToxicProxy> {
    const name = `p${++this.#proxies}`;
    const { listen } = (await this.request('POST', '/proxies', { name, listen: '127.0.0.1:0', upstream })) as {
      listen: string;
    };
    return new ToxicProxy(this, `/proxies/${name}`, listen);
  }

  /** It keeps nothing, so it need not end in order. */
  async stop(): Promise<void> {
    if (this.#hasEnded) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  get #hasEnded(): boolean {
    return this.#child.pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** @returns the JSON of the answer. @throws ToxiproxyError */
  async request(method: string, path: string, body?: object): Promise<unknown> {
    const asked = `${method} ${path}`;
    let response: Response;
    let text: string;
    try {
      response = await fetch(this.#api + path, {
        method,
        signal: AbortSignal.timeout(ANSWER_MS),
        ...(body && { body: JSON.stringify(body) }),
      });
      text = await response.text();
    } catch (error) {
      const { message, cause } = error as Error & { cause?: Error };
      throw new NoAnswer(`no answer of Toxiproxy to ${asked}: ${cause?.message ?? message}`);
    }
    const answered = `Toxiproxy answered ${asked} with`;
    if (!response.ok) throw new ToxiproxyError(`${answered} HTTP ${response.status}: ${text.trim()}`);
    try {
      return text === '' ? undefined : JSON.parse(text);
    } catch {
      throw new ToxiproxyError(`${answered} what is not JSON`);
    }
  }

  /** Waits until it takes requests. It says nothing when it does, so it is asked. */
  async #answers(file: string): Promise<void> {
    for (const deadline = performance.now() + START_MS; ; await delay(20)) {
      try {
        const answer = (await this.request('GET', '/version')) as { version?: unknown } | null | undefined;
        if (typeof answer?.version === 'string') return;
        throw new ToxiproxyError('GET /version answers without a version');
      } catch (error) {
        if (!(error instanceof NoAnswer))
          throw new ToxiproxyError(`${file} is not Toxiproxy: ${(error as Error).message}`);
        if (performance.now() > deadline || this.#hasEnded) throw error;
      }
    }
  }
}

/** One proxy: the way of one device to the relay. */
export class ToxicProxy {
  /** `127.0.0.1:port`. */
  readonly address: string;
  readonly #toxiproxy: Toxiproxy;
  readonly #path: string;
  readonly #toxics = new Set<string>();

  constructor(toxiproxy: Toxiproxy, path: string, address: string) {
    this.#toxiproxy = toxiproxy;
    this.#path = path;
    this.address = address;
  }

  /** Adds a toxic, or changes the one of the same type and stream. */
  async add({ type, stream, attributes }: DrawnToxic): Promise<void> {
    const name = `${type}_${stream}`;
    if (this.#toxics.has(name)) await this.#request('PATCH', `/toxics/${name}`, { attributes });
    else await this.#request('POST', '/toxics', { name, type, stream, toxicity: 1, attributes });
    this.#toxics.add(name);
  }

  /** Closes its connections and takes no new ones. */
  async cut(): Promise<void> {
    await this.#request('PATCH', '', { enabled: false });
  }

  /** Takes away all toxics, and takes connections again. */
  async heal(): Promise<void> {
    for (const name of this.#toxics) {
      await this.#request('DELETE', `/toxics/${name}`);
      this.#toxics.delete(name);
    }
    await this.#request('PATCH', '', { enabled: true });
  }

  /** Leads to another place, if it did not lead there before. */
  async lead(upstream: string): Promise<void> {
    await this.#request('PATCH', '', { upstream });
  }

  async remove(): Promise<void> {
    await this.#request('DELETE', '');
  }

  #request(method: string, path: string, body?: object): Promise<unknown> {
    return this.#toxiproxy.request(method, this.#path + path, body);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
