import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { ChildTarget, shellLaunch } from './child.ts';
import { TargetError } from './target.ts';

let target: ChildTarget | undefined;
afterEach(() => target?.dispose());

/** A child that runs a line of JavaScript, started as a person would: by a command line. */
function child(script: string): ChildTarget {
  target = new ChildTarget(shellLaunch(`"${process.execPath}" -e "${script.replace(/\s+/g, ' ')}" {port} {dir}`));
  return target;
}

/** A child without a shell. */
function run(file: string, ...args: string[]): ChildTarget {
  return new ChildTarget({
    command: file,
    option: '',
    usesPort: false,
    usesHttpPort: false,
    prepare: () => ({ file, args }),
  });
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('connect', () => socket.destroy());
    socket.once('error', () => resolve(false));
  });
}

/** A server, and the first connection to it. */
async function connections() {
  const server = createServer().listen(0, '127.0.0.1');
  const connected = once(server, 'connection').then(([socket]) => socket as Socket);
  await once(server, 'listening');
  return { server, connected, port: (server.address() as AddressInfo).port };
}

/** Prints the address with its folder as path, then lives on. */
const PRINTS = `
  const [port, dir] = process.argv.slice(1);
  require('fs').appendFileSync(dir + '/starts', 'x');
  console.log('hello');
  console.log('listening on ws://0.0.0.0:' + port + '/' + require('fs').readFileSync(dir + '/starts') + '.');
  setInterval(() => {}, 1000);`;

