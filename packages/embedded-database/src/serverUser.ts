import { chown, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { EmbeddedDatabaseError, ifThere } from './errors';

/** The account that Postgres runs under where it may not run under ours. */
export interface ServerUser {
  uid: number;
  gid: number;
}

/**
 * Postgres refuses to run as root. There it runs as the owner of the cluster, so that a folder made by an
 * ordinary user stays theirs, and for a new cluster as `nobody`. Undefined: Postgres runs as we do.
 */
export async function chooseServerUser(clusterFolder: string): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const folder = await ifThere(stat(clusterFolder));
  return folder === undefined || folder.uid === 0 ? nobody() : { uid: folder.uid, gid: folder.gid };
}

async function nobody(): Promise<ServerUser> {
  const accounts = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const [, uid, gid] = /^nobody:[^:]*:(\d+):(\d+):/m.exec(accounts) ?? [];
  return { uid: Number(uid ?? 65534), gid: Number(gid ?? 65534) };
}

/** Gives one file or folder of ours to the account that Postgres runs under. */
export async function giveTo(user: ServerUser | undefined, file: string): Promise<void> {
  if (user) await chown(file, user.uid, user.gid);
}

/** Fails, naming the folder that is in the way, where `user` cannot enter every folder down to `folder`. */
export async function assertReachable(folder: string, user: ServerUser | undefined): Promise<void> {
  if (!user) return;
  const barrier = await findBarrier(folder, user);
  if (barrier === undefined) return;
  throw new EmbeddedDatabaseError(
    `Started as root, the embedded Postgres runs as an unprivileged user (uid ${user.uid}), which cannot enter ${barrier}. ` +
      'Move the project to a folder that every user can enter (such as /opt/everbeat), start it as an ordinary user, ' +
      'or set DATABASE_URL to a Postgres server of your own.',
  );
}

/** The first folder on the way down to `folder` that `user` cannot enter. */
export async function findBarrier(folder: string, user: ServerUser): Promise<string | undefined> {
  const parent = path.dirname(folder);
  if (parent !== folder) {
    const above = await findBarrier(parent, user);
    if (above !== undefined) return above;
  }
  const { mode, uid, gid } = await stat(folder);
  const enterBit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
  return (mode & enterBit) === 0 ? folder : undefined;
}
