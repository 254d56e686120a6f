import { type BriefRef, findSubtasks, loadTaskStates, type Queryable } from '@everbeat/database';
import {
  AppError,
  areDependenciesMet,
  decideCancel,
  decideStart,
  LIMITS,
  type NotReadyTasksView,
  type TaskPlan,
  type TaskState,
  type TaskStatus,
} from '@everbeat/domain';
import { groupNotReady, type NotReadyTask } from '../readiness/notReadyTasks';
import { decideUnlessDeleted, type LifecycleDeps } from './decideAndCommit';
import { planWrite, type TaskWrite, type WriteContext } from './planWrite';
import type { StartGate } from './startGate';

/**
 * The answer to whether to start the subtasks that an agent has created: those that have not been started or
 * ended meanwhile start, or are canceled. One that waits for another starts when that completes.
 * @param leaves those that stay in the backlog all the same, because their agent cannot run
 */
export async function answerSubtasks(
  context: { db: Queryable } & WriteContext,
  parent: TaskState,
  { brief, action, leaves }: { brief: BriefRef; action: string; leaves: LeftTasks },
): Promise<TaskWrite[]> {
  if (action !== 'start' && action !== 'drop') return [];
  const states = await loadTaskStates(context.db, brief.subjectIds ?? []);
  return [...states.values()].flatMap((state) => {
    const isUndecided = state.parentTaskId === parent.id && state.status === 'backlog';
    const isLeft = action === 'start' && leaves.has(state.id);
    if (!isUndecided || isLeft || state.userId !== parent.userId) return [];
    const plan = action === 'drop' ? decideCancel(state) : startPlan(state, context.now);
    return plan === null || plan === 'refused' ? [] : [planWrite(state, plan, context)];
  });
}

/** Tasks that are not started, by their ids. */
export type LeftTasks = Pick<ReadonlyMap<string, NotReadyTask>, 'has'>;

const PAGES_MAX = 100;

/** What became of the open subtasks of a task. */
export interface RunSubtasks {
  started: number;
  /** They start by themselves once the tasks that they wait for have completed, or a person has answered. */
  waiting: number;
  alreadyRunning: number;
  /** How many could not be started, such as those whose schedule has no next date. */
  refused: number;
  /** Those that stay as they are, because their agent cannot run. */
  notReady: NotReadyTasksView[];
  /** Whether there may be more than one call looks at. */
  more: boolean;
}

/**
 * Starts or resumes the subtasks of a task that rest and wait for nobody. Those that wait for others go to
 * the backlog, from which the last completion starts them (PROTOCOL §4). Each is decided and committed by
 * itself, so that repeating the call, or making it twice at the same time, starts nothing twice.
 * @param justStarted those that the answer to a brief has started for the same call
 */
export async function runSubtasks(
  deps: LifecycleDeps & { readiness: StartGate },
  parent: { taskId: string; userId: string },
  justStarted: ReadonlySet<string>,
): Promise<RunSubtasks> {
  const counts = { started: 0, waiting: 0, alreadyRunning: 0, refused: 0 };
  const left: NotReadyTask[] = [];
  const result = (more: boolean): RunSubtasks => ({ ...counts, notReady: groupNotReady(left), more });
  let after = 0;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const subtasks = await findSubtasks(deps.db, parent, { after, limit: LIMITS.openSubtasksMax });
    const resting = subtasks.flatMap(({ id, status }) => (isAtRest(status) ? [id] : []));
    const notReady = await deps.readiness.notReadyAmong(parent.userId, resting);
    left.push(...notReady.values());
    const ready = subtasks.filter(({ id }) => !notReady.has(id));
    const fates = await Promise.all(ready.map(({ id }) => runSubtask(deps, { ...parent, taskId: id })));
    for (const [index, fate] of fates.entries()) {
      const isNew = fate === 'alreadyRunning' && justStarted.has(ready[index]?.id ?? '');
      if (fate !== null) counts[isNew ? 'started' : fate] += 1;
    }
    const last = subtasks.at(-1);
    if (last === undefined || subtasks.length < LIMITS.openSubtasksMax) return result(false);
    after = last.number;
  }
  return result(true);
}

type Fate = Exclude<keyof RunSubtasks, 'more' | 'notReady'>;

const isAtRest = (status: TaskStatus): boolean => status === 'backlog' || status === 'paused';

/** Null: it has ended or was deleted meanwhile. */
async function runSubtask(
  deps: LifecycleDeps,
  target: { taskId: string; userId: string },
): Promise<Fate | null> {
  let fate: Fate | null = null;
  await decideUnlessDeleted(deps, target, (state, now) => {
    fate = fateAsItIs(state);
    if (!isAtRest(state.status)) return null;
    const plan = startPlan(state, now);
    if (plan === null || plan === 'refused') {
      fate = plan ?? 'waiting';
      return null;
    }
    fate = plan.arm === null ? 'waiting' : 'started';
    return planWrite(state, plan, { ...deps, now });
  });
  return fate;
}

function fateAsItIs({ status, scheduler }: TaskState): Fate | null {
  if (status === 'running') return 'alreadyRunning';
  if (status !== 'scheduled') return null;
  return scheduler.blockedBy === null ? 'alreadyRunning' : 'waiting';
}

/** Null: it waits for others. Refused: a person has given it a rule that cannot be armed. */
function startPlan(state: TaskState, now: Date): TaskPlan | 'refused' | null {
  if (state.status === 'backlog' && !areDependenciesMet(state)) return null;
  try {
    return decideStart(state, now, state.status === 'paused' ? 'resume' : 'start');
  } catch (error) {
    if (error instanceof AppError) return 'refused';
    throw error;
  }
}
