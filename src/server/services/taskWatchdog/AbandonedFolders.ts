import { findDeletedAmong, type Queryable } from '@everbeat/database';
import { errorMessage, LIMITS, type Logger } from '@everbeat/domain';

/** Where the folders of tasks are. `Workspaces` of the agents is one. */
export interface TaskFolders {
  /** In the order of their ids. */
  taskIds(): Promise<string[]>;
  /** The size of all of them; `isPartial`: there is more than was looked at. */
  size(): Promise<{ bytes: number; isPartial: boolean }>;
  remove(taskId: string): Promise<void>;
  removeTrials(before: Date): Promise<void>;
}

/** Longer than any trial. */
const TRIAL_MS = 2 * LIMITS.agentTimeoutSecondsMax * 1_000;

/**
 * Removes the folders that commands of deleted tasks worked in. It goes by the folders of this host, so that
 * none is overlooked: not one that a command made again while it was being stopped, nor one whose rows the
 * watchdog of another host has removed.
 */
export class AbandonedFolders {
  /** Where the next pass continues, if the last one reached its bound. */
  private after = '';

  constructor(private readonly deps: { db: Queryable; folders: TaskFolders; logger: Logger }) {}

  /** @throws database errors, when the database is unavailable */
  async sweep(now: Date): Promise<void> {
    const { db, folders } = this.deps;
    const taskIds = await this.nextTaskIds();
    const deleted = taskIds.length === 0 ? [] : await findDeletedAmong(db, taskIds);
    for (const taskId of deleted) await this.attempt(() => folders.remove(taskId), taskId);
    await this.attempt(() => folders.removeTrials(new Date(now.getTime() - TRIAL_MS)));
  }

  private async nextTaskIds(): Promise<string[]> {
    const all: string[] = [];
    await this.attempt(async () => {
      all.push(...(await this.deps.folders.taskIds()));
    });
    const next = all.filter((id) => id > this.after).slice(0, LIMITS.foldersPerSweepMax);
    this.after = next.length < LIMITS.foldersPerSweepMax ? '' : (next.at(-1) ?? '');
    return next;
  }

  /** What the file system refuses must not stop the watchdog. */
  private async attempt(work: () => Promise<void>, taskId?: string): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.deps.logger.warn(
        { taskId, reason: errorMessage(error) },
        'Folders in which commands worked could not be removed; the next pass retries',
      );
    }
  }
}
