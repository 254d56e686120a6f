import {
  type Assumptions,
  isContention,
  type LockWait,
  loadTaskStates,
  type Queryable,
} from '@everbeat/database';
import { AppError, type Clock, type Ids, type Logger, type TaskState } from '@everbeat/domain';
import type { TaskScheduler } from '@everbeat/scheduler';
import type { CommitQueue } from './commitQueue';
import { dependentWrites } from './dependents';
import { withParents } from './parents';
import type { TaskWrite } from './planWrite';

export interface LifecycleDeps {
  db: Queryable;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  scheduler: Pick<TaskScheduler, 'messageIdOf'>;
  commits: CommitQueue;
  /** ABSENCE_AFTER_DAYS */
  absenceAfterDays: number;
}

/**
 * How often a decision is repeated while other writers of the task overtake it. Within this process they take
 * turns, so it is overtaken by those of other processes, and by first attempts.
 */
const ATTEMPTS_MAX = 20;

/** How many of them may wait for a row that another session holds. */
const HELD_ATTEMPTS_MAX = 3;

/** The write of the task, and those of others that are made with it or not at all. */
type Decided = TaskWrite | [TaskWrite, ...TaskWrite[]] | null;

interface Target {
  taskId: string;
  userId: string;
  first?: TaskState;
  assuming?: Assumptions;
  wait?: LockWait;
}

type Decide = (state: TaskState, now: Date) => Decided | Promise<Decided>;

/**
 * Reads a task, lets `decide` make a write from what was read, and commits it over exactly that state. When
 * the task has changed meanwhile, reads and decides again. `decide` returns null to change nothing and throws
 * to refuse. `first` saves the first read when the state is known already. The first attempt shares its
 * statement with others unless `wait` is `alone`; every further one is made alone, so that a task whose row
 * somebody holds keeps nobody else waiting (PROTOCOL §8, invariant 17), and in turn with those that write one
 * of the same tasks: the ends of many parts of one task would else overtake each other until some give up.
 * @throws AppError `task-not-found`, `state-changed`, whatever `decide` throws; contention, when another
 * session does not let go of a row
 */
export async function decideAndCommit(
  deps: LifecycleDeps,
  target: Target,
  decide: Decide,
): Promise<TaskWrite | null> {
  let next = target;
  let contested: string[] = [];
  let heldAttempts = 0;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    try {
      const tried = await deps.commits.turns.take(contested, () => attemptOnce(deps, next, decide));
      if (tried.isOver) return tried.write;
      contested = tried.taskIds;
    } catch (error) {
      heldAttempts += 1;
      if (!isContention(error) || heldAttempts >= HELD_ATTEMPTS_MAX) throw error;
    }
    next = { ...target, first: undefined, wait: 'alone' };
  }
  throw new AppError('state-changed', 'The task is being changed by others at this moment; try again');
}

/** Either the write that was committed (null: nothing to change), or the tasks of one that was not. */
type Attempt = { isOver: true; write: TaskWrite | null } | { isOver: false; taskIds: string[] };

async function attemptOnce(
  deps: LifecycleDeps,
  { taskId, userId, first, assuming, wait = 'shared' }: Target,
  decide: Decide,
): Promise<Attempt> {
  const state = first ?? (await loadTaskStates(deps.db, [taskId], assuming)).get(taskId);
  if (state === undefined || state.userId !== userId) {
    throw new AppError('task-not-found', 'There is no such task');
  }
  const now = deps.clock.now();
  const decided = await decide(state, now);
  if (decided === null) return { isOver: true, write: null };
  const writes = Array.isArray(decided) ? decided : ([decided] as const);
  const context = { db: deps.db, ids: deps.ids, scheduler: deps.scheduler, now };
  const group = await withParents(context, [...writes, ...(await dependentWrites(context, writes))]);
  return (await deps.commits.commit(group, wait))
    ? { isOver: true, write: writes[0] }
    : { isOver: false, taskIds: group.map(({ task_id }) => task_id) };
}

/** `decideAndCommit` for work that no person asked for: returns null when the task was deleted meanwhile. */
export async function decideUnlessDeleted(
  ...args: Parameters<typeof decideAndCommit>
): Promise<TaskWrite | null> {
  try {
    return await decideAndCommit(...args);
  } catch (error) {
    if (error instanceof AppError && error.code === 'task-not-found') return null;
    throw error;
  }
}
