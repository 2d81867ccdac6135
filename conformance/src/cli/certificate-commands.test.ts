import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
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

  it('leaves no private key alone where the public one cannot be written', async () => {
    await symlink('nowhere/public.json', path('dangling.public.json'));
    const { code, err } = await kit('keygen', path('dangling.json'));
    expect(code).toBe(2);
    expect(err).toContain('dangling.public.json is there already');
    expect((await readdir(folder)).filter((each) => each.startsWith('dangling'))).toEqual(['dangling.public.json']);
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

  it('shows a terminal nothing of a file that it would act upon', async () => {
    const { payloadType, ...rest } = JSON.parse(await readFile(path('good.json'), 'utf8'));
    await writeFile(path('odd.json'), JSON.stringify({ payloadType, ['\u009b2J']: 1, ...rest }));
    const { code, err } = await kit('verify', path('odd.json'));
    expect(code).toBe(1);
    expect(err).toMatch(/odd\.json: NOT VALID/);
    expect(err).not.toContain('\u009b');
    const named = await kit('verify', '/no/\u009b2J.json');
    expect(named.err).toContain('/no/\\u{9b}2J.json: it cannot be read');
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

  it('ends like verify where the key is not known', async () => {
    const { code, err } = await kit('badge', path('good.json'), '-o', path('unknown.svg'));
    expect(code).toBe(3);
    expect(err).toMatch(/unknown\.svg: whose key .*good\.json names is not known: --public-key is to say it\n$/);
    expect(await readFile(path('unknown.svg'), 'utf8')).toContain('conformant: core, membership</text>');
  });

  it('is not drawn over what it is drawn from', async () => {
    const before = await readFile(path('good.json'), 'utf8');
    const { code, err } = await kit('badge', path('good.json'), '-o', path('good.json'));
    expect(code).toBe(2);
    expect(err).toContain('that is the same file as the certificate, which would be overwritten');
    expect(await readFile(path('good.json'), 'utf8')).toBe(before);
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

  it('writes over no key, artifact or other output', async () => {
    const key = path('signer.json');
    const over = async (...args: string[]) => {
      const { code, out, err } = await kit('--profile', 'push', '--key', key, ...args);
      expect([code, out]).toEqual([2, '']);
      return err;
    };
    const before = await readFile(key, 'utf8');
    expect(await over('--certificate', key)).toMatch(/--certificate .*signer\.json: that is the same file as --key, /);
    expect(await over('--certificate', path('x'), '--badge', path('x'))).toMatch(/--badge .*: .* as --certificate, /);
    expect(await over('--certificate', path('x'), '--json', path('x'))).toMatch(/--certificate .*: .* as --json, /);
    await writeFile(path('art'), 'a program');
    expect(await over('--certificate', path('art'), '--artifact', path('art'))).toMatch(/ as --artifact, /);
    expect(await readFile(key, 'utf8')).toBe(before);
    expect(await readFile(path('art'), 'utf8')).toBe('a program');
  });

  // Linux has a device that is always full.
  it.runIf(existsSync('/dev/full'))(
    'says of a certificate that cannot be written what it says of a report',
    async () => {
      const run = ['--profile', 'push', '--seed', '7', '--key', path('signer.json')];
      await writeFile(path('full.svg'), 'of an earlier run');
      const full = await kit(...run, '--certificate', '/dev/full', '--badge', path('full.svg'));
      expect(full.err).toMatch(/^0k-conformance: --certificate \/dev\/full was not written: ENOSPC[^\n]*\n$/);
      expect(full.code).toBe(3);
      expect(await readdir(folder)).not.toContain('full.svg');

      await writeFile(path('full.json'), 'of an earlier run');
      const unreported = await kit(...run, '--json', '/dev/full', '--certificate', path('full.json'));
      expect(unreported.err).toMatch(
        /--json \/dev\/full was not written: ENOSPC.*\n.*no certificate: the report that it would be of was not written\n$/,
      );
      expect(unreported.code).toBe(3);
      expect(await readdir(folder)).not.toContain('full.json');
    },
  );

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
