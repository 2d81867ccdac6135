import { readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import type { Launch } from './child.ts';
import { TargetError } from './target.ts';

const PACKAGE = '@0k-sync/relay';

/**
 * The reference relay, started like anybody's: the bin of its package, as a child process, with the configuration for
 * certification that the package brings: the limits of a relay for people would stop the kit after ten connections.
 */
export function ownRelay(): Launch {
  return {
    command: `the bin of ${PACKAGE}, with its certify.toml`,
    option: '',
    usesPort: true,
    // Once it has the HTTP listener of the protocol, this becomes true and the configuration names the port.
    usesHttpPort: false,
    async prepare({ port, dir }) {
      const { bin, folder } = await installed(PACKAGE);
      const where = ['--listen', `127.0.0.1:${port}`, '--db', join(dir, 'relay.db')];
      return { file: process.execPath, args: [bin, '--config', join(folder, 'certify.toml'), ...where] };
    },
  };
}

/** The folder of a package, and the file that it names as its only command. @throws TargetError if it is not installed */
async function installed(name: string): Promise<{ bin: string; folder: string }> {
  const manifest = findPackageJSON(name, import.meta.url);
  if (manifest === undefined) throw new TargetError(`${name} is not installed: name a relay with --relay or --start`);
  const { bin } = JSON.parse(await readFile(manifest, 'utf8')) as { bin: Record<string, string> };
  const folder = dirname(manifest);
  return { bin: join(folder, Object.values(bin)[0]!), folder };
}
