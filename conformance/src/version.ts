import { readFileSync } from 'node:fs';

/** The version of the kit. The manifest lies one folder up from src/ as from dist/. */
export const KIT_VERSION: string = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

/** How a command line begins that runs the kit. */
export const COMMAND = '0k-conformance';
