import { chmod, lstat, readdir, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * Removes a folder that commands have worked in, with all in it. Links are removed, not followed. What was
 * made read-only, as package managers do, is opened first.
 */
export async function removeFolder(folder: string): Promise<void> {
  try {
    await rm(folder, REMOVAL);
  } catch (error) {
    // Root can remove anything, so there it is not this.
    if (process.getuid?.() === 0) throw error;
    await open(folder);
    await rm(folder, REMOVAL);
  }
}

const REMOVAL = { recursive: true, force: true, maxRetries: 2 };

/** Lets us remove what is in a folder, and in those below it. */
async function open(folder: string): Promise<void> {
  const found = await lstat(folder).catch(() => null);
  if (!found?.isDirectory()) return;
  await chmod(folder, 0o700);
  for (const name of await readdir(folder)) await open(path.join(folder, name));
}
