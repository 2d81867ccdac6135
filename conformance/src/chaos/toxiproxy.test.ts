import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findToxiproxy, isToxiproxy } from './find-toxiproxy.ts';
import { Toxiproxy } from './toxiproxy.ts';

// Toxiproxy itself takes Go to build: .ci/run chaos has the real one. This is the part of its HTTP API that is used, with its
// answers, and a list of all that it was asked.
const LIKE_TOXIPROXY = `
  if (process.argv.includes('-version')) { console.log('toxiproxy-server version git'); process.exit(); }
  const asked = [];
  require('node:http').createServer((request, response) => {
    let body = '';
    request.on('data', (data) => (body += data)).on('end', () => {
      if (request.url === '/asked') return response.end(JSON.stringify(asked));
      if (request.url === '/version') return response.end('{"version": "git"}');
      asked.push([request.method, request.url, body === '' ? undefined : JSON.parse(body)]);
      if (request.method === 'DELETE') return response.writeHead(204).end();
      if (body.includes('"rate"')) return response.writeHead(400).end('{"error":"invalid toxic type","status":400}');
      if (request.url === '/proxies') return response.writeHead(201).end('{"listen": "127.0.0.1:4711"}');
      response.end('{}');
    });
  }).listen(Number(process.argv[process.argv.indexOf('-port') + 1]), '127.0.0.1');`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'toxiproxy-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A program of this name, in Node. */
async function program(name: string, script: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, `#!${process.execPath}\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

const path = process.env['PATH'];
afterEach(() => {
  process.env['PATH'] = path;
});

describe('Toxiproxy is found', () => {
  it('on the PATH, under either name, and by nothing that only has its name', async () => {
    const marker = join(folder, 'ran');
    const other = await program('server', `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '')`);
    process.env['PATH'] = folder;
    expect(await findToxiproxy()).toBeUndefined();
    expect(await isToxiproxy(other)).toBe(false);
    expect(existsSync(marker), 'a program of another kind is not started').toBe(false);
    const file = await program('toxiproxy-server', LIKE_TOXIPROXY);
    expect(await findToxiproxy()).toBe(file);
    await program('server', LIKE_TOXIPROXY);
    await rm(file);
    expect(await findToxiproxy()).toBe(other);
  });

  it('where go install puts it', async () => {
    const file = await program('server', LIKE_TOXIPROXY);
    const bin = await mkdtemp(join(folder, 'bin-'));
    await writeFile(join(bin, 'go'), `#!/bin/sh\necho '${folder}'\necho /no/such/folder\n`);
    await chmod(join(bin, 'go'), 0o755);
    process.env['PATH'] = bin;
    expect(await findToxiproxy()).toBe(file);
  });

  it('in no file that is missing or cannot be run', async () => {
    expect(await isToxiproxy(join(folder, 'nothing'))).toBe(false);
    const file = await program('not-executable', LIKE_TOXIPROXY);
    await chmod(file, 0o644);
    expect(await isToxiproxy(file)).toBe(false);
  });
});

describe('Toxiproxy is started', () => {
  it('and asked for proxies and toxics in its own terms', async () => {
    await using toxiproxy = await Toxiproxy.start(await program('one', LIKE_TOXIPROXY));
    const proxy = await toxiproxy.proxy('127.0.0.1:8080');
    expect(proxy.address).toBe('127.0.0.1:4711');
    const toxic = (latency: number) => ({ type: 'latency', stream: 'upstream', attributes: { latency } }) as const;
    await proxy.add(toxic(200));
    await proxy.add(toxic(300));
    await proxy.cut();
    await proxy.heal();
    await proxy.lead('127.0.0.1:8081');
    await proxy.remove();
    expect(await toxiproxy.request('GET', '/asked')).toEqual([
      ['POST', '/proxies', { name: 'p1', listen: '127.0.0.1:0', upstream: '127.0.0.1:8080' }],
      [
        'POST',
        '/proxies/p1/toxics',
        { name: 'latency_upstream', type: 'latency', stream: 'upstream', toxicity: 1, attributes: { latency: 200 } },
      ],
      ['PATCH', '/proxies/p1/toxics/latency_upstream', { attributes: { latency: 300 } }],
      ['PATCH', '/proxies/p1', { enabled: false }],
      ['DELETE', '/proxies/p1/toxics/latency_upstream', null],
      ['PATCH', '/proxies/p1', { enabled: true }],
      ['PATCH', '/proxies/p1', { upstream: '127.0.0.1:8081' }],
      ['DELETE', '/proxies/p1', null],
    ]);
  });

  it('and says what it refused', async () => {
    await using toxiproxy = await Toxiproxy.start(await program('two', LIKE_TOXIPROXY));
    const proxy = await toxiproxy.proxy('127.0.0.1:8080');
    const wrong = { type: 'latency', stream: 'upstream', attributes: { rate: 1 } } as const;
    await expect(proxy.add(wrong)).rejects.toThrow(
      'Toxiproxy answered POST /proxies/p1/toxics with HTTP 400: {"error":"invalid toxic type","status":400}',
    );
  });

  it('and ends with the kit, and says so if it ended before', async () => {
    const toxiproxy = await Toxiproxy.start(await program('three', LIKE_TOXIPROXY));
    await toxiproxy.stop();
    await toxiproxy.stop();
    await expect(toxiproxy.proxy('127.0.0.1:8080')).rejects.toThrow(
      'no answer of Toxiproxy to POST /proxies: connect ECONNREFUSED',
    );
  });

  it.each([
    ['ends at once', 'process.exit(7)', 'ended by itself with exit code 7'],
    [
      'answers something else',
      LIKE_TOXIPROXY.replace('{"version": "git"}', '{"hello": "world"}'),
      'is not Toxiproxy: GET /version answers without a version',
    ],
    [
      'answers no JSON',
      LIKE_TOXIPROXY.replace('{"version": "git"}', '<html>'),
      'is not Toxiproxy: Toxiproxy answered GET /version with what is not JSON',
    ],
  ])('but not what %s', async (name, script, message) => {
    const file = await program(name.replaceAll(' ', '-'), script);
    await expect(Toxiproxy.start(file)).rejects.toThrow(`${file} ${message}`);
  });

  it('but not what is not there', async () => {
    await expect(Toxiproxy.start(join(folder, 'nothing'))).rejects.toThrow('could not be started: spawn');
  });
});
