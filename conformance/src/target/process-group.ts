import type { ChildProcess } from 'node:child_process';

/** How long the output of a process that has ended may take to end too, in milliseconds: it is as good as there. */
export const DRAIN_MS = 500;

/** Sends a signal to a child that leads a process group, and to all that it started and that stayed in the group. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // All of it has ended already.
  }
}

/** Whether anything is left of the group of a child that has ended. */
export function isGroupLeft({ pid }: ChildProcess): boolean {
  if (pid === undefined || process.platform === 'win32') return false;
  try {
    return process.kill(-pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Reads nothing more of a child. What has left its group is out of reach and may hold its output open for ever: nobody can
 * wait for that.
 */
export function letGo(child: ChildProcess): void {
  for (const stream of child.stdio) stream?.destroy();
}
