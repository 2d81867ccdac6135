import { link, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { UsageError } from '../selection.ts';
import { requireDistinctFiles } from './distinct-files.ts';

let folder: string;
const path = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'distinct-files-'));
  await writeFile(path('key'), 'secret');
  await symlink('key', path('link'));
  await symlink(folder, path('folder'));
  await link(path('key'), path('hard'));
});
afterAll(() => rm(folder, { recursive: true }));

it.each(['key', 'link', 'folder/key', './x/../key'])('%s is the key that is read', async (name) => {
  const compared = requireDistinctFiles({ '--key': path('key') }, { '--certificate': `${folder}/${name}` });
  await expect(compared).rejects.toThrow(UsageError);
  await expect(compared).rejects.toThrow(
    /^--certificate .*: that is the same file as --key, which would be overwritten/,
  );
});

it.each([
  ['new', 'new'],
  ['new', 'folder/new'],
  ['key', 'link'],
])('%s and %s are one output', async (one, other) => {
  await expect(requireDistinctFiles({}, { '--json': path(one), '--badge': path(other) })).rejects.toThrow(
    /^--badge .*: that is the same file as --json, and one would overwrite the other/,
  );
});

it('a relative path is the same file too', async () => {
  const outputs = { '--json': path('new'), '--html': relative(process.cwd(), path('new')) };
  await expect(requireDistinctFiles({}, outputs)).rejects.toThrow('--html');
});

it('leaves what loses nothing: inputs that are one, other names of a file that is replaced, devices', async () => {
  await requireDistinctFiles({ '--key': path('key'), '--artifact': path('key') }, { '--json': path('hard') });
  await requireDistinctFiles({}, { '--json': '/dev/null', '--html': '/dev/null', '--junit': undefined });
});
