import {
  type ExpiredBrief,
  editedColumns,
  findOperation,
  findSubtasksQuestion,
  type LookTarget,
  loadTaskStates,
  type Queryable,
  recordLook,
  type UnaskedOperation,
  type UndoneAnswer,
} from '@everbeat/database';
import {
  type AnswerUndo,
  AppError,
  applyEdit,
  decideBlock,
  decideCancel,
  decideCompletion,
  decideDependencyAnswer,
  decideEdit,
  decideLook,
  decidePause,
  decideQuestion,
  decideRepair,
  decideStart,
  errorMessage,
  type FieldChange,
  isTerminal,
  type SkipReason,
  type StopCause,
  type TaskEdit,
  type TaskPlan,
  type TaskState,
} from '@everbeat/domain';
import type { TickPublisher } from '../ticks/TickPublisher';
import { goOnUnasked, type ParkedRun, parkRun } from './approvals';
import type { CommitEffects } from './commitQueue';
import { commitWithin } from './commitWithin';
import type { OperationCompletion, SettleResult } from './completion';
import { type Beginning, beginTasks } from './createdTasks';
import { decideAndCommit, decideUnlessDeleted, type LifecycleDeps } from './decideAndCommit';
import { bumpRevision, planWrite, type TaskWriteExtras } from './planWrite';
import { expireBrief, type Resolution, resolveBrief, startSubtasks } from './resolveBrief';
import { type ResumedAll, resumeAll } from './resumeAll';
import { goOnWithinBudgets } from './roomMade';
import { type RunSubtasks, runSubtasks } from './runSubtasks';
import { rollbackClaim, type SettleOptions, settleOperation } from './settle';
import type { StartGate } from './startGate';
import { INTERRUPTION, stoppedRun, whatWasTold } from './stoppedRun';
import { takeAnswerBack } from './undoAnswer';

/**
 * Every change of a task's status except the claim: loads the task, lets the domain decide, commits over
 * exactly what was read, and only then publishes. Imports nothing of the runner; the arms it commits start
 * the next runs.
 */
export class TaskLifecycleService {
  constructor(
    private readonly deps: LifecycleDeps & {
      publisher: TickPublisher;
      effects: CommitEffects;
      readiness: StartGate;
    },
  ) {}

  /** Settles an operation once, however often and by whomever its end is reported. */
  settle(completion: OperationCompletion, options?: SettleOptions): Promise<SettleResult> {
    return settleOperation(this.deps, completion, options);
  }

  /** Undoes a claim whose operation could not be started. Only for the caller that made the claim. */
  rollback(claim: Parameters<typeof rollbackClaim>[1], known?: TaskState): Promise<void> {
    return rollbackClaim(this.deps, claim, known);
  }

  /** Leaves a run to a person's answer (PROTOCOL §9). @throws database errors; nothing was written then */
  park(parked: ParkedRun, known?: TaskState): Promise<void> {
    return parkRun(this.deps, parked, known);
  }

  /**
   * A run waits for an answer that nobody is asked for. Returns whether it goes on now. @throws database
   * errors
   */
  goOnUnasked(unasked: UnaskedOperation): Promise<boolean> {
    return goOnUnasked(this.deps, unasked);
  }

  /**
   * Nobody has answered a brief in time. Returns whether its default was taken now. @throws database errors
   */
  expireBrief(expired: ExpiredBrief): Promise<boolean> {
    return expireBrief(this.deps, expired);
  }

  /**
   * @throws AppError `task-not-found`, `run-in-flight`, `invalid-transition`, `dependencies-unmet` and those
   * of the rule
   */
  async start(userId: string, taskId: string): Promise<void> {
    await this.act(userId, taskId, (state, now) => ({ plan: decideStart(state, now, 'start') }));
  }

  /** @throws AppError as `start` */
  async resume(userId: string, taskId: string): Promise<void> {
    await this.act(userId, taskId, (state, now) => ({ plan: decideStart(state, now, 'resume') }));
  }

  /**
   * Starts or pauses tasks within the transaction that has created them. What it returns is to be called once
   * that is committed; if it is not, the watchdog publishes the ticks.
   * @throws AppError those of a rule that cannot be armed
   */
  async begin(client: Queryable, beginnings: readonly Beginning[]): Promise<() => Promise<void>> {
    const ticks = await beginTasks(this.deps, client, beginnings);
    return async () => {
      this.deps.effects.nudge();
      await Promise.all(ticks.map((tick) => this.deps.effects.publish(tick)));
    };
  }

  /**
   * Resumes the tasks that the fuse, or a failure that only a person can remove, has paused: all of the user,
   * or those of one agent. Those whose agent cannot run stay paused, and are named.
   */
  resumeAll(userId: string, filter: { cause?: StopCause; agentId?: string }): Promise<ResumedAll> {
    const resume = (taskId: string): Promise<void> => this.resume(userId, taskId);
    return resumeAll({ ...this.deps, resume }, userId, filter);
  }

