import {
  type ChildProcessWithoutNullStreams,
  type SpawnOptionsWithoutStdio,
  spawn,
} from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { BubblewrapReport } from './sandbox/bubblewrapReport';
import type { Launch } from './sandbox/confinement';
import type { User } from './sandbox/user';

const isWindows = process.platform === 'win32';
const POLL_MS = 25;
/**
 * A process that is blocked in disk or network I/O may not be killable; it is not waited for longer than
 * this.
 */
const KILLED_WAIT_MS = 1_000;

/** A started process, with the group that holds it and all it starts. */
export interface StartedProcess {
  child: ChildProcessWithoutNullStreams;
  /** What bubblewrap has written so far, if it is what was started. */
  report: BubblewrapReport | null;
}

/** Starts a process in a group of its own, so that all it starts can be ended together. */
export function startGroup(launch: Launch, cwd: string): StartedProcess {
  const { program, args, env, user, isBubblewrap = false } = launch;
  const options: SpawnOptionsWithoutStdio = isWindows
    ? { cwd, shell: true, windowsHide: true }
    : { cwd, detached: true, ...user };
  if (isBubblewrap) options.stdio = ['pipe', 'pipe', 'pipe', 'pipe'];
  // Not in the literal: Next's types require NODE_ENV in every environment, but commands do not get it.
  Object.assign(options, { env });
  const child = spawn(program, args, options);
  if (child.pid !== undefined && !isWindows) endWithThisProcess(child.pid);
  return { child, report: isBubblewrap ? new BubblewrapReport(child) : null };
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
 * In a sandbox only what is in it is asked, because bubblewrap takes all down at once if it is asked itself.
 */
export async function endGroup({ child, report }: StartedProcess, graceMs: number): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  if (isWindows) return endTree(pid);
  const group = report?.firstPid ?? pid;
  if (signalGroup(group, 'SIGTERM') && !(await endedWithin(group, graceMs))) {
    signalGroup(group, 'SIGKILL');
    await endedWithin(group, KILLED_WAIT_MS);
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

/** Kills whatever runs as this user, which is the own of one command. */
export async function endAllOf({ uid }: User): Promise<void> {
  const giveUpAtMs = performance.now() + KILLED_WAIT_MS;
  for (;;) {
    const pids = await processesOf(uid);
    for (const pid of pids) kill(pid, 'SIGKILL');
    if (pids.length === 0 || performance.now() > giveUpAtMs) return;
    await delay(POLL_MS);
  }
}

async function processesOf(uid: number): Promise<number[]> {
  const isOwn = new RegExp(`^Uid:\\t${uid}\\t`, 'm');
  const isEnded = /^State:\s+[ZX]/m;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')));
  return pids
    .filter((_, index) => isOwn.test(found[index] ?? '') && !isEnded.test(found[index] ?? ''))
    .map(Number);
}

/** Whether there was anything to signal. */
const signalGroup = (group: number, signal: NodeJS.Signals | 0): boolean => kill(-group, signal);

function kill(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
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
