import { randomUUID } from 'node:crypto';
import { type ClaimRequest, claimOperations, commitPlans, type PlanWrite } from '@everbeat/database';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../world';

/**
 * What statements look at themselves, though the services look before: told to the statements directly, and in states that
 * only a hand edit, an older version or a bug of ours leaves.
 */
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const db = () => world.testDatabase.database.pool;

/** A heartbeat task, armed for now. */
async function armed(): Promise<{ taskId: string; token: string }> {
  const { id } = await world.createTask();
  await world.lifecycle.start(world.userId, id);
  return { taskId: id, token: (await world.task(id)).scheduler.tickToken ?? '' };
}

const claimBy = (taskId: string, changes: Partial<ClaimRequest>): ClaimRequest => ({
  ...{ taskId, userId: world.userId, tickToken: null, revision: null },
  ...{ operationId: randomUUID(), topicId: randomUUID(), continueTopicId: null, extraPrompt: null },
  ...{ callbackHash: 'x', deferred: true },
  ...changes,
});

async function claim(taskId: string, changes: Partial<ClaimRequest>): Promise<string | null> {
  const request = claimBy(taskId, changes);
  const claimed = await claimOperations(db(), [request], world.clock.now());
  return claimed.has(request.operationId) ? request.operationId : null;
}

/** A task that runs, claimed and not executed. */
async function running(): Promise<{ taskId: string; operationId: string }> {
  const { taskId, token } = await armed();
  const operationId = await claim(taskId, { tickToken: token });
  if (operationId === null) throw new Error('It was not claimed');
  return { taskId, operationId };
}

/** The end of the run of a task, decided from the task as it is now. */
async function endOf(taskId: string, operationId: string): Promise<PlanWrite> {
  const { revision, status } = await world.task(taskId);
  return {
    ...{ group: 0, group_size: 1, task_id: taskId, user_id: world.userId, revision },
    ...{
      from_status: status,
      to_status: 'paused',
      scheduler: null,
      error: null,
      reason: 'test',
      fields: null,
    },
    operation: {
      ...{ id: operationId, status: 'error', error_code: 'late', error_message: 'late', usage: null },
      ...{ title: null, handoff: null },
    },
    ...{ arm: null, end_tick: null, briefs: [], resolved: [], recover: false, messages: [], comments: [] },
    ...{ subtasks: [], memory: null, activities: [] },
  };
}

const commit = async (write: PlanWrite): Promise<boolean> =>
  (await commitPlans(db(), [write], world.clock.now())).size > 0;

const statusOf = async (operationId: string): Promise<string | undefined> =>
  (await world.query<{ status: string }>('select status from operations where id = $1', [operationId]))[0]
    ?.status;

const endByHand = (operationId: string): Promise<object[]> =>
  world.query(`update operations set status = 'done', finished_at = now() where id = $1`, [operationId]);

describe('a commit', () => {
  test('ends no operation that has ended, although its task still says that it runs', async () => {
    const { taskId, operationId } = await running();
    await endByHand(operationId);

    expect(await commit(await endOf(taskId, operationId))).toBe(false);

    expect(await statusOf(operationId)).toBe('done');
    expect((await world.task(taskId)).status).toBe('running');
  });
});

describe('a claim', () => {
  test('takes no task with a running operation, although it says that it rests', async () => {
    const { taskId, token } = await armed();
    await running();
    const other = await claim(taskId, { tickToken: token });
    await world.query(
      `update tasks set status = 'scheduled', context = jsonb_set(context, '{scheduler,tickToken}', to_jsonb($2::text)) where id = $1`,
      [taskId, token],
    );
    expect(await claim(taskId, { tickToken: token })).toBeNull();
    const { revision } = await world.task(taskId);
    expect(await claim(taskId, { revision })).toBeNull();
    expect(await statusOf(other ?? '')).toBe('running');
  });
});
