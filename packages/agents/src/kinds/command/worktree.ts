import { appendFile, lstat, mkdir, readFile, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import type { TaskFolderView } from '@everbeat/domain';
import { removeFolder } from './removeFolder';
import { gitIn, placeOf, type Repository, type RepositoryPlace } from './repository';
import { readUntrustedFile } from './untrustedFile';

/** The worktree of a repository in which the commands of one task work, on a branch of its own. */
export interface Worktree extends RepositoryPlace {
  folder: string;
  branch: string;
  /** What the repository keeps for this worktree alone: its HEAD and its index. */
  ownGitFolder: string;
}

interface WorktreeOf {
  taskId: string;
  taskIdentifier: string;
  /** The folder of the task, without links in its path. */
  taskFolder: string;
}

/**
 * The same for a task and a repository at any time, so that nothing needs to be remembered. The end of the id
 * tells apart the tasks of several installations that use one repository.
 */
const shortId = (taskId: string): string => taskId.replaceAll('-', '').slice(-12);

/** Without dots: git would change some of them in the name of what it keeps. */
const worktreeName = (repository: Repository, taskId: string): string =>
  `${repository.name.replace(/[^\w-]+/g, '-')}-${shortId(taskId)}`;

/** A folder of branches for each task: a sandbox can let a command write to this one alone. */
const branchesOf = ({ taskId, taskIdentifier }: WorktreeOf): string =>
  `everbeat/${taskIdentifier.replace(/[^\w-]+/g, '-')}-${shortId(taskId)}`;

/**
 * Makes the worktree of a task the first time, from what is checked out in the repository at that moment, and
 * finds it again later. The person's own checkout is not touched.
 * @throws AgentError `command_no_repository`
 */
export async function openWorktree(repository: Repository, of: WorktreeOf): Promise<Worktree> {
  const place = await placeOf(repository);
  const name = worktreeName(repository, of.taskId);
  const folder = path.join(of.taskFolder, name);
  const branch = `${branchesOf(of)}/work`;
  const ownGitFolder = path.join(place.gitFolder, 'worktrees', name);
  const worktree = { ...place, folder, branch, ownGitFolder };
  if ((await isUnfinished(worktree)) || (await isReplaced(worktree))) {
    await removeFolder(folder);
    await rm(ownGitFolder, { recursive: true, force: true });
  }
  if (!(await isThere(ownGitFolder)) || !(await isThere(path.join(folder, '.git')))) {
    await leaveOurFilesOut(place.gitFolder);
    await add(repository, worktree);
  }
  // Where git has packed its references, it has removed the empty folders of theirs.
  for (const part of sharedParts(worktree)) await mkdir(part, { recursive: true });
  return { ...worktree, folder: await realpath(folder) };
}

/** What a command in the worktree writes to besides it: new objects, its own branches, its own index. */
export const writtenParts = (worktree: Worktree): string[] => [
  path.join(worktree.gitFolder, 'objects'),
  ...sharedParts(worktree),
  worktree.ownGitFolder,
];

function sharedParts({ gitFolder, branch }: Worktree): string[] {
  const branches = path.posix.dirname(branch);
  return ['refs/heads', 'logs/refs/heads'].map((part) =>
    path.join(/* turbopackIgnore: true */ gitFolder, part, branches),
  );
}

/** What is in the folder of a task of a repository. Null: nothing. Runs nothing in it. */
export async function worktreeIn(
  taskFolder: string,
  repository: Repository,
  taskId: string,
): Promise<TaskFolderView['worktrees'][number] | null> {
  const name = worktreeName(repository, taskId);
  const folder = path.join(taskFolder, name);
  if (!(await isThere(folder))) return null;
  const place = await placeOf(repository).catch(() => null);
  const head = place === null ? '' : await noteOfGit(path.join(place.gitFolder, 'worktrees', name), 'HEAD');
  const [, branch = null] = /^ref: refs\/heads\/([\w./-]{1,200})$/.exec(head) ?? [];
  return { repository: repository.name, path: folder, branch };
}

/**
 * Removes what the repositories keep for the worktrees of a task. Its branches stay: their commits are the
 * person's.
 */
export async function forgetWorktrees(repositories: readonly Repository[], taskId: string): Promise<void> {
  for (const repository of repositories) {
    const place = await placeOf(repository).catch(() => null);
    if (place === null) continue;
    const own = path.join(place.gitFolder, 'worktrees', worktreeName(repository, taskId));
    await rm(own, { recursive: true, force: true });
  }
}

async function add(repository: Repository, { folder, branch }: Worktree): Promise<void> {
  const known = ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`];
  const isKnown = await gitIn(repository, ...known).then(...yesOrNo);
  // `--force`: the repository may still know a worktree there, whose folder somebody has removed.
  const begin = ['worktree', 'add', '--quiet', '--force'];
  if (isKnown) await gitIn(repository, ...begin, folder, branch);
  else await gitIn(repository, ...begin, '-b', branch, folder, 'HEAD');
}

/** git locks a worktree while it makes it. One that is still locked like that was not finished. */
async function isUnfinished({ ownGitFolder }: Worktree): Promise<boolean> {
  return (await noteOfGit(ownGitFolder, 'locked')) === 'initializing';
}

const NOTE_BYTES_MAX = 1_000;

/** What git has noted for a worktree, where its commands can write as well. Empty: nothing. */
async function noteOfGit(ownGitFolder: string, name: string): Promise<string> {
  const note = await readUntrustedFile(path.join(ownGitFolder, name), NOTE_BYTES_MAX).catch(() => null);
  return note?.trim() ?? '';
}

/**
 * While its task had no repository, a command could write to the folder that holds the worktree: a link there
 * could lead into the checkout of a person, or into the folder of another task.
 */
async function isReplaced({ folder }: Worktree): Promise<boolean> {
  const found = await lstat(folder).catch(() => null);
  return found !== null && !found.isDirectory();
}

const OUR_FILES = '.everbeat-*';

/** The report and the memory of a run lie in its folder. No commit takes them along. */
async function leaveOurFilesOut(gitFolder: string): Promise<void> {
  const file = path.join(gitFolder, 'info', 'exclude');
  const lines = await readFile(file, 'utf8').catch(() => '');
  if (lines.split('\n').includes(OUR_FILES)) return;
  await mkdir(path.dirname(file), { recursive: true });
  await appendFile(file, `${lines === '' || lines.endsWith('\n') ? '' : '\n'}${OUR_FILES}\n`);
}

const yesOrNo = [() => true, () => false] as const;

const isThere = (file: string): Promise<boolean> => lstat(file).then(...yesOrNo);
