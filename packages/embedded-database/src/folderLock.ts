import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open } from 'node:fs/promises';

/**
 * The lock of a folder. Handed to a server when it is launched, it is held by every process of that server
 * until the last one ends, in whichever container they run: the kernel keeps it, so nothing stale is ever
 * left.
 */
export type FolderLock =
  | { state: 'ours'; handle: FileHandle }
  /** Another server lives, or another process starts one right now. */
  | { state: 'held' }
  /** This system has no `flock` command, or this file system no locks. */
  | { state: 'unavailable' };

/** The exit status of `flock -n` when another process holds the lock. */
const IS_HELD = 1;

/**
 * Tries to lock the file, which is made if necessary and must never be deleted. Node has no call for this:
 * the command `flock` locks the file that this process has open and hands it, and the lock stays with the
 * open file when the command has ended. Close the handle to let go of it.
 */
export async function tryLock(file: string): Promise<FolderLock> {
  if (process.platform !== 'linux') return { state: 'unavailable' };
  const handle = await open(file, 'a', 0o600);
  try {
    const status = await flock(handle.fd);
    if (status === 0) return { state: 'ours', handle };
    await handle.close();
    return { state: status === IS_HELD ? 'held' : 'unavailable' };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

export async function unlock(lock: FolderLock): Promise<void> {
  if (lock.state === 'ours') await lock.handle.close();
}

/** The exit status of the command; null when it could not run. */
async function flock(fd: number): Promise<number | null> {
  const command = spawn('flock', ['-n', '-x', '3'], { stdio: ['ignore', 'ignore', 'ignore', fd] });
  try {
    const [status] = await once(command, 'exit');
    return typeof status === 'number' ? status : null;
  } catch {
    return null;
  }
}
