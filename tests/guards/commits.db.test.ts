import { randomUUID } from 'node:crypto';
import type { BriefWrite } from '@everbeat/database';
import { actionsOf } from '@everbeat/domain';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGuardWorld, failedOperation, type GuardWorld } from '../support/guardWorld';

let world: GuardWorld;
beforeAll(async () => {
  world = await createGuardWorld();
});
afterAll(() => world.close());

test.each([
  ['from another revision', { revision: -1 }],
  ['from another status', { from_status: 'paused' }],
  ['by another user', { user_id: 'eve' }],
] as const)('a decision made %s is not written', async (_name, changes) => {
  const { taskId } = await world.armed();
  const before = await world.task(taskId);
  expect(await world.commit(await world.writeOver(taskId, { ...changes, to_status: 'canceled' }))).toBe(0);
  expect(await world.task(taskId)).toEqual(before);
});

test('every commit increments the revision and leaves other keys of the context unchanged', async () => {
  const { taskId } = await world.armed();
  await world.query(`update everbeat.tasks set context = context || '{"note":1}' where id = $1`, [taskId]);
  const { revision, scheduler } = await world.task(taskId);
  expect(await world.commit(await world.writeOver(taskId, { scheduler }))).toBe(1);
  expect((await world.task(taskId)).revision).toBe(revision + 1);
  const [row] = await world.query('select context ->> $2 as note from everbeat.tasks where id = $1', [
    taskId,
    'note',
  ]);
  expect(row).toEqual({ note: '1' });
});

test('an operation that has ended is not ended again, even if its task is still running', async () => {
  const { taskId, operationId } = await world.running();
  await world.endByHand(operationId);
  const operation = failedOperation(operationId);

  expect(await world.commit(await world.writeOver(taskId, { to_status: 'paused', operation }))).toBe(0);

  expect(await world.statusOf(operationId)).toBe('done');
  expect((await world.task(taskId)).status).toBe('running');
});

test('an operation of another task is not ended', async () => {
  const { taskId } = await world.armed();
  const other = await world.running();
  const operation = failedOperation(other.operationId);
  expect(await world.commit(await world.writeOver(taskId, { to_status: 'paused', operation }))).toBe(0);
  expect(await world.statusOf(other.operationId)).toBe('running');
});

test('nothing of a group is written if one of its tasks has changed', async () => {
  const [first, second] = [await world.armed(), await world.armed()];
  const before = await world.task(first.taskId);
  const writes = [
    await world.writeOver(first.taskId, { group_size: 2, to_status: 'canceled' }),
    await world.writeOver(second.taskId, { group_size: 2, to_status: 'canceled', revision: -1 }),
  ];
  expect(await world.commit(...writes)).toBe(0);
  expect(await world.task(first.taskId)).toEqual(before);
});

/** A group of two writes: one settles a running operation, the other cancels a scheduled task. */
async function groupOfTwo() {
  const [run, other] = [await world.running(), await world.armed()];
  const group = {
    writes: [
      await world.writeOver(run.taskId, {
        group_size: 2,
        to_status: 'paused',
        operation: failedOperation(run.operationId),
      }),
      await world.writeOver(other.taskId, { group_size: 2, to_status: 'canceled' }),
    ],
    states: () => Promise.all([run, other].map(({ taskId }) => world.task(taskId))),
  };
  return { run, other, ...group };
}

test('nothing of a group is written if one of its operations has ended', async () => {
  const { run, writes, states } = await groupOfTwo();
  await world.endByHand(run.operationId);
  const before = await states();
  expect(await world.commit(...writes)).toBe(0);
  expect(await states()).toEqual(before);
});

test('nothing of a group is written if one of its operations ends at the same moment', async () => {
  const { run, writes, states } = await groupOfTwo();
  const before = await states();
  const hand = await world.testDatabase.database.pool.connect();
  await hand.query('begin');
  await hand.query(`update everbeat.operations set status = 'done', finished_at = now() where id = $1`, [
    run.operationId,
  ]);
  const written = world.commit(...writes);
  while ((await world.lockWaiters()) === 0);
  await hand.query('commit');
  hand.release();
  expect(await written).toBe(0);
  expect(await states()).toEqual(before);
});

test('nothing of a group is written if it names an operation of another task', async () => {
  const { writes, states } = await groupOfTwo();
  const { operationId } = await world.running();
  const before = await states();
  const [first, second] = writes;
  if (first === undefined || second === undefined) throw new Error('unreachable');
  const mistaken = { ...first, operation: failedOperation(operationId) };
  expect(await world.commit(mistaken, second)).toBe(0);
  expect(await states()).toEqual(before);
  expect(await world.statusOf(operationId)).toBe('running');
});

