import { lstat, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { TaskFolderView } from '@everbeat/domain';
import { type FolderSize, sizeOfFolders } from './folderSize';
import { removeFolder } from './removeFolder';
import type { Repository } from './repository';
import { forgetWorktrees, worktreeIn } from './worktree';

/** The folders of the tasks in which commands work, as the server cleans them up. */
export class Workspaces {
  /** A page that shows a run asks again with each of its steps. */
  private readonly seen = new Map<string, { view: Promise<TaskFolderView>; untilMs: number }>();

  /**
   * @param folder holds a folder for each task, by its id, and those of trials, beside what is not ours: the
   * operator may have named any folder
   * @param repositories of which they may be worktrees
   */
  constructor(
    private readonly folder: string,
    private readonly repositories: readonly Repository[] = [],
  ) {}

  /** The tasks that have a folder, in the order of their ids. */
  async taskIds(): Promise<string[]> {
    return (await this.names()).filter((name) => TASK_ID.test(name)).sort();
  }

  /** What is in the folders of all tasks. */
  async size(): Promise<FolderSize> {
    const folders = (await this.taskIds()).map((taskId) => path.join(this.folder, taskId));
    return sizeOfFolders(folders, ALL_ENTRIES_MAX);
  }

  async remove(taskId: string): Promise<void> {
    await forgetWorktrees(this.repositories, taskId);
    await removeFolder(path.join(this.folder, taskId));
  }

  /** What there is on this host, as it was a moment ago. Null: no command of the task has run here. */
  async describe(taskId: string): Promise<TaskFolderView | null> {
    const folder = path.join(this.folder, taskId);
    if (!TASK_ID.test(taskId) || !(await isFolder(folder))) return null;
    const seen = this.seen.get(taskId);
    if (seen !== undefined && seen.untilMs > performance.now()) return seen.view;
    if (this.seen.size >= SEEN_MAX) this.seen.clear();
    const view = this.look(folder, taskId);
    this.seen.set(taskId, { view, untilMs: performance.now() + SEEN_MS });
    view.catch(() => this.seen.delete(taskId));
    return view;
  }

  private async look(folder: string, taskId: string): Promise<TaskFolderView> {
    const worktrees = await Promise.all(this.repositories.map((one) => worktreeIn(folder, one, taskId)));
    return {
      path: await realpath(folder),
      ...(await sizeOfFolders([folder])),
      worktrees: worktrees.filter((worktree) => worktree !== null),
    };
  }

  /** Removes what trials have left that were made before a time. Their server died before they ended. */
  async removeTrials(before: Date): Promise<void> {
    for (const name of await this.names()) {
      const folder = path.join(this.folder, name);
      if (!TRIAL.test(name)) continue;
      const found = await lstat(folder).catch(() => null);
      if (found !== null && found.mtime < before) await removeFolder(folder);
    }
  }

  /** None while no command has run. */
  private async names(): Promise<string[]> {
    return await readdir(this.folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
  }
}

/** It is looked at once an hour. */
const ALL_ENTRIES_MAX = 100_000;
const SEEN_MS = 20_000;
const SEEN_MAX = 100;

const isFolder = (file: string): Promise<boolean> =>
  lstat(file).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** Also what the choice of a sandbox was tried out in. */
const TRIAL = /^\.(trial|probe)-/;
const TASK_ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
