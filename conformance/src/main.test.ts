import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Message } from '@0k-sync/spec';
import reportSchema from '@0k-sync/spec/schemas/report.schema.json' with { type: 'json' };
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { BIN, kit } from '../test/kit.ts';
import { scripted } from '../test/scripted.ts';
import { ScriptedSession } from './model/scripted-relay.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conformance-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => server.close());
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function webSocketServer(serve: (socket: import('ws').WebSocket) => void): Promise<string> {
  const http = createHttpServer();
  const server = new WebSocketServer({ server: http });
  server.on('connection', serve);
  closers.push(() => {
    for (const client of server.clients) client.terminate();
  });
  return await listening(http);
}

describe('what is no relay', () => {
  it('refuses the connection: unreachable', async () => {
    const server = createServer();
    const url = await listening(server);
    server.close();
    const { code, last } = await kit('--relay', url);
    expect(code).toBe(3);
    expect(last).toMatch(
      /^inconclusive: profiles core, membership(, ops)? · 0 passed, 0 failed, \d{3} not run · ws:\/\/127\.0\.0\.1:\d+\/ cannot be reached: ECONNREFUSED/,
    );
  });

  it('is a name that does not exist: unreachable', async () => {
    const { code, last } = await kit('--relay', 'ws://relay.invalid/');
    expect(code).toBe(3);
    expect(last).toMatch(/cannot be reached: (ENOTFOUND|EAI_AGAIN)/);
  });

  it('takes the connection and says nothing: unreachable', async () => {
    const { code, last } = await kit('--relay', await listening(createServer()), '--timeout', '0.3');
    expect(code).toBe(3);
    expect(last).toContain('cannot be reached: it took the connection and answered nothing in 0.3 s');
  });

  it('closes at once: not conformant', async () => {
    const { code, last } = await kit('--relay', await webSocketServer((socket) => socket.close(1000)));
    expect(code).toBe(1);
    expect(last).toMatch(
      /^not conformant: profiles .* not run · .* is not a 0k-Sync relay: its answer to the first handshake message: a close with 1000/,
    );
  });

  it('echoes: not conformant', async () => {
    const url = await webSocketServer((socket) => socket.on('message', (data) => socket.send(data)));
    const { code, last } = await kit('--relay', url);
    expect(code).toBe(1);
    expect(last).toMatch(/^not conformant: .* not run · .* it sends back what it was sent: an echo server\?/);
  });

  it('answers something else: not conformant', async () => {
    const url = await webSocketServer((socket) => socket.send(Buffer.alloc(3568, 7)));
    const { code, last } = await kit('--relay', url);
    expect(code).toBe(1);
    expect(last).toContain('its answer to the first handshake message: 3568 bytes that fail: ');
  });

  it('is an HTTP server: not conformant', async () => {
    const url = await listening(createHttpServer((_, response) => response.end('hello')));
    const { code, last } = await kit('--relay', url);
    expect(code).toBe(1);
    expect(last).toMatch(/^not conformant: .* its answer to a WebSocket upgrade: (HTTP \d+|.*HTTP)/);
  });

  it('speaks no HTTP: not conformant', async () => {
    const server = createServer((socket) => socket.end('220 mail.example ESMTP\r\n'));
    const { code, last } = await kit('--relay', await listening(server));
    expect(code).toBe(1);
    expect(last).toContain('its answer to a WebSocket upgrade: ');
  });

  it('has another identity than the address says: not conformant', async () => {
    const { code, last } = await kit('--relay', `${await scripted()}#${Buffer.alloc(32).toString('base64url')}`);
    expect(code).toBe(1);
    expect(last).toContain('its identity is not the one in the address');
  });

  it('has no room: inconclusive, with what to do', async () => {
    const server = createHttpServer();
    server.on('upgrade', (_, socket) => socket.end('HTTP/1.1 429 Too Many Requests\r\nRetry-After: 6\r\n\r\n'));
    const { code, last } = await kit('--relay', await listening(server));
    expect(code).toBe(3);
    expect(last).toMatch(
      / not run · the relay is over a limit \(HTTP 429, Retry-After 6\): lift its limits, `0k-conformance explain config` shows what to set$/,
    );
  });
});

