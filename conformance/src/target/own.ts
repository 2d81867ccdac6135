import { readFile, writeFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import type { Launch } from './child.ts';
import { TargetError } from './target.ts';

const PACKAGE = '@0k-sync/relay';

/**
 * The reference relay, started like anybody's: the bin of its package, as a child process. Its rates are lifted, because
 * the limits of a relay for people would stop the kit after ten connections.
 */
export function ownRelay(): Launch {
  return {
    command: `the bin of ${PACKAGE}, with lifted rate limits`,
    option: '',
    usesPort: true,
    // Once it has the HTTP listener of the protocol, this becomes true and the configuration names the port.
    usesHttpPort: false,
    async prepare({ port, dir }) {
      const config = join(dir, 'relay.toml');
      await writeFile(config, configuration(port, dir));
      return { file: process.execPath, args: [await binOf(PACKAGE), '--config', config] };
    },
  };
}

function configuration(port: number, dir: string): string {
  return `[server]
bind = "127.0.0.1:${port}"

[storage]
database = ${JSON.stringify(join(dir, 'relay.db'))}

[limits]
connections_per_minute = 0
messages_per_minute = 0
global_requests_per_second = 0
new_groups_per_hour = 0
`;
}

/** The file that a package names as its only command. @throws TargetError if the package is not installed */
async function binOf(name: string): Promise<string> {
  const manifest = findPackageJSON(name, import.meta.url);
  if (manifest === undefined) throw new TargetError(`${name} is not installed: name a relay with --relay or --start`);
  const { bin } = JSON.parse(await readFile(manifest, 'utf8')) as { bin: Record<string, string> };
  return join(dirname(manifest), Object.values(bin)[0]!);
}
