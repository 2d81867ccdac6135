import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Grade, GradeOptions } from '../grade.ts';
import { hookFor } from '../launch.ts';
import type { Fault } from './fault.ts';

const kit = fileURLToPath(new URL('kit.ts', import.meta.url));

/** What a default run finds where the kit has the fault as well as its relay. */
export async function certifyTogether(
  { name, patches }: Fault,
  { seed, near = false, signal }: Omit<GradeOptions, 'full'>,
): Promise<Pick<Grade, 'outcome' | 'failures' | 'notes'>> {
  const args = [
    '--conditions=source',
    '--no-warnings',
    '--import',
    hookFor(patches),
    kit,
    name,
    JSON.stringify({ seed, near }),
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], signal });
  const [output, complaints] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const line = output.trim().split('\n').at(-1);
  return line ? JSON.parse(line) : { outcome: 'unknown', failures: [], notes: [complaints.trim().slice(0, 500)] };
}
