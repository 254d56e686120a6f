import { deleteTask, editedColumns, findOperation } from '@everbeat/database';
import {
  AppError,
  applyEdit,
  type BriefAction,
  decideBlock,
  decideCancel,
  decideCompletion,
  decideEdit,
  decidePause,
  decideRepair,
  decideStart,
  type SkipReason,
  type TaskFields,
  type TaskPlan,
  type TaskState,
} from '@everbeat/domain';
import type { TickPublisher } from '../ticks/TickPublisher';
import type { CommitEffects } from './commitQueue';
import { decideAndCommit, type LifecycleDeps, unlessGone } from './decideAndCommit';
import { bumpRevision, interruptedOperation, planWrite, type TaskWriteExtras } from './planWrite';
import { resolveBrief } from './resolveBrief';
import { rollbackClaim, type SettleAnswer, settleOperation } from './settle';
import type { OperationCompletion } from './settleExtras';

export type { SettleAnswer } from './settle';
export type { OperationCompletion } from './settleExtras';

/**
 * Every change of a task's status but the claim: it loads, lets the domain decide, commits over what was read, and
 * only then publishes. It imports nothing of the runner; the arms it commits bring the runner back.
 */
export class TaskLifecycleService {
  constructor(private readonly deps: LifecycleDeps & { publisher: TickPublisher; effects: CommitEffects }) {}

  /** Settles an operation once, however often and from wherever its end is told. */
  settle(completion: OperationCompletion, known?: TaskState): Promise<SettleAnswer> {
    return settleOperation(this.deps, completion, known);
  }

  /** For the caller that made the claim, when its operation could not be started. */
  rollback(claim: Parameters<typeof rollbackClaim>[1]): Promise<void> {
    return rollbackClaim(this.deps, claim);
  }

  /** @throws AppError `task-not-found`, `run-in-flight`, `invalid-transition`, `dependencies-unmet` and those of the rule */
  async start(userId: string, taskId: string): Promise<void> {
    await this.act(userId, taskId, (state, now) => decideStart(state, now, 'start'));
  }

  /** @throws AppError as `start` */
  async resume(userId: string, taskId: string): Promise<void> {
    await this.act(userId, taskId, (state, now) => decideStart(state, now, 'resume'));
  }

  /** Ends a run that is in flight as interrupted. Pausing a paused task changes nothing. */
  async pause(userId: string, taskId: string): Promise<void> {
    await this.act(userId, taskId, (state) => (state.status === 'paused' ? null : decidePause(state)));
  }

  /** Ends a run that is in flight as interrupted. Canceling a canceled task changes nothing. */
  async cancel(userId: string, taskId: string): Promise<void> {
    await this.act(userId, taskId, (state) => (state.status === 'canceled' ? null : decideCancel(state)));
  }

  /** @throws AppError `task-not-found` */
  async delete(userId: string, taskId: string): Promise<void> {
    const { db, clock, effects, publisher } = this.deps;
    const gone = await deleteTask(db, { taskId, userId }, clock.now());
    if (gone === null) throw new AppError('task-not-found', 'There is no such task');
    if (gone.operationId !== null) effects.abort(gone.operationId);
    effects.nudge();
    await publisher.cancel(gone.messageId);
  }

  /** Saves an edit and, where the rule changed under a resting task, re-arms it in the same commit. */
  async update(userId: string, taskId: string, fields: Partial<TaskFields>): Promise<void> {
    const columns = editedColumns(fields);
    await this.act(userId, taskId, (state, now) => decideEdit(state, applyEdit(state, fields), now), {
      fields: columns,
      activities: [{ kind: 'edit', reason: Object.keys(columns).join(', ') || null, ref_id: null }],
    });
  }

  /** @throws AppError `brief-not-found`, `action-not-offered` */
  async resolveBrief(
    userId: string,
    resolution: { id: string; action: BriefAction; comment?: string },
  ): Promise<void> {
    await resolveBrief(this.deps, userId, { ...resolution, comment: resolution.comment ?? null });
  }

  /** Stops one run. @throws AppError `operation-not-found`, `operation-settled` */
  async interrupt(userId: string, operationId: string): Promise<void> {
    const operation = await findOperation(this.deps.db, operationId);
    if (operation === null || operation.userId !== userId) {
      throw new AppError('operation-not-found', 'There is no such run');
    }
    const write = await decideAndCommit(this.deps, { taskId: operation.taskId, userId }, (state, now) => {
      if (state.operation?.id !== operationId) return null;
      const plan = decideCompletion(state, INTERRUPTION, now);
      return planWrite(state, plan, { ...this.deps, now }, { operation: interruptedOperation(operationId) });
    });
    if (write === null) throw new AppError('operation-settled', 'The run has ended already');
  }

  /**
   * What a skipped tick still has to do: one that came early is published for the rest of its wait; one that uses up
   * its arm leaves a blocker or a new arm behind, so that the task never rests with neither.
   */
  async afterSkip(
    tick: { taskId: string; userId: string; tickToken: string },
    reason: SkipReason,
  ): Promise<void> {
    if (reason === 'early') return this.deps.publisher.publishAgain(tick);
    const usesUpArm = reason === 'human-waiting' || reason === 'mode-changed' || reason === 'no-interval';
    if (!usesUpArm) return;
    await unlessGone(this.deps, tick, (state, now) => {
      if (state.status !== 'scheduled' || state.scheduler.tickToken !== tick.tickToken) return null;
      const plan = state.humanWaiting ? decideBlock(state) : decideRepair(state, now);
      if (plan === null) return null;
      const extras = { end_tick: { token: tick.tickToken, outcome: 'skipped', reason } } as const;
      return planWrite(state, plan, { ...this.deps, now }, extras);
    });
  }

  /** The watchdog's repair of a task that rests with neither arm nor blocker. True when something was mended. */
  async repair(
    task: { taskId: string; userId: string },
    isLost: (state: TaskState) => boolean,
  ): Promise<boolean> {
    const write = await unlessGone(this.deps, task, (state, now) => {
      const plan = isLost(state) ? decideRepair(state, now) : null;
      return plan === null ? null : planWrite(state, plan, { ...this.deps, now });
    });
    return write !== null;
  }

  /** A person's act: the plan (null: the task stays as it is), the end of a run in flight, the stale message canceled. */
  private async act(
    userId: string,
    taskId: string,
    decide: (state: TaskState, now: Date) => TaskPlan | null,
    extras?: TaskWriteExtras,
  ): Promise<void> {
    let staleMessageId: string | null = null;
    await decideAndCommit(this.deps, { taskId, userId }, (state, now) => {
      const plan = decide(state, now);
      if (plan === null) return extras === undefined ? null : bumpRevision(state, extras);
      staleMessageId = state.scheduler.tickMessageId;
      const operation = state.operation === null ? null : interruptedOperation(state.operation.id);
      return planWrite(state, plan, { ...this.deps, now }, { operation, ...extras });
    });
    await this.deps.publisher.cancel(staleMessageId);
  }
}

const INTERRUPTION = {
  status: 'interrupted',
  errorMessage: null,
  goalMet: false,
  nextRunInSeconds: null,
  bringsUrgentBrief: false,
} as const;
