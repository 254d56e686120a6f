import {
  findStoppedTasks,
  isDatabaseUnavailable,
  type Queryable,
  type StoppedFilter,
} from '@everbeat/database';
import { AppError, errorMessage, type Logger, type NotReadyTasksView } from '@everbeat/domain';
import { groupNotReady, type NotReadyTask } from '../readiness/notReadyTasks';
import type { StartGate } from './startGate';

const PAGE_SIZE = 100;
const PAGES_MAX = 20;

export interface ResumedAll {
  resumed: number;
  /** How many could not be resumed, such as those whose schedule has no next date. */
  refused: number;
  /** Those that stay paused, because their agent cannot run. */
  notReady: NotReadyTasksView[];
  /** Whether there may be more than one call looks at. */
  more: boolean;
}

/**
 * Resumes a user's tasks that the system has paused because of failures, each by itself: one that cannot be
 * resumed does not stop the others.
 * @throws database errors, when the database is unavailable; those resumed before remain resumed
 */
export async function resumeAll(
  deps: { db: Queryable; logger: Logger; readiness: StartGate; resume(taskId: string): Promise<void> },
  userId: string,
  filter: Pick<StoppedFilter, 'cause' | 'agentId'>,
): Promise<ResumedAll> {
  const total = { resumed: 0, refused: 0 };
  const left: NotReadyTask[] = [];
  const result = (more: boolean): ResumedAll => ({ ...total, notReady: groupNotReady(left), more });
  let after = 0;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const tasks = await findStoppedTasks(deps.db, userId, { ...filter, after, limit: PAGE_SIZE });
    const notReady = await deps.readiness.notReadyAmong(
      userId,
      tasks.map(({ id }) => id),
    );
    left.push(...notReady.values());
    const ready = tasks.filter(({ id }) => !notReady.has(id));
    const resumed = await Promise.all(ready.map(({ id }) => isResumed(deps, id)));
    total.resumed += resumed.filter(Boolean).length;
    total.refused += resumed.filter((is) => !is).length;
    const last = tasks.at(-1);
    if (last === undefined || tasks.length < PAGE_SIZE) return result(false);
    after = last.number;
  }
  return result(true);
}

async function isResumed(
  { logger, resume }: { logger: Logger; resume(taskId: string): Promise<void> },
  taskId: string,
): Promise<boolean> {
  try {
    await resume(taskId);
    return true;
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error;
    const fields = { taskId, reason: errorMessage(error) };
    if (error instanceof AppError) logger.info(fields, 'A paused task could not be resumed');
    else logger.error({ ...fields, err: error }, 'A paused task could not be resumed');
    return false;
  }
}
