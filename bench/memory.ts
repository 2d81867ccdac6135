import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Child, newFolder, startNode } from './children.ts';
import { atMost, type Figure } from './figure.ts';
import { type Ask, openClient, randomBytes } from './load.ts';
import type { Pace } from './pace.ts';
import { startRelay } from './relay.ts';
import { inTurns } from './turns.ts';

const fileOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export const IMPORT_ONLY = ['--conditions=source', fileOf('import-only.ts')];
const WEIGHED = ['--import', fileOf('collect-garbage.ts')];

/** The relay without a client, beside a process that only imports its packages; and what each idle connection adds. */
export async function measureMemory({ rounds, networkMs }: Pace): Promise<Figure[]> {
  // Each round is a new process, so that no memory that an earlier one left is used again.
  const values = await inTurns(rounds, {
    idle: async () => {
      await using relay = await startRelay(WEIGHED);
      return await weightOf(relay);
    },
    imports: async () => {
      await using script = await startNode([...WEIGHED, ...IMPORT_ONLY], { cwd: newFolder() });
      return await weightOf(script);
    },
    perConnection: () => weightOfConnections(networkMs / 2),
  });
  return [
    {
      subject: 'memory',
      name: 'idle process',
      unit: 'MiB',
      values: values.idle.map((bytes) => bytes / 2 ** 20),
      limit: { name: 'imports and worker alone', values: values.imports.map((bytes) => bytes / 2 ** 20) },
      asked: atMost(1.15),
    },
    {
      subject: 'memory',
      name: 'idle connection',
      unit: 'KiB',
      values: values.perConnection.map((bytes) => bytes / 1024),
      asked: atMost(40),
    },
  ];
}

async function weightOfConnections(count: number): Promise<number> {
  await using relay = await startRelay(WEIGHED);
  const connections: Ask[] = [];
  const connect = async (more: number) => {
    for (let index = 0; index < more; index++) connections.push(await openClient(relay.url, randomBytes(32)));
  };
  await connect(count / 2); // what grows with the first ones, as code and the young generation, is not each one's
  const before = await weightOf(relay);
  await connect(count);
  return ((await weightOf(relay)) - before) / count;
}

/** Bytes of a process in memory after its garbage is collected. */
async function weightOf(child: Child): Promise<number> {
  await child.ask('SIGUSR2');
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))!;
  return Number(kilobytes) * 1024;
}
