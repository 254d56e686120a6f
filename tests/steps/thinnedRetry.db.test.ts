import { removeRuns, removeSteps } from '@everbeat/database';
import { expect, test } from 'vitest';
import { stepsWorldPerTest } from './stepsWorld';

/** What becomes of the steps of a run when the history of its task is thinned. */

const world = stepsWorldPerTest();

const AWAY = { errorStatus: 503 };
const tells = {
  text: 'I tell them.',
  toolCalls: [{ name: 'add_comment', arguments: { content: 'Told' } }],
};
/** Fewer are never kept whole. */
const RUNS = 20;

/** Runs of the same minute that came after the first one, so that it is not the last of its day. */
const addLaterRuns = (taskId: string, runs = 3 * RUNS) =>
  world().query(
    `with runs as (
       select lpad(to_hex((extract(epoch from now()) * 1000)::bigint + n), 12, '0') as hex, o.* from everbeat.operations o, generate_series(1, $2::int) n
       where o.id = (select max(id::text)::uuid from everbeat.operations where task_id = $1)
     )
     insert into everbeat.operations (id, task_id, topic_id, user_id, trigger, status, claimed_from, callback_hash, started_at,
       heartbeat_at, lease_expires_at, finished_at)
     select (left(hex, 8) || '-' || right(hex, 4) || '-7000-8000-000000000000')::uuid, task_id, gen_random_uuid(), user_id, 'manual', 'done',
       'scheduled', '', started_at, started_at, started_at, started_at from runs`,
    [taskId, runs],
  );

async function thin(taskId: string): Promise<void> {
  await world().query('update everbeat.tasks set thin_at_topics = 0 where id = $1', [taskId]);
  await world().watchdog.sweep();
}

const idsOf = async (taskId: string) => (await world().operations(taskId)).map(({ id }) => id);

/** A run that has told something before its model was away. */
async function failedOnce(): Promise<{ taskId: string; operationId: string }> {
  const taskId = await world().startModelTask({}, { config: { retention: { runs: RUNS } } });
  world().chat.next(tells, AWAY, AWAY, AWAY, { text: 'All quiet' });
  await world().beat(taskId);
  const [operationId = ''] = await idsOf(taskId);
  return { taskId, operationId };
}

test('what a run has done stays as long as a further attempt goes on from it, and is thinned afterwards', async () => {
  const { taskId, operationId } = await failedOnce();
  await addLaterRuns(taskId);
  await thin(taskId);
  expect(await idsOf(taskId)).toHaveLength(1 + RUNS);

  await world().beat(taskId);
  const { body } = await world().chat.requested(5);
  expect(JSON.stringify(body)).toContain('I tell them.');
  expect(
    await world().query('select content from everbeat.task_comments where task_id = $1', [taskId]),
  ).toEqual([{ content: 'Told' }]);
  expect(await idsOf(taskId)).toContain(operationId);
});

test('what a run has done stays while the person can take back the answer that took the place of an attempt', async () => {
  const { taskId, operationId } = await failedOnce();
  await addLaterRuns(taskId);
  const { retry } = (await world().task(taskId)).scheduler;
  const answer = { taskId, revision: 1, before: { status: 'scheduled', scheduler: { retry }, error: null } };
  const until = new Date(world().clock.now().getTime() + 10_000);
  await world().query(
    `with dropped as (update everbeat.tasks set context = context #- '{scheduler,retry}' where id = $1)
     insert into everbeat.inbox_undos (token, user_id, briefs, answer, created_at, expires_at)
     values (gen_random_uuid(), $2, '[]', $3, $4, $4)`,
    [taskId, world().userId, JSON.stringify(answer), until],
  );
  await thin(taskId);
  expect(await idsOf(taskId)).toContain(operationId);
});

test('what a run has done stays also for a pass that had looked before', async () => {
  const { taskId, operationId } = await failedOnce();
  const { pool } = world().testDatabase.database;
  const now = world().clock.now();
  expect(await removeSteps(pool, [operationId], { now, limit: 10 })).toBe(0);
  const thinning = { operationIds: [operationId], topicIds: [], thinnedTo: null };
  expect(await removeRuns(pool, taskId, thinning, { isComplete: false, now })).toBe(0);
  expect(await idsOf(taskId)).toEqual([operationId]);
});
