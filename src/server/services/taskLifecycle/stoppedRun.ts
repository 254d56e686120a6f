import type { ToldInRun } from '@everbeat/agents';
import type { Queryable } from '@everbeat/database';
import type { Completion, TaskPlan, TaskState } from '@everbeat/domain';
import { createdSubtasks, situationOf } from './createdSubtasks';
import { interruptedOperation, type TaskWriteExtras, type WriteContext } from './planWrite';
import { reportedBriefs, reportedComments } from './settleExtras';
import { toldInRun } from './toldInRun';

/** How a run ends that a person stops. */
export const INTERRUPTION = {
  status: 'interrupted',
  errorCode: null,
  errorMessage: null,
  goalMet: false,
  nextRunInSeconds: null,
  bringsUrgentBrief: false,
  bringsBrief: false,
  reportHash: null,
} as const satisfies Completion;

/**
 * What is written of a run that a person's act ends: how it ended, and what it had told.
 * @param tells whether anybody is to read what it had told
 * @throws database errors
 */
export async function stoppedRun(
  db: Queryable,
  state: TaskState,
  plan: TaskPlan,
  context: WriteContext,
  tells = true,
): Promise<TaskWriteExtras> {
  const operation = state.operation === null ? null : interruptedOperation(state.operation.id);
  return { operation, ...(tells && (await whatWasTold(db, state, plan, context))) };
}

/**
 * What a run had told that this plan ends, or one that was to be tried again (PROTOCOL §9). Its subtasks
 * start nothing by themselves; a canceled task gets none, and its questions only inform, because nothing
 * would follow from an answer.
 * @throws database errors
 */
export async function whatWasTold(
  db: Queryable,
  state: TaskState,
  plan: TaskPlan,
  context: WriteContext,
): Promise<TaskWriteExtras> {
  const { ids } = context;
  const told = await toldInRun(db, state, plan, { hasReport: false });
  if (told === null) return {};
  const isOver = plan.status === 'canceled';
  const report = {
    content: '',
    ...told,
    ...(isOver && { briefs: told.briefs.map(informing), subtasks: [] }),
  };
  const situation = await situationOf(db, state.id, report);
  const config =
    state.config.subtasks === 'start' ? { ...state.config, subtasks: 'ask' as const } : state.config;
  const created = createdSubtasks({ ...state, config }, report, situation, context);
  return {
    briefs: [...reportedBriefs(state, report, context), ...created.briefs],
    comments: reportedComments(report, ids),
    subtasks: created.subtasks,
    messages: created.messages,
  };
}

const informing = (brief: ToldInRun['briefs'][number]): ToldInRun['briefs'][number] => {
  if (brief.type !== 'decision') return brief;
  const { actions: _, ...rest } = brief;
  return { ...rest, type: 'insight', priority: 'normal' };
};
