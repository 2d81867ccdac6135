import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Launch } from '../../src/target/child.ts';
import { type Configuration, installed } from '../../src/target/own.ts';
import type { Patch, Saboteur } from './saboteur.ts';

const relayProcess = fileURLToPath(new URL('relay-process.ts', import.meta.url));

/** A saboteur's relay, started like anybody's: as a child process, with a configuration for certification. */
export function sabotagedRelay({ name, patches = [] }: Saboteur, configuration: Configuration): Launch {
  return {
    command: `${name}, with ${configuration}`,
    option: '',
    usesPort: true,
    usesHttpPort: false,
    async prepare({ port, dir }) {
      const { folder } = await installed();
      return {
        file: process.execPath,
        args: [
          ...['--conditions=source', '--no-warnings', '--import', hookFor(patches), relayProcess, name],
          ...['--listen', `127.0.0.1:${port}`, '--db', join(dir, 'relay.db')],
          ...['--config', join(folder, configuration)],
        ],
      };
    },
  };
}

/** What `node --import` takes to load the sources with these changes. */
export function hookFor(patches: readonly Patch[]): string {
  const hook = new URL('patch-hook.ts', import.meta.url);
  hook.searchParams.set('patches', JSON.stringify(patches));
  return hook.href;
}