describe('wrong usage', () => {
  it.each<[string[], string]>([
    [['--frobnicate'], "unknown option '--frobnicate'"],
    [['--known-failng', 'x'], 'Did you mean --known-failing?'],
    [['frobnicate'], 'there is no command "frobnicate"; there are list, explain'],
    [['lst'], 'did you mean list?'],
    [['--relay', 'relay.example'], '--relay: the relay address is not a URL'],
    [['--relay', 'http://relay.example/'], '--relay: the relay address begins with http:'],
    [['--relay', 'ws://relay.example/#short'], '--relay: the identity after # in the relay address is wrong'],
    [['--relay', 'iroh://abc'], 'iroh:// relays cannot be tested yet'],
    [['--relay', 'ws://a/', '--start', 'b'], "option '--start <command>' cannot be used with option '--relay <url>'"],
    [['--only', 'no-such-check'], '--only no-such-check matches no check'],
    [['--only', 'CUR,,SES'], 'There is an empty name in it.'],
    [['--profile', 'everything'], 'no check belongs to profile "everything"; there are core'],
    [['--profile', 'membersip'], 'did you mean membership?'],
    [['--only', 'CUR-37/plan'], 'did you mean CUR-37/plans?'],
    [['--seed', '1.5'], 'Give a whole number from 0 to 4294967295.'],
    [['--seed', '4294967296'], 'Give a whole number'],
    [['--seed', '-2147483649'], 'Give a whole number'],
    [['--timeout', '0'], 'Give seconds'],
    [['--jobs', '0'], 'Give a whole number from 1 to 64.'],
    [['--runs', '0'], 'Give a whole number from 1 to 100000.'],
    [['--max-time', 'x'], 'Give seconds'],
    [['--json', '/no/such/folder/report.json'], '--json /no/such/folder/report.json: there is no folder'],
    [['--junit', '/no/such/folder/report.xml'], '--junit /no/such/folder/report.xml: there is no folder'],
    [['--known-failing', '/no/such/list'], '--known-failing /no/such/list: it cannot be read (ENOENT)'],
    [['--relay', 'wss://a/', '--ca', '/no/such.pem'], '--ca /no/such.pem: it cannot be read (ENOENT)'],
    [['--relay', 'wss://a/', '--ca', '/dev/null'], '--ca /dev/null: there is no certificate in it'],
    [['--admin', 'localhost:9090', '--relay', 'ws://a/'], 'Give http://host:port/.'],
    [['--admin', 'http://127.0.0.1:9090'], '--admin and --ca are about a relay of yours'],
    [['explain', 'CUR-999'], '"CUR-999" is no requirement and no check'],
    [['explain', 'cur-37/plan'], 'did you mean CUR-37/plans?'],
    [['explain', 'confg'], 'did you mean config?'],
    [['explain', 'config', '--profile', 'limit'], 'did you mean limits?'],
    [['list', '--only', 'XYZ'], '--only XYZ matches no check'],
  ])('%j is said in one line', async (args, message) => {
    const { code, out, err } = await kit(...args);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(/^0k-conformance: /);
    expect(err).toContain(message);
    expect(err).not.toContain('    at ');
  });
});

