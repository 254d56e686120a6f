import { type Batcher, type BatchLimits, createBatcher } from '@everbeat/batching';
import {
  commitPlans,
  type HeldOperation,
  isDatabaseUnavailable,
  type LockWait,
  type PlanWrite,
  type Queryable,
} from '@everbeat/database';
import type { ArmedTick, Clock } from '@everbeat/domain';
import type { TaskWrite } from './planWrite';
import { TaskTurns } from './taskTurns';

/** What happens in this process after a commit. Must not throw. */
export interface CommitEffects {
  publish(tick: ArmedTick): Promise<void>;
  /** Stops the agent of an ended operation, if it runs in this process. */
  abort(operationId: string): void;
  /** Has an operation executed that a person's answer has released. */
  goOn(operation: HeldOperation): Promise<void>;
  /** Makes the live feed look for new rows now. */
  nudge(): void;
  /** Has sent what rules send of new briefs. */
  tell(): Promise<void>;
}

interface GroupOutcome {
  isWritten: boolean;
  /** A brief of one of the tasks was resolved because its trouble is over. */
  hasRecovered: boolean;
}

/**
 * The commits of this process. Groups of writes that arrive together share one statement and one database
 * commit; each group is written completely or not at all. Publishing and other effects follow the commit.
 */
export class CommitQueue {
  /** For attempts after one that was overtaken. */
  readonly turns = new TaskTurns();
  private readonly batcher: Batcher<TaskWrite[], GroupOutcome>;

  constructor(
    private readonly deps: { db: Queryable; clock: Clock; effects: CommitEffects; batching?: BatchLimits },
  ) {
    this.batcher = createBatcher<TaskWrite[], GroupOutcome>({
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
    const outcome = await (wait === 'alone' ? this.batcher.addAlone(group) : this.batcher.add(group));
    if (!outcome.isWritten) return false;
    const { effects } = this.deps;
    effects.nudge();
    const isNews = outcome.hasRecovered || group.some(changesBriefs);
    for (const write of group) if (write.operation !== null) effects.abort(write.operation.id);
    await Promise.all([
      ...(isNews ? [effects.tell()] : []),
      ...group.flatMap(armedTicks).map((tick) => effects.publish(tick)),
      ...group.flatMap(released).map((operation) => effects.goOn(operation)),
    ]);
    return true;
  }

  private async write(groups: TaskWrite[][], wait: LockWait): Promise<GroupOutcome[]> {
    const takenTaskIds = new Set<string>();
    const writes: PlanWrite[] = [];
    const isSent = groups.map((group, index) => {
      // Two decisions from the same state exclude each other, but the statement would accept both.
      if (group.some((write) => takenTaskIds.has(write.task_id))) return false;
      for (const write of group) {
        takenTaskIds.add(write.task_id);
        // Undefined values are not sent.
        const sent = { ...write, tick: undefined, subtask: undefined };
        writes.push({ ...sent, group: index, group_size: group.length });
      }
      return true;
    });
    const written = await commitPlans(this.deps.db, writes, this.deps.clock.now(), wait);
    return groups.map((group, index) => ({
      isWritten: isSent[index] === true && group.every((write) => written.has(write.task_id)),
      hasRecovered: group.some((write) => written.get(write.task_id)?.hasRecovered === true),
    }));
  }
}

/**
 * Whether there may be something to tell. Every success asks that briefs of failures be resolved, so only the
 * commit itself knows whether there were any: looking for deliveries after each beat would double its round
 * trips.
 */
const changesBriefs = ({ briefs, outage }: TaskWrite): boolean => briefs.length > 0 || outage !== null;

/** The operation of a write that may be begun now. */
const released = ({ operation }: TaskWrite): HeldOperation[] =>
  operation?.status === 'running'
    ? [{ operationId: operation.id, leaseEpoch: (operation.lease_epoch ?? 0) + 1 }]
    : [];

/** The arm of a write, and those of the subtasks that it starts. */
export function armedTicks({ task_id, user_id, arm, tick, subtasks }: TaskWrite): ArmedTick[] {
  const of = (taskId: string, tickToken: string, dueAt: string, more: TaskWrite['tick']): ArmedTick => ({
    taskId,
    userId: user_id,
    tickToken,
    dueAt: new Date(dueAt),
    publication: 1,
    ...more,
  });
  const own = arm === null ? [] : [of(task_id, arm.token, arm.due_at, tick)];
  const started = subtasks.flatMap(({ id, scheduler }) =>
    scheduler?.tickToken == null || scheduler.dueAt === null
      ? []
      : [of(id, scheduler.tickToken, scheduler.dueAt, { ...tick, priority: 0 })],
  );
  return [...own, ...started];
}
