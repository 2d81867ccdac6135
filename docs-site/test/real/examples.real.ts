/** The commands and programs on the hand-written pages do what the pages say. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { readText, root } from '../../src/sources.ts';

/** A folder that is gone at the end of the test. */
function temporaryFolder(parent = tmpdir()): Disposable & { path: string } {
  const path = mkdtempSync(join(parent, 'examples-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

interface Example {
  readonly command: string;
  /** Lines that it prints; `…` stands for the rest of a line, or alone for any lines. */
  readonly output: readonly string[];
}

/** Commands in blocks of the language `console`: `$ command`, and below it what it prints. */
function examplesOf(page: string): Example[] {
  const blocks = [...readText(`docs-site/pages/${page}`).matchAll(/^```console\n([\s\S]*?)^```/gm)].map(
    ([, block]) => block!,
  );
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .filter((text) => text !== '')
      .map((text) => {
        const [command, ...output] = text.trimEnd().split('\n');
        return { command: command!, output };
      }),
  );
}

/** Blocks with a name, which a reader would save as files: their names and texts. */
function filesOf(page: string, language: string): [string, string][] {
  const blocks = readText(`docs-site/pages/${page}`).matchAll(
    new RegExp(`^\`\`\`${language} \\[(.+)\\]\\n([\\s\\S]*?)^\`\`\``, 'gm'),
  );
  return Array.from(blocks, ([, name, text]) => [name!, text!]);
}

function pattern(lines: readonly string[]): RegExp {
  const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/…/g, '.*');
  return new RegExp(`^${lines.map((line) => (line === '…' ? '(.*\\n)*?' : `${literal(line)}\\n`)).join('')}`, 'm');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** One reading of a page: ports that are free, a folder of its own, and the relays that it started, which end with it. */
class Reading implements AsyncDisposable {
  readonly #folder = temporaryFolder();
  readonly #ports = new Map<string, number>();
  readonly #relays: ChildProcess[] = [];

  /** What the page says, with this reading's ports and files. */
  async local(text: string): Promise<string> {
    for (const [address] of text.matchAll(/127\.0\.0\.1:\d+/g)) {
      if (!this.#ports.has(address)) this.#ports.set(address, await freePort());
    }
    return text
      .replace(/127\.0\.0\.1:\d+/g, (address) => `127.0.0.1:${this.#ports.get(address)}`)
      .replace(/\/tmp\/|\/var\/lib\/0k-sync\//g, `${this.#folder.path}/`)
      .replace(/(?<![/\w.-])[\w.-]+\.(?:json|toml|html|svg)\b/g, (name) => join(this.#folder.path, name));
  }

  async save([name, text]: [string, string]): Promise<void> {
    writeFileSync(join(this.#folder.path, name), await this.local(text));
  }

  /** Runs a command in the repository, until it ends, or until a relay has printed what the page says. */
  async run({ command, output }: Example): Promise<void> {
    const expected = pattern(await Promise.all(output.map((line) => this.local(line))));
    const child = spawn('sh', ['-c', await this.local(command)], {
      cwd: root,
      detached: true,
      env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH']}`, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = once(child, 'close');
    let printed = '';
    const seen = new Promise<void>((resolve) => {
      for (const stream of [child.stdout!, child.stderr!]) {
        stream.on('data', (chunk) => {
          printed += chunk;
          if (expected.test(printed)) resolve();
        });
      }
    });
    if (/^npx 0k-sync-relay --/.test(command)) {
      this.#relays.push(child);
      await Promise.race([seen, ended]);
    } else {
      await ended;
      expect(child.exitCode, `${command}\n${printed}`).toBe(0);
    }
    expect(printed.replace(/\n?$/, '\n'), command).toMatch(expected);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const relay of this.#relays) {
      if (relay.exitCode !== null || relay.signalCode !== null) continue;
      process.kill(-relay.pid!, 'SIGTERM');
      await once(relay, 'close');
    }
    this.#folder[Symbol.dispose]();
  }
}

for (const page of readdirSync(join(root, 'docs-site/pages'))) {
  const examples = examplesOf(page);
  if (examples.length === 0) continue;
  test(`the commands of ${page} print what it says`, async () => {
    await using reading = new Reading();
    for (const file of filesOf(page, 'toml')) await reading.save(file);
    for (const example of examples) await reading.run(example);
  });
}

test('the example of @0k-sync/reference does what it says', async () => {
  await using reading = new Reading();
  const [[, program]] = [...readText('reference/README.md').matchAll(/^```ts\n([\s\S]*?)^```/gm)] as unknown as [
    [string, string],
  ];
  const [, printed] = /console\.log\(.*\); \/\/ (.*)/.exec(program)!;
  await reading.run({
    command: 'npx 0k-sync-relay --listen 127.0.0.1:8080 --db /tmp/relay.db --config relay/certify.toml',
    output: ['…', 'ws://127.0.0.1:8080/#…'],
  });
  // Where the packages are found.
  using folder = temporaryFolder(join(root, 'docs-site/test'));
  const file = join(folder.path, 'example.ts');
  writeFileSync(file, await reading.local(program));
  // Relative: a path through /tmp/ would be led elsewhere.
  const command = `node --conditions=source --no-warnings ${relative(root, file)}`;
  await reading.run({ command, output: [printed!] });
});

test('the codec in Python reads every vector of codec-bin.json right', () => {
  using folder = temporaryFolder();
  copyFileSync(join(root, 'spec/protocol.json'), join(folder.path, 'protocol.json'));
  copyFileSync(join(root, 'vectors/codec-bin.json'), join(folder.path, 'codec-bin.json'));
  const { stdout, status } = spawnSync('python3', [join(root, 'docs-site/examples/codec.py'), folder.path], {
    encoding: 'utf8',
  });
  expect(stdout).toMatch(/^\d{4,} tests, 0 wrong\n$/);
  expect(status).toBe(0);
});

test('the frame reader in Python reads every vector of framing.json right', () => {
  const { stdout, status } = spawnSync('python3', [join(root, 'vectors/examples/framing.py')], { encoding: 'utf8' });
  expect(stdout).toMatch(/^\d+ tests, 0 wrong\n$/);
  expect(status).toBe(0);
});

test.skipIf(!existsSync('/usr/bin/systemd-analyze'))('systemd understands the unit of relay.md', () => {
  const [[name, text]] = filesOf('relay.md', 'ini') as unknown as [[string, string]];
  using folder = temporaryFolder();
  const unit = join(folder.path, name);
  const verify = (unitText: string) => {
    writeFileSync(
      unit,
      unitText.replaceAll('/opt/0k-sync/', root).replace('User=0k-sync', `User=${userInfo().username}`),
    );
    return spawnSync('systemd-analyze', ['verify', '--recursive-errors=no', unit], { encoding: 'utf8' });
  };
  expect(verify(text)).toMatchObject({ status: 0, stderr: '' });
  expect(verify(text.replace('Restart=', 'Restrat=')).stderr).toContain('Restrat');
  expect(verify(text.replace('bin/node ', 'bin/nothing ')).stderr).toContain('nothing');
});
