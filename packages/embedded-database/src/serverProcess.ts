import { execFile, spawn } from 'node:child_process';
import { open, readFile, rename, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { PostgresBinaries } from './binaries';
import type { ClusterFolder } from './clusterFolder';
import { codeOf, ifThere } from './errors';
import { giveTo, type ServerUser } from './serverUser';
import { runTool, TOOL_ENVIRONMENT, toolError } from './tools';

const LOG_BYTES_MAX = 5_000_000;
const STOP_TIMEOUT_SECONDS = 20;
/** A server writes its pid file at once. A file without a pid that is older than this was left by a crash. */
const UNWRITTEN_PID_FILE_MS_MAX = 2_000;

/**
 * The content of `postmaster.pid`, Postgres's own lock on a cluster. It is incomplete while a server starts.
 */
export interface Postmaster {
  pid: number | undefined;
  port: number | undefined;
}

/** A server process that this process has started. */
export interface LaunchedServer {
  /** Undefined while it runs, then the end of its log. */
  lastWords: () => string | undefined;
}

export interface ServerProgram {
  binaries: PostgresBinaries;
  user: ServerUser | undefined;
  folder: ClusterFolder;
  durable: boolean;
}

/** The server that holds the cluster. Undefined: none does. */
export async function readPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const lines = (await ifThere(readFile(pidFileOf(cluster), 'utf8')))?.split('\n');
  return lines && { pid: positive(lines[0]), port: positive(lines[3]) };
}

/**
 * Frees a cluster whose pid file names no living Postgres. Postgres sees to the plain case itself; it refuses
 * to start when the pid now belongs to another program (in a container, pids begin anew) or to a zombie
 * nobody waits for. If a server survives unnoticed, Postgres's shared-memory check still keeps a second one
 * off the cluster.
 */
export async function freeIfAbandoned(cluster: string, postmaster: Postmaster): Promise<boolean> {
  if (postmaster.pid === undefined) {
    if (Date.now() - (await modifiedAtMs(pidFileOf(cluster))) < UNWRITTEN_PID_FILE_MS_MAX) return false;
  } else if (await isLivingPostgres(postmaster.pid)) {
    return false;
  }
  const now = await readPostmaster(cluster);
  if (now && now.pid === postmaster.pid) await ifThere(unlink(pidFileOf(cluster)));
  return true;
}

/**
 * Starts a server on the cluster. It is put in a session of its own: Ctrl-C in a terminal reaches the
 * application alone, which first finishes its work and then stops the database.
 */
export async function launchServer(
  { binaries, user, folder, durable }: ServerProgram,
  port: number,
): Promise<LaunchedServer> {
  const logStart = await trimLog(folder.logFile);
  const log = await open(folder.logFile, 'a', 0o600);
  let exited: string | undefined;
  try {
    await giveTo(user, folder.logFile);
    const child = spawn(binaries.postgres, ['-D', folder.cluster, ...settings(port, durable)], {
      ...user,
      cwd: folder.cluster,
      env: TOOL_ENVIRONMENT,
      detached: true,
      windowsHide: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    child.once('exit', async () => {
      exited = await readFrom(folder.logFile, logStart);
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) => reject(toolError(binaries.postgres, error)));
    });
    child.unref();
  } finally {
    await log.close();
  }
  return { lastWords: () => exited };
}

/** Fast shutdown: open transactions are rolled back, everything committed is on disk when this resolves. */
export async function stopServer({ binaries, user, folder }: ServerProgram): Promise<void> {
  const args = ['stop', '-D', folder.cluster, '-m', 'fast', '-w', '-t', String(STOP_TIMEOUT_SECONDS)];
  await runTool(binaries.pgCtl, args, { user, cwd: folder.cluster });
}

function settings(port: number, durable: boolean): string[] {
  const values = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 100,
    timezone: 'UTC',
    log_timezone: 'UTC',
    jit: 'off',
    log_min_messages: 'warning',
    // A failed statement would be logged with the data in it.
    log_min_error_statement: 'panic',
    ...(durable
      ? { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' }
      : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function isLivingPostgres(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  const command = process.platform === 'linux' ? await linuxCommand(pid) : await unixCommand(pid);
  return command === undefined || command.includes('postgres');
}

/** Empty for a zombie. Undefined: it cannot be known. */
async function linuxCommand(pid: number): Promise<string | undefined> {
  try {
    return await readFile(`/proc/${pid}/cmdline`, 'utf8');
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? '' : undefined;
  }
}

async function unixCommand(pid: number): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined;
  try {
    const { stdout } = await promisify(execFile)('/bin/ps', ['-o', 'command=', '-p', String(pid)]);
    return stdout;
  } catch {
    return undefined;
  }
}

/** Renames a log that has grown too long to `.1`. Returns the length of the current log in bytes. */
async function trimLog(logFile: string): Promise<number> {
  const { size } = (await ifThere(stat(logFile))) ?? { size: 0 };
  if (size < LOG_BYTES_MAX) return size;
  await ifThere(rename(logFile, `${logFile}.1`));
  return 0;
}

async function readFrom(file: string, offset: number): Promise<string> {
  const bytes = await readFile(file).catch(() => Buffer.alloc(0));
  return bytes.subarray(offset).toString('utf8').trim().slice(-2_000);
}

async function modifiedAtMs(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.mtimeMs ?? 0;
}

function pidFileOf(cluster: string): string {
  return path.join(cluster, 'postmaster.pid');
}

function positive(line: string | undefined): number | undefined {
  const value = Number.parseInt(line ?? '', 10);
  return value > 0 ? value : undefined;
}
