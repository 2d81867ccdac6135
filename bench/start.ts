import { newFolder, startNode } from './children.ts';
import type { Figure } from './figure.ts';
import { IMPORT_ONLY } from './memory.ts';
import type { Pace } from './pace.ts';
import { startRelay } from './relay.ts';
import { inTurns } from './turns.ts';

/** From starting the process to the line with the address, with an empty database; from sources, as they stand. */
export async function measureStart({ rounds }: Pace): Promise<Figure[]> {
  const values = await inTurns(rounds, {
    relay: () => timeOf(startRelay),
    imports: () => timeOf(() => startNode(IMPORT_ONLY, { cwd: newFolder() })),
  });
  return [
    {
      subject: 'start',
      name: 'until the address is printed',
      unit: 'ms',
      values: values.relay,
      limit: { name: 'imports and worker alone', values: values.imports },
    },
  ];
}

async function timeOf(start: () => Promise<AsyncDisposable>): Promise<number> {
  const from = performance.now();
  await using _ = await start();
  return performance.now() - from;
}
