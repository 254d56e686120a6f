import { agentKinds, TELLING_TOOLS, type ToldInRun, toldIn } from '@everbeat/agents';
import { type Queryable, readToolCalls } from '@everbeat/database';
import { isReview, type TaskPlan, type TaskState } from '@everbeat/domain';

/**
 * What the model of a run has told with its tools, from the recorded steps of all attempts: whoever ends the run, no
 * process has to be there any more. Null: nothing, or the plan goes on with the run, which tells it later. A reviewer has
 * no such tools.
 * @throws database errors
 */
export async function toldInRun(
  db: Queryable,
  state: TaskState,
  plan: Pick<TaskPlan, 'arm'>,
): Promise<ToldInRun | null> {
  const { id: taskId, operation, scheduler, agentKind } = state;
  const occurrence = operation?.occurrence ?? scheduler.retry?.occurrence;
  const keepsSteps = agentKind !== null && agentKinds[agentKind].keepsSteps;
  if (occurrence === undefined || !keepsSteps || isReview(state)) return null;
  if (plan.arm?.retry?.occurrence === occurrence) return null;
  const told = toldIn(await readToolCalls(db, { taskId, occurrence, tools: TELLING_TOOLS }));
  return Object.values(told).some((entries) => entries.length > 0) ? told : null;
}
