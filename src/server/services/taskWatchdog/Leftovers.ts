import {
  clearPrompts,
  type FeedPlace,
  findDeletedTasks,
  findGrownHistories,
  type GrownHistory,
  isContention,
  isCutOff,
  isDatabaseUnavailable,
  measureStorage,
  type Queryable,
  readPastRuns,
  readStorageRecord,
  removeDeletedTaskRows,
  removeForgottenBots,
  removeMessages,
  removeOldActivities,
  removeOldAnswerLinks,
  removeOldDays,
  removeOldDeliveries,
  removeOldRunDays,
  removeOldSpend,
  removeOldTicks,
  removeOldUndos,
  removeRuns,
  removeSteps,
  writeStorageRecord,
} from '@everbeat/database';
import {
  areFoldersDue,
  type Clock,
  decideThinning,
  errorMessage,
  isMeasurementDue,
  LIMITS,
  type Logger,
  parseStorageRecord,
  type Thinning,
  withMeasurement,
} from '@everbeat/domain';
import type { TaskFolders } from './AbandonedFolders';
import { FailedRepairs } from './FailedRepairs';
import { unlessContended } from './unlessContended';

const { removalStatementsMax, removedRowsPerStatement, pastRunsPerStatement, pastRunLooksMax } = LIMITS;

/** What a pass may still do: statements that remove past runs, and looks at a page of them. */
interface Budget {
  statements: number;
  looks: number;
}

/**
 * The sixth sweep of the watchdog (PROTOCOL §5): removes the rows of deleted tasks and the history past its
 * retention, in small statements. What a pass does not get to is left to the next one, and so is a task of
 * which another session holds a row.
 */
export class Leftovers {
  /** Where the next pass continues to look for prompts to clear, if the last one reached its bound. */
  private promptsAfter: string | null = null;
  /** Tasks whose rows could not be removed lately. */
  private readonly failures: FailedRepairs;

  constructor(
    private readonly deps: {
      db: Queryable;
      clock: Clock;
      logger: Logger;
      folders: Pick<TaskFolders, 'size'>;
    },
  ) {
    this.failures = new FailedRepairs(deps.clock);
  }

  /** Returns how many rows were removed. @throws database errors, when the database is unavailable */
  async sweep(): Promise<number> {
    const { db, clock, logger } = this.deps;
    const now = clock.now();
    const all = (sweep: () => Promise<number>) => unlessContended(sweep, logger);
    const past = (remove: () => Promise<number>) => all(() => inStatements(remove));
    const removed = [
      await all(() => this.removeDeletedTasks()),
      await all(() => this.thinHistories()),
      await past(() => removeOldTicks(db, now, removedRowsPerStatement)),
      await all(() => this.removeOldActivities(now)),
      await past(() => removeOldUndos(db, now, removedRowsPerStatement)),
      await past(() => removeOldSpend(db, now, removedRowsPerStatement)),
      await past(() => removeOldDays(db, now, removedRowsPerStatement)),
      await past(() => removeOldRunDays(db, now, removedRowsPerStatement)),
      await past(() => removeOldDeliveries(db, now, removedRowsPerStatement)),
      await past(() => removeOldAnswerLinks(db, now, removedRowsPerStatement)),
      await past(() => removeForgottenBots(db, now, removedRowsPerStatement)),
    ];
    await this.clearPrompts(now);
    await this.measure(now);
    return removed.reduce((sum, count) => sum + count, 0);
  }

  private async removeDeletedTasks(): Promise<number> {
    const { db } = this.deps;
    const budget = { statements: removalStatementsMax };
    let removed = 0;
    const found = await findDeletedTasks(db, removalStatementsMax + this.failures.leftCount());
    for (const taskId of found.filter((id) => !this.failures.isLeft(id))) {
      await this.attempt(taskId, async () => {
        while (budget.statements > 0) {
          const rows = await removeDeletedTaskRows(db, taskId, removedRowsPerStatement);
          if (rows === 0) return;
          budget.statements -= 1;
          removed += rows;
        }
      });
    }
    return removed;
  }

  private async thinHistories(): Promise<number> {
    const { db } = this.deps;
    const budget: Budget = { statements: removalStatementsMax, looks: pastRunLooksMax };
    let removed = 0;
    const found = await findGrownHistories(db, removalStatementsMax + this.failures.leftCount());
    for (const history of found.filter(({ taskId }) => !this.failures.isLeft(taskId))) {
      await this.attempt(history.taskId, async () => {
        removed += await this.thin(history, budget);
      });
    }
    return removed;
  }

