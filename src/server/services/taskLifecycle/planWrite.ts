import type { OperationWrite, PlanWrite } from '@everbeat/database';
import {
  type ArmedTick,
  type ArmIntent,
  absenceAfter,
  askedAfter,
  briefOfLoopEnd,
  EMPTY_SCHEDULER_STATE,
  type EndedDependency,
  type Ids,
  isReview,
  isSameQuestion,
  isTerminal,
  reviewAfter,
  type SchedulerState,
  type TaskPlan,
  type TaskState,
  toInstant,
} from '@everbeat/domain';
import type { TaskScheduler } from '@everbeat/scheduler';
import { dependencyBrief, loopEndBrief, unarmableBrief } from './briefWrites';

/** One task's write, before the commit queue numbers its group. */
export interface TaskWrite extends Omit<PlanWrite, 'group' | 'group_size'> {
  /** Not written: what a scheduler in this process has to know of an arm. */
  tick: Pick<ArmedTick, 'agentKind' | 'priority'>;
  /**
   * Not written: of a subtask, whose it is, and whether it rested in the backlog before this write or its
   * run.
   */
  subtask: { parentId: string; wasInBacklog: boolean } | null;
}

/** What a write carries beside the task's own state. What is left out writes nothing. */
export type TaskWriteExtras = Partial<
  Pick<
    TaskWrite,
    | 'fields'
    | 'dropped'
    | 'operation'
    | 'end_tick'
    | 'briefs'
    | 'resolved'
    | 'recover'
    | 'outage'
    | 'messages'
    | 'comments'
    | 'subtasks'
    | 'memory'
    | 'documents'
    | 'spend'
    | 'is_idle'
    | 'raises'
    | 'activities'
  >
>;

const subtaskOf = ({ status, operation }: TaskState, parentId: string): TaskWrite['subtask'] => ({
  parentId,
  wasInBacklog: status === 'backlog' || operation?.claimedFrom === 'backlog',
});

/** The task's own part of a write. */
type OwnPart = Pick<TaskWrite, 'to_status' | 'scheduler' | 'error' | 'reason' | 'arm'>;

/**
 * Field by field: each beat makes one, and merging objects of so many fields takes several times the memory.
 */
const taskWrite = (state: TaskState, own: OwnPart, extras: TaskWriteExtras): TaskWrite => ({
  tick: { agentKind: state.agentKind, priority: state.priority },
  subtask: state.parentTaskId === null ? null : subtaskOf(state, state.parentTaskId),
  task_id: state.id,
  user_id: state.userId,
  revision: state.revision,
  from_status: state.status,
  to_status: own.to_status,
  scheduler: own.scheduler,
  error: own.error,
  reason: own.reason,
  arm: own.arm,
  end_tick: extras.end_tick ?? null,
  fields: extras.fields ?? null,
  dropped: extras.dropped ?? [],
  operation: ofReview(state, extras.operation ?? null),
  briefs: extras.briefs ?? [],
  resolved: extras.resolved ?? [],
  recover: extras.recover ?? [],
  outage: extras.outage ?? null,
  messages: extras.messages ?? [],
  comments: extras.comments ?? [],
  subtasks: extras.subtasks ?? [],
  memory: extras.memory ?? null,
  documents: extras.documents ?? [],
  spend: extras.spend ?? null,
  is_idle: extras.is_idle ?? false,
  // Left out of nearly all writes, whose statement does not know it.
  raises: extras.raises,
  activities: extras.activities ?? [],
});

/** However a review ends, its topic stays as the run left it whose work it checks. */
const ofReview = (state: TaskState, operation: OperationWrite | null): OperationWrite | null =>
  operation !== null && isReview(state) ? { review: null, ...operation } : operation;

/** What turning a plan into a write needs: ids and tokens, message ids known beforehand, and the time. */
export interface WriteContext {
  ids: Ids;
  scheduler: Pick<TaskScheduler, 'messageIdOf'>;
  now: Date;
}

function armWrite(arm: ArmIntent, { ids, scheduler }: WriteContext): NonNullable<PlanWrite['arm']> {
  const token = ids.token();
  const message_id = scheduler.messageIdOf({ tickToken: token, publication: 1 });
  const { dueAt, trigger, dueReason: due_reason } = arm;
  return { token, due_at: toInstant(dueAt), trigger, message_id, due_reason };
}

/**
 * A state armed as it says: with a token of its own, because a token is used once. A scheduled task without
 * an arm or a due time, such as one that somebody has edited in the database, is due now.
 */
export function withArm(
  { status, scheduler }: Pick<TaskState, 'status' | 'scheduler'>,
  context: WriteContext,
): Pick<OwnPart, 'arm'> & { scheduler: SchedulerState } {
  if (status !== 'scheduled' || scheduler.blockedBy !== null) return { arm: null, scheduler };
  const dueAt = scheduler.dueAt === null ? context.now : new Date(scheduler.dueAt);
  const arm = armWrite({ dueAt, trigger: scheduler.trigger ?? 'manual' }, context);
  return {
    arm,
    scheduler: {
      ...scheduler,
      tickToken: arm.token,
      tickMessageId: arm.message_id,
      scheduledAt: toInstant(context.now),
      dueAt: arm.due_at,
      trigger: arm.trigger,
    },
  };
}

/** The scheduler's state of a task without automation that is created with an arm for now. */
export const armedNow = (context: WriteContext): SchedulerState =>
  withArm({ status: 'scheduled', scheduler: EMPTY_SCHEDULER_STATE }, context).scheduler;

