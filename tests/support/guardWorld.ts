import { randomUUID } from 'node:crypto';
import { type ClaimRequest, claimOperations, commitPlans, type PlanWrite } from '@everbeat/database';
import type { BriefPurpose } from '@everbeat/domain';
import { createWorld, type World } from './world';

/**
 * What statements look at themselves, though the services look before: told to the statements directly, and in states that
 * only a hand edit, an older version or a bug of ours leaves.
 */
export interface GuardWorld extends World {
  /** A heartbeat task, armed for now. */
  armed(): Promise<{ taskId: string; token: string }>;
  /** A task that runs by its tick, claimed and not yet executed. */
  running(): Promise<{ taskId: string; token: string; operationId: string; topicId: string }>;
  /** The id of the claimed operation, or null. */
  claim(taskId: string, changes: Partial<ClaimRequest>): Promise<string | null>;
  /** A write over the task as it is now, which leaves it as it is but for the changes. */
  writeOver(taskId: string, changes?: Partial<PlanWrite>): Promise<PlanWrite>;
  /** How many of the writes were written. */
  commit(...writes: PlanWrite[]): Promise<number>;
  editScheduler(taskId: string, scheduler: object): Promise<void>;
  endByHand(operationId: string): Promise<void>;
  statusOf(operationId: string | null): Promise<string | undefined>;
  /** An open brief of the task. */
  brief(taskId: string, purpose: BriefPurpose | null): Promise<string>;
}

export async function createGuardWorld(): Promise<GuardWorld> {
  const world = await createWorld();
  const { pool } = world.testDatabase.database;

  const armed = async () => {
    const id = await world.startTask();
    return { taskId: id, token: (await world.task(id)).scheduler.tickToken ?? '' };
  };
  const claim = async (taskId: string, changes: Partial<ClaimRequest>): Promise<string | null> => {
    const request: ClaimRequest = {
      ...{ taskId, userId: world.userId, tickToken: null, revision: null },
      ...{ operationId: randomUUID(), topicId: randomUUID(), continueTopicId: null, extraPrompt: null },
      ...{ callbackHash: 'x', deferred: true },
      ...changes,
    };
    const claimed = await claimOperations(pool, [request], world.clock.now());
    return claimed.has(request.operationId) ? request.operationId : null;
  };
  const running = async () => {
    const { taskId, token } = await armed();
    const topicId = randomUUID();
    const operationId = await claim(taskId, { tickToken: token, topicId });
    if (operationId === null) throw new Error('It was not claimed');
    return { taskId, token, operationId, topicId };
  };
  const statusOf = async (operationId: string | null): Promise<string | undefined> => {
    const [row] = await world.query<{ status: string }>('select status from operations where id = $1', [
      operationId,
    ]);
    return row?.status;
  };

  return {
    ...world,
    armed,
    claim,
    running,
    statusOf,
    async writeOver(taskId, changes = {}) {
      const { revision, status } = await world.task(taskId);
      return {
        ...{ group: 0, group_size: 1, task_id: taskId, user_id: world.userId, revision },
        ...{ from_status: status, to_status: status, scheduler: null, error: null, reason: 'repaired' },
        ...{ fields: null, operation: null, arm: null, end_tick: null, briefs: [], resolved: [] },
        ...{ recover: false, messages: [], comments: [], subtasks: [], memory: null, activities: [] },
        ...changes,
      };
    },
    commit: async (...writes) => (await commitPlans(pool, writes, world.clock.now())).size,
    async editScheduler(taskId, scheduler) {
      await world.query(
        `update tasks set context = jsonb_set(context, '{scheduler}', (context -> 'scheduler') || $2::jsonb) where id = $1`,
        [taskId, JSON.stringify(scheduler)],
      );
    },
    async endByHand(operationId) {
      await world.query(`update operations set status = 'done', finished_at = now() where id = $1`, [
        operationId,
      ]);
    },
    async brief(taskId, purpose) {
      const id = randomUUID();
      await world.query(
        `insert into briefs (id, task_id, user_id, type, priority, title, summary, actions, purpose, created_at, updated_at)
         values ($1, $2, $3, 'insight', 'normal', 'Seen', '', '["acknowledge"]', $4, now(), now())`,
        [id, taskId, world.userId, purpose],
      );
      return id;
    },
  };
}

/** The end of an operation, as a write says it. */
export const failedOperation = (id: string): PlanWrite['operation'] => ({
  ...{ id, status: 'error', error_code: 'late', error_message: 'late', usage: null, title: null },
  handoff: null,
});
