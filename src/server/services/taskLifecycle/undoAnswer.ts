import type { BriefRef } from '@everbeat/database';
import {
  loadDependentIds,
  loadTaskStates,
  type Queryable,
  recordAnswerUndo,
  type UndoneAnswer,
} from '@everbeat/database';
import {
  type AnswerUndo,
  AppError,
  type BriefActionView,
  isBlocking,
  isTerminal,
  LIMITS,
  type NoUndoReason,
  settingsBefore,
  type TaskPlan,
  type TaskState,
  whyNoUndo,
  withSettingsBack,
} from '@everbeat/domain';
import type { TickPublisher } from '../ticks/TickPublisher';
import { armedTicks, type CommitEffects } from './commitQueue';
import { commitWithin } from './commitWithin';
import type { LifecycleDeps } from './decideAndCommit';
import { editedConfig } from './editedConfig';
import { bumpRevision, type TaskWrite, type TaskWriteExtras, type WriteContext, withArm } from './planWrite';

/** An answer as it was decided, for what takes it back. */
export interface DecidedAnswer {
  brief: BriefRef;
  chosen: BriefActionView;
  /** The state that it was decided from. */
  state: TaskState;
  plan: TaskPlan | null;
  /**
   * It drops an attempt that had something to tell, which is told with it: the attempt would tell it again.
   */
  tells: boolean;
}

/**
 * Records what takes an answer back. That is a write of its own after the answer's: if the process dies in
 * between, the answer holds.
 */
export async function recordUndo(
  { db, clock, ids }: LifecycleDeps,
  { brief, chosen, state, plan, tells }: DecidedAnswer,
): Promise<AnswerUndo> {
  const isTold = plan !== null && isTerminal(plan.status);
  const isAlone =
    !isTold || (state.parentTaskId === null && (await loadDependentIds(db, [state.id])).length === 0);
  const reason = tells ? 'attempt-told' : whyNoUndo(brief, chosen, plan, isAlone);
  if (reason !== null) return noUndo(reason);
  const now = clock.now();
  const token = ids.token();
  const { status, scheduler, error } = state;
  const settings = settingsChangedBy(chosen, state);
  // An answer that no decision looks at is taken back whatever the task has done since.
  const before = plan && { status, scheduler, error };
  const answer: UndoneAnswer | null =
    plan === null && settings === undefined && !isBlocking(brief)
      ? null
      : { taskId: state.id, revision: state.revision + 1, before, settings };
  const isRecorded = await recordAnswerUndo(db, {
    token,
    userId: state.userId,
    answer,
    brief: { ...brief, action: chosen.key },
    now,
    expiresAt: new Date(now.getTime() + LIMITS.undoKeptSeconds * 1_000),
  });
  return isRecorded ? { undoToken: token, noUndoReason: null } : noUndo('answered-before');
}

/** The settings that the option has added to, as they were. */
const settingsChangedBy = (
  { adds }: BriefActionView,
  { agentKind: kind, config }: TaskState,
): UndoneAnswer['settings'] =>
  adds === undefined || kind === null ? undefined : { kind, before: settingsBefore(config, kind, adds) };

export const noUndo = (noUndoReason: NoUndoReason): AnswerUndo => ({ undoToken: null, noUndoReason });

/**
 * Within the transaction that reopens the brief: the task becomes what it was before the answer, if nothing
 * has changed it since. So of the run that the answer has armed and of taking it back exactly one takes
 * place. What it returns is to be called once that is committed; if it is not, the watchdog publishes the
 * tick.
 * @throws AppError `undo-expired`
 */
export async function takeAnswerBack(
  deps: LifecycleDeps & { publisher: TickPublisher; effects: CommitEffects },
  client: Queryable,
  userId: string,
  { taskId, revision, before, settings }: UndoneAnswer,
): Promise<() => Promise<void>> {
  const now = deps.clock.now();
  const state = (await loadTaskStates(client, [taskId])).get(taskId);
  if (state === undefined || state.userId !== userId || state.revision !== revision) throw tooLate();
  const { config } = state;
  const extras =
    settings === undefined
      ? {}
      : editedConfig(config, withSettingsBack(config, settings.kind, settings.before));
  const write =
    before === null ? bumpRevision(state, extras) : writeBack(state, before, { ...deps, now }, extras);
  if (!(await commitWithin(client, [write], now))) throw tooLate();
  return async () => {
    deps.effects.nudge();
    await deps.publisher.cancel(before === null ? null : state.scheduler.tickMessageId);
    await Promise.all(armedTicks(write).map((tick) => deps.effects.publish(tick)));
  };
}

function writeBack(
  state: TaskState,
  before: NonNullable<UndoneAnswer['before']>,
  context: WriteContext,
  extras: TaskWriteExtras,
): TaskWrite {
  const { tickToken } = state.scheduler;
  const end = { outcome: 'superseded', reason: 'answer-undone' } as const;
  const write = bumpRevision(state, {
    ...extras,
    end_tick: tickToken === null ? null : { token: tickToken, ...end },
  });
  const { arm, scheduler } = withArm(before, context);
  return { ...write, to_status: before.status, error: before.error, reason: 'answer-undone', arm, scheduler };
}

const tooLate = (): AppError =>
  new AppError(
    'undo-expired',
    'This cannot be taken back any more: the task has gone on with it. Nothing was undone',
  );
