import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import type { User } from './sandbox/user';

/** The file that tells a command what it left as `memory` in an earlier run; absent while that is null. */
export const memoryFileIn = (folder: string, operationId: string): string =>
  path.join(folder, `.everbeat-memory-${operationId}.json`);

/**
 * Writes the memory for the user that the command runs as (undefined: ours). The folder holds whatever
 * earlier runs left in it, so nothing that is there already is written to.
 */
export async function writeMemory(file: string, memory: unknown, user: User | undefined): Promise<void> {
  await removeMemory(file);
  if (memory === null || memory === undefined) return;
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(JSON.stringify(memory));
    if (user !== undefined) await handle.chown(user.uid, user.gid);
  } finally {
    await handle.close();
  }
}

/** Never throws. */
export const removeMemory = (file: string): Promise<void> =>
  rm(file, { force: true, recursive: true }).catch(() => {});
