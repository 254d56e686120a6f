import { LIMITS, type Logger } from '@everbeat/domain';
import { silentLogger } from '@everbeat/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { failsFor, heldFor } from '../support/statementFaults';
import { createWorld, type World } from '../support/world';

/** Histories that cannot be thinned at once, or not at all. */

let world: World;
let warnings: object[];
beforeEach(async () => {
  warnings = [];
  const logger: Logger = { ...silentLogger, warn: (fields) => void warnings.push(fields) };
  world = await createWorld({ logger });
});
afterEach(async () => {
  await world.expectSound();
  await world.close();
});

/** Fewer are never kept whole. */
const KEPT = 20;
const RUNS = KEPT + 5;

/** A task with more runs of one day than it keeps, each with so many steps. */
async function taskToThin(stepsPerRun = 0): Promise<string> {
  const { id: taskId } = await world.createTask({ config: { retention: { runs: KEPT } } });
  await world.query(
    `with runs as (
       insert into everbeat.operations (id, task_id, topic_id, user_id, trigger, status, claimed_from, callback_hash, started_at,
         heartbeat_at, lease_expires_at, finished_at)
       select uuidv7(n * interval '1 ms' - interval '1 minute'), $1, gen_random_uuid(), $2, 'manual', 'done', 'backlog', '', now(), now(), now(), now()
       from generate_series(1, $3::int) n returning id
     )
     insert into everbeat.operation_steps (operation_id, index, kind, name, status, occurrence, started_at, ended_at)
     select id, n, 'tool', 'look', 'done', n, now(), now() from runs, generate_series(1, $4::int) n`,
    [taskId, world.userId, RUNS, stepsPerRun],
  );
  await world.query('update everbeat.tasks set thin_at_topics = 0 where id = $1', [taskId]);
  return taskId;
}

const runsOf = async (taskId: string) =>
  (await world.query('select 1 from everbeat.operations where task_id = $1', [taskId])).length;
const stepsOf = async (taskId: string) =>
  (
    await world.query(
      'select 1 from everbeat.operation_steps s join everbeat.operations o on o.id = s.operation_id where task_id = $1',
      [taskId],
    )
  ).length;

test('the steps of runs are removed before the runs, in small statements', async () => {
  const steps = LIMITS.removedRowsPerStatement / 2;
  const taskId = await taskToThin(steps);
  const met = heldFor(world.testDatabase, 'everbeat_remove_runs');
  expect(await world.watchdog.sweep()).toMatchObject({ leftovers: 0 });
  await met;
  expect([await runsOf(taskId), await stepsOf(taskId)]).toEqual([RUNS, KEPT * steps]);

  await world.watchdog.sweep();
  expect([await runsOf(taskId), await stepsOf(taskId)]).toEqual([KEPT, KEPT * steps]);
  expect(warnings).toEqual([]);
});

test('a pass removes a bounded number of steps, and the next one goes on', async () => {
  const steps = Math.ceil((LIMITS.removalStatementsMax * LIMITS.removedRowsPerStatement) / 5) + 1;
  const taskId = await taskToThin();
  await world.query(
    `insert into everbeat.operation_steps (operation_id, index, kind, name, status, occurrence, started_at, ended_at)
     select id, n, 'tool', 'look', 'done', n, now(), now()
     from (select id from everbeat.operations where task_id = $1 order by id limit 5) o, generate_series(1, $2::int) n`,
    [taskId, steps],
  );
  await world.watchdog.sweep();
  expect([await runsOf(taskId), (await stepsOf(taskId)) > 0]).toEqual([RUNS, true]);
  await world.watchdog.sweep();
  expect([await runsOf(taskId), await stepsOf(taskId)]).toEqual([KEPT, 0]);
});

test.each([
  ['takes longer than a statement may', '57014'],
  ['fails in any other way', '22003'],
])(
  'a task whose removal %s is told of and left alone for a while, and holds up no other',
  async (_what, code) => {
    const [first, second] = [await taskToThin(), await taskToThin()];
    const error = { message: 'It failed', code };
    void failsFor(world.testDatabase, 'everbeat_remove_runs', { times: 1, error });
    await world.watchdog.sweep();
    expect([await runsOf(first), await runsOf(second)]).toEqual([RUNS, KEPT]);
    expect(warnings).toEqual([{ taskId: first, reason: 'It failed' }]);

    await world.watchdog.sweep();
    expect(await runsOf(first)).toBe(RUNS);
    await world.clock.advance(LIMITS.failedRepairWaitSeconds * 1_000);
    await world.watchdog.sweep();
    expect(await runsOf(first)).toBe(KEPT);
  },
);

test('prompts that are held are left to the next pass', async () => {
  void heldFor(world.testDatabase, 'everbeat_clear_prompts');
  expect(await world.watchdog.sweep()).toMatchObject({ leftovers: 0 });
});
