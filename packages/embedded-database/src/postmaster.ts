import { execFile } from 'node:child_process';
import { readFile, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Address } from './address';
import { codeOf, ifThere } from './errors';

const run = promisify(execFile);

/** A server writes its lock file at once. One without a pid that is older than this was left by a crash. */
const INCOMPLETE_MS_MAX = 2_000;

/**
 * The content of `postmaster.pid`, Postgres's own lock on a cluster. It is incomplete while a server starts.
 */
interface LockFile {
  pid: number | undefined;
  address: Address | undefined;
}

/** What Postgres's lock file tells, where its pid means a process of this pid namespace. */
export interface Postmaster {
  state: 'absent' | 'incomplete' | 'alive' | 'dead';
  /** Where the server that wrote the file listens. */
  address: Address | undefined;
}

export async function readPostmaster(cluster: string): Promise<Postmaster> {
  const file = await readLockFile(cluster);
  if (file === undefined) return { state: 'absent', address: undefined };
  const { pid, address } = file;
  if (pid === undefined) return { state: await stateOfIncomplete(cluster), address };
  return { state: (await isServerOf(cluster, pid)) ? 'alive' : 'dead', address };
}

/** Whether the server of the cluster lives and can be signalled by its pid from here. */
export async function isWithinReach(cluster: string): Promise<boolean> {
  return (await readPostmaster(cluster)).state === 'alive';
}

/**
 * Removes what a server that is known to have ended left behind. Postgres would not start when the pid in
 * such a file belongs to another program by now, or would take the pid of another container for one of its
 * own.
 */
export async function removeRemains(cluster: string, socketName: string): Promise<void> {
  for (const name of ['postmaster.pid', socketName, `${socketName}.lock`]) {
    await ifThere(unlink(path.join(/* turbopackIgnore: true */ cluster, name)));
  }
}

async function readLockFile(cluster: string): Promise<LockFile | undefined> {
  const text = await ifThere(readFile(lockFileOf(cluster), 'utf8'));
  if (text === undefined) return undefined;
  const [pid, , , port, socketFolder, listenAddress] = text.split('\n');
  return { pid: positive(pid), address: addressOf(positive(port), socketFolder, listenAddress) };
}

function addressOf(
  port: number | undefined,
  socketFolder: string | undefined,
  listenAddress: string | undefined,
): Address | undefined {
  if (port === undefined) return undefined;
  if (listenAddress) return { kind: 'tcp', port };
  return socketFolder ? { kind: 'socket' } : undefined;
}

async function stateOfIncomplete(cluster: string): Promise<'incomplete' | 'dead'> {
  const modifiedAtMs = (await ifThere(stat(lockFileOf(cluster))))?.mtimeMs ?? 0;
  return Math.abs(Date.now() - modifiedAtMs) < INCOMPLETE_MS_MAX ? 'incomplete' : 'dead';
}

/** A pid is given to other programs later, other Postgres servers among them. */
async function isServerOf(cluster: string, pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  if (process.platform === 'linux') return isLinuxServerOf(cluster, pid);
  return process.platform === 'win32' ? isWindowsServer(pid) : isUnixServerOf(cluster, pid);
}

/**
 * Every process of a server works in its data folder, which belongs to the user that runs it: Postgres
 * accepts no other. The folder of another user's process cannot be seen. A process that nobody waits for has
 * no folder any more.
 */
async function isLinuxServerOf(cluster: string, pid: number): Promise<boolean> {
  const own = await stat(cluster);
  try {
    if ((await stat(`/proc/${pid}`)).uid !== own.uid) return false;
    const folder = await stat(`/proc/${pid}/cwd`);
    return folder.ino === own.ino && folder.dev === own.dev;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
  }
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.includes('postgres');
}

async function isUnixServerOf(cluster: string, pid: number): Promise<boolean> {
  try {
    const { stdout } = await run('/bin/ps', ['-ww', '-o', 'command=', '-p', String(pid)]);
    return stdout.includes('postgres') && stdout.includes(cluster);
  } catch {
    return false;
  }
}

async function isWindowsServer(pid: number): Promise<boolean> {
  try {
    const { stdout } = await run('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH']);
    return stdout.includes('postgres.exe');
  } catch {
    return true;
  }
}

function lockFileOf(cluster: string): string {
  return path.join(cluster, 'postmaster.pid');
}

function positive(line: string | undefined): number | undefined {
  const value = Number.parseInt(line ?? '', 10);
  return value > 0 ? value : undefined;
}
