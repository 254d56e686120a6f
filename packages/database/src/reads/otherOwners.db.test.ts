import { createTestDatabase, type TestDatabase } from '@everbeat/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rowsLookedAt } from '../../test/rowsLookedAt';
import type { Queryable } from '../sql/queryable';
import { readDependents } from './dependents';
import { readRecentDays } from './recentDays';
import { readRecentRuns } from './recentRuns';
import { readTasks } from './tasks';

/** Somebody with many tasks and runs, and somebody with a few of them among those. */
const TASKS = { ada: 4_000, bob: 10 };
const RUNS_EACH = 5;
const HOUR_MS = 3_600_000;
let database: TestDatabase;
let busiest: string;

beforeAll(async () => {
  database = await createTestDatabase();
  const { pool } = database.database;
  for (const [user, tasks] of Object.entries(TASKS)) await plant(user, tasks);
  await pool.query(
    `insert into everbeat.operations (id, task_id, topic_id, user_id, trigger, status, claimed_from, callback_hash,
       started_at, heartbeat_at, lease_expires_at, finished_at)
     select uuidv7(-ago), id, id, user_id, 'heartbeat', 'done', 'scheduled', '', now() - ago, now(), now(), now()
     from everbeat.tasks, generate_series(1, $1::int) n, lateral (select n * interval '1 hour' as ago) a`,
    [RUNS_EACH],
  );
  await pool.query(
    `insert into everbeat.task_ticks (token, task_id, user_id, armed_at, due_at, published_at, trigger, outcome, reason, ended_at)
     select uuidv7(-ago), id, user_id, now() - ago, now() - ago, now() - ago, 'heartbeat', 'skipped', 'early', now() - ago
     from everbeat.tasks, generate_series(1, $1::int) n, lateral (select n * interval '1 hour' as ago) a`,
    [RUNS_EACH],
  );
  const { rows } = await pool.query<{ id: string }>(
    `with awaited as (select id from everbeat.tasks where user_id = 'ada' and number = 1)
     insert into everbeat.task_dependencies (task_id, depends_on_id, user_id)
     select t.id, a.id, t.user_id from everbeat.tasks t, awaited a where t.user_id = 'ada' and t.number > 1
     returning depends_on_id as id`,
  );
  busiest = rows[0]?.id ?? '';
  await pool.query('vacuum analyze');
});
afterAll(() => database.drop());

/** Armed tasks, which are due in no order, several at each time. */
async function plant(user: string, tasks: number): Promise<void> {
  const { pool } = database.database;
  await pool.query('insert into everbeat.users (id, name, email) values ($1, $1, $1)', [user]);
  await pool.query(
    `insert into everbeat.tasks (id, user_id, number, identifier, name, instruction, status, context)
     select id, $1, n, 'T-' || n, 'Berth ' || n, '', 'scheduled', jsonb_build_object('scheduler',
       jsonb_build_object('tickToken', id, 'dueAt', to_char(now() + (n * 7919 % 997) * interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')))
     from generate_series(1, $2::int) n, lateral (select uuidv7(n * interval '1 second') as id) i`,
    [user, tasks],
  );
}

const looksAt = (table: string, read: (db: Queryable) => Promise<unknown>) =>
  rowsLookedAt(database.database.pool, table, read);

const LIMIT = 20;

describe.each(['ada', 'bob'] as const)('the tasks of %s by their next run', (user) => {
  test('are read as far as the page needs', async () => {
    const listed: string[] = [];
    let cursor: string | null = null;
    do {
      const page = { limit: LIMIT, cursor: cursor ?? undefined };
      const looked = await looksAt('tasks', async (db) => {
        const { items, nextCursor } = await readTasks(db, user, { sort: 'next', ...page });
        listed.push(...items.map(({ identifier }) => identifier));
        cursor = nextCursor;
      });
      expect(looked).toBeLessThan(5 * LIMIT);
    } while (cursor !== null && listed.length < 3 * LIMIT);
    const { rows } = await database.database.pool.query<{ identifier: string }>(
      `select identifier from everbeat.tasks where user_id = $1
       order by context -> 'scheduler' ->> 'dueAt', number desc limit $2`,
      [user, 3 * LIMIT],
    );
    expect(listed).toEqual(rows.map(({ identifier }) => identifier));
  });
});

test('a page of the tasks that wait for one looks at no more of them than it shows', async () => {
  for (const cursor of [undefined, await halfwayOfDependents()]) {
    const looked = await looksAt('task_dependencies', async (db) => {
      const { items } = await readDependents(db, 'ada', busiest, { limit: LIMIT, cursor });
      expect(items).toHaveLength(LIMIT);
    });
    expect(looked).toBeLessThan(2 * LIMIT);
  }
});

async function halfwayOfDependents(): Promise<string> {
  const { rows } = await database.database.pool.query<{ id: string }>(
    `select task_id as id from everbeat.task_dependencies order by task_id offset ${TASKS.ada / 2} limit 1`,
  );
  return rows[0]?.id ?? '';
}

const now = () => new Date();

test.each([
  ['days', (db: Queryable) => readRecentDays(db, 'bob', now())],
  ['day', (db: Queryable) => readRecentRuns(db, 'bob', new Date(now().getTime() - 24 * HOUR_MS))],
] as const)('the last %s of somebody with few runs looks at none of the others', async (_what, read) => {
  const looked = await looksAt('operations', async (db) => {
    expect(await read(db)).toMatchObject({ total: TASKS.bob * RUNS_EACH, outcomes: { done: 50 } });
  });
  expect(looked).toBeLessThan(2 * TASKS.bob * RUNS_EACH);
});

test('why runs of somebody with few of them did not start is not hidden by those of others', async () => {
  const looked = await looksAt('task_ticks', async (db) => {
    const since = new Date(now().getTime() - 24 * HOUR_MS);
    expect(await readRecentRuns(db, 'bob', since)).toMatchObject({ skips: { early: 50 } });
  });
  expect(looked).toBeLessThan(2 * TASKS.bob * RUNS_EACH);
});
