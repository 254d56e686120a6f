import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGuardWorld, type GuardWorld } from '../support/guardWorld';

/** What constraints and unique indexes refuse, whatever the services and statements check. */
let world: GuardWorld;
beforeAll(async () => {
  world = await createGuardWorld();
});
afterAll(() => world.close());

const UNIQUE = { code: '23505' };
const CHECK = { code: '23514' };

/** Inserts another operation of the same task, as if the task had been claimed a second time. */
const copyOperation = (operationId: string, changes: { status: string; tickToken: string | null }) =>
  world.query(
    `insert into everbeat.operations select (jsonb_populate_record(o, jsonb_build_object('id', $2::uuid, 'status', $3::text,
       'tick_token', $4::uuid, 'finished_at', case when $3 <> 'running' then now() end))).*
     from everbeat.operations o where id = $1`,
    [operationId, randomUUID(), changes.status, changes.tickToken],
  );

test('a task has at most one running operation', async () => {
  const { operationId } = await world.running();
  await expect(copyOperation(operationId, { status: 'running', tickToken: null })).rejects.toMatchObject(
    UNIQUE,
  );
  await copyOperation(operationId, { status: 'done', tickToken: null });
});

test('a tick token starts at most one operation', async () => {
  const { operationId, token } = await world.running();
  await expect(copyOperation(operationId, { status: 'done', tickToken: token })).rejects.toMatchObject(
    UNIQUE,
  );
});

test('an operation has finished_at if and only if it is not running', async () => {
  const { operationId } = await world.running();
  for (const change of [`status = 'done'`, 'finished_at = now()']) {
    await expect(
      world.query(`update everbeat.operations set ${change} where id = $1`, [operationId]),
    ).rejects.toMatchObject(CHECK);
  }
});

test('a ledger row has ended_at if and only if it has an outcome', async () => {
  const { token } = await world.armed();
  for (const change of [`outcome = 'skipped'`, 'ended_at = now()']) {
    await expect(
      world.query(`update everbeat.task_ticks set ${change} where token = $1`, [token]),
    ).rejects.toMatchObject(CHECK);
  }
});

test("a user's task numbers are unique, and no task depends on itself", async () => {
  const [first, second] = [await world.armed(), await world.armed()];
  await expect(
    world.query(
      'update everbeat.tasks set number = (select number from everbeat.tasks where id = $1) where id = $2',
      [first.taskId, second.taskId],
    ),
  ).rejects.toMatchObject(UNIQUE);
  await expect(
    world.query(
      'insert into everbeat.task_dependencies (user_id, task_id, depends_on_id) values ($1, $2, $2)',
      [world.userId, first.taskId],
    ),
  ).rejects.toMatchObject(CHECK);
});