/** A plan as one guarded write. Draws the token of a new arm, and ends the arm it replaces in the ledger. */
export function planWrite(
  state: TaskState,
  plan: TaskPlan,
  context: WriteContext,
  extras: TaskWriteExtras = {},
): TaskWrite {
  const arm = plan.arm === null ? null : armWrite(plan.arm, context);
  const asked = askedAfter(state, plan);
  const scheduler: SchedulerState = {
    tickToken: arm?.token ?? null,
    tickMessageId: arm?.message_id ?? null,
    scheduledAt: arm === null ? null : toInstant(context.now),
    dueAt: arm?.due_at ?? null,
    consecutiveFailures: plan.consecutiveFailures,
    automationRuns: plan.automationRuns,
    blockedBy: plan.blockedBy,
    trigger: arm?.trigger ?? null,
    // Undefined values are not stored.
    retry: plan.arm?.retry,
    streak: plan.streak,
    lostRuns: plan.lostRuns,
    needsPerson: plan.needsPerson,
    waitsForBudget: plan.arm?.waitsForBudget,
    continueTopicId: plan.arm?.continueTopicId,
    review: reviewAfter(plan),
    absence: absenceAfter(state, plan),
    endAt: plan.arm?.endAt && toInstant(plan.arm.endAt),
    reportHash: plan.reportHash ?? state.scheduler.reportHash,
    endedDependencies: asked.length > 0 ? asked : undefined,
    ignoredDependencies: ignoredAfter(state, plan),
  };
  const current = state.scheduler.tickToken;
  const own = { to_status: plan.status, scheduler, error: plan.error, reason: plan.reason, arm };
  return taskWrite(state, own, {
    dropped: plan.dependencies?.dropped,
    end_tick: current === null ? null : { token: current, outcome: 'superseded', reason: plan.supersede },
    ...withoutApproval(state, {
      ...withQuestion(state, asked, context.ids, {
        ...extras,
        ...withEndBrief(state, plan, context.ids, extras),
      }),
    }),
  });
}

/** A run that ends while it waits for a person has nothing to ask any more. */
function withoutApproval({ operation }: TaskState, extras: TaskWriteExtras): TaskWriteExtras {
  if (operation === null || !operation.isWaiting) return extras;
  return { ...extras, recover: [...(extras.recover ?? []), 'tool'] };
}

/** What a person said to ignore holds until the task ends. */
function ignoredAfter({ scheduler }: TaskState, plan: TaskPlan): string[] | undefined {
  if (isTerminal(plan.status)) return undefined;
  const ignored = [...(scheduler.ignoredDependencies ?? []), ...(plan.dependencies?.ignored ?? [])];
  return ignored.length > 0 ? [...new Set(ignored)] : undefined;
}

/** Opens, updates or closes the one brief that asks about dependencies that have ended (PROTOCOL §4). */
function withQuestion(
  state: TaskState,
  asked: readonly EndedDependency[],
  ids: Ids,
  extras: TaskWriteExtras,
): TaskWriteExtras {
  if (isSameQuestion(state, asked)) return extras;
  const { briefs = [], recover = [] } = extras;
  return asked.length > 0
    ? { ...extras, briefs: [...briefs, dependencyBrief(state, asked, ids)] }
    : { ...extras, recover: [...recover, 'dependency'] };
}

/**
 * No task leaves its loop without a brief that says why (PROTOCOL §8, invariant 16). That of a task that
 * fails replaces the run's own failure brief.
 */
function withEndBrief(
  state: TaskState,
  plan: TaskPlan,
  ids: Ids,
  { briefs = [], operation = null }: TaskWriteExtras,
): TaskWriteExtras {
  if (plan.status === 'failed') {
    const others = briefs.filter(({ purpose }) => purpose !== 'failure');
    return { recover: [], briefs: [...others, unarmableBrief(state, plan.error ?? plan.reason, ids)] };
  }
  const purpose = briefOfLoopEnd(state, plan);
  if (purpose === null || briefs.some((brief) => brief.purpose === purpose)) return {};
  return { briefs: [...briefs, loopEndBrief(state, plan, purpose, operation?.handoff ?? '', ids)] };
}

/**
 * Bumps `revision` and writes `extras` without changing state, so that concurrent decisions from the same
 * revision fail.
 */
export const bumpRevision = (state: TaskState, extras: TaskWriteExtras = {}): TaskWrite =>
  taskWrite(
    state,
    { to_status: state.status, scheduler: null, error: state.error, reason: null, arm: null },
    extras,
  );

/** The end of an operation that leaves no report. */
export const operationWithoutReport = (
  id: string,
  end: Pick<OperationWrite, 'status' | 'error_code' | 'error_message' | 'failure_class'>,
): OperationWrite => ({ id, ...end, usage: null, title: null, handoff: null, is_undone: false });

/**
 * An operation that stays open and that no process executes: it waits for a person until then, or may be
 * begun until then. Whoever executed it has no say in it any more.
 */
export const openOperation = (
  operation: TaskState['operation'],
  status: 'running' | 'waiting',
  until: Date,
): OperationWrite | null =>
  operation === null
    ? null
    : {
        ...operationWithoutReport(operation.id, {
          status,
          error_code: null,
          error_message: null,
          failure_class: null,
        }),
        lease_epoch: operation.leaseEpoch,
        lease_expires_at: toInstant(until),
      };

/** The end of an operation that a person interrupted. */
export const interruptedOperation = (id: string): OperationWrite =>
  operationWithoutReport(id, {
    status: 'interrupted',
    error_code: null,
    error_message: null,
    failure_class: null,
  });
