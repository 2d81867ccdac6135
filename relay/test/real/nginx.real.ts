import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect as connectTcp, createServer } from 'node:net';
import { join } from 'node:path';
import { encodeBase64url } from '@0k-sync/reference';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { createAuthority } from '../certificates.ts';
import { bytes, joinGroup, newBlobId, newGroup, startRelay, temporaryFolder } from '../relay-harness.ts';

type Relay = Awaited<ReturnType<typeof startRelay>>;

interface Behind {
  /** Its relay, and how long the proxy waits for bytes from it. */
  relay: Relay;
  readTimeout?: string;
  /** Instead of adding the client's address to what the client says. */
  header?: string;
}

/** nginx as its documentation proposes it for WebSockets, with a path for each relay. It ends with the test. */
async function startNginx(paths: Record<string, Behind>, tls?: { tls_cert: string; tls_key: string }) {
  const folder = temporaryFolder();
  const port = await freePort();
  const locations = Object.entries(paths).map(
    ([path, { relay, readTimeout = '60s', header = 'X-Forwarded-For $proxy_add_x_forwarded_for' }]) => `
      location ${path} {
        proxy_pass http://${new URL(relay.url).host}/;
        proxy_http_version 1.1;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_upgrade;
        proxy_set_header ${header};
        proxy_read_timeout ${readTimeout};
      }`,
  );
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder};`);
  const certificate = tls ? `ssl_certificate ${tls.tls_cert}; ssl_certificate_key ${tls.tls_key};` : '';
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; pid ${folder}/pid; error_log stderr warn; events {}
     http {
       access_log off; ${temporary.join(' ')}
       map $http_upgrade $connection_upgrade { default upgrade; '' close; }
       server { listen 127.0.0.1:${port}${tls ? ' ssl' : ''}; ${certificate} ${locations.join('')} }
     }`,
  );
  const nginx = spawn('nginx', ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')], {
    env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  nginx.stderr.on('data', (text) => (complaints += text));
  const ended = once(nginx, 'close').then(([code]) =>
    Promise.reject(new Error(`nginx ended (${code}): ${complaints}`)),
  );
  ended.catch(() => {});
  onTestFinished(async () => {
    nginx.kill('SIGTERM');
    await ended.catch(() => {});
  });
  await Promise.race([listening(port), ended]);
  return {
    url: (path: string) => {
      const { relay } = paths[path]!;
      return `${tls ? 'wss' : 'ws'}://127.0.0.1:${port}${path}#${encodeBase64url(relay.parts.identity.deviceId)}`;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Resolves when something listens there. */
async function listening(port: number): Promise<void> {
  for (;;) {
    const socket = connectTcp(port, '127.0.0.1');
    const outcome = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'close').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (outcome) return;
  }
}

/** What an upgrade from an address of this machine gets: 101, or an HTTP status. */
async function statusFrom(url: string, localAddress: string, headers: Record<string, string> = {}): Promise<number> {
  const socket = new WebSocket(url.split('#')[0]!, ['0k-sync.1'], { localAddress, headers });
  socket.on('error', () => {});
  onTestFinished(() => socket.terminate());
  return Promise.race([
    once(socket, 'open').then(() => 101),
    once(socket, 'unexpected-response').then(([, response]) => response.statusCode as number),
  ]);
}

describe('behind nginx', () => {
  test('sessions go through, under a path of their own, whatever Host says', async () => {
    const relay = await startRelay();
    const nginx = await startNginx({ '/sync/': { relay } });
    const address = { url: nginx.url('/sync/') };
    const group = newGroup();
    const [alice, bob] = [await joinGroup(address, group), await joinGroup(address, group)];
    const payload = bytes(1_048_576);
    await alice.session.push({ blob_id: newBlobId(), payload });
    expect(await bob.notified()).toMatchObject({ latest_cursor: 1n });
    const page = await bob.session.pull({ after_cursor: 0n });
    expect(Buffer.compare(page.blobs[0]!.payload, payload)).toBe(0);
    const http = address.url.split('#')[0]!.replace('ws:', 'http:');
    expect(await (await fetch(`${http}health`)).json()).toEqual({ status: 'ok' });
    expect((await fetch(`${http}metrics`)).status).toBe(426);
    expect(await statusFrom(address.url, '127.0.0.1', { host: 'relay.example' })).toBe(101);

    const closing = relay.close();
    expect((await alice.session.closed).closeCode).toBe(1001);
    await closing;
  });

  test('wss:// may end at the proxy', async () => {
    const authority = createAuthority();
    const relay = await startRelay();
    const nginx = await startNginx({ '/': { relay } }, authority.sign());
    const { session } = await joinGroup({ url: nginx.url('/') }, newGroup(), { ca: authority.pem });
    expect((await session.push({ blob_id: newBlobId(), payload: bytes(100_000) })).cursor).toBe(1n);
  });

  test.each([
    ['x-forwarded-for', 'X-Forwarded-For $proxy_add_x_forwarded_for'],
    ['x-real-ip', 'X-Real-IP $remote_addr'],
    ['forwarded', 'Forwarded "for=$remote_addr;proto=$scheme"'],
  ] as const)('LIM-21: clients are told apart by %s, which none of them can forge', async (proxy_header, header) => {
    const relay = await startRelay({
      limits: { connections_per_minute: 2 },
      config: { server: { trusted_proxies: ['127.0.0.1'], proxy_header } },
    });
    const url = (await startNginx({ '/': { relay, header } })).url('/');
    for (const client of ['127.0.0.2', '127.0.0.3']) {
      expect(await statusFrom(url, client)).toBe(101);
      expect(await statusFrom(url, client)).toBe(101);
      expect(await statusFrom(url, client)).toBe(429);
    }
    const forged = { 'x-forwarded-for': '203.0.113.9', 'x-real-ip': '203.0.113.9', forwarded: 'for=203.0.113.9' };
    expect(await statusFrom(url, '127.0.0.2', forged)).toBe(429);
    // Who comes past the proxy is counted by its own address, whatever it says.
    expect(await statusFrom(relay.url, '127.0.0.2', forged)).toBe(429);
    expect(await statusFrom(relay.url, '127.0.0.4', forged)).toBe(101);
  });

  test('where no proxy is trusted all clients count as one', async () => {
    const relay = await startRelay({ limits: { connections_per_minute: 1 } });
    const url = (await startNginx({ '/': { relay } })).url('/');
    expect([await statusFrom(url, '127.0.0.2'), await statusFrom(url, '127.0.0.3')]).toEqual([101, 429]);
  });

  test('pings keep a silent connection from being cut for idleness; without them the client sees that it was', async () => {
    const [often, seldom] = [
      await startRelay({ limits: { ping_interval_secs: 1 } }),
      await startRelay({ limits: { ping_interval_secs: 30 } }),
    ];
    const nginx = await startNginx({
      '/often/': { relay: often, readTimeout: '2s' },
      '/seldom/': { relay: seldom, readTimeout: '2s' },
    });
    const kept = await joinGroup({ url: nginx.url('/often/') }, newGroup());
    for (let cut = 0; cut < 2; cut++) {
      const { session } = await joinGroup({ url: nginx.url('/seldom/') }, newGroup());
      expect((await session.closed).closeCode).toBe(1006);
    }
    expect((await kept.session.push({ blob_id: newBlobId(), payload: bytes(5) })).cursor).toBe(1n);
    // The relay sees it as well: no connection is left behind.
    await seldom.close();
    expect(seldom.parts.metrics.read('connections_active')).toBe(0);
  });
});
