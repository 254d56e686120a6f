import {
  findExpiredLeases,
  findOrphans,
  isDatabaseUnavailable,
  loadTaskStates,
  type Queryable,
  recordWatchdogRun,
  takeLostTicks,
  takeUnpublishedArms,
} from '@everbeat/database';
import { type ArmedTick, type Clock, errorMessage, LIMITS, type Logger, toInstant } from '@everbeat/domain';
import type { OperationCompletion, TaskLifecycleService } from '../taskLifecycle/TaskLifecycleService';
import type { TickPublisher } from '../ticks/TickPublisher';

/** What one pass found and mended (PROTOCOL §5). */
export interface WatchdogCounts {
  stuck: number;
  unpublished: number;
  lost: number;
  orphans: number;
}

/**
 * Finds what fell between two steps: runs without a sign of life, arms never published, ticks that never came, tasks
 * with neither arm nor blocker. Idempotent, bounded, and harmless when many run at once: every mending write is guarded.
 */
export class TaskWatchdogService {
  constructor(
    private readonly deps: {
      db: Queryable;
      clock: Clock;
      logger: Logger;
      lifecycle: TaskLifecycleService;
      publisher: TickPublisher;
      graceSeconds: number;
    },
  ) {}

  /** @throws when the database is away */
  async sweep(): Promise<WatchdogCounts> {
    const stuck = await inBatches((limit) => this.settleStuckRuns(limit));
    // One time for all batches: what is published in this pass is not taken by it again, however short the grace.
    const now = this.deps.clock.now();
    const unpublished = await inBatches((limit) => this.publishTaken(takeUnpublishedArms, now, limit));
    const lost = await inBatches((limit) => this.publishTaken(takeLostTicks, now, limit));
    const orphans = await inBatches((limit) => this.armOrphans(limit));
    const counts = { stuck, unpublished, lost, orphans };
    if (stuck + unpublished + lost + orphans > 0)
      this.deps.logger.warn(counts, 'The watchdog mended what was stuck');
    await recordWatchdogRun(this.deps.db, { at: toInstant(this.deps.clock.now()), ...counts });
    return counts;
  }

  private async settleStuckRuns(limit: number): Promise<number> {
    const expired = await findExpiredLeases(this.deps.db, this.deps.clock.now(), limit);
    const states = await loadTaskStates(
      this.deps.db,
      expired.map((lease) => lease.taskId),
    );
    const settled = await Promise.all(
      expired.map(async ({ taskId, operationId }) => {
        const state = states.get(taskId);
        if (state?.operation?.id !== operationId) return false;
        const completion = {
          operationId,
          taskId,
          userId: state.userId,
          topicId: state.operation.topicId,
          status: 'timeout',
          errorCode: 'lease_lost',
          errorMessage: `The run gave no sign of life for ${state.heartbeatTimeout} s: its process ended or hangs.`,
          report: null,
          usage: null,
          transcript: [],
        } as const satisfies OperationCompletion;
        return this.mend(taskId, async () => (await this.deps.lifecycle.settle(completion, state)).settled);
      }),
    );
    return settled.filter(Boolean).length;
  }

  private async publishTaken(
    take: (db: Queryable, sweep: { now: Date; graceSeconds: number; limit: number }) => Promise<ArmedTick[]>,
    now: Date,
    limit: number,
  ): Promise<number> {
    const { db, graceSeconds, publisher } = this.deps;
    const taken = await take(db, { now, graceSeconds, limit });
    await Promise.all(taken.map((tick) => publisher.publish(tick)));
    return taken.length;
  }

  private async armOrphans(limit: number): Promise<number> {
    const { db, clock, graceSeconds, lifecycle } = this.deps;
    const orphans = await findOrphans(db, { now: clock.now(), graceSeconds, limit });
    const repaired = await Promise.all(
      orphans.map(({ taskId, userId, revision }) =>
        this.mend(taskId, () => lifecycle.repair({ taskId, userId }, (state) => state.revision === revision)),
      ),
    );
    return repaired.filter(Boolean).length;
  }

  /** A task that cannot be mended keeps no other from it; only a database that is away ends the pass. */
  private async mend(taskId: string, work: () => Promise<boolean>): Promise<boolean> {
    try {
      return await work();
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      const reason = errorMessage(error);
      this.deps.logger.error({ taskId, reason }, 'The watchdog could not mend a task; it tries again');
      return false;
    }
  }
}

/** Batch after batch until one is not full, within the bound of a pass; the next pass goes on. */
async function inBatches(sweep: (limit: number) => Promise<number>): Promise<number> {
  let total = 0;
  for (let batch = 0; batch < LIMITS.watchdogBatchesMax; batch += 1) {
    const count = await sweep(LIMITS.watchdogBatchRows);
    total += count;
    if (count < LIMITS.watchdogBatchRows) break;
  }
  return total;
}
