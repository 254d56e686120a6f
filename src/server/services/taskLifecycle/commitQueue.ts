import { type Batcher, type BatchLimits, createBatcher } from '@everbeat/batching';
import {
  commitPlans,
  isDatabaseUnavailable,
  type LockWait,
  type PlanWrite,
  type Queryable,
} from '@everbeat/database';
import type { ArmedTick, Clock } from '@everbeat/domain';
import type { TaskWrite } from './planWrite';

/** What happens in this process after a commit. Must not throw. */
export interface CommitEffects {
  publish(tick: ArmedTick): Promise<void>;
  /** Stops the agent of an ended operation, if it runs in this process. */
  abort(operationId: string): void;
  /** Makes the live feed look for new rows now. */
  nudge(): void;
}

/**
 * The commits of this process. Groups of writes that arrive together share one statement and one database
 * commit; each group is written completely or not at all. Publishing and other effects follow the commit.
 */
export class CommitQueue {
  private readonly batcher: Batcher<TaskWrite[], boolean>;

  constructor(
    private readonly deps: { db: Queryable; clock: Clock; effects: CommitEffects; batching?: BatchLimits },
  ) {
    this.batcher = createBatcher<TaskWrite[], boolean>({
      run: (groups, wait) => this.write(groups, wait),
      maxBatchSize: 200,
      maxConcurrentBatches: 2,
      ...deps.batching,
      mayRetryAlone: (error) => !isDatabaseUnavailable(error),
    });
  }

  /**
   * Returns true once the group is committed and its arms are published. Returns false, with nothing written,
   * when one of its tasks has changed since it was read, or is held by another session: the caller reads and
   * decides again, and commits that alone, because a shared commit waits for nobody.
   */
  async commit(group: TaskWrite[], wait: LockWait): Promise<boolean> {
    const isWritten = await (wait === 'alone' ? this.batcher.addAlone(group) : this.batcher.add(group));
    if (!isWritten) return false;
    const { effects } = this.deps;
    effects.nudge();
    for (const write of group) if (write.operation !== null) effects.abort(write.operation.id);
    await Promise.all(group.flatMap(armedTick).map((tick) => effects.publish(tick)));
    return true;
  }

  private async write(groups: TaskWrite[][], wait: LockWait): Promise<boolean[]> {
    const takenTaskIds = new Set<string>();
    const writes: PlanWrite[] = [];
    const isSent = groups.map((group, index) => {
      // Two decisions from the same state exclude each other, but the statement would accept both.
      if (group.some((write) => takenTaskIds.has(write.task_id))) return false;
      for (const { tick: _, ...write } of group) {
        takenTaskIds.add(write.task_id);
        writes.push({ ...write, group: index, group_size: group.length });
      }
      return true;
    });
    const writtenTaskIds = await commitPlans(this.deps.db, writes, this.deps.clock.now(), wait);
    return groups.map(
      (group, index) => isSent[index] === true && group.every((write) => writtenTaskIds.has(write.task_id)),
    );
  }
}

const armedTick = (write: TaskWrite): ArmedTick[] =>
  write.arm === null
    ? []
    : [
        {
          taskId: write.task_id,
          userId: write.user_id,
          tickToken: write.arm.token,
          dueAt: new Date(write.arm.due_at),
          publication: 1,
          ...write.tick,
        },
      ];
