import { loadTaskStates, type Queryable } from '@everbeat/database';
import {
  AppError,
  type ArmedTick,
  decidePause,
  decideStart,
  type TaskPlan,
  type TaskState,
} from '@everbeat/domain';
import { armedTicks } from './commitQueue';
import { commitWithin } from './commitWithin';
import type { LifecycleDeps } from './decideAndCommit';
import { planWrite } from './planWrite';

/** How a task that was just created begins. */
export interface Beginning {
  taskId: string;
  /** How long its first run waits, so that many do not begin at once. Null: it is paused. */
  startsAfterSeconds: number | null;
}

/**
 * Within the transaction that has created the tasks: starts or pauses them. Returns the ticks to publish once
 * it is committed.
 * @throws AppError those of a rule that cannot be armed
 */
export async function beginTasks(
  deps: Pick<LifecycleDeps, 'clock' | 'ids' | 'scheduler'>,
  client: Queryable,
  beginnings: readonly Beginning[],
): Promise<ArmedTick[]> {
  const now = deps.clock.now();
  const states = await loadTaskStates(
    client,
    beginnings.map(({ taskId }) => taskId),
  );
  const writes = beginnings.map(({ taskId, startsAfterSeconds }) => {
    const state = states.get(taskId);
    if (state === undefined) throw new AppError('state-changed', 'The task was deleted meanwhile; try again');
    const plan =
      startsAfterSeconds === null ? decidePause(state) : laterStart(state, startsAfterSeconds, now);
    return planWrite(state, plan, { ...deps, now });
  });
  if (!(await commitWithin(client, writes, now))) {
    throw new AppError('state-changed', 'The tasks were changed meanwhile; try again');
  }
  return writes.flatMap(armedTicks);
}

/**
 * Starts a task later: a heartbeat within its interval, so that no arm is further ahead than its rule allows.
 */
function laterStart(state: TaskState, seconds: number, now: Date): TaskPlan {
  const plan = decideStart(state, now);
  const { automationMode, heartbeatInterval } = state;
  if (plan.arm === null || automationMode !== 'heartbeat' || heartbeatInterval === null) return plan;
  const waitMs = (seconds % heartbeatInterval) * 1_000;
  return { ...plan, arm: { ...plan.arm, dueAt: new Date(now.getTime() + waitMs) } };
}
