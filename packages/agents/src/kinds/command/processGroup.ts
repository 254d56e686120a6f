import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 25;
/** A process in the middle of a disk's or a network's fault cannot be killed at once, and is not waited for longer. */
const KILLED_WAIT_MS = 1_000;

/** A command line in a shell, with all that it starts in one group, so that all of it can be ended. */
export function startGroup(commandLine: string, env: Record<string, string>): ChildProcessWithoutNullStreams {
  // Next's types demand NODE_ENV in every environment; a command is not told how the server was built.
  const childEnv = env as NodeJS.ProcessEnv;
  if (process.platform === 'win32') {
    return spawn(commandLine, { shell: true, env: childEnv, windowsHide: true });
  }
  return spawn('/bin/sh', ['-c', commandLine], { env: childEnv, detached: true });
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
    if (!(await isRunning(pid))) return true;
    await delay(POLL_MS);
  }
  return !(await isRunning(pid));
}

/**
 * Whether any process of the group runs. Where nothing reaps orphans, as in a container whose first process is the
 * server, the ended ones stay on as zombies, which a signal reaches all the same; so Linux is asked for their states.
 */
async function isRunning(group: number): Promise<boolean> {
  if (!signalGroup(group, 0)) return false;
  if (process.platform !== 'linux') return true;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return stats.some((stat) => {
    // "pid (name) state parent group …", where the name may hold anything.
    const [state, , processGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return processGroup === String(group) && state !== 'Z' && state !== 'X';
  });
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