  /**
   * Runs the open subtasks of a task: answers the brief that asks whether to start them, then starts or
   * resumes those that rest. The rest waits for others, and starts when these complete. Those whose agent
   * cannot run stay as they are, and are named.
   */
  async runSubtasks(userId: string, taskId: string): Promise<RunSubtasks> {
    const parent = { userId, taskId };
    const question = await findSubtasksQuestion(this.deps.db, parent);
    if (question !== null) {
      const leaves = await this.deps.readiness.notReadyAmong(userId, question.undecidedIds);
      await startSubtasks(this.deps, userId, { id: question.id, leaves });
    }
    return runSubtasks(this.deps, parent, new Set(question?.undecidedIds));
  }

  /**
   * Interrupts a run in flight. Pausing a paused task changes its reason, if one is given, and nothing else.
   * @throws AppError as `start`
   */
  async pause(userId: string, taskId: string, pausedReason?: string): Promise<void> {
    const extras = pausedReason ? { fields: editedColumns({ pausedReason }) } : undefined;
    await this.act(userId, taskId, (state) => ({
      plan: state.status === 'paused' ? null : decidePause(state),
      extras,
    }));
  }

  /** Interrupts a run in flight. Canceling a canceled task changes nothing. @throws AppError as `start` */
  async cancel(userId: string, taskId: string): Promise<void> {
    await this.act(userId, taskId, (state) => ({
      plan: state.status === 'canceled' ? null : decideCancel(state),
    }));
  }

  /**
   * Ends the task and hides it from everybody, in one small write however long its history is. The watchdog
   * removes its rows (PROTOCOL §5).
   * @throws AppError `task-not-found`
   */
  async delete(userId: string, taskId: string): Promise<void> {
    await this.act(userId, taskId, (state, now) => ({
      plan: isTerminal(state.status) ? null : decideCancel(state),
      tells: false,
      extras: {
        fields: editedColumns({ deletedAt: now }),
        activities: [{ kind: 'deleted', reason: null, ref_id: null, changes: null }],
      },
    }));
  }

  /**
   * Saves an edit. If it changes the rule of a scheduled task, the same commit re-arms it. `readEdit` is
   * called after the task's state was read, and again when the task has changed before the commit: what it
   * reads of the task is still so when the edit is saved.
   * @throws AppError `task-not-found`, `state-changed`, and whatever `readEdit` throws
   */
  async update(userId: string, taskId: string, readEdit: () => Promise<RecordedEdit>): Promise<void> {
    await this.act(userId, taskId, async (state, now) => {
      const { edit, changes } = await readEdit();
      const columns = editedColumns(edit);
      const names = Object.keys(columns);
      if (names.length === 0) return { plan: null };
      return {
        plan: decideEdit(state, applyEdit(state, edit), now),
        extras: {
          fields: columns,
          activities: [{ kind: 'edit', reason: names.join(', '), ref_id: null, changes }],
        },
        edit,
      };
    });
  }

  /**
   * A person looks at tasks, or acts on them: those that were slowed down because nobody did beat by their
   * rules again (PROTOCOL §4.5). Never throws: whatever the person does is done all the same.
   */
  async look(userId: string, target: LookTarget): Promise<void> {
    const { db, clock, logger } = this.deps;
    try {
      const slowed = await recordLook(db, userId, target, clock.now());
      await Promise.all(slowed.map((taskId) => this.act(userId, taskId, lookedAt)));
    } catch (error) {
      logger.warn({ reason: errorMessage(error) }, 'It was not recorded that a person looked at a task');
    }
  }

  /** To be called after a person has changed a budget, or whose budgets hold for a task. Never throws. */
  goOnWithinBudgets(userId: string): Promise<void> {
    return goOnWithinBudgets(this.deps, userId);
  }

  /**
   * Answers a brief; one that was answered before keeps its first answer. `when` says when a task that waited
   * for it runs; default now. An answer to something else than the brief asks now changes nothing. Returns
   * what takes the answer back, or why nothing does.
   * @throws AppError `brief-not-found`, `action-not-offered`, `words-missing`
   */
  async resolveBrief(
    userId: string,
    {
      id,
      action,
      comment = null,
      when = 'now',
      isByLink = false,
      asked,
    }: { id: string } & Partial<Resolution> & Pick<Resolution, 'action'>,
  ): Promise<AnswerUndo> {
    await this.look(userId, { briefIds: [id] });
    return resolveBrief(this.deps, userId, { id, action, comment, when, isByLink, asked });
  }

  /** As `undoAnswer.ts` says. @throws AppError `undo-expired` */
  takeAnswerBack(client: Queryable, userId: string, answer: UndoneAnswer): Promise<() => Promise<void>> {
    return takeAnswerBack(this.deps, client, userId, answer);
  }

  /**
   * What a person's run of a task in the backlog answers, if the task asks about dependencies that have
   * ended: it starts anyway. The run then claims it.
   * @throws AppError `task-not-found`
   */
  async startAnyway(userId: string, taskId: string): Promise<void> {
    await this.act(userId, taskId, (state, now) => {
      const isAsking = state.scheduler.endedDependencies !== undefined;
      return { plan: isAsking ? decideDependencyAnswer(state, 'start', now) : null };
    });
  }

