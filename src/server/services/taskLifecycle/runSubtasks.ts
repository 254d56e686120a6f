import { type BriefRef, loadTaskStates, type Queryable } from '@everbeat/database';
import {
  AppError,
  areDependenciesMet,
  decideCancel,
  decideStart,
  type TaskPlan,
  type TaskState,
} from '@everbeat/domain';
import { planWrite, type TaskWrite, type WriteContext } from './planWrite';

/**
 * The answer to whether to start the subtasks that an agent has created: those that have not been started or
 * ended meanwhile start, or are canceled. One that waits for another starts when that completes.
 */
export async function answerSubtasks(
  context: { db: Queryable } & WriteContext,
  parent: TaskState,
  { brief, action }: { brief: BriefRef; action: string },
): Promise<TaskWrite[]> {
  if (action !== 'start' && action !== 'drop') return [];
  const states = await loadTaskStates(context.db, brief.subjectIds ?? []);
  return [...states.values()].flatMap((state) => {
    const isUndecided = state.parentTaskId === parent.id && state.status === 'backlog';
    if (!isUndecided || state.userId !== parent.userId) return [];
    const plan = action === 'drop' ? decideCancel(state) : startPlan(state, context.now);
    return plan === null ? [] : [planWrite(state, plan, context)];
  });
}

/** Null: it waits for others, or a person has given it a rule that cannot be armed. */
function startPlan(state: TaskState, now: Date): TaskPlan | null {
  if (!areDependenciesMet(state)) return null;
  try {
    return decideStart(state, now);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
