import {
  type ChildProcessWithoutNullStreams,
  type SpawnOptionsWithoutStdio,
  spawn,
} from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 25;
/**
 * A process that is blocked in disk or network I/O may not be killable; it is not waited for longer than
 * this.
 */
const KILLED_WAIT_MS = 1_000;

/**
 * Starts a command line in a shell, in a process group of its own, so that all it starts can be ended
 * together.
 */
export function startGroup(
  commandLine: string,
  { env, cwd }: { env: Record<string, string>; cwd: string },
): ChildProcessWithoutNullStreams {
  const isWindows = process.platform === 'win32';
  const options: SpawnOptionsWithoutStdio = isWindows
    ? { cwd, shell: true, windowsHide: true }
    : { cwd, detached: true };
  // Not in the literal: Next's types require NODE_ENV in every environment, but commands do not get it.
  Object.assign(options, { env });
  if (isWindows) return spawn(commandLine, options);
  const child = spawn('/bin/sh', ['-c', commandLine], options);
  if (child.pid !== undefined) endWithThisProcess(child.pid);
  return child;
}

/** The groups that have not been ended. */
const livingGroups = new Set<number>();

/** A server that ends in a hurry leaves no command behind that would work on beside its next run. */
function endWithThisProcess(pid: number): void {
  if (livingGroups.size === 0) process.once('exit', killLivingGroups);
  livingGroups.add(pid);
}

function killLivingGroups(): void {
  for (const pid of livingGroups) signalGroup(pid, 'SIGKILL');
}

function forgetGroup(pid: number): void {
  livingGroups.delete(pid);
  if (livingGroups.size === 0) process.off('exit', killLivingGroups);
}

/**
 * Asks the whole group to end, kills what is left after `graceMs`, and returns when nothing of it is running.
 */
export async function endGroup(pid: number, graceMs: number): Promise<void> {
  if (process.platform === 'win32') return endTree(pid);
  if (signalGroup(pid, 'SIGTERM') && !(await endedWithin(pid, graceMs))) {
    signalGroup(pid, 'SIGKILL');
    await endedWithin(pid, KILLED_WAIT_MS);
  }
  forgetGroup(pid);
}

async function endedWithin(pid: number, waitMs: number): Promise<boolean> {
  // By the clock: looking at the group takes its time too.
  const giveUpAtMs = performance.now() + waitMs;
  while (performance.now() < giveUpAtMs) {
    if (!(await isRunning(pid))) return true;
    await delay(POLL_MS);
  }
  return !(await isRunning(pid));
}

/**
 * Whether any process of the group is running. Where nothing reaps orphans, such as in a container whose
 * first process is the server, ended processes remain as zombies, which still accept signals; so on Linux
 * their states are read.
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

/** Windows has no process groups; `taskkill /T` ends the tree of child processes. */
function endTree(pid: number): Promise<void> {
  return new Promise((resolve) => {
    const killer = spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { windowsHide: true });
    killer.once('error', () => resolve());
    killer.once('close', () => resolve());
  });
}
