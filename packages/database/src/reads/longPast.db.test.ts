import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@everbeat/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowsLookedAt } from '../../test/rowsLookedAt';
import type { Queryable } from '../sql/queryable';
import { readTicks } from './ledger';
import { readTopics } from './runs';
import { readTaskDetail } from './taskDetail';

/**
 * A task with a long past that has rested since, while another one, made after it, has run far more often.
 */
const PAST_RUNS = 10_000;
const LATER_RUNS = 20_000;
const rested = randomUUID();
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  const { pool } = database.database;
  await pool.query(`insert into everbeat.users (id, name, email) values ('ada', 'Ada', 'ada')`);
  await plantRuns(rested, 1, PAST_RUNS);
  await plantRuns(randomUUID(), 2, LATER_RUNS);
  await pool.query('vacuum analyze');
});
afterAll(() => database.drop());

async function plantRuns(taskId: string, number: number, runs: number): Promise<void> {
  const { pool } = database.database;
  await pool.query(
    `insert into everbeat.tasks (id, user_id, number, identifier, name, instruction) values ($1, 'ada', $2, 'T-' || $2::int, '', '')`,
    [taskId, number],
  );
  await pool.query(
    `insert into everbeat.topics (id, task_id, user_id, number, trigger, status, created_at)
     select uuidv7(), $1, 'ada', n, 'heartbeat', 'done', now() from generate_series(1, $2::int) n`,
    [taskId, runs],
  );
  await pool.query(
    `insert into everbeat.task_ticks (token, task_id, user_id, trigger, due_at, armed_at, published_at)
     select gen_random_uuid(), $1, 'ada', 'heartbeat', at, at, at
     from generate_series(1, $2::int) n, lateral (select now() + n * interval '1 minute' as at) t`,
    [taskId, runs],
  );
}

const looksAt = (table: string, read: (db: Queryable) => Promise<unknown>) =>
  rowsLookedAt(database.database.pool, table, read);

/** A cursor halfway through its history. */
async function middleOf(table: string, key: string): Promise<string> {
  const { rows } = await database.database.pool.query<{ cursor: string }>(
    `select ${key} as cursor from everbeat.${table} where task_id = $1 offset $2 limit 1`,
    [rested, PAST_RUNS / 2],
  );
  return rows[0]?.cursor ?? '';
}

const LIMIT = 20;
const FEW = 2 * LIMIT;

test.each([
  ['runs', 'topics', 'id', readTopics],
  ['arms', 'task_ticks', 'token', readTicks],
] as const)(
  'a page of its %s costs no more for what lies before and behind it',
  async (_what, table, key, read) => {
    const cursor = await middleOf(table, key);

    for (const page of [{ limit: LIMIT }, { limit: LIMIT, cursor }]) {
      const looked = await looksAt(table, async (db) => {
        expect((await read(db, 'ada', rested, page)).items).toHaveLength(LIMIT);
      });
      expect(looked).toBeLessThan(FEW);
    }
  },
);

test.each(['topics', 'task_ticks'])('its detail looks at few of its %s', async (table) => {
  const looked = await looksAt(table, async (db) => {
    expect(await readTaskDetail(db, 'ada', rested)).toMatchObject({ hasOlderTicks: true });
  });
  expect(looked).toBeLessThan(FEW);
});
