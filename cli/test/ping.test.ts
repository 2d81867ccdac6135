import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createAuthority } from '../../relay/test/certificates.ts';
import { startRelay, temporaryFolder } from '../../relay/test/relay-harness.ts';

const bin = fileURLToPath(new URL('../bin/0k-sync.js', import.meta.url));

async function ping(...args: string[]) {
  const child = spawn(process.execPath, ['--conditions=source', bin, 'ping', ...args]);
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { out, err, code };
}

test('ping shows who and how a relay is', async () => {
  const relay = await startRelay({ limits: { max_pull_limit: 7 } });
  const { out, err, code } = await ping(relay.url);
  expect({ err, code }).toEqual({ err: '', code: 0 });
  expect(out).toContain(`identity   ${relay.url.split('#')[1]}\n`);
  expect(out).toContain('limit      max_pull_limit 7\n');
});

test('ping --ca trusts the authority of a file; without it the error says what to do', async () => {
  const authority = createAuthority();
  const relay = await startRelay({ config: { server: authority.sign() } });
  expect(await ping(relay.url, '--ca', authority.path)).toMatchObject({ err: '', code: 0 });
  const { err, code } = await ping(relay.url);
  expect(code).toBe(1);
  expect(err).toContain('no authority that is trusted here has signed its certificate');
});

test('a file or address that cannot be used is wrong usage', async () => {
  const notPem = join(temporaryFolder(), 'ca.pem');
  writeFileSync(notPem, 'a certificate');
  for (const [args, message] of [
    [['ws://127.0.0.1:1/', '--ca', '/nonexistent'], '0k-sync: --ca: /nonexistent cannot be read (ENOENT)\n'],
    [['ws://127.0.0.1:1/', '--ca', notPem], `0k-sync: --ca: ${notPem} holds no certificate in PEM`],
    [['nowhere'], '0k-sync: '],
  ] as const) {
    const { err, code } = await ping(...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  }
});
