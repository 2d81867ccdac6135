import { once } from 'node:events';
import { copyFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { json } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { connect } from '@0k-sync/reference/node';
import { describe, expect, test } from 'vitest';
import { createAuthority } from './certificates.ts';
import { ManualClock } from './manual-clock.ts';
import { bytes, joinGroup, newBlobId, newGroup, newIdentity, rejection, startRelay } from './relay-harness.ts';

describe('wss://', () => {
  test('serves those who trust its authority, by each name of its certificate', async () => {
    const authority = createAuthority();
    const relay = await startRelay({ config: { server: authority.sign() } });
    expect(relay.url).toMatch(/^wss:\/\/127\.0\.0\.1:\d+\/#/);
    const group = newGroup();
    const alice = await joinGroup(relay, group, { ca: authority.pem });
    const bob = await joinGroup({ url: relay.url.replace('127.0.0.1', 'localhost') }, group, { ca: authority.pem });
    const payload = bytes(1_048_576);
    await alice.session.push({ blob_id: newBlobId(), payload });
    await bob.notified();
    const page = await bob.session.pull({ after_cursor: 0n });
    expect(Buffer.compare(page.blobs[0]!.payload, payload)).toBe(0);
    const [response] = await once(
      get(new URL('health', relay.url.replace('wss:', 'https:')), { ca: authority.pem }),
      'response',
    );
    expect(await json(response)).toEqual({ status: 'ok' });
  });

  test('a certificate that cannot be trusted is an error that says what to do', async () => {
    const authority = createAuthority();
    const relay = await startRelay({ config: { server: { ...authority.sign(), bind: '0.0.0.0:0' } } });
    const { port } = new URL(relay.url);
    const reach = (url: string, ca?: Uint8Array) => connect(url, newIdentity(), { ca });
    await expect(reach(`wss://localhost:${port}/`)).rejects.toThrow(
      `cannot connect to wss://localhost:${port}: no authority that is trusted here has signed its certificate (UNABLE_TO_VERIFY_LEAF_SIGNATURE): give the certificate of its authority (ca)`,
    );
    await expect(reach(`wss://localhost:${port}/`, createAuthority().pem)).rejects.toThrow('(ca)');
    await expect(reach(`wss://127.0.0.2:${port}/`, authority.pem)).rejects.toThrow('for another host');
    const plain = await startRelay();
    await expect(reach(plain.url.replace('ws:', 'wss:'))).rejects.toThrow('is its address ws:// and not wss://?');
    expect(await rejection(reach(`ws://localhost:${port}/`))).toMatchObject({ name: 'ConnectError' });
  });

  test('the clocks of a connection see what comes over TLS', async () => {
    const authority = createAuthority();
    const clock = new ManualClock();
    const relay = await startRelay({ clock, config: { server: authority.sign() } });
    const { session } = await joinGroup(relay, newGroup(), { ca: authority.pem });
    for (let round = 0; round < 2; round++) {
      await clock.pass(1);
      await clock.pass(88);
      await session.pull({ after_cursor: 0n });
    }
    await clock.pass(1);
    await clock.pass(90);
    expect((await session.closed).closeCode).toBe(1001);
  });

  test('who is silent, stops in the middle of TLS or speaks something else is dropped, and others are served', async () => {
    const authority = createAuthority();
    const clock = new ManualClock();
    const relay = await startRelay({ clock, config: { server: authority.sign() } });
    const { port } = new URL(relay.url);
    const sockets = ['', '\x16\x03\x01', 'GET / HTTP/1.1\r\n\r\n'].map((text) => {
      const socket = connectTcp(Number(port), '127.0.0.1', () => socket.write(text, 'latin1'));
      socket.on('error', () => {});
      return { socket, closed: once(socket.resume(), 'close') };
    });
    const inTls = connectTls({ port: Number(port), host: '127.0.0.1', ca: authority.pem });
    const closed = [...sockets.map((each) => each.closed), once(inTls.resume(), 'close')];
    await once(inTls, 'secureConnect');
    await sockets[2]!.closed;
    const { session } = await joinGroup(relay, newGroup(), { ca: authority.pem });
    clock.advance(10);
    await Promise.all(closed);
    expect((await session.push({ blob_id: newBlobId(), payload: bytes(5) })).cursor).toBe(1n);
  });
});

describe('the certificate files', () => {
  test('are read again while sessions go on; those that cannot be used change nothing', async () => {
    const authority = createAuthority();
    const server = authority.sign('first');
    const relay = await startRelay({ config: { server } });
    const group = newGroup();
    const { session } = await joinGroup(relay, group, { ca: authority.pem });
    const serial = async () => {
      const socket = connectTls({
        port: Number(new URL(relay.url).port),
        host: '127.0.0.1',
        ca: authority.pem,
      });
      await once(socket, 'secureConnect');
      const { serialNumber } = socket.getPeerCertificate();
      socket.destroy();
      return serialNumber;
    };
    const before = await serial();
    const second = authority.sign('second');
    copyFileSync(second.tls_cert, server.tls_cert);
    relay.reloadCertificate();
    expect(relay.log.at(-1)).toContain('"event":"certificate_refused"');
    expect(relay.log.at(-1)).toContain('they do not belong together');
    expect(await serial()).toBe(before);
    copyFileSync(second.tls_key, server.tls_key);
    relay.reloadCertificate();
    expect(relay.log.at(-1)).toContain('"event":"certificate_read"');
    expect(await serial()).not.toBe(before);
    await joinGroup(relay, group, { ca: authority.pem });
    expect((await session.push({ blob_id: newBlobId(), payload: bytes(5) })).cursor).toBe(1n);
  });

  test('that cannot be used are named, and the relay does not start', async () => {
    const authority = createAuthority();
    const { tls_cert, tls_key } = authority.sign('first');
    const other = authority.sign('second');
    await expect(startRelay({ config: { server: { tls_cert: '/nonexistent', tls_key } } })).rejects.toThrow(
      'server.tls_cert: /nonexistent cannot be read (ENOENT)',
    );
    await expect(startRelay({ config: { server: { tls_cert, tls_key: other.tls_key } } })).rejects.toThrow(
      `server.tls_cert ${tls_cert} and server.tls_key ${other.tls_key}: they do not belong together`,
    );
    writeFileSync(tls_key, 'no key');
    await expect(startRelay({ config: { server: { tls_cert, tls_key } } })).rejects.toThrow('in PEM');
  });
});