describe('help', () => {
  it('has examples and the exit codes, and loads nothing heavy', async () => {
    const loads = join(folder, 'loads.mjs');
    await writeFile(
      loads,
      `import { registerHooks } from 'node:module';
       import { appendFileSync } from 'node:fs';
       registerHooks({ load(url, context, next) { appendFileSync(${JSON.stringify(join(folder, 'loaded'))}, url + '\\n'); return next(url, context); } });`,
    );
    const main = new URL('./main.ts', import.meta.url).href;
    const child = spawn(process.execPath, [
      '--conditions=source',
      '--import',
      pathToFileURL(loads).href,
      '--input-type=module',
      '-e',
      `import { main } from '${main}'; await main(['--help'])`,
    ]);
    let out = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(out).toContain("$ 0k-conformance --start '");
    for (const said of [
      'explain config',
      '--profile core,limits',
      'only cite it',
      '--known-failing known.txt',
      '--quick',
    ]) {
      expect(out).toContain(said);
    }
    expect(out).toMatch(/Exit codes: 0 conformant, .*; 1 not conformant, .*;\n2 wrong usage; 3 inconclusive/);
    const loaded = (await readFile(join(folder, 'loaded'), 'utf8'))
      .split('\n')
      .filter((url) => url.startsWith('file:'));
    expect(loaded.some((url) => url.includes('commander'))).toBe(true);
    for (const heavy of ['fast-check', '/ws/', '/reference/', '/spec/', '/checks/']) {
      expect(
        loaded.filter((url) => url.includes(heavy)),
        heavy,
      ).toEqual([]);
    }
  });

  it('is there for the list and for every requirement and check', async () => {
    const { code, out } = await kit('list', '--only', 'CUR-37/plans');
    expect(code).toBe(0);
    expect(out).toMatch(/^CUR {2}Cursor semantics\n {2}CUR-37\/plans {2}core {2}MUST {2}lifted-limits {2}whatever/);
    const requirement = await kit('explain', 'CUR-37');
    expect(requirement.out).toMatch(/^CUR-37 {2}MUST, relay, profile core\n/);
    expect(requirement.out).toContain('CUR-37/plans');
    const check = await kit('explain', 'CUR-37/plans');
    expect(check.out).toMatch(/^CUR-37\/plans {2}whatever several devices do/);
    expect(check.out).toContain('needs       a relay whose rate limits are lifted');
    expect((await kit('explain', 'CUR-05/killed')).out).toContain(
      'slow        it takes seconds: --quick leaves it out',
    );
  });

  it('is there for the scenarios of --chaos, beside the checks', async () => {
    expect((await kit('list', '--only', 'T-LAT*')).out).toMatch(
      /^CHAOS {2}Under faults\n {2}T-LAT-01 {2}chaos {2}MUST/,
    );
    const scenario = await kit('explain', 't-conn-01');
    expect(scenario.out).toMatch(/^T-CONN-01 {2}a relay that is killed while devices push/);
    expect(scenario.out).toContain('CHAOS-06  MUST, relay, profile chaos');
    expect((await kit('explain', 'CHAOS-06')).out).toMatch(/Verified by:\n {4}T-CONN-01 /);
  });

  it.each([
    [[], 'certify.toml', '0, or at least 6000, since the kit sends faster than people'],
    [['--profile', 'core,limits'], 'certify-limits.toml', 'So low that the kit reaches it'],
  ])('is there for the configuration of a relay for the test: %j', async (args, name, why) => {
    const { code, out } = await kit('explain', 'config', ...args);
    expect(code).toBe(0);
    const file = await readFile(fileURLToPath(new URL(`../../relay/${name}`, import.meta.url)), 'utf8');
    // It stays the same TOML, with more comments.
    const values = (text: string) => text.split('\n').filter((line) => /^[^#]/.test(line));
    expect(values(out)).toEqual(values(file));
    for (const line of file.trimEnd().split('\n')) expect(out).toContain(`${line}\n`);
    expect(out).toMatch(new RegExp(`# messages_per_minute: .*\n# Default: 100 per minute\\.\n# ${why}`));
  });
});

describe('a run', () => {
  const validate = new Ajv2020({ allErrors: true, strict: false, validateFormats: false }).compile(reportSchema);

  /** `CUR-47` is quick: pulls beyond the end. */
  async function report(...args: string[]) {
    const file = join(folder, 'report.json');
    const result = await kit('--json', file, '--seed', '5', '--only', 'CUR-47', ...args);
    const json = JSON.parse(await readFile(file, 'utf8'));
    expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
    return { ...result, json };
  }

  it('of a relay that keeps the rules is conformant, and names profiles and numbers', async () => {
    const { code, last, json, out } = await report('--relay', await scripted(), '--only', 'CUR-37/plans');
    expect(code).toBe(0);
    expect(last).toMatch(
      /^passed: 1 of \d{3} checks of profiles core, membership(, ops)? \(--only\) · 1 passed, 0 failed, 0 not run$/,
    );
    expect(out).toContain('relay "scripted" at ws://127.0.0.1:');
    expect(json).toMatchObject({ verdict: 'passed', seed: 5, canary: { passed: true }, totals: { pass: 1 } });
    expect(json.selection).toEqual({
      only: ['CUR-37/plans'],
      timeoutSeconds: 10,
      jobs: 4,
      strict: false,
      quick: false,
      selected: 1,
      available: expect.any(Number),
    });
    expect(json.target.identity).toMatch(/^[\w-]{43}$/);
  });

  it('with a seed draws the same for a signed and an unsigned number', async () => {
    const url = await scripted(
      class extends ScriptedSession {
        override pull(pull: Extract<Message, { type: 'Pull' }>) {
          return { ...super.pull(pull), has_more: true };
        }
      },
    );
    const plans = async (seed: string) =>
      (await report('--relay', url, '--only', 'CUR-37/plans', '--seed', seed)).json as {
        seed: number;
        checks: { property: { seed: number } }[];
      };
    const [unsigned, signed] = [await plans('4294967291'), await plans('-5')];
    expect([unsigned.seed, signed.seed]).toEqual([4294967291, 4294967291]);
    expect(unsigned.checks[0]!.property.seed).toBeGreaterThanOrEqual(0);
    expect(signed.checks[0]!.property.seed).toBe(unsigned.checks[0]!.property.seed);
  });

  it('of a part in which nothing can be said does not pass for it', async () => {
    const url = await scripted(
      class extends ScriptedSession {
        override hello(hello: Extract<Message, { type: 'Hello' }>): void {
          if (hello.version === 1) super.hello(hello);
          else this.refuse(2000);
        }
      },
    );
    const { code, last } = await report('--relay', url);
    // The canary's unknown version was refused for want of room, which says nothing.
    expect(code).toBe(3);
    expect(last).toContain('over a limit (Error 2000 RATE_LIMITED)');
  });

  it('of one that does not prints rule, outcomes, exchange and the way back', async () => {
    const url = await scripted(
      class extends ScriptedSession {
        override pull(pull: Extract<Message, { type: 'Pull' }>) {
          return { ...super.pull(pull), has_more: true };
        }
      },
    );
    const { code, out, last, json } = await report('--relay', url, '--only', 'CUR-37/plans');
    expect(code).toBe(1);
    expect(last).toMatch(/^not conformant: 1 of \d+ checks of .* · 0 passed, 1 failed, 0 not run$/);
    expect(out).toMatch(/FAIL 5\/5 CUR-37\/plans .*\n {2}rule {6}CUR-(40|46) \(MUST\): A relay MUST/);
    expect(out).toMatch(/\n {2}expected {2}\S/);
    expect(out).toMatch(/\n {2}got {7}\S/);
    expect(out).toMatch(/\n {16}A\n +1 +[\d.]+ ms (A2 )?→ P/);
    expect(out).toContain(`  again     0k-conformance --relay ${url} --only CUR-37/plans --seed 5\n`);
    const [check] = json.checks;
    expect(check).toMatchObject({
      id: 'CUR-37/plans',
      verdict: 'fail',
      requirement: expect.stringMatching(/^CUR-(40|46)$/),
    });
    expect(check.trace.length).toBeGreaterThan(0);
    expect(check).toMatchObject({
      confirmation: 'FAIL 5/5',
      property: { runs: expect.any(Number), plan: { devices: 1 }, confirmed: { failed: 5, of: 5 } },
    });
    // Nothing that is said in it is a full id, a key or a payload; those stand only in the bytes beside it.
    const said = JSON.stringify(check.trace, (key, value) => (key === 'bytes' ? undefined : value));
    expect(said).not.toMatch(/[0-9a-f]{24}/);
  });

  it('of one that grants the impossible is not conformant, and its passes are untrusted', async () => {
    const url = await scripted(
      class extends ScriptedSession {
        override body(body: Uint8Array): void {
          try {
            super.body(body);
          } catch {
            // Whatever it does not understand it takes for granted.
          }
        }
      },
    );
    const { code, out, last, json } = await report('--relay', url);
    expect(code).toBe(1);
    expect(out).toContain('The relay granted what no relay may grant: its passes are not to be trusted.');
    expect(out).toContain('rule      WIRE-28');
    expect(last).toMatch(/^not conformant: .* · [1-9]\d* passed \(untrusted\), 0 failed, 0 not run$/);
    expect(json).toMatchObject({ verdict: 'not-conformant', untrusted: true, canary: { passed: false } });
  });

  it('of one with the wrong answer while a check waits for two is a failure of the relay alone', async () => {
    const url = await scripted(
      class extends ScriptedSession {
        override push(): void {
          this.send({ type: 'Ok' });
        }
      },
    );
    const { code, out, err } = await kit('--relay', url, '--only', 'CUR-71', '--timeout', '1');
    expect(code).toBe(1);
    expect(out).toContain('got       Ok');
    expect(err).not.toContain('did not wait');
  });

  it('of one that takes any version is not conformant either', async () => {
    const url = await scripted(
      class extends ScriptedSession {
        override hello(hello: Extract<Message, { type: 'Hello' }>): void {
          super.hello({ ...hello, version: 1 });
        }
      },
    );
    const { code, out } = await report('--relay', url);
    expect(code).toBe(1);
    expect(out).toContain('rule      SES-09');
  });

  it('of a correct relay with the limits that people get is inconclusive, without a failure', async () => {
    const bin = fileURLToPath(new URL('../../relay/bin/0k-sync-relay.js', import.meta.url));
    const start = `'${process.execPath}' --conditions=source '${bin}' --listen 127.0.0.1:{port} --db {dir}/relay.db`;
    const { code, out, last, json } = await report(
      '--start',
      start,
      '--only',
      'FRAME-0*,FRAME-1*,FRAME-23,ERR-*,MEM-*,SES-0*',
    );
    expect(last).toMatch(/ passed, 0 failed, \d+ not run, [1-9]\d* inconclusive · lift connections_per_minute, /);
    expect(out).toMatch(/\n {2}limit +this relay {2}certify\.toml\n/);
    expect(out).toMatch(/\n {2}messages_per_minute +100 +0\n/);
    expect(out).toContain('not tried: for a limit it took no connection of 20 checks in a row');
    expect(code).toBe(3);
    expect(json.verdict).toBe('inconclusive');
  });

  it('that could not reach the relay leaves a valid report too', async () => {
    const { code, json } = await report('--relay', 'ws://127.0.0.1:9/');
    expect(code).toBe(3);
    expect(json).toMatchObject({
      verdict: 'inconclusive',
      problem: expect.stringContaining('cannot be reached'),
      totals: { pass: 0, notRun: 1 },
      notRun: [{ reason: expect.stringContaining('no check could be run'), checks: 1 }],
      canary: { passed: false },
    });
  });

  it('in which a need is not met does not count it as passed', async () => {
    const url = await scripted(
      class extends ScriptedSession {
        override send(message: Message): void {
          if (message.type === 'Welcome')
            super.send({ ...message, ext: { ...message.ext!, limits: { connections_per_minute: 10n } } });
          else super.send(message);
        }
      },
    );
    const { code, last, out, json } = await report('--relay', url, '--only', 'CUR-37/plans');
    expect(code).toBe(3);
    expect(last).toMatch(/^inconclusive: .* · 0 passed, 0 failed, 1 not run · lift connections_per_minute, /);
    expect(json.notRun).toMatchObject([{ need: 'lifted-limits', checks: 1 }]);
    expect(out.replace(/\s+/g, ' ')).toContain('connections_per_minute is 10, 0 or at least 1000 is needed');
    expect(out).toContain('1 check, needs a relay whose rate limits are lifted');
    expect(json.checks[0]).toMatchObject({ verdict: 'not-run', reason: expect.stringContaining('rate limits') });
  });
});

describe('output that nobody reads any more', () => {
  /** The reader goes away after the first piece, as `head -1` does. */
  async function unread(...args: string[]) {
    const child = spawn(process.execPath, [BIN, ...args], { env: { ...process.env, NODE_OPTIONS: '' } });
    let err = '';
    child.stderr.on('data', (chunk) => (err += chunk));
    child.stdout.once('data', () => child.stdout.destroy());
    const [code] = await once(child, 'close');
    return { code, err };
  }

  it('does not keep a run from the files that it is to write', async () => {
    const file = join(folder, 'unread.json');
    const { code, err } = await unread('--relay', await scripted(), '--only', 'CUR-30', '--json', file);
    expect(JSON.parse(await readFile(file, 'utf8')).verdict).toBe('passed');
    expect([code, err]).toEqual([0, '']);
  });

  it('ends a run of which nothing else would be left', async () => {
    const { code, err } = await unread('--relay', await scripted(), '--only', 'CUR-3*');
    expect([code, err]).toEqual([3, '']);
  });
});

describe('a relay that the kit starts', () => {
  /** A program that is a scripted relay, wrong in the given way. */
  async function program(body: string): Promise<string> {
    const file = join(folder, `relay-${Math.random()}.mjs`);
    const module = new URL('./model/scripted-relay.ts', import.meta.url).href;
    await writeFile(
      file,
      `import { ScriptedRelay, ScriptedSession } from '${module}';
       const relay = await ScriptedRelay.listen(class extends ScriptedSession { ${body} });
       console.log('pid ' + process.pid + ' in ' + process.argv[2]);
       console.log(relay.url);`,
    );
    return `"${process.execPath}" --conditions=source --no-warnings ${file} {dir}`;
  }

  it('is tested, and named by its command', async () => {
    const command = await program('');
    const { code, out } = await kit('--start', command, '--only', 'CUR-47');
    expect(out).toContain(`0k-conformance: ${command}\n`);
    expect(code).toBe(0);
  });

  it('that dies in a check fails it, with its last words', async () => {
    const command = await program(`push() { console.error('out of cheese'); process.exit(7); }`);
    const { code, out } = await kit('--start', command, '--only', 'CUR-37/plans');
    expect(code).toBe(1);
    expect(out).toContain("got       the relay's process ended with exit code 7");
    expect(out).toContain('out of cheese');
    expect(out).toContain(`--start '`);
  });

  it('that does not start is inconclusive, with its last lines', async () => {
    const { code, last, out } = await kit('--start', 'echo no such configuration >&2; exit 5');
    expect(code).toBe(3);
    expect(out).toContain('Its last lines:\n  no such configuration\n');
    expect(last).toContain(' not run · the relay did not start: it ended with exit code 5. Command: echo no such');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('is ended by %s, with what there is so far', async (signal) => {
    let child: ReturnType<typeof spawn> | undefined;
    let relayFolder = '';
    const bell = createHttpServer().once('request', ({ url }) => {
      relayFolder = url!;
      child?.kill(signal);
    });
    const address = (await listening(bell)).replace('ws:', 'http:');
    // It rings when a push comes and never answers it, so that the check is still at it.
    const command = await program(`push() { fetch('${address}' + process.argv[2].slice(1)).catch(() => {}); }`);
    child = spawn(process.execPath, [BIN, '--start', command, '--only', 'CUR-37/plans'], {
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    let out = '';
    child.stdout!.on('data', (chunk) => (out += chunk));
    const [code] = await once(child, 'close');
    expect(code).toBe(3);
    expect(out).toContain('1 check, interrupted: CUR-37/plans');
    expect(out).toMatch(/inconclusive: .* · 0 passed, 0 failed, 1 not run, interrupted\n$/);
    expect(relayFolder).toContain('conformance-');
    expect(existsSync(relayFolder)).toBe(false);
    const url = /at (ws:\S+)/.exec(out)![1]!;
    expect((await kit('--relay', url)).last).toContain('ECONNREFUSED');
  });

  it('is killed by a second Ctrl-C, and its folder removed', async () => {
    let child: ReturnType<typeof spawn> | undefined;
    let relayFolder = '';
    const bell = createHttpServer().once('request', ({ url }) => {
      relayFolder = url!;
      child?.kill('SIGINT');
      child?.kill('SIGTERM');
    });
    const address = (await listening(bell)).replace('ws:', 'http:');
    // It does not end in order, and so has to be killed.
    const command = await program(
      `push() { process.on('SIGTERM', () => {}); fetch('${address}' + process.argv[2].slice(1)).catch(() => {}); }`,
    );
    child = spawn(process.execPath, [BIN, '--start', command, '--only', 'CUR-37/plans'], {
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    let out = '';
    child.stdout!.on('data', (chunk) => (out += chunk));
    const [code] = await once(child, 'close');
    expect(code).toBe(130);
    expect(existsSync(relayFolder)).toBe(false);
    expect((await kit('--relay', /at (ws:\S+)/.exec(out)![1]!)).last).toContain('ECONNREFUSED');
  });

  it('is the reference relay if none is named', async () => {
    const { code, out } = await kit('--only', 'CUR-47,CUR-26*');
    expect(out).toContain('no relay named, so this starts the bin of @0k-sync/relay');
    expect(code).toBe(0);
    expect(out).toMatch(
      /\npassed: \d+ of \d+ checks of profiles core, membership(, ops)? \(--only\) · \d+ passed, 0 failed, 0 not run\n$/,
    );
  });
});
