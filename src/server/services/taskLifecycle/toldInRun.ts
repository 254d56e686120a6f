import { agentKinds, TELLING_TOOLS, type ToldInRun, toldIn } from '@everbeat/agents';
import { type Queryable, readToolCalls } from '@everbeat/database';
import { isReview, type TaskPlan, type TaskState } from '@everbeat/domain';

/**
 * What models have told with their tools in runs that end with this plan and have not told it themselves,
 * from the recorded steps of all attempts: whoever ends a run, no process has to be there any more. That is
 * the run that leaves no report (`hasReport` is false), and one that was to be tried again, which the plan
 * drops. Null: nothing. A reviewer has no such tools.
 * @throws database errors
 */
export async function toldInRun(
  db: Queryable,
  state: TaskState,
  plan: Pick<TaskPlan, 'arm'>,
  { hasReport }: { hasReport: boolean },
): Promise<ToldInRun | null> {
  const { id: taskId, operation, scheduler, agentKind } = state;
  const keepsSteps = agentKind !== null && agentKinds[agentKind].keepsSteps;
  if (!keepsSteps || isReview(state)) return null;
  const goesOn = plan.arm?.retry?.occurrence;
  const own = operation?.occurrence;
  const occurrences = [own, scheduler.retry?.occurrence].flatMap((one) =>
    one === undefined || one === goesOn || (hasReport && one === own) ? [] : [one],
  );
  if (occurrences.length === 0) return null;
  const told = toldIn(await readToolCalls(db, { taskId, occurrences, tools: TELLING_TOOLS }));
  return Object.values(told).some((entries) => entries.length > 0) ? told : null;
}