describe('a relay that the kit starts', () => {
  it('is where it says, on a free port, in a folder of its own', async () => {
    const relay = child(PRINTS);
    await relay.start();
    expect(relay.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/x$/);
    expect(relay.lastLines()[0]).toBe('hello');
    expect([...relay.offers].sort()).toEqual(['kill', 'process', 'restart', 'stop']);
    expect(relay.admin).toBeUndefined();
  });

  it('keeps its folder and its port over a restart and over SIGKILL', async () => {
    const relay = child(PRINTS);
    await relay.start();
    const { url } = relay;
    await relay.restart();
    expect(relay.url).toBe(`${url}x`);
    await relay.kill();
    expect(relay.pid).toBeUndefined();
    await relay.start();
    expect(relay.url).toBe(`${url}xx`);
    expect(relay.died).toBeUndefined();
  });

  it('is where its port takes connections if it prints no address', async () => {
    const relay = child(`require('net').createServer().listen(+process.argv[1])`);
    await relay.start();
    expect(relay.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/$/);
  });

  it('pins the identity that it prints', async () => {
    const pin = Buffer.alloc(32, 5).toString('base64url');
    const relay = child(`console.log('ws://127.0.0.1:9/#${pin}'); setInterval(() => {}, 1000)`);
    await relay.start();
    expect(relay.url).toBe('ws://127.0.0.1:9/');
    expect(relay.pin).toEqual(new Uint8Array(32).fill(5));
  });

  it('has its admin HTTP where it says, or where the person says', async () => {
    const prints = `console.log('admin http://0.0.0.0:81/'); console.log('ws://127.0.0.1:9/'); setInterval(() => {}, 1000)`;
    const relay = child(prints);
    await relay.start();
    expect(relay.admin).toBe('http://127.0.0.1:81/');
    expect(relay.offers).toContain('admin');
    await relay.dispose();
    target = new ChildTarget(shellLaunch(`"${process.execPath}" -e "${prints}"`), { admin: 'http://127.0.0.1:82/' });
    await target.start();
    expect(target.admin).toBe('http://127.0.0.1:82/');
  });

  describe('is stopped by a signal', () => {
    const ends = (how: string) => `
      process.on('SIGTERM', () => ${how});
      process.on('SIGINT', () => process.exit(6));
      console.log('ws://127.0.0.1:9/');
      setInterval(() => {}, 1000);`;

    it('and starts again', async () => {
      const relay = child(ends('process.exit(5)'));
      await relay.start();
      expect(await relay.stop()).toEqual({ code: 5, signal: null });
      expect([relay.pid, relay.died]).toEqual([undefined, undefined]);
      await relay.start();
      expect(await relay.stop('SIGINT')).toEqual({ code: 6, signal: null });
    });

    it('that it does not handle', async () => {
      target = run(process.execPath, '-e', `console.log('ws://127.0.0.1:9/'); setInterval(() => {}, 1000)`);
      await target.start();
      expect(await target.stop()).toEqual({ code: null, signal: 'SIGTERM' });
    });

    it.each([
      ['that stays', (command: string) => `cd / && { ${command}; }`],
      ['that sets a variable', (command: string) => `X=1 ${command}`],
      ['for a single command', (command: string) => command],
    ])('behind a shell %s, with its own exit code', async (_, line) => {
      const file = join(await mkdtemp(join(tmpdir(), 'child-test-')), 'relay.cjs');
      onTestFinished(() => rm(dirname(file), { recursive: true }));
      await writeFile(file, ends('process.exit(5)'));
      target = new ChildTarget(shellLaunch(line(`"${process.execPath}" ${file}`)));
      await target.start();
      expect(await target.stop()).toEqual({ code: 5, signal: null });
    });

    it('once only', async () => {
      const relay = child(`console.log('ws://127.0.0.1:9/'); setTimeout(() => process.exit(3), 50)`);
      await relay.start();
      await relay.endsWithin(5000);
      await expect(relay.stop()).rejects.toThrow('the relay has ended with exit code 3 before the kit could end it');
    });
  });

  it('that ends at once is an error with its last 20 lines', async () => {
    const relay = child(`for (let n = 1; n <= 30; n++) console.error('line ' + n); process.exitCode = 4`);
    const error = await relay.start().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(TargetError);
    expect(error.message).toContain('ended with exit code 4');
    expect(error.message).not.toContain('line 10\n');
    expect(error.message).toContain('line 11\n');
    expect(error.message).toContain('line 30');
  });

  it('that prints no end of a line is an error with the beginning of what it printed', async () => {
    const relay = child(`process.stdout.write('x'.repeat(5e6)); process.exitCode = 4`);
    const error = await relay.start().catch((thrown) => thrown);
    expect(error.message).toContain(`  ${'x'.repeat(8192)}… (4991808 bytes more)`);
    expect(error.message).toHaveLength(error.message.indexOf('xxx') + 8192 + '… (4991808 bytes more)'.length);
  });

  it('that leaves behind what holds its output ends all the same', async () => {
    const { port, connected, server } = await connections();
    // It has a group of its own, so that no signal reaches it.
    const left = `require('net').connect(${port}, '127.0.0.1').on('close', () => process.exit())`;
    const file = join(await mkdtemp(join(tmpdir(), 'child-test-')), 'relay.cjs');
    onTestFinished(() => rm(dirname(file), { recursive: true }));
    await writeFile(
      file,
      `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(left)}], { stdio: 'inherit', detached: true });
      process.on('SIGTERM', () => process.exit(5));
      console.log('ws://127.0.0.1:9/');
      setInterval(() => {}, 1000);`,
    );
    target = run(process.execPath, file);
    await target.start();
    const socket = await connected;
    expect(await target.stop()).toEqual({ code: 5, signal: null });
    socket.destroy();
    server.close();
  });

  it('that cannot be run is an error', async () => {
    target = run('/no/such/file');
    await expect(target.start()).rejects.toThrow(/could not be started/);
  });

  it('is known to have died, and how', async () => {
    const relay = child(`console.log('ws://127.0.0.1:9/'); setTimeout(() => process.exit(3), 50)`);
    await relay.start();
    expect(relay.died).toBeUndefined();
    await relay.endsWithin(5000);
    expect(relay.died).toBe('ended with exit code 3');
    expect(relay.pid).toBeUndefined();
  });

  it('that has died is not killed or restarted as if nothing had been', async () => {
    const relay = child(`console.log('ws://127.0.0.1:9/'); setTimeout(() => process.exit(3), 50)`);
    await relay.start();
    await relay.endsWithin(5000);
    await expect(relay.restart()).rejects.toThrow('the relay has ended with exit code 3 before the kit could end it');
    await expect(relay.kill()).rejects.toThrow(TargetError);
    expect(relay.died).toBe('ended with exit code 3');
  });

  it('leaves nothing behind: nothing that listens behind the shell, no folder', async () => {
    const relay = child(`
      require('net').createServer().listen(+process.argv[1], '127.0.0.1', () => {
        console.log(process.argv[2] + ' ws://127.0.0.1:' + process.argv[1] + '/');
      })`);
    await relay.start();
    const folder = relay.lastLines()[0]!.split(' ')[0]!;
    const port = Number(new URL(relay.url).port);
    expect(await listens(port)).toBe(true);
    expect(existsSync(folder)).toBe(true);
    await relay.dispose();
    expect(await listens(port)).toBe(false);
    expect(existsSync(folder)).toBe(false);
  });

  it('gets ports that nobody else has', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const relay = child(PRINTS);
    await relay.start();
    expect(new URL(relay.url).port).not.toBe(String((server.address() as { port: number }).port));
    server.close();
  });
});
