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
  await pool.query(`insert into users (id, name, email) values ('ada', 'Ada', 'ada')`);
  await pool.query(
    `insert into tasks (id, user_id, number, identifier, name, instruction, status, automation_mode, heartbeat_interval, context)
     values ($1, 'ada', 1, 'T-1', 'Watch', 'Watch', 'scheduled', 'heartbeat', 60, $2)`,
    [ids.taskId, JSON.stringify({ scheduler })],
  );
  await pool.query(
    `insert into task_ticks (token, task_id, user_id, trigger, due_at, armed_at, published_at)
     values ($1, $2, 'ada', 'heartbeat', now(), now(), now())`,
    [ids.tickToken, ids.taskId],
  );
  return ids;
}

/** Resolves once some session waits for a lock that another one holds. */
async function somebodyWaits(): Promise<void> {
  for (;;) {
    const { rows } = await database.database.pool.query(
      `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    );
    if (rows.length > 0) return;
  }
}

test('recording a message id locks the task before its row of the ledger, as the claim does', async () => {
  const { taskId, tickToken } = await armedTask();
  const claim = await database.database.pool.connect();
  try {
    await claim.query('begin');
    await claim.query('select 1 from tasks where id = $1 for update', [taskId]);
    const recorded = recordMessageIds(database.database.pool, [{ taskId, tickToken, messageId: 'local-1' }]);
    await somebodyWaits();
    await claim.query('select 1 from task_ticks where token = $1 for update nowait', [tickToken]);
    await claim.query('commit');
    await recorded;
  } finally {
    claim.release();
  }
  const { rows } = await database.database.pool.query(
    `select t.context -> 'scheduler' ->> 'tickMessageId' as "onTask", k.message_id as "inLedger"
     from tasks t join task_ticks k on k.task_id = t.id`,
  );
  expect(rows).toEqual([{ onTask: 'local-1', inLedger: 'local-1' }]);
});
