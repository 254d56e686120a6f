import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20;
/** Killed processes may stay on as zombies where nothing reaps them; they are not waited for longer than this. */
const KILLED_WAIT_MS = 1_000;

/** A command line in a shell, with all that it starts in one group, so that all of it can be ended. */
export function startGroup(commandLine: string, env: Record<string, string>): ChildProcessWithoutNullStreams {
  if (process.platform === 'win32') return spawn(commandLine, { shell: true, env, windowsHide: true });
  return spawn('/bin/sh', ['-c', commandLine], { env, detached: true });
}

/** Asks the whole group to end, kills what is left after the grace, and returns when it is gone. */
export async function endGroup(pid: number, graceMs: number): Promise<void> {
  if (process.platform === 'win32') return endTree(pid);
  if (!signalGroup(pid, 'SIGTERM') || (await goneWithin(pid, graceMs))) return;
  signalGroup(pid, 'SIGKILL');
  await goneWithin(pid, KILLED_WAIT_MS);
}

async function goneWithin(pid: number, waitMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < waitMs; waitedMs += POLL_MS) {
    if (!signalGroup(pid, 0)) return true;
    await delay(POLL_MS);
  }
  return !signalGroup(pid, 0);
}

/** Whether there was anything to signal. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

/** Windows has no groups: its own tool walks the tree. */
function endTree(pid: number): Promise<void> {
  return new Promise((resolve) => {
    const killer = spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { windowsHide: true });
    killer.once('error', () => resolve());
    killer.once('close', () => resolve());
  });
}
