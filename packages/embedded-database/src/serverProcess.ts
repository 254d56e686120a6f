import { spawn } from 'node:child_process';
import { type FileHandle, open } from 'node:fs/promises';
import { type Address, listenSettings } from './address';
import type { PostgresBinaries } from './binaries';
import type { ClusterFolder } from './clusterFolder';
import { OWNER_SETTING } from './lease';
import { boundLog, lastWordsOf } from './serverLog';
import { giveTo, type ServerUser } from './serverUser';
import { asArguments, serverSettings, sharedMemorySettings } from './settings';
import { runTool, TOOL_ENVIRONMENT, toolError } from './tools';

const STOP_TIMEOUT_SECONDS = 20;

/** A server process that this process has started. */
export interface LaunchedServer {
  /** Undefined while it runs, then the end of its log. */
  lastWords: () => string | undefined;
  /** Ends it at once, without writing anything more to the data folder; the next start recovers. */
  endAtOnce(): void;
}

export interface ServerProgram {
  binaries: PostgresBinaries;
  user: ServerUser | undefined;
  folder: ClusterFolder;
  durable: boolean;
}

export interface LaunchOptions {
  address: Address;
  ownerNumber: number;
  /** The folder's lock, which the server inherits with all its processes. */
  lock: FileHandle | undefined;
}

/**
 * Starts a server on the cluster. It is put in a session of its own: Ctrl-C in a terminal reaches the
 * application alone, which first finishes its work and then stops the database.
 */
export async function launchServer(
  { binaries, user, folder, durable }: ServerProgram,
  { address, ownerNumber, lock }: LaunchOptions,
): Promise<LaunchedServer> {
  const logStart = await boundLog(folder.logFile);
  const log = await open(folder.logFile, 'a', 0o600);
  try {
    await giveTo(user, folder.logFile);
    const settings = {
      ...(await sharedMemorySettings()),
      ...listenSettings(address),
      ...serverSettings(durable),
      [OWNER_SETTING]: ownerNumber,
    };
    const child = spawn(binaries.postgres, ['-D', folder.cluster, ...asArguments(settings)], {
      ...user,
      cwd: folder.cluster,
      env: TOOL_ENVIRONMENT,
      detached: true,
      windowsHide: true,
      stdio: ['ignore', log.fd, log.fd, ...(lock ? [lock.fd] : [])],
    });
    let lastWords: string | undefined;
    child.once('exit', async () => {
      lastWords = await lastWordsOf(folder.logFile, logStart);
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) => reject(toolError(binaries.postgres, error)));
    });
    child.unref();
    return { lastWords: () => lastWords, endAtOnce: () => void child.kill('SIGQUIT') };
  } finally {
    await log.close();
  }
}

/**
 * Fast shutdown: open transactions are rolled back, everything committed is on disk when this resolves. The
 * server must run in our pid namespace (`isWithinReach`), because it is found by the pid in its lock file.
 */
export async function stopServer({ binaries, user, folder }: ServerProgram): Promise<void> {
  const args = ['stop', '-D', folder.cluster, '-m', 'fast', '-w', '-t', String(STOP_TIMEOUT_SECONDS)];
  await runTool(binaries.pgCtl, args, { user, cwd: folder.cluster });
}