  /**
   * Within a transaction that has changed what a task depends on: opens, updates or closes its question about
   * dependencies that have ended.
   * @throws AppError `state-changed`
   */
  async reviewDependencies(client: Queryable, taskId: string): Promise<void> {
    const now = this.deps.clock.now();
    const state = (await loadTaskStates(client, [taskId])).get(taskId);
    const plan = state === undefined ? null : decideQuestion(state);
    if (state === undefined || plan === null) return;
    const write = planWrite(state, plan, { ...this.deps, now });
    if (!(await commitWithin(client, [write], now)))
      throw new AppError('state-changed', 'The task was changed meanwhile; try again');
  }

  /** Interrupts one run. @throws AppError `operation-not-found`, `operation-settled` */
  async interrupt(userId: string, operationId: string): Promise<void> {
    const operation = await findOperation(this.deps.db, operationId);
    if (operation === null || operation.userId !== userId) {
      throw new AppError('operation-not-found', 'There is no such run');
    }
    const write = await decideAndCommit(
      this.deps,
      { taskId: operation.taskId, userId },
      async (state, now) => {
        if (state.operation?.id !== operationId) return null;
        const context = { ...this.deps, now };
        const plan = decideCompletion(state, INTERRUPTION, now);
        return planWrite(state, plan, context, await stoppedRun(this.deps.db, state, plan, context));
      },
    );
    if (write === null) throw new AppError('operation-settled', 'The run has ended already');
  }

  /**
   * What remains to do after a skipped tick: an early one is published again for the rest of its wait; one
   * that uses up its arm is replaced by a blocker or a new arm, so that a scheduled task always has one of
   * them, or ends the loop.
   */
  async afterSkip(
    tick: { taskId: string; userId: string; tickToken: string },
    reason: SkipReason,
  ): Promise<void> {
    if (reason === 'early') return this.deps.publisher.publishAgain(tick);
    if (!USES_UP_ARM.has(reason)) return;
    await decideUnlessDeleted(this.deps, tick, async (state, now) => {
      if (state.status !== 'scheduled' || state.scheduler.tickToken !== tick.tickToken) return null;
      const plan = state.humanWaiting ? decideBlock(state) : decideRepair(state, now);
      if (plan === null) return null;
      const context = { ...this.deps, now };
      const extras = { end_tick: { token: tick.tickToken, outcome: 'skipped', reason } } as const;
      const told = await whatWasTold(this.deps.db, state, plan, context);
      return planWrite(state, plan, context, { ...told, ...extras });
    });
  }

  /**
   * A repair by the watchdog. `decide` gets the task as it is now; null when it needs no repair any more.
   * Returns whether anything was repaired.
   */
  async repair(
    task: { taskId: string; userId: string },
    decide: (state: TaskState, now: Date) => TaskPlan | null,
  ): Promise<boolean> {
    const write = await decideUnlessDeleted(this.deps, task, async (state, now) => {
      const plan = decide(state, now);
      if (plan === null) return null;
      const context = { ...this.deps, now };
      return planWrite(state, plan, context, await whatWasTold(this.deps.db, state, plan, context));
    });
    return write !== null;
  }

  /**
   * Carries out a person's action: commits its plan, interrupts a run in flight, cancels the message of the
   * replaced arm.
   */
  private async act(
    userId: string,
    taskId: string,
    decide: (state: TaskState, now: Date) => Act | Promise<Act>,
  ): Promise<void> {
    let staleMessageId: string | null = null;
    await decideAndCommit(this.deps, { taskId, userId }, async (state, now) => {
      const { plan, extras, edit = {}, tells = true } = await decide(state, now);
      if (plan === null) return extras === undefined ? null : bumpRevision(state, extras);
      staleMessageId = state.scheduler.tickMessageId;
      const context = { ...this.deps, now };
      const stopped = await stoppedRun(this.deps.db, state, plan, context, tells);
      return planWrite(applyEdit(state, edit), plan, context, { ...stopped, ...extras });
    });
    await this.deps.publisher.cancel(staleMessageId);
  }
}

const lookedAt = (state: TaskState, now: Date): Act => ({ plan: decideLook(state, now) });

/** An edit, and what the history records of it. */
export interface RecordedEdit {
  edit: TaskEdit;
  changes: readonly FieldChange[];
}

/** What a person's action changes. */
interface Act {
  /** Null: only `extras` are written, or nothing. */
  plan: TaskPlan | null;
  extras?: TaskWriteExtras | undefined;
  /** Briefs tell of the task as the edit leaves it: that may be what gives it a loop, or ends it. */
  edit?: TaskEdit;
  /** Whether what a run had told that this ends is kept. Left out: it is. */
  tells?: boolean;
}

/** Skips after which the arm can never run. */
const USES_UP_ARM: ReadonlySet<SkipReason> = new Set([
  'human-waiting',
  'mode-changed',
  'no-interval',
  'end-date',
]);
