import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { eventually } from './eventually';

/**
 * Removes the folder. Before that, stops the database server that a killed application may have left running.
 */
export async function removeDataFolder(folder: string): Promise<void> {
  const pid = await databasePid(folder);
  if (pid !== undefined && isAlive(pid)) {
    process.kill(pid, 'SIGINT');
    const hasStopped = async () => (await databasePid(folder)) === undefined;
    await eventually(hasStopped, { what: 'the end of the database server' });
  }
  await rm(folder, { recursive: true, force: true });
}

/**
 * The pid of the embedded database server in this folder, from its lock file. Undefined once it has stopped.
 */
export async function databasePid(folder: string): Promise<number | undefined> {
  const lockFile = path.join(folder, 'postgres', 'cluster', 'postmaster.pid');
  const lock = await readFile(lockFile, 'utf8').catch(() => '');
  return Number.parseInt(lock, 10) || undefined;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
