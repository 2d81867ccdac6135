import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kit } from '../../test/kit.ts';
import { certificate, signer, stranger } from '../../test/sample-certificate.ts';
import { scripted } from '../../test/scripted.ts';
import { publicKeys } from '../certificate/keys.ts';

let folder: string;
const path = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certificate-commands-'));
  await writeFile(path('signer.json'), JSON.stringify(signer), { mode: 0o600 });
  await writeFile(path('signer.public.json'), JSON.stringify(publicKeys(signer)));
  await writeFile(path('stranger.public.json'), JSON.stringify(publicKeys(stranger)));
  await writeFile(path('good.json'), certificate());
});
afterAll(() => rm(folder, { recursive: true }));

describe('keygen', () => {
  it('writes a private file for its owner alone, and a public one', async () => {
    const { code, out } = await kit('keygen', path('new.json'));
    expect(code).toBe(0);
    expect(out).toMatch(
      /new\.json: the private key, .*\n.*new\.public\.json: the public key, .*\n {2}Ed25519 {4}[\w-]{43}\n {2}ML-DSA-65 {2}[\w-]{43}\n$/,
    );
    expect((await stat(path('new.json'))).mode & 0o777).toBe(0o600);
    const { keys } = JSON.parse(await readFile(path('new.json'), 'utf8'));
    expect(await readFile(path('new.public.json'), 'utf8')).not.toContain(keys[0].d);
    expect(out).not.toContain(keys[0].d);
  });

  it.each(['taken.json', 'taken.public.json'])('overwrites nothing: %s', async (name) => {
    await writeFile(path(name), 'mine');
    const { code, err } = await kit('keygen', path('taken.json'));
    expect(code).toBe(2);
    expect(err).toMatch(/is there already, and keys are never overwritten/);
    expect(await readFile(path(name), 'utf8')).toBe('mine');
    expect((await readdir(folder)).filter((each) => each.startsWith('taken'))).toEqual([name]);
    await rm(path(name));
  });
});

describe('verify', () => {
  it('with the key of the signer says what is certified, and what is not proven', async () => {
    const { code, out } = await kit('verify', path('good.json'), '--public-key', path('signer.public.json'));
    expect(code).toBe(0);
    expect(out).toMatch(/^.*good\.json: verified, both signatures are by the key of .*signer\.public\.json\n/);
    expect(out).toContain('saboteurs  the kit found 83 of 83 broken relays');
    expect(out).toContain('not run    needs a miracle: CUR-03');
    expect(out).toMatch(/It does not prove:\n {2}- Who holds the keys/);
  });

  it('without a key vouches for nobody', async () => {
    const { code, out } = await kit('verify', path('good.json'));
    expect(code).toBe(3);
    expect(out).toContain('not changed since it was signed, and nothing more: whose key it names is not known');
  });

  it('with the key of somebody else fails', async () => {
    const { code, out, err } = await kit('verify', path('good.json'), '--public-key', path('stranger.public.json'));
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toMatch(/NOT VALID \(key\): the Ed25519 signature is said to be by another key/);
  });

  it('finds one letter that was changed', async () => {
    await writeFile(path('changed.json'), (await readFile(path('good.json'), 'utf8')).replace('"sig"', '"sig" '));
    const { code, err } = await kit('verify', path('changed.json'), '--public-key', path('signer.public.json'));
    expect(code).toBe(1);
    expect(err).toMatch(/changed\.json: NOT VALID \(form\)/);
  });

  it.each<[string[], string]>([
    [['/no/such.json'], '/no/such.json: it cannot be read (ENOENT)'],
    [['good.json', '--public-key', 'good.json'], 'it is not what `keygen` writes'],
    [[], "missing required argument 'certificate'"],
  ])('%j is wrong usage', async (args, message) => {
    const { code, err } = await kit(
      'verify',
      ...args.map((each) => (each.endsWith('.json') && !each.startsWith('/') ? path(each) : each)),
    );
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

describe('badge', () => {
  it('is drawn of a certificate that verifies, and of no other', async () => {
    const drawn = await kit(
      'badge',
      path('good.json'),
      '-o',
      path('badge.svg'),
      '--public-key',
      path('signer.public.json'),
    );
    expect(drawn.code).toBe(0);
    expect(await readFile(path('badge.svg'), 'utf8')).toContain('conformant: core, membership</text>');
    const refused = await kit(
      'badge',
      path('good.json'),
      '-o',
      path('no.svg'),
      '--public-key',
      path('stranger.public.json'),
    );
    expect(refused.code).toBe(1);
    expect(await readdir(folder)).not.toContain('no.svg');
  });
});

describe('a run', () => {
  const asked = () => ['--certificate', path('out.json'), '--key', path('signer.json'), '--badge', path('out.svg')];

  it('of a whole profile is certified, together with its report', async () => {
    await writeFile(path('my-relay'), 'a program');
    const { code, out } = await kit(
      ...['--profile', 'push', '--seed', '7', '--json', path('report.json'), ...asked()],
      ...['--artifact', path('my-relay'), '--report-url', 'https://relay.example/report.html'],
    );
    expect(out).toMatch(/certificate in .*out\.json: what it says, `0k-conformance verify .*` tells\n$/);
    expect(code).toBe(0);
    const verified = await kit('verify', path('out.json'), '--public-key', path('signer.public.json'));
    expect(verified.code).toBe(0);
    const digest = createHash('sha256')
      .update(await readFile(path('report.json')))
      .digest('hex');
    for (const text of [
      `report     SHA-256 ${digest}`,
      'profiles   push',
      'seed       7',
      'file       my-relay, SHA-256',
    ]) {
      expect(verified.out).toContain(text);
    }
    expect(await readFile(path('out.svg'), 'utf8')).toContain('conformant: push</text>');
  });

  it('with a failure is not, and no certificate of an earlier one is left', async () => {
    for (const name of ['out.json', 'out.svg']) await writeFile(path(name), 'of an earlier run');
    const { code, err } = await kit('--relay', await scripted(), '--profile', 'push', '--timeout', '1', ...asked());
    expect(code).toBe(1);
    expect(err).toMatch(/no certificate: it is not conformant, \d failed\n$/);
    const left = await readdir(folder);
    expect(left).not.toContain('out.json');
    expect(left).not.toContain('out.svg');
  });

  it.each<[string[], string]>([
    [['--only', 'SES-01'], 'leave out --only'],
    [['--quick'], 'leave out --quick'],
    [['--runs', '500'], 'leave out --runs'],
    [['--chaos', 'cut'], 'leave out --chaos'],
    [['--artifact', '/no/such'], '--artifact /no/such: it cannot be read (ENOENT)'],
  ])('with %j is refused before it begins', async (args, message) => {
    const { code, out, err } = await kit(...args, ...asked());
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(out).toBe('');
  });

  it('wants a key that is secret', async () => {
    await writeFile(path('open.json'), JSON.stringify(signer));
    await chmod(path('open.json'), 0o644);
    const open = await kit('--certificate', path('out.json'), '--key', path('open.json'));
    expect([open.code, open.err]).toEqual([2, expect.stringContaining('is open to other users: chmod 600 it')]);
    const none = await kit('--certificate', path('out.json'));
    expect([none.code, none.err]).toEqual([2, expect.stringContaining('--certificate needs a key to sign with')]);
    const alone = await kit('--badge', path('out.svg'));
    expect([alone.code, alone.err]).toEqual([2, expect.stringContaining('--badge is for a certificate')]);
  });
});
