import { lchown, lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { User } from './user';

/**
 * Gives a folder to a user, with everything in it that belonged to the same user as the folder. Links are not
 * followed. Does nothing if the folder is the user's already.
 */
export async function giveFolder(folder: string, user: User): Promise<void> {
  const { uid: formerUid } = await lstat(folder);
  if (formerUid !== user.uid) await give(folder, formerUid, user);
}

async function give(file: string, formerUid: number, user: User): Promise<void> {
  const found = await lstat(file);
  if (found.uid !== formerUid) return;
  if (found.isDirectory()) {
    for (const name of await readdir(file)) await give(path.join(file, name), formerUid, user);
  }
  // The folder itself last, so that a server that dies in between begins anew.
  await lchown(file, user.uid, user.gid);
}
