import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@everbeat/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordMessageIds } from './ledger';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** A scheduled task whose tick has just been armed and published. */
async function armedTask(): Promise<{ taskId: string; tickToken: string }> {
  const { pool } = database.database;
  const ids = { taskId: randomUUID(), tickToken: randomUUID() };
  const scheduler = { tickToken: ids.tickToken, tickMessageId: null, dueAt: '2026-01-01T00:00:00.000Z' };
  await pool.query(`insert into everbeat.users (id, name, email) values ('ada', 'Ada', 'ada')`);
  await pool.query(
    `insert into everbeat.tasks (id, user_id, number, identifier, name, instruction, status, automation_mode, heartbeat_interval, context)
     values ($1, 'ada', 1, 'T-1', 'Watch', 'Watch', 'scheduled', 'heartbeat', 60, $2)`,
    [ids.taskId, JSON.stringify({ scheduler })],
  );
  await pool.query(
    `insert into everbeat.task_ticks (token, task_id, user_id, trigger, due_at, armed_at, published_at)
     values ($1, $2, 'ada', 'heartbeat', now(), now(), now())`,
    [ids.tickToken, ids.taskId],
  );
  return ids;
}

test('recording a message id waits for no claim that holds the task, and is complete without one', async () => {
  const { taskId, tickToken } = await armedTask();
  const record = (messageId: string) =>
    recordMessageIds(database.database.pool, [{ taskId, tickToken, messageId }]);
  const claim = await database.database.pool.connect();
  try {
    await claim.query('begin');
    await claim.query('select 1 from everbeat.tasks where id = $1 for update', [taskId]);
    await record('local-1');
    expect(await recorded()).toEqual([{ onTask: null, inLedger: 'local-1' }]);
    await claim.query('commit');
  } finally {
    claim.release();
  }
  await record('local-2');
  expect(await recorded()).toEqual([{ onTask: 'local-2', inLedger: 'local-2' }]);
});

async function recorded(): Promise<object[]> {
  const { rows } = await database.database.pool.query<object>(
    `select t.context -> 'scheduler' ->> 'tickMessageId' as "onTask", k.message_id as "inLedger"
     from everbeat.tasks t join everbeat.task_ticks k on k.task_id = t.id`,
  );
  return rows;
}
