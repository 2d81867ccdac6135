import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../selection.ts';
import { removeReport, reportFile } from './report-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-file-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a file for a report', () => {
  it('is not there before the report, nor is anything else', async () => {
    const write = await reportFile('--json', join(folder, 'a.json'));
    expect(await readdir(folder)).toEqual([]);
    await write('all of it');
    expect(await readdir(folder)).toEqual(['a.json']);
    expect(await readFile(join(folder, 'a.json'), 'utf8')).toBe('all of it');
  });

  it('replaces an older one, through a link too', async () => {
    await writeFile(join(folder, 'a.json'), 'the older one, which is longer');
    const { ino } = await stat(join(folder, 'a.json'));
    await symlink('a.json', join(folder, 'link'));
    await (await reportFile('--json', join(folder, 'link')))('new');
    expect(await readFile(join(folder, 'a.json'), 'utf8')).toBe('new');
    expect((await readdir(folder)).sort()).toEqual(['a.json', 'link']);
    expect(await readFile(join(folder, 'link'), 'utf8')).toBe('new');
    // Another file under the same name: nobody ever sees a half of it.
    expect((await stat(join(folder, 'a.json'))).ino).not.toBe(ino);
  });

  it('leaves nothing else if it cannot be put in place', async () => {
    const write = await reportFile('--json', join(folder, 'a.json'));
    await mkdir(join(folder, 'a.json'));
    await expect(write('new')).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  it('may be a device', async () => {
    await (await reportFile('--json', '/dev/null'))('gone');
    expect(await readFile('/dev/null', 'utf8')).toBe('');
  });

  it.each([
    ['a/b.json', /^--junit .*a\/b\.json: there is no folder .*\/a$/],
    ['is-a-folder', /that is a folder, name a file in it/],
    ['is-a-file/b.json', /no file can be made in .*is-a-file \(ENOTDIR\)/],
  ])('%s cannot be written, which is said before', async (name, message) => {
    await mkdir(join(folder, 'is-a-folder'));
    await writeFile(join(folder, 'is-a-file'), '');
    const opened = reportFile('--junit', join(folder, name));
    await expect(opened).rejects.toThrow(UsageError);
    await expect(opened).rejects.toThrow(message);
  });
});

describe('a report of an earlier run', () => {
  it('is removed, of a link what it points to', async () => {
    await writeFile(join(folder, 'old'), 'old');
    await symlink('old', join(folder, 'link'));
    await removeReport(join(folder, 'link'));
    expect(await readdir(folder)).toEqual(['link']);
  });

  it('stays if it is no file, or a link to nothing', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    await symlink('nothing', join(folder, 'link'));
    await mkdir(join(folder, 'is-a-folder'));
    for (const name of ['pipe', 'link', 'is-a-folder', 'none']) await removeReport(join(folder, name));
    expect((await readdir(folder)).sort()).toEqual(['is-a-folder', 'link', 'pipe']);
  });
});
