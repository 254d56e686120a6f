import { randomUUID } from 'node:crypto';
import { type ClaimRequest, claimOperations, commitPlans, type PlanWrite } from '@everbeat/database';
import type { BriefPurpose } from '@everbeat/domain';
import { createWorld, type World } from './world';

/**
 * For tests of the guards within statements. The services check the same conditions before; these tests call
 * the statements directly, with states that only a hand edit, an older version or a bug leaves behind.
 */
export interface GuardWorld extends World {
  /** Creates a heartbeat task that is due now. */
  armed(): Promise<{ taskId: string; token: string }>;
  /** Creates a task whose tick has been claimed and not yet executed. */
  running(): Promise<{ taskId: string; token: string; operationId: string; topicId: string }>;
  /** Claims the task. Returns the id of the operation, or null if it was not claimed. */
  claim(taskId: string, changes: Partial<ClaimRequest>): Promise<string | null>;
  /** A write based on the current state of the task that changes nothing except for `changes`. */
  writeOver(taskId: string, changes?: Partial<PlanWrite>): Promise<PlanWrite>;
  /** Commits the writes. Returns how many took effect. */
  commit(...writes: PlanWrite[]): Promise<number>;
  editScheduler(taskId: string, scheduler: object): Promise<void>;
  endByHand(operationId: string): Promise<void>;
  statusOf(operationId: string | null): Promise<string | undefined>;
  /** Inserts an open brief of the task. Returns its id. */
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
      taskId,
      userId: world.userId,
      tickToken: null,
      revision: null,
      operationId: randomUUID(),
      topicId: randomUUID(),
      continueTopicId: null,
      extraPrompt: null,
      callbackHash: 'x',
      deferred: true,
      pools: null,
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
    const [row] = await world.query<{ status: string }>(
      'select status from everbeat.operations where id = $1',
      [operationId],
    );
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
        group: 0,
        group_size: 1,
        task_id: taskId,
        user_id: world.userId,
        revision,
        from_status: status,
        to_status: status,
        scheduler: null,
        error: null,
        reason: 'repaired',
        fields: null,
        operation: null,
        arm: null,
        end_tick: null,
        briefs: [],
        resolved: [],
        dropped: [],
        recover: [],
        outage: null,
        messages: [],
        comments: [],
        subtasks: [],
        memory: null,
        documents: [],
        spend: null,
        is_idle: false,
        activities: [],
        ...changes,
      };
    },
    commit: async (...writes) => (await commitPlans(pool, writes, world.clock.now())).size,
    async editScheduler(taskId, scheduler) {
      await world.query(
        `update everbeat.tasks set context = jsonb_set(context, '{scheduler}', (context -> 'scheduler') || $2::jsonb) where id = $1`,
        [taskId, JSON.stringify(scheduler)],
      );
    },
    async endByHand(operationId) {
      await world.query(`update everbeat.operations set status = 'done', finished_at = now() where id = $1`, [
        operationId,
      ]);
    },
    async brief(taskId, purpose) {
      const id = randomUUID();
      await world.query(
        `insert into everbeat.briefs (id, task_id, user_id, type, priority, title, summary, actions, purpose, created_at, updated_at)
         values ($1, $2, $3, 'insight', 'normal', 'Seen', '', '[{"key":"acknowledge","label":"Acknowledge"}]', $4, now(), now())`,
        [id, taskId, world.userId, purpose],
      );
      return id;
    },
  };
}

/** The part of a write that ends an operation with an error. */
export const failedOperation = (id: string): PlanWrite['operation'] => ({
  id,
  status: 'error',
  error_code: 'late',
  error_message: 'late',
  usage: null,
  title: null,
  failure_class: 'agent',
  handoff: null,
  is_undone: false,
});
