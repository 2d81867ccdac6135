import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const bin = fileURLToPath(new URL('../bin/0k-sync-relay.js', import.meta.url));
const certify = fileURLToPath(new URL('../certify.toml', import.meta.url));

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The command in a process of its own, which is killed with the test. */
export function runCommand(args: string[], options: SpawnOptions = {}): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, ['--conditions=source', bin, ...args], {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout!.on('data', (data) => (stdout += data));
  child.stderr!.on('data', (data) => (stderr += data));
  return { child, ended: once(child, 'close').then(([code]) => ({ code, stdout, stderr })) };
}

/** A relay on a free port, without rates. */
export const runRelay = (args: string[], options: SpawnOptions = {}) =>
  runCommand(['--listen', '127.0.0.1:0', '--config', certify, ...args], options);

/** The same, when it has printed its address. */
export async function startRelayProcess(args: string[]) {
  const { child, ended } = runRelay(args);
  const address = new Promise<string>((found) => {
    createInterface(child.stdout!).on('line', (line) => {
      if (line.startsWith('ws')) found(line);
    });
  });
  const url = await Promise.race([address, ended.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
  return { child, ended, url };
}