test('a group that fails does not affect another group in the same statement', async () => {
  const [failing, sound] = [await groupOfTwo(), await groupOfTwo()];
  await world.endByHand(failing.run.operationId);
  const others = sound.writes.map((write) => ({ ...write, group: 1 }));
  expect(await world.commit(...failing.writes, ...others)).toBe(2);
  expect(await sound.states()).toMatchObject([{ status: 'paused' }, { status: 'canceled' }]);
  expect(await world.statusOf(sound.run.operationId)).toBe('error');
});

test('a ledger row that already has an outcome, or belongs to another task, is not changed', async () => {
  const [task, other] = [await world.armed(), await world.armed()];
  const { scheduler } = await world.task(task.taskId);
  await world.query(
    `update everbeat.task_ticks set outcome = 'skipped', reason = 'early', ended_at = now() where token = $1`,
    [task.token],
  );
  for (const token of [task.token, other.token]) {
    const end_tick = { token, outcome: 'superseded', reason: 'edited' } as const;
    await world.commit(await world.writeOver(task.taskId, { scheduler, end_tick }));
  }
  expect(await world.ticks(task.taskId)).toMatchObject([{ outcome: 'skipped', reason: 'early' }]);
  expect(await world.ticks(other.taskId)).toMatchObject([{ outcome: null }]);
});

test('a brief is resolved once, and only by a write of its own task', async () => {
  const [task, other] = [await world.armed(), await world.armed()];
  const [own, others] = [await world.brief(task.taskId, null), await world.brief(other.taskId, null)];
  for (const action of ['acknowledge', 'dismiss']) {
    const effect = { kind: 'recorded', at: null } as const;
    const resolved = [own, others].map((id) => ({ id, action, comment: null, effect }));
    await world.commit(await world.writeOver(task.taskId, { resolved }));
  }
  expect(await world.briefs(task.taskId)).toMatchObject([{ resolvedAction: 'acknowledge' }]);
  expect(await world.briefs(other.taskId)).toMatchObject([{ resolvedAction: null }]);
});

test('a recovery resolves only the open failure brief', async () => {
  const { taskId } = await world.armed();
  await world.brief(taskId, 'failure');
  await world.query(
    `update everbeat.briefs set resolved_at = now(), resolved_action = 'dismiss' where task_id = $1`,
    [taskId],
  );
  await world.brief(taskId, 'failure');
  await world.brief(taskId, 'approval');
  await world.brief(taskId, null);
  await world.commit(await world.writeOver(taskId, { recover: ['failure'] }));
  const actions = (await world.briefs(taskId)).map((brief) => brief.resolvedAction);
  expect(actions.toSorted()).toEqual(['dismiss', 'recovered', null, null].toSorted());
});

test('a second brief of a purpose updates the open one: title, actions, and one more occurrence', async () => {
  const { taskId } = await world.armed();
  await world.brief(taskId, 'failure');
  const brief: BriefWrite = {
    id: randomUUID(),
    type: 'error',
    priority: 'urgent',
    title: 'It failed',
    summary: 'again',
    actions: actionsOf('retry', 'dismiss'),
    purpose: 'failure',
    key: null,
    document: null,
    subjectIds: null,
    pictures: null,
    expiresAt: null,
    defaultAction: null,
    escalateAt: null,
  };
  await world.commit(await world.writeOver(taskId, { briefs: [brief] }));
  const rows = await world.query(
    'select title, occurrences, actions from everbeat.briefs where task_id = $1',
    [taskId],
  );
  expect(rows).toEqual([{ title: 'It failed', occurrences: 2, actions: actionsOf('retry', 'dismiss') }]);
});

test('a message that is already stored is not stored twice', async () => {
  const { taskId, operationId, topicId } = await world.running();
  const id = randomUUID();
  await world.query(
    `insert into everbeat.messages (id, topic_id, user_id, operation_id, role, content, created_at)
     values ($1, $2, $3, $4, 'assistant', 'Done', now())`,
    [id, topicId, world.userId, operationId],
  );
  const write = await world.writeOver(taskId, {
    to_status: 'paused',
    operation: failedOperation(operationId),
    messages: [{ id, role: 'assistant', content: 'Done' }],
  });
  expect(await world.commit(write)).toBe(1);
});
