import { readFileSync } from 'node:fs';
import { LIMITS } from '@everbeat/domain';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world';

let world: World;
/** A database for each test, because a pass looks at all tasks. */
beforeEach(async () => {
  world = await createWorld();
});
afterEach(async () => {
  await world.expectSound();
  await world.close();
});

const HOUR_MS = 3_600_000;
const FIRST = Date.parse('2020-01-01T00:30:00Z');

/** An id of the millisecond, as UUID 7 has it, so that ids are in the order of time. */
const idAt = (ms: number, tail: number): string => {
  const hex = ms.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${tail.toString(16).padStart(12, '0')}`;
};

/** A task with a run in every hour since the first of January 2020, each with a topic and a message. */
async function taskWithHourlyRuns(runs: number, config = {}): Promise<string> {
  const { id: taskId } = await world.createTask({ config });
  const times = Array.from({ length: runs }, (_, index) => FIRST + index * HOUR_MS);
  await world.query(
    `with runs as (
       select * from unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) with ordinality r(topic_id, operation_id, at, number)
     ), topics as (
       insert into everbeat.topics (id, task_id, user_id, number, trigger, status, title, created_at, ended_at)
       select topic_id, $1, $5, number, 'manual', 'done', 'Run ' || number, at, at from runs
     ), operations as (
       insert into everbeat.operations (id, task_id, topic_id, user_id, trigger, status, claimed_from, callback_hash, started_at,
         heartbeat_at, lease_expires_at, finished_at)
       select operation_id, $1, topic_id, $5, 'manual', 'done', 'backlog', '', at, at, at, at from runs
     ), counted as (
       update everbeat.tasks set total_topics = $6 where id = $1
     )
     insert into everbeat.messages (id, topic_id, user_id, operation_id, role, content, created_at)
     select gen_random_uuid(), topic_id, $5, operation_id, 'assistant', 'Looked', at from runs`,
    [
      taskId,
      times.map((ms) => idAt(ms, 1)),
      times.map((ms) => idAt(ms, 2)),
      times.map((ms) => new Date(ms)),
      world.userId,
      runs,
    ],
  );
  return taskId;
}

const numbersOf = async (taskId: string): Promise<number[]> => {
  const rows = await world.query<{ number: number }>(
    'select number from everbeat.topics where task_id = $1 order by number',
    [taskId],
  );
  return rows.map(({ number }) => number);
};

const sizesOf = async (taskId: string) => {
  const [row] = await world.query<{ operations: number; messages: number }>(
    `select (select count(*)::int from everbeat.operations where task_id = $1) as operations,
       (select count(*)::int from everbeat.messages m join everbeat.topics p on p.id = m.topic_id where p.task_id = $1) as messages`,
    [taskId],
  );
  return row;
};

async function sweepAll(): Promise<number> {
  let total = 0;
  for (;;) {
    const { leftovers } = await world.watchdog.sweep();
    if (leftovers === 0) return total;
    total += leftovers;
  }
}

test('of runs older than the newest 200, the last of each day stays, whole', async () => {
  const days = 30;
  const taskId = await taskWithHourlyRuns(days * 24);
  const totalBefore = (await world.task(taskId)).totalTopics;
  expect(await sweepAll()).toBeGreaterThan(0);

  const oldMax = days * 24 - LIMITS.keptRunsDefault;
  const expected = Array.from({ length: days * 24 }, (_, index) => index + 1).filter(
    (number) => number > oldMax || number % 24 === 0,
  );
  expect(await numbersOf(taskId)).toEqual(expected);
  expect(await sizesOf(taskId)).toEqual({ operations: expected.length, messages: expected.length });
  expect((await world.task(taskId)).totalTopics).toBe(totalBefore);
  expect(await world.watchdog.sweep()).toMatchObject({ leftovers: 0 });
});

test('a task keeps as many runs as its own setting says, also after it was lowered', async () => {
  const taskId = await taskWithHourlyRuns(240, { retention: { runs: 230 } });
  await world.watchdog.sweep();
  expect(await numbersOf(taskId)).toHaveLength(240);

  await world.tasks.update(world.userId, { id: taskId, config: { retention: { runs: 24 } } });
  await sweepAll();
  const numbers = await numbersOf(taskId);
  expect(numbers.filter((number) => number > 216)).toHaveLength(24);
  expect(numbers.filter((number) => number <= 216)).toEqual([24, 48, 72, 96, 120, 144, 168, 192, 216]);
});

const topicOf = (number: number) => idAt(FIRST + (number - 1) * HOUR_MS, 1);

/** A brief that the run of this number has left open. */
const addBrief = (taskId: string, number: number, type: 'decision' | 'insight') =>
  world.query(
    `insert into everbeat.briefs (id, task_id, topic_id, user_id, type, priority, title, summary, actions, created_at, updated_at, read_at)
     values (gen_random_uuid(), $1, $2, $3, $4, 'normal', 'Told', '', '[]', now(), now(), now())`,
    [taskId, topicOf(number), world.userId, type],
  );

const lookAgain = (taskId: string) =>
  world.query('update everbeat.tasks set thin_at_topics = 0 where id = $1', [taskId]);

test('a run whose question is open and one that is under way stay, and a continued topic stays with its last run', async () => {
  const taskId = await taskWithHourlyRuns(240, { retention: { runs: 24 } });
  await addBrief(taskId, 5, 'decision');
  world.agent.hold();
  const { operationId } = await world.runner.run(world.userId, { taskId, continueTopicId: topicOf(7) });
  await lookAgain(taskId);
  await sweepAll();
  expect(await numbersOf(taskId)).toEqual(expect.arrayContaining([5, 7, 24, 48]));
  expect((await numbersOf(taskId)).filter((number) => number < 24)).toEqual([5, 7]);

  world.agent.release();
  await world.runner.idle();
  expect(await world.reads.operation(world.userId, operationId)).toMatchObject({ status: 'done' });
});

test('a run whose news was read and never resolved goes, and its brief stays', async () => {
  const taskId = await taskWithHourlyRuns(48, { retention: { runs: 24 } });
  await addBrief(taskId, 5, 'insight');
  await lookAgain(taskId);
  await sweepAll();
  expect((await numbersOf(taskId)).filter((number) => number <= 24)).toEqual([24]);
  expect(await world.briefs(taskId)).toMatchObject([{ title: 'Told', resolvedAction: null }]);
});

test('a run that stayed for its question goes once that is answered, however many came after it', async () => {
  const taskId = await taskWithHourlyRuns(480, { retention: { runs: 24 } });
  await addBrief(taskId, 5, 'decision');
  await lookAgain(taskId);
  await sweepAll();
  const days = Array.from({ length: 19 }, (_, day) => (day + 1) * 24);
  const old = async () => (await numbersOf(taskId)).filter((number) => number <= 456);
  expect(await old()).toEqual([5, ...days]);

  await world.query(
    `update everbeat.briefs set resolved_at = now(), resolved_action = 'ok' where task_id = $1`,
    [taskId],
  );
  await lookAgain(taskId);
  await sweepAll();
  expect(await old()).toEqual(days);
});

test('a history that an earlier version has passed is looked at from its beginning once', async () => {
  const taskId = await taskWithHourlyRuns(48, { retention: { runs: 24 } });
  await world.query('update everbeat.tasks set thinned_to = $2, thin_at_topics = 500 where id = $1', [
    taskId,
    idAt(FIRST + 23 * HOUR_MS, 2),
  ]);
  await sweepAll();
  expect(await numbersOf(taskId)).toHaveLength(48);
  await world.query(readFileSync('drizzle/0042_runs_kept_for_news.sql', 'utf8'));
  await sweepAll();
  expect((await numbersOf(taskId)).filter((number) => number <= 24)).toEqual([24]);
});

/** An instant that no clock that is right has told. */
const farAhead = () => Date.now() + 400 * 24 * HOUR_MS;

test('runs of a time when a clock was ahead count neither as old nor as the newest', async () => {
  const taskId = await taskWithHourlyRuns(48, { retention: { runs: 24 } });
  const ids = Array.from({ length: 30 }, (_, run) => idAt(farAhead() + run, 8));
  await world.query(
    `insert into everbeat.operations (id, task_id, topic_id, user_id, trigger, status, claimed_from, callback_hash, started_at,
       heartbeat_at, lease_expires_at, finished_at)
     select id, $1, gen_random_uuid(), $3, 'manual', 'done', 'backlog', '', $4, $4, $4, $4 from unnest($2::uuid[]) r(id)`,
    [taskId, ids, world.userId, new Date(farAhead())],
  );
  await world.query('update everbeat.tasks set thinned_to = $2 where id = $1', [taskId, ids[0]]);
  await lookAgain(taskId);
  world.clock.set(new Date());
  await sweepAll();
  const kept = Array.from({ length: 25 }, (_, run) => 24 + run);
  expect(await numbersOf(taskId)).toEqual(kept);
  expect(await sizesOf(taskId)).toMatchObject({ operations: kept.length + ids.length });
});

test('changes of a time when a clock was ahead do not keep older ones from being removed', async () => {
  const { id: taskId } = await world.createTask();
  const add = (count: number, at: Date) =>
    world.query(
      `insert into everbeat.task_activities (task_id, user_id, kind, reason, created_at)
       select $1, $2, 'edit', $5, $4 from generate_series(1, $3::int)`,
      [taskId, world.userId, count, at, at > new Date() ? 'ahead' : 'old'],
    );
  await add(LIMITS.removedRowsPerStatement + 1, new Date(farAhead()));
  await add(3, new Date(Date.now() - 400 * 24 * HOUR_MS));
  await world.query(`delete from everbeat.task_activities where reason not in ('ahead', 'old')`);
  world.clock.set(new Date());
  expect(await world.watchdog.sweep()).toMatchObject({ leftovers: 3 });
  expect(await world.query(`select 1 from everbeat.task_activities where reason = 'old'`)).toEqual([]);
});

test('ended rows of the ledger and changes older than a year are removed, and open arms stay', async () => {
  const taskId = await world.startTask();
  const old = Date.now() - 400 * 24 * HOUR_MS;
  await world.query(
    `insert into everbeat.task_ticks (token, task_id, user_id, trigger, due_at, armed_at, published_at, outcome, reason, ended_at)
     values ($1, $2, $3, 'manual', $4, $4, $4, 'superseded', 'edited', $4)`,
    [idAt(old, 3), taskId, world.userId, new Date(old)],
  );
  // An arm of long ago that is still to come, as that of a yearly schedule.
  const open = idAt(old, 4);
  await world.query(
    `insert into everbeat.task_ticks (token, task_id, user_id, trigger, due_at, armed_at, published_at)
     values ($1, $2, $3, 'schedule', $4, $5, $5)`,
    [open, taskId, world.userId, new Date(Date.now() + HOUR_MS), new Date(old)],
  );
  await world.query(`update everbeat.task_activities set created_at = $1 where reason = 'created'`, [
    new Date(old),
  ]);
  await world.lifecycle.pause(world.userId, taskId);
  world.clock.set(new Date());
  await world.lifecycle.start(world.userId, taskId);
  expect(await world.watchdog.sweep()).toMatchObject({ leftovers: 2 });

  expect((await world.ticks(taskId)).map(({ reason }) => reason)).toEqual(['paused', null, null]);
  await world.query('delete from everbeat.task_ticks where token = $1', [open]);
  expect(await world.query(`select 1 from everbeat.task_activities where reason = 'created'`)).toEqual([]);
  expect(await world.query(`select 1 from everbeat.task_activities where reason = 'started'`)).not.toEqual(
    [],
  );
});

/**
 * A call of long ago, with the counters that it left; of a run that ended then, unless another one is named.
 */
async function spentLongAgo(taskId: string, at: Date, occurrence = idAt(at.getTime(), 7)): Promise<void> {
  const [day, agentId] = [at.toISOString().slice(0, 10), idAt(FIRST, 9)];
  const month = day.slice(0, 7);
  const owners = [
    ['task', taskId],
    ['agent', agentId],
    ['owner', world.userId],
  ] as const;
  const scopes = owners.map(([scope, id]) => ({ scope, id, day, month }));
  await world.query(
    `with x as (select * from jsonb_to_recordset($5::jsonb) as x(scope text, id text, day text, month text)), counted as (
       insert into everbeat.budget_counters (scope, scope_id, period, period_key, user_id, spent_usd, input_tokens)
       select x.scope, x.id, p.period, p.key, $3, 2, 10
       from x, lateral (values ('day', x.day), ('month', x.month), ('total', '')) p(period, key)
     )
     insert into everbeat.spend_entries (id, operation_id, task_id, agent_id, user_id, occurrence, scopes, is_priced, spent_usd,
       input_tokens, state, created_at, settled_at)
     values ($1, $1, $2, $4, $3, $7, $5::jsonb, true, 2, 10, 'spent', $6, $6)`,
    [idAt(at.getTime(), 7), taskId, world.userId, agentId, JSON.stringify(scopes), at, occurrence],
  );
}

const sumsLeft = () =>
  world.query<{ scope: string; period: string }>(
    `select scope, period, spent_usd::float8 as usd from everbeat.budget_counters order by scope, period`,
  );

test('of calls older than a year the sums stay, by day for everything and by month for tasks and agents', async () => {
  const { id: taskId } = await world.createTask();
  await spentLongAgo(taskId, new Date(Date.now() - 400 * 24 * HOUR_MS));
  world.clock.set(new Date());
  expect(await world.watchdog.sweep()).toMatchObject({ leftovers: 3 });
  expect(await world.query('select 1 from everbeat.spend_entries')).toEqual([]);
  expect((await sumsLeft()).map(({ scope, period }) => `${scope} ${period}`)).toEqual([
    'agent month',
    'agent total',
    'owner day',
    'owner month',
    'owner total',
    'task month',
    'task total',
  ]);
  await world.expectSound();
});

const entriesLeft = async () =>
  (await world.query<{ count: number }>('select count(*)::int as count from everbeat.spend_entries'))[0]
    ?.count;

test('of calls older than a year those stay whose run goes on, so that its cap still holds it', async () => {
  world.clock.set(new Date());
  const { id: taskId } = await world.createTask();
  world.agent.hold();
  const { operationId } = await world.runner.run(world.userId, { taskId });
  await spentLongAgo(taskId, new Date(Date.now() - 400 * 24 * HOUR_MS), operationId);
  await world.watchdog.sweep();
  expect(await entriesLeft()).toBe(1);
  world.agent.release();
  await world.runner.idle();
  await world.watchdog.sweep();
  expect(await entriesLeft()).toBe(0);
});

test('of calls older than a year those stay whose run is to be tried again', async () => {
  world.clock.set(new Date());
  const taskId = await world.startTask();
  world.agent.next({ kind: 'error', errorCode: 'agent_http_503', errorMessage: 'Away' });
  await world.beat(taskId);
  const { occurrence = '' } = (await world.task(taskId)).scheduler.retry ?? {};
  await spentLongAgo(taskId, new Date(Date.now() - 400 * 24 * HOUR_MS), occurrence);
  await world.watchdog.sweep();
  expect(await entriesLeft()).toBe(1);
  await world.beat(taskId);
  await world.watchdog.sweep();
  expect(await entriesLeft()).toBe(0);
});

test('of calls of this year all stays', async () => {
  const { id: taskId } = await world.createTask();
  await spentLongAgo(taskId, new Date(Date.now() - 300 * 24 * HOUR_MS));
  world.clock.set(new Date());
  expect(await world.watchdog.sweep()).toMatchObject({ leftovers: 0 });
  expect(await sumsLeft()).toHaveLength(9);
  await world.expectSound();
});

test('what a deleted task has spent stays in the sums of its owner and its agent, and its own go with it', async () => {
  const { id: taskId } = await world.createTask();
  await spentLongAgo(taskId, new Date(Date.now() - 24 * HOUR_MS));
  world.clock.set(new Date());
  await world.lifecycle.delete(world.userId, taskId);
  await sweepAll();
  const scopes = (await world.query<{ scope: string }>('select scope from everbeat.budget_counters')).map(
    ({ scope }) => scope,
  );
  expect(scopes.toSorted()).toEqual([...Array(3).fill('agent'), ...Array(3).fill('owner')]);
  expect((await world.spend.ofEverything(world.userId, {})).byTask).toMatchObject([
    { taskId, identifier: null, spentUsd: 2 },
  ]);
  await world.expectSound();
});

test('a clock that is years ahead removes nothing', async () => {
  await world.createTask();
  const start = world.clock.now();
  world.clock.set(new Date(Date.now() + 9 * 366 * 24 * HOUR_MS));
  expect(await world.watchdog.sweep()).toMatchObject({ leftovers: 0 });
  world.clock.set(start);
});

test('the status says how large the installation is, and how fast it grows', async () => {
  await world.watchdog.sweep();
  const before = (await world.system.status(world.userId)).storage;
  expect(before?.bytes).toBeGreaterThan(100_000);
  expect(before?.databaseBytes).toBeGreaterThan(before?.bytes ?? 0);
  await world.clock.advance(HOUR_MS);
  await taskWithHourlyRuns(2_000);
  await world.watchdog.sweep();
  const after = (await world.system.status(world.userId)).storage;
  expect(after?.bytesPerDay).toBeGreaterThan(0);
});
