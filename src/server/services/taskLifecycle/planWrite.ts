import type { OperationWrite, PlanWrite } from '@everbeat/database';
import {
  type ArmIntent,
  type Ids,
  type SchedulerState,
  type TaskPlan,
  type TaskState,
  toInstant,
} from '@everbeat/domain';
import type { TaskScheduler } from '@everbeat/scheduler';
import { unarmableBrief } from './briefWrites';

/** A write before it is put into a group with others. */
export type TaskWrite = Omit<PlanWrite, 'group' | 'group_size'>;

export type TaskWriteExtras = Partial<
  Pick<
    TaskWrite,
    | 'fields'
    | 'operation'
    | 'end_tick'
    | 'briefs'
    | 'resolved'
    | 'recover'
    | 'messages'
    | 'comments'
    | 'subtasks'
    | 'memory'
    | 'activities'
  >
>;

const NO_EXTRAS = {
  fields: null,
  operation: null,
  end_tick: null,
  briefs: [],
  resolved: [],
  recover: false,
  messages: [],
  comments: [],
  subtasks: [],
  memory: null,
  activities: [],
} satisfies TaskWriteExtras;

const guard = (state: TaskState) => ({
  task_id: state.id,
  user_id: state.userId,
  revision: state.revision,
  from_status: state.status,
});

/** What writing a plan needs beside it: who names rows and arms, and when it is. */
export interface WriteContext {
  ids: Ids;
  scheduler: Pick<TaskScheduler, 'messageIdOf'>;
  now: Date;
}

function armWrite(arm: ArmIntent, { ids, scheduler }: WriteContext): NonNullable<PlanWrite['arm']> {
  const token = ids.token();
  const message_id = scheduler.messageIdOf({ tickToken: token, publication: 1 });
  return { token, due_at: toInstant(arm.dueAt), trigger: arm.trigger, message_id };
}

/** A plan as one guarded write: a new arm draws its token here, and the arm it replaces ends in the ledger. */
export function planWrite(
  state: TaskState,
  plan: TaskPlan,
  context: WriteContext,
  extras: TaskWriteExtras = {},
): TaskWrite {
  const arm = plan.arm === null ? null : armWrite(plan.arm, context);
  const scheduler: SchedulerState = {
    tickToken: arm?.token ?? null,
    tickMessageId: arm?.message_id ?? null,
    scheduledAt: arm === null ? null : toInstant(context.now),
    dueAt: arm?.due_at ?? null,
    consecutiveFailures: plan.consecutiveFailures,
    blockedBy: plan.blockedBy,
    trigger: arm?.trigger ?? null,
  };
  const current = state.scheduler.tickToken;
  return {
    ...guard(state),
    ...NO_EXTRAS,
    to_status: plan.status,
    scheduler,
    error: plan.error,
    reason: plan.reason,
    arm,
    end_tick: current === null ? null : { token: current, outcome: 'superseded', reason: plan.supersede },
    ...extras,
    ...(plan.status === 'failed' ? withFailureBrief(state, plan, context.ids, extras) : {}),
  };
}

/** A task never ends as failed in silence. The one open brief of failures tells of it, in place of any other. */
const withFailureBrief = (
  state: TaskState,
  plan: TaskPlan,
  ids: Ids,
  extras: TaskWriteExtras,
): TaskWriteExtras => ({
  recover: false,
  briefs: [
    ...(extras.briefs ?? []).filter((brief) => brief.purpose !== 'failure'),
    unarmableBrief(state, plan.error ?? plan.reason, ids),
  ],
});

/** A write that leaves the task as it is, but for what `extras` says: nothing decided from the same state can follow it. */
export function bumpRevision(state: TaskState, extras: TaskWriteExtras = {}): TaskWrite {
  return {
    ...guard(state),
    ...NO_EXTRAS,
    to_status: state.status,
    scheduler: null,
    error: state.error,
    reason: null,
    arm: null,
    ...extras,
  };
}

/** The end of an operation that a person stopped. */
export const interruptedOperation = (operationId: string): OperationWrite => ({
  id: operationId,
  status: 'interrupted',
  error_code: null,
  error_message: null,
  usage: null,
  title: null,
  handoff: null,
});
