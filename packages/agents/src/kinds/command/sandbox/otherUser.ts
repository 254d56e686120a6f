import { chmod, lstat, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { COMMAND_UIDS } from '../../../shared/spareUsers';
import type { Confinement } from './confinement';
import { giveFolder } from './folderOwner';

/**
 * Commands as another user than root, a further one for each task. The owner of a task's folder is the record
 * of which one. Their home is the folder, because root's is closed to them.
 */
export const otherUser = (workspaces: string): Confinement => ({
  kind: 'user',
  opensRepositories: false,
  async adopt(folder) {
    await openTheWayTo(workspaces);
    const { uid } = await lstat(folder);
    const own = isOfCommands(uid) ? uid : await freeUid(workspaces);
    const user = { uid: own, gid: own };
    await giveFolder(folder, user);
    return user;
  },
  async launch({ commandLine, folder, env, user }) {
    const { USER: _user, LOGNAME: _name, TMPDIR: _folder, ...passed } = env;
    return {
      program: '/bin/sh',
      args: ['-c', commandLine],
      env: { ...passed, HOME: folder },
      user,
    };
  },
});

/** The folder of all tasks' folders can be passed through by their owners, and listed by nobody else. */
async function openTheWayTo(workspaces: string): Promise<void> {
  const { mode, uid } = await stat(workspaces);
  if (uid === 0 && (mode & 0o001) === 0) await chmod(workspaces, (mode | 0o011) & 0o777);
}

const isOfCommands = (uid: number): boolean => uid >= COMMAND_UIDS.from && uid <= COMMAND_UIDS.to;

/**
 * A user of whom no folder here is, and no service of systemd runs. Any one of them, so that two servers
 * which look at the same moment find different ones; of more tasks than there are users some share one.
 */
async function freeUid(workspaces: string): Promise<number> {
  const taken = new Set([...(await ownersIn(workspaces)), ...(await dynamicUsers()), ...(await accounts())]);
  const all = Array.from(
    { length: COMMAND_UIDS.to - COMMAND_UIDS.from + 1 },
    (_, index) => COMMAND_UIDS.from + index,
  );
  const free = all.filter((uid) => !taken.has(uid));
  const from = free.length > 0 ? free : all;
  return from[Math.floor(Math.random() * from.length)] ?? COMMAND_UIDS.from;
}

async function ownersIn(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  const found = await Promise.all(names.map((name) => lstat(path.join(folder, name)).catch(() => null)));
  return found.flatMap((entry) => (entry === null ? [] : [entry.uid]));
}

const dynamicUsers = async (): Promise<number[]> =>
  (await readdir('/run/systemd/dynamic-uid').catch(() => [])).map(Number);

async function accounts(): Promise<number[]> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n');
  return lines.map((line) => Number(line.split(':')[2]));
}