  /**
   * What stays only as long as it is needed is looked at again, with all behind it, by the next look at the
   * history.
   */
  private async thin(history: GrownHistory, budget: Budget): Promise<number> {
    const { db, clock } = this.deps;
    const now = clock.now();
    let { thinnedTo, thinnedTo: lookedTo } = history;
    let hasNeeded = false;
    let removed = 0;
    while (budget.statements > 0 && budget.looks > 0) {
      budget.looks -= 1;
      const found = await readPastRuns(
        db,
        { ...history, thinnedTo: lookedTo },
        { now, limit: pastRunsPerStatement },
      );
      const runs = found.slice(0, pastRunsPerStatement);
      const looked = runs.filter(({ isOld }) => isOld);
      const isComplete = looked.length < pastRunsPerStatement;
      const thinning = decideThinning(runs, found[pastRunsPerStatement] ?? null);
      lookedTo = looked.at(-1)?.operationId ?? lookedTo;
      const before = thinnedTo;
      if (!hasNeeded) thinnedTo = thinning.thinnedTo ?? thinnedTo;
      hasNeeded ||= thinnedTo !== lookedTo;
      if (!isComplete && thinning.operationIds.length === 0 && thinnedTo === before) continue;
      removed += await this.remove(history.taskId, { ...thinning, thinnedTo }, { isComplete, now, budget });
      if (isComplete) return removed;
    }
    return removed;
  }

  /** Returns how many rows were removed. Without a budget for all of it, the runs stay for the next pass. */
  private async remove(
    taskId: string,
    thinning: Thinning,
    { isComplete, now, budget }: { isComplete: boolean; now: Date; budget: Budget },
  ): Promise<number> {
    const { db } = this.deps;
    const { operationIds, topicIds } = thinning;
    const limit = removedRowsPerStatement;
    let removed = 0;
    const removals = [
      { isNeeded: topicIds.length > 0, rows: () => removeMessages(db, topicIds, limit) },
      { isNeeded: operationIds.length > 0, rows: () => removeSteps(db, operationIds, { now, limit }) },
    ];
    for (const { isNeeded, rows } of removals) {
      for (let isMore = isNeeded; isMore; ) {
        if (budget.statements <= 0) return removed;
        budget.statements -= 1;
        const count = await rows();
        removed += count;
        isMore = count === limit;
      }
    }
    budget.statements -= 1;
    return removed + (await removeRuns(db, taskId, thinning, { isComplete, now }));
  }

  private async removeOldActivities(now: Date): Promise<number> {
    const { db } = this.deps;
    let total = 0;
    let after: FeedPlace | null = null;
    for (let statement = 0; statement < removalStatementsMax; statement += 1) {
      const page: { removed: number; end: FeedPlace | null } = await removeOldActivities(db, {
        now,
        after,
        limit: removedRowsPerStatement,
      });
      total += page.removed;
      after = page.end;
      if (after === null) break;
    }
    return total;
  }

  private async clearPrompts(now: Date): Promise<void> {
    const { db } = this.deps;
    await this.attempt(null, async () => {
      for (let statement = 0; statement < removalStatementsMax; statement += 1) {
        const page = { now, limit: pastRunsPerStatement, after: this.promptsAfter };
        this.promptsAfter = (await clearPrompts(db, page)).end;
        if (this.promptsAfter === null) return;
      }
    });
  }

  private async measure(now: Date): Promise<void> {
    const { db } = this.deps;
    const record = parseStorageRecord(await readStorageRecord(db));
    if (!isMeasurementDue(record, now)) return;
    const folders = areFoldersDue(record, now) ? await this.sizeOfFolders() : null;
    await writeStorageRecord(db, withMeasurement(record, await measureStorage(db), now, folders), now);
  }

  /** What the file system refuses must not stop the watchdog. */
  private async sizeOfFolders() {
    try {
      const { bytes, isPartial } = await this.deps.folders.size();
      return { bytes, isPartial };
    } catch (error) {
      this.deps.logger.warn(
        { reason: errorMessage(error) },
        'The folders of the tasks could not be measured',
      );
      return null;
    }
  }

  /**
   * One task whose rows cannot be removed must not stop the others, nor stand in front of them for good. One
   * that another session holds for a moment is tried with the next pass.
   */
  private async attempt(taskId: string | null, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      const fields = { taskId, reason: errorMessage(error) };
      if (isContention(error) && !isCutOff(error)) {
        this.deps.logger.debug(fields, 'Leftovers are held by another session; the next pass retries');
        return;
      }
      if (taskId !== null) this.failures.failed(taskId);
      this.deps.logger.warn(fields, 'Leftovers could not be removed; a later pass retries');
    }
  }
}

/** Repeats a removal until it is done, or has reached its bound. */
async function inStatements(remove: () => Promise<number>): Promise<number> {
  let total = 0;
  for (let statement = 0; statement < removalStatementsMax; statement += 1) {
    const rows = await remove();
    total += rows;
    if (rows < removedRowsPerStatement) break;
  }
  return total;
}
