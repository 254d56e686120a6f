import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { removeFolder } from './removeFolder';

/** The folders of the tasks in which commands work, as the server cleans them up. */
export class Workspaces {
  /** @param folder holds a folder for each task, by its id, and those of trials under names with a dot */
  constructor(private readonly folder: string) {}

  /** The tasks that have a folder, in the order of their ids. */
  async taskIds(): Promise<string[]> {
    return (await this.names()).filter((name) => TASK_ID.test(name)).sort();
  }

  async remove(taskId: string): Promise<void> {
    await removeFolder(path.join(this.folder, taskId));
  }

  /** Removes what trials have left that were made before a time. Their server died before they ended. */
  async removeTrials(before: Date): Promise<void> {
    for (const name of await this.names()) {
      const folder = path.join(this.folder, name);
      if (!name.startsWith('.')) continue;
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

const TASK_ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
