import { readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import type { Launch } from './child.ts';
import { TargetError } from './target.ts';

const PACKAGE = '@0k-sync/relay';

/** The configurations for tests that the relay's package brings: with rates off, with rates on, and with the default timers. */
const CONFIGURATIONS = ['certify.toml', 'certify-limits.toml', 'chaos.toml'] as const;
export type Configuration = (typeof CONFIGURATIONS)[number];

/**
 * The reference relay, started like anybody's: the bin of its package, as a child process, with a configuration for
 * certification: the limits of a relay for people would stop the kit after ten connections.
 */
export function ownRelay(configuration: Configuration): Launch {
  return {
    command: describe(configuration),
    option: '',
    usesPort: true,
    usesHttpPort: false,
    async prepare({ port, dir }) {
      const { bin, folder } = await installed();
      const where = ['--listen', `127.0.0.1:${port}`, '--db', join(dir, 'relay.db')];
      return { file: process.execPath, args: [bin, '--config', join(folder, configuration), ...where] };
    },
  };
}

/** Whether a report says of its target that it was the reference relay, or one after the other, and nothing else. */
export function isOwnRelay(startedBy: string): boolean {
  const descriptions = CONFIGURATIONS.map(describe);
  return startedBy.split('; ').every((each) => descriptions.includes(each));
}

function describe(configuration: Configuration): string {
  return `the bin of ${PACKAGE}, with its ${configuration}`;
}

/** The text of a configuration. @throws TargetError if it is not there */
export async function readConfiguration(configuration: Configuration): Promise<string> {
  const { folder } = await installed();
  try {
    return await readFile(join(folder, configuration), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new TargetError(`${PACKAGE} has no ${configuration} that can be read (${code}): install it again`);
  }
}

/** The numbers of a configuration by their names: no two limits share one, whatever their sections. @throws TargetError */
export async function readLimits(configuration: Configuration): Promise<Map<string, bigint>> {
  const lines = (await readConfiguration(configuration)).matchAll(/^(\w+) *= *(\d+)/gm);
  return new Map(Array.from(lines, ([, name, value]) => [name!, BigInt(value!)]));
}

/** The folder of a package, and the file that it names as its only command. @throws TargetError if it is not installed */
export async function installed(name = PACKAGE): Promise<{ bin: string; folder: string }> {
  let manifest: string | undefined;
  try {
    manifest = findPackageJSON(name, import.meta.url);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
  }
  if (manifest === undefined) {
    throw new TargetError(`${name} is not installed: install it, or name a relay with --relay or --start`);
  }
  const { bin } = JSON.parse(await readFile(manifest, 'utf8')) as { bin: Record<string, string> };
  const folder = dirname(manifest);
  return { bin: join(folder, Object.values(bin)[0]!), folder };
}
