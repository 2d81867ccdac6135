import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ChildTarget, shellLaunch } from './child.ts';
import { TargetError } from './target.ts';

let target: ChildTarget | undefined;
afterEach(() => target?.stop());

/** A child that runs a line of JavaScript, started as a person would: by a command line. */
function child(script: string): ChildTarget {
  target = new ChildTarget(shellLaunch(`"${process.execPath}" -e "${script.replace(/\s+/g, ' ')}" {port} {dir}`));
  return target;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('connect', () => socket.destroy());
    socket.once('error', () => resolve(false));
  });
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
    expect([...relay.offers].sort()).toEqual(['kill', 'process', 'restart']);
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

  it('that ends at once is an error with its last 20 lines', async () => {
    const relay = child(`for (let n = 1; n <= 30; n++) console.error('line ' + n); process.exitCode = 4`);
    const error = await relay.start().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(TargetError);
    expect(error.message).toContain('ended with exit code 4');
    expect(error.message).not.toContain('line 10\n');
    expect(error.message).toContain('line 11\n');
    expect(error.message).toContain('line 30');
  });

  it('that cannot be run is an error', async () => {
    target = new ChildTarget({
      command: 'nothing',
      option: '',
      usesPort: false,
      usesHttpPort: false,
      prepare: () => ({ file: '/no/such/file', args: [] }),
    });
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
    await relay.stop();
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
