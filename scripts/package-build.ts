import { defineConfig, type Options } from 'tsup';

/** The settings that the builds of all published packages share. */
export function packageBuild(options: Options) {
  return defineConfig({
    format: 'esm',
    target: 'node22',
    // What is imported only when needed, or shared by two entries, becomes a file of its own.
    splitting: true,
    // tsup shortens `node:x` to `x`, but node:sqlite has no other name.
    removeNodeProtocol: false,
    clean: true,
    ...options,
  });
}
