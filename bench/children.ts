import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A process that this one has started. */
export interface Child extends AsyncDisposable {
  readonly pid: number;
  /** The line that said that it is ready. */
  readonly line: string;
  /** Sends a signal and waits for the line that it prints then. */
  ask(signal: NodeJS.Signals): Promise<string>;
}

const running = new Set<ChildProcess>();
const folders = new Set<string>();

/**
 * Starts a program of Node and waits until it says that it is ready.
 *
 * @param args a file, and what it is told; options of Node first
 * @param options `cwd`: its working directory; `ready`: how the line begins that says so, any line without it
 * @throws Error when it ends, or is silent for 20 s, before that
 */
export async function startNode(
  args: readonly string[],
  { cwd = '.', ready = '' }: { cwd?: string; ready?: string } = {},
): Promise<Child> {
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  const gone = once(child, 'exit').finally(() => running.delete(child));
  let complaints = '';
  child.stderr!.on('data', (text) => {
    complaints = (complaints + text).slice(-2000);
  });
  const lines = createInterface(child.stdout!)[Symbol.asyncIterator]();

  async function nextLine(): Promise<string> {
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    const { value, done } = await lines.next();
    clearTimeout(timer);
    if (!done) return value;
    const [code, signal] = await gone;
    throw new Error(`node ${args.join(' ')} ended (${signal ?? code}), or printed nothing for 20 s: ${complaints}`);
  }

  let line = await nextLine();
  while (!line.startsWith(ready)) line = await nextLine();
  return {
    pid: child.pid!,
    line,
    ask(signal) {
      child.kill(signal);
      return nextLine();
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** A folder that goes away with this process. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), '0k-sync-bench-'));
  folders.add(folder);
  return folder;
}

/** Ends what is still running, at once, and removes the folders. */
export function endAll(): void {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
