import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWorld, type World } from '../../tests/support/world';
import { DATABASE_FINDINGS } from './databaseFindings';
import { describeMoney, MONEY_SQL, type MoneyFacts } from './moneyFigure';

let world: World;
let taskId: string;
beforeEach(async () => {
  world = await createWorld();
  taskId = await world.startTask();
});
afterEach(() => world.close());

/** A run whose process was lost, settled by the watchdog, and the next attempt at the same occurrence. */
async function loseRunAndGoOn(): Promise<void> {
  world.agent.hold();
  const { finished } = await runArmed();
  await world.query(`update everbeat.operations set lease_expires_at = started_at - interval '1 second'`);
  await world.clock.advance(1_000);
  expect(await world.watchdog.sweep()).toMatchObject({ stuck: 1 });
  world.agent.release();
  await finished;
  await world.clock.advance(1_000);
  await (await runArmed()).finished;
}

async function runArmed() {
  const { tickToken } = (await world.task(taskId)).scheduler;
  return world.runner.runTick({ taskId, userId: world.userId, tickToken: tickToken ?? '' });
}

/** The names of the findings that have cases. */
async function found(): Promise<string[]> {
  const names: string[] = [];
  for (const { what, sql } of DATABASE_FINDINGS) {
    const rows = await world.query(sql);
    if (rows.length > 0) names.push(what);
  }
  return names;
}

test('a lost run that goes on as the same occurrence is none', async () => {
  await loseRunAndGoOn();
  expect(await found()).toEqual([]);
});

/** A call of a model in a run that may cost 0.1 dollars. */
const CALL = `
  with capped as (update everbeat.tasks set config = '{"budget": {"perRunUsd": 0.1}}' returning id, user_id)
  insert into everbeat.spend_entries (id, operation_id, occurrence, step_index, task_id, user_id, scopes, is_priced, created_at,
    worst_usd, state, spent_usd, reserved_usd)
  select gen_random_uuid(), id, id, 0, id, user_id, '[]', true, now(), 0.2, `;

test.each<[what: string, fault: string]>([
  [
    'failures counted more than once, or that are no fault of the agent',
    `update everbeat.tasks set context = jsonb_set(context, '{scheduler,consecutiveFailures}', '1')`,
  ],
  [
    'fuses blown by the stop of a server',
    `with stopped as (
       update everbeat.operations set error_code = 'server_stopped' where failure_class = 'lost' returning id)
     update everbeat.task_activities set reason = 'fuse' where ref_id in (select id from stopped) and kind = 'status'`,
  ],
  [
    'lost runs that were not armed anew',
    `delete from everbeat.task_ticks where armed_at in (
       select finished_at from everbeat.operations where failure_class = 'lost')`,
  ],
  [
    'lost runs that went on as another occurrence',
    `update everbeat.operations set attempt = 1, occurrence = id where failure_class is null`,
  ],
  [
    'caps that were exceeded by what was reserved for',
    `with capped as (update everbeat.users set budget = '{"totalUsd": 1}' returning id)
     insert into everbeat.budget_counters (scope, scope_id, period, period_key, user_id, spent_usd, reserved_usd)
     select 'owner', id, 'total', '', id, 0.6, 0.5 from capped`,
  ],
  ['runs that exceeded their cap by what was reserved for', `${CALL} 'spent', 0.2, 0 from capped`],
  ['reservations that were never settled', `${CALL} 'reserved', 0, 0.05 from capped`],
])('%s are found', async (what, fault) => {
  await loseRunAndGoOn();
  await world.query(fault);
  expect(await found()).toEqual([what]);
});

test('the figure of the money says what was spent', async () => {
  world.agent.next({ kind: 'done', content: 'x', usage: { costUsd: 0.5, inputTokens: 10 } });
  await world.beat(taskId);
  const [facts] = await world.query<MoneyFacts>(MONEY_SQL);
  expect(facts && describeMoney(facts)).toMatch(
    /^\$0\.5000 spent and \$0\.0000 reserved by 1 calls, 0 of them/,
  );
});
