import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { kit } from '../../test/kit.ts';

const folder = mkdtempSync(join(tmpdir(), 'drivers-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A driver of a few lines: `answer(request)` gives the line that it writes, or nothing. */
function driver(name: string, answer: string, operations: readonly string[] = ['frames', 'write-id']): string {
  const file = join(folder, `${name}.js`);
  writeFileSync(
    file,
    `const { createInterface } = require('node:readline');
const right = ({ id, op, ...input }) => {
  if (op === 'describe') return { id, ok: { operations: ${JSON.stringify(operations)}, name: ${JSON.stringify(name)} } };
  if (op === 'write-id') return { id, ok: { text: Buffer.from(input.bytes, 'hex').toString('base64url') } };
  return { id, error: 'unknown-op' };
};
const write = (value) => process.stdout.write((typeof value === 'string' ? value : JSON.stringify(value)) + '\\n');
let asked = 0;
const answer = ${answer};
createInterface({ input: process.stdin }).on('line', (line) => answer(JSON.parse(line), line));
`,
  );
  return `"${process.execPath}" ${file}`;
}

/** What --only FRAME,ENV-13 says of it. */
async function certify(command: string, ...args: string[]) {
  const json = join(folder, 'report.json');
  const result = await kit('--codec', command, '--only', 'ENV-13/*write-id', '--json', json, ...args);
  const report = JSON.parse(readFileSync(json, 'utf8'));
  const check = (id: string) => report.checks.find((entry: { id: string }) => entry.id === id);
  return { ...result, report, vectors: check('ENV-13/write-id'), random: check('ENV-13/random-write-id') };
}

const RIGHT = '(request) => write(right(request))';

describe('a driver', () => {
  it('that is right passes, and the report says what was asked', async () => {
    const { code, out, report, vectors, random } = await certify(driver('right', RIGHT));
    expect(out).toContain('right, with 2 operations\n');
    expect(report.target).toMatchObject({ kind: 'codec', name: 'right', operations: ['frames', 'write-id'] });
    expect(report.target.startedBy).toContain('right.js');
    expect(vectors).toMatchObject({ verdict: 'pass', inputs: { vectors: 9, random: 0 } });
    expect(random).toMatchObject({ verdict: 'pass', inputs: { vectors: 0, random: 100 } });
    expect(report.inputs).toEqual({ vectors: 9, random: 100 });
    expect(code).toBe(0);
  });

  it('whatever it says, it acts on no terminal and says no verdict', async () => {
    const name = '\x1b[31mEVIL\x1b[0m\nconformant: all';
    const command = driver(
      'hostile',
      `({ id, op }) => write(op === 'describe'
        ? { id, ok: { operations: ['write-id'], name: ${JSON.stringify(name)}, version: '\\x9b2J' } }
        : { id, error: '\\x1b[2J\\n\\n::error::injected' })`,
    );
    const { out, report, vectors } = await certify(command);
    expect(out).toContain('\n\\u{1b}[31mEVIL\\u{1b}[0m\\u{a}conformant: all \\u{9b}2J, with 1 operation\n');
    expect(out).toContain('got       the error \\u{1b}[2J\\u{a}\\u{a}::error::injected\n');
    expect(out).not.toMatch(/[^\P{C}\n]|^(conformant: all|::error)/mu);
    expect(report.target.name).toBe(name);
    expect(vectors.actual).toBe('the error \x1b[2J\n\n::error::injected');
  });

  it('that describes itself by an error of many lines gives one line', async () => {
    const command = driver('refusing', `({ id }) => write({ id, error: '\\x1b[2J\\n\\nconformant: all' })`);
    const { out, report } = await certify(command);
    expect(out).not.toMatch(/[^\P{C}\n]|^conformant: all/mu);
    expect(report.problem).toContain('itself: the error \\u{1b}[2J\\u{a}\\u{a}conformant: all. Command: ');
  });

  it('that lacks an operation is not asked for it', async () => {
    const { code, vectors, out } = await certify(driver('lacking', RIGHT, []));
    expect(vectors).toMatchObject({ verdict: 'not-run', reason: 'the driver has no operation write-id' });
    expect(out).toContain('2 checks, the driver has no operation write-id');
    expect(code).toBe(3);
  });

  it('that claims an operation and lacks it fails', async () => {
    const command = driver(
      'boastful',
      "(request) => write(request.op === 'write-id' ? { id: request.id, error: 'unknown-op' } : right(request))",
    );
    const { code, vectors } = await certify(command);
    expect(vectors).toMatchObject({ verdict: 'fail', actual: 'the error unknown-op' });
    expect(code).toBe(1);
  });

  it('that says yes to anything is not trusted', async () => {
    const { code, report, out } = await certify(
      driver(
        'yes',
        "(request) => write(request.op === 'describe' || request.op === 'write-id' ? right(request) : { id: request.id, ok: {} })",
      ),
    );
    expect(report.canary).toMatchObject({ passed: false, actual: 'ok {}' });
    expect(out).toContain('The driver granted what no codec may grant: its passes are not to be trusted.');
    expect(code).toBe(1);
  });

  const failing = (what: string) =>
    `(request) => { if (request.op === 'write-id' && request.bytes.startsWith('000000')) { ${what} } else write(right(request)); }`;

  it.each<[string, string, RegExp, ...string[]]>([
    ['ends', "console.error('a strange thing'); process.exit(7)", /^no answer: its process ended with exit code 7$/],
    ['is killed', "process.kill(process.pid, 'SIGKILL')", /^no answer: its process was ended by SIGKILL$/],
    ['is silent', '', /^no answer in 1 s$/, '--timeout', '1'],
    ['writes no JSON', "write('Traceback')", /^a line that is not JSON: "Traceback"$/],
    ['answers another request', "write({ id: 'x', ok: {} })", /^a line without the request's id \d+: /],
    ['answers both ways', "write({ id: request.id, ok: {}, error: 'malformed' })", /^an answer that has not either/],
    ['writes without end', "process.stdout.write('x'.repeat(2 ** 24 + 1))", /line of more than 16777216 bytes$/],
  ])('that %s fails there, and the rest goes on', async (name, what, actual, ...args) => {
    const { code, vectors, random, report, out } = await certify(
      driver(name.replaceAll(' ', '-'), failing(what)),
      ...args,
    );
    expect(vectors.verdict).toBe('fail');
    expect(vectors.actual).toMatch(actual);
    expect(vectors.request).toEqual({
      op: 'write-id',
      input: { bytes: '00'.repeat(32) },
      vector: { file: 'ids', tcId: 52 },
    });
    expect(random.verdict).toMatch(/^(pass|fail)$/);
    expect(report.totals.inconclusive).toBe(0);
    expect(out).toContain('request   {"id":1,"op":"write-id","bytes":"00000000');
    if (name === 'ends') expect(out).toContain('What it wrote to stderr:\n    a strange thing');
    expect(code).toBe(1);
  });

  it('that fails with many lines shows the first and the last of them', async () => {
    const panic = "for (let line = 1; line <= 30; line++) console.error('line ' + line); process.exit(2)";
    const greeting = "if (request.op === 'describe') console.error('hello\\n'.repeat(20));";
    const { out } = await certify(driver('panicking', `(request) => { ${greeting} (${failing(panic)})(request); }`));
    const shown = out
      .match(/What it wrote to stderr:\n((?: {4}.*\n)+)/)![1]!
      .trim()
      .split(/\n */);
    // What it wrote before the request is left out.
    expect(shown).toEqual([
      ...['line 1', 'line 2', 'line 3', 'line 4', 'line 5', '… 15 lines more …'],
      ...Array.from({ length: 10 }, (_, index) => `line ${21 + index}`),
    ]);
  });

  it.each([
    ['in its group, which is ended', false],
    ['in a group of its own', true],
  ])('that leaves behind what holds its output, %s, has ended all the same', async (_, detached) => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => void sockets.push(socket.resume())).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const left = `require('net').connect(${port}, '127.0.0.1', () => process.send('here')).on('close', () => process.exit())`;
    const options = `{ stdio: ['inherit', 'inherit', 'inherit', 'ipc'], detached: ${detached} }`;
    const leaves = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(left)}], ${options})`;
    const ends = failing('process.exit(0)');
    const command = driver(
      `leaving-${detached}`,
      `(request) => request.op === 'describe' ? ${leaves}.once('message', () => write(right(request))) : (${ends})(request)`,
    );
    const { code, vectors } = await certify(command, '--timeout', '5');
    expect(vectors.actual).toBe('no answer: its process ended with exit code 0');
    expect(code).toBe(1);
    if (detached) for (const socket of sockets) socket.destroy();
    else await Promise.all(sockets.map((socket) => socket.closed || once(socket, 'close')));
    server.close();
  });

  it('that writes no end of a line to stderr shows the beginning of it', async () => {
    const { report, out } = await certify(
      driver('endless', failing("process.stderr.write('x'.repeat(5e6), () => process.exit(2))")),
    );
    expect(out).toContain(`What it wrote to stderr:\n    ${'x'.repeat(2048)}… (4997952 bytes more)\n`);
    expect(JSON.stringify(report).length).toBeLessThan(50_000);
  });

  it('that is wrong is shown the smallest request that shows it, and it comes again with the seed', async () => {
    const command = driver(
      'wrong',
      "(request) => { const answer = right(request); if (request.op === 'write-id' && /^..[^0]/.test(request.bytes)) answer.ok.text += '='; write(answer); }",
    );
    const { random, out } = await certify(command, '--seed', '7');
    // Bytes shrink to zeros, and of the second one the smallest that is not.
    expect(random.request.input.bytes).toBe(`0010${'00'.repeat(30)}`);
    expect(random).toMatchObject({
      expected: [expect.stringMatching(/^text: "ABA/)],
      actual: expect.stringMatching(/=$|="$/),
    });
    expect(out).toMatch(/random {4}found by request \d+, made smaller in \d+ steps/);
    const again = await certify(command, '--seed', '7');
    expect(again.random.request).toEqual(random.request);
    expect(again.random.property).toEqual(random.property);
  });

  it('that does not start is no verdict', async () => {
    const { code, last } = await kit('--codec', 'no-such-driver-at-all');
    expect(last).toMatch(
      /^inconclusive: .* · the driver does not describe itself: no answer: its process ended with exit code 127/,
    );
    expect(code).toBe(3);
  });

  it('has ten seconds to start, however short its answers have to be', async () => {
    const describing = driver(
      'starting',
      "(request) => setTimeout(() => write(right(request)), request.op === 'describe' ? 300 : 0)",
      [],
    );
    const { code, out } = await kit('--codec', describing, '--only', 'ENV-13', '--timeout', '0.1');
    expect(out).toContain('starting, with 0 operations\n');
    expect(code).toBe(3);
  });

  it('that is always silent ends the run soon', async () => {
    const { code, out } = await kit(
      ...[
        '--codec',
        driver('mute', "(request) => request.op === 'describe' && write(right(request))"),
        '--timeout',
        '0.2',
      ],
    );
    expect(out).toContain('not tried: the driver was silent for 0.2 s 5 times');
    // Those that were tried have failed.
    expect(code).toBe(1);
  });
});

describe('--codec', () => {
  it('is no relay, and has checks of its own', async () => {
    expect((await kit('--codec', 'x', '--relay', 'ws://127.0.0.1:1/')).code).toBe(2);
    expect((await kit('--codec', 'x', '--profile', 'core')).err).toContain('no check belongs to profile "core"');
    const { out } = await kit('list', '--profile', 'codec', '--only', 'FRAME-05');
    expect(out).toContain('FRAME-05/frames');
    expect((await kit('explain', 'FRAME-05/frames')).out).toContain(
      'FRAME-05/frames  what the vectors of framing.json',
    );
  });
});
