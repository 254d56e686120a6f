import { randomUUID } from 'node:crypto';
import {
  ensureCounters,
  type LockWait,
  type Reservation,
  readCapUses,
  readScopes,
  removeDeletedTaskRows,
  type SpendReport,
  type StepsWrite,
  type StepWrite,
  settleAbandoned,
  spendScopesAt,
  takeOverOperation,
  writeSteps,
  writeTrialSpend,
} from '@everbeat/database';
import { type Budget, LIMITS } from '@everbeat/domain';
import { findViolations } from '@everbeat/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createGuardWorld, type GuardWorld } from '../support/guardWorld';

/** The guards of the statements that reserve and settle money (PROTOCOL §10), on a real Postgres. */
let world: GuardWorld;
beforeAll(async () => {
  world = await createGuardWorld();
});
afterAll(() => world.close());

const db = () => world.testDatabase.database.pool;
const now = () => world.clock.now();

const setOwnerBudget = (budget: Budget) =>
  world.query('update everbeat.users set budget = $2 where id = $1', [world.userId, JSON.stringify(budget)]);

beforeEach(async () => {
  await world.query('delete from everbeat.budget_counters');
  await world.query('delete from everbeat.spend_entries');
  await world.query('delete from everbeat.operation_steps');
  await setOwnerBudget({});
});

interface Run {
  taskId: string;
  operationId: string;
  occurrence: string;
  epoch: number;
}

async function begun(budget?: Budget): Promise<Run> {
  const { taskId, operationId } = await world.running();
  if (budget !== undefined)
    await world.query(`update everbeat.tasks set config = config || $2 where id = $1`, [
      taskId,
      JSON.stringify({ budget }),
    ]);
  return { taskId, operationId, occurrence: randomUUID(), epoch: 0 };
}

const modelStep = (index: number, status: StepWrite['status'] = 'started'): StepWrite => ({
  index,
  kind: 'model',
  name: 'm',
  status,
  policy: null,
  occurrence: `key:${index}`,
  input: null,
  result: null,
  usage: null,
  briefId: null,
});

async function reservation(run: Run, micros: number, more: Partial<Reservation> = {}): Promise<Reservation> {
  const scopes = spendScopesAt(await readScopes(db(), { taskId: run.taskId, agentId: null }), now());
  await ensureCounters(db(), { userId: world.userId, scopes });
  return {
    id: randomUUID(),
    stepIndex: 0,
    taskId: run.taskId,
    agentId: null,
    userId: world.userId,
    occurrence: run.occurrence,
    model: 'm',
    isPriced: true,
    isCostedLater: false,
    worstMicros: micros,
    worstTokens: 1_000,
    scopes,
    ...more,
  };
}

const starting = (run: Run, reserve: Reservation): StepsWrite => ({
  operationId: run.operationId,
  leaseEpoch: run.epoch,
  reserve,
  steps: [modelStep(reserve.stepIndex)],
});

/** What became of it: `written`, `no-counters`, or the caps that were full. */
async function reserve(run: Run, asked: Reservation, wait: LockWait = 'shared') {
  const found = (await writeSteps(db(), [starting(run, asked)], now(), wait)).get(run.operationId);
  return found?.kind === 'refused'
    ? found.full.map(({ scope, cap }) => `${scope} ${cap}`)
    : (found?.kind ?? 'gone');
}

const report = (id: string, outcome: SpendReport['outcome'], micros = 0): SpendReport => ({
  id,
  outcome,
  micros,
  ...(outcome === 'spent' ? { inputTokens: 300, outputTokens: 100 } : { inputTokens: 0, outputTokens: 0 }),
});

const settle = (run: Run, ...spent: SpendReport[]) =>
  writeSteps(
    db(),
    [{ operationId: run.operationId, leaseEpoch: run.epoch, steps: [modelStep(0, 'done')], spent }],
    now(),
  );

/** Of the owner, ever: reserved, spent, tokens in all. */
async function owner() {
  const [row] = await world.query<{ reserved: string; spent: string; tokens: string }>(
    `select reserved_usd::float8 as reserved, spent_usd::float8 as spent,
      (reserved_tokens + input_tokens + output_tokens)::float8 as tokens
     from everbeat.budget_counters where scope = 'owner' and period = 'total'`,
  );
  return row;
}

/** Removes what can be removed of a deleted task, as the watchdog does. */
async function removed(taskId: string): Promise<void> {
  while ((await removeDeletedTaskRows(db(), taskId, 100)) > 0);
}

const countersOf = async (taskId: string) =>
  (await world.query('select 1 from everbeat.budget_counters where scope_id = $1', [taskId])).length;

const violations = async () => {
  const found = await findViolations(db(), { now: now(), horizonSeconds: 1e9 });
  return found.filter(({ violation }) => violation.startsWith('13'));
};

describe('fifty runs against one cap', () => {
  test('never exceed it, each in a statement of its own', async () => {
    await setOwnerBudget({ totalUsd: 1 });
    const runs = await Promise.all(Array.from({ length: 50 }, () => begun()));
    const found = await Promise.all(
      runs.map(async (run) => reserve(run, await reservation(run, 90_000), 'alone')),
    );

    expect(found.filter((kind) => kind === 'written')).toHaveLength(11);
    expect(found.filter((kind) => kind !== 'written')).toEqual(Array(39).fill(['owner totalUsd']));
    expect(await owner()).toEqual({ reserved: 0.99, spent: 0, tokens: 11_000 });
    expect(await violations()).toEqual([]);
  });

  test('nor do they in one statement, whose refusals are asked again alone', async () => {
    await setOwnerBudget({ totalUsd: 1 });
    const runs = await Promise.all(Array.from({ length: 50 }, () => begun()));
    const writes = await Promise.all(
      runs.map(async (run, turn) =>
        starting(run, await reservation(run, turn % 2 === 0 ? 200_000 : 100_000)),
      ),
    );
    const found = await writeSteps(db(), writes, now());
    const refused = writes.filter(({ operationId }) => found.get(operationId)?.kind === 'refused');
    for (const write of refused) await writeSteps(db(), [write], now(), 'alone');

    expect((await owner())?.reserved).toBe(1);
    expect(await violations()).toEqual([]);
  });
});

describe('a reservation', () => {
  test('is all or nothing: one full cap of many, and no counter has changed', async () => {
    await setOwnerBudget({ perMonthUsd: 10 });
    const run = await begun({ perDayUsd: 0.05, perDayTokens: 500 });
    expect(await reserve(run, await reservation(run, 60_000))).toEqual([
      'task perDayUsd',
      'task perDayTokens',
    ]);
    expect(await owner()).toEqual({ reserved: 0, spent: 0, tokens: 0 });
    const steps = await world.query('select 1 from everbeat.operation_steps where operation_id = $1', [
      run.operationId,
    ]);
    expect(steps).toEqual([]);
  });

  test('that fits exactly is made', async () => {
    const run = await begun({ totalUsd: 0.06 });
    expect(await reserve(run, await reservation(run, 60_000))).toBe('written');
  });

  test('made twice is made once', async () => {
    const run = await begun({ totalUsd: 0.1 });
    const asked = await reservation(run, 60_000);
    expect([await reserve(run, asked), await reserve(run, asked)]).toEqual(['written', 'written']);
    expect((await owner())?.reserved).toBe(0.06);
  });

  test('counts against the caps of the tasks above', async () => {
    const parent = await begun({ totalUsd: 0.1 });
    const [one, two] = [await begun(), await begun()];
    await world.query('update everbeat.tasks set parent_task_id = $2 where id = any($1)', [
      [one.taskId, two.taskId],
      parent.taskId,
    ]);
    expect(await reserve(one, await reservation(one, 60_000))).toBe('written');
    expect(await reserve(two, await reservation(two, 60_000))).toEqual(['task totalUsd']);
  });

  test('counts no more against a task above that is deleted, and is settled where it was made', async () => {
    const parent = await begun({ totalUsd: 0.1 });
    const run = await begun();
    await world.query('update everbeat.tasks set parent_task_id = $2 where id = $1', [
      run.taskId,
      parent.taskId,
    ]);
    const before = await reservation(run, 60_000);
    expect(await reserve(run, before)).toBe('written');
    await world.query('update everbeat.tasks set deleted_at = $2 where id = $1', [parent.taskId, now()]);
    const scopes = await readScopes(db(), { taskId: run.taskId, agentId: null });
    expect(scopes.map(({ scopeId }) => scopeId)).toEqual([run.taskId, world.userId]);

    await removed(parent.taskId);
    expect(await countersOf(parent.taskId), 'of a call that is under way').toBe(3);
    await settle(run, report(before.id, 'spent', 50_000));
    await removed(parent.taskId);
    expect(await countersOf(parent.taskId)).toBe(0);
    expect(await world.query('select 1 from everbeat.tasks where id = $1', [parent.taskId])).toEqual([]);

    // The run knows its scopes from before.
    const again = { ...before, id: randomUUID(), stepIndex: 1, worstMicros: 30_000 };
    expect(await reserve(run, again)).toBe('no-counters');
    await ensureCounters(db(), { userId: world.userId, scopes: before.scopes });
    expect(await reserve(run, again)).toBe('written');
    await settle(run, report(again.id, 'spent', 20_000));
    expect(await violations()).toEqual([]);
    expect((await owner())?.spent).toBe(0.07);
  });

  test('counts against the cap of one run, with its earlier attempts', async () => {
    const run = await begun({ perRunUsd: 0.1 });
    const first = await reservation(run, 60_000);
    await reserve(run, first);
    expect(await reserve(run, await reservation(run, 60_000, { stepIndex: 1 }))).toEqual(['task perRunUsd']);
    await settle(run, report(first.id, 'spent', 40_000));
    expect(await reserve(run, await reservation(run, 60_000, { stepIndex: 1 }))).toBe('written');
    const other = { ...(await begun({ perRunUsd: 0.1 })), occurrence: run.occurrence };
    expect(await reserve(other, await reservation(other, 10_000))).toEqual(['task perRunUsd']);
  });

  test('of a model without a known price counts against tokens alone', async () => {
    const run = await begun({ totalUsd: 0, perDayTokens: 1_500 });
    const unpriced = { isPriced: false, worstMicros: 0 };
    expect(await reserve(run, await reservation(run, 0, unpriced))).toBe('written');
    expect(await reserve(run, await reservation(run, 0, { ...unpriced, stepIndex: 1 }))).toEqual([
      'task perDayTokens',
    ]);
  });

  test.each<[string, Budget]>([
    ['in all', { totalUsd: 0.06 }],
    ['of one run', { perRunUsd: 0.06 }],
  ])(
    'of a model whose provider reports the cost alone is made until a cap %s is reached',
    async (_, budget) => {
      const run = await begun(budget);
      const later = { isPriced: false, isCostedLater: true };
      const next = (stepIndex: number) => reservation(run, 0, { ...later, stepIndex });
      for (const [stepIndex, spent] of [50_000, 30_000].entries()) {
        const asked = await next(stepIndex);
        expect(await reserve(run, asked)).toBe('written');
        await settle(run, report(asked.id, 'spent', spent));
      }
      expect(await reserve(run, await next(2))).toEqual([`task ${Object.keys(budget)[0]}`]);
      const unknown = { isPriced: false, stepIndex: 2 };
      expect(await reserve(run, await reservation(run, 0, unknown)), 'what no one reports').toBe('written');
      expect(await reserve(run, await reservation(run, 0, { stepIndex: 3 })), 'what is free').toBe('written');
      expect(await violations()).toEqual([]);
    },
  );

  test('is not made while its counters are missing', async () => {
    const run = await begun();
    const asked = await reservation(run, 1);
    await world.query('delete from everbeat.budget_counters');
    expect(await reserve(run, asked)).toBe('no-counters');
    expect(await world.query('select 1 from everbeat.spend_entries')).toEqual([]);
  });
});

describe('what a call has cost', () => {
  test('replaces what was reserved, once', async () => {
    const run = await begun();
    const asked = await reservation(run, 60_000);
    await reserve(run, asked);
    await settle(run, report(asked.id, 'spent', 40_000));
    await settle(run, report(asked.id, 'spent', 50_000));
    expect(await owner()).toEqual({ reserved: 0, spent: 0.04, tokens: 400 });
    expect(await violations()).toEqual([]);
  });

  test('beyond the worst case is counted, and told apart', async () => {
    const run = await begun({ totalUsd: 0.06 });
    const asked = await reservation(run, 60_000);
    await reserve(run, asked);
    await settle(run, report(asked.id, 'spent', 90_000));
    expect((await owner())?.spent).toBe(0.09);
    expect(await violations()).toEqual([]);
  });

  test('is nothing where it never left, and what was reserved where nobody knows', async () => {
    const run = await begun();
    const [free, lost] = [await reservation(run, 60_000), await reservation(run, 70_000, { stepIndex: 1 })];
    await reserve(run, free);
    await reserve(run, lost);
    await settle(run, report(free.id, 'released'), report(lost.id, 'assumed'));
    expect(await owner()).toEqual({ reserved: 0, spent: 0.07, tokens: 1_000 });
  });

  test('is settled in the same statement that reserves for the next call', async () => {
    const run = await begun({ totalUsd: 0.1 });
    const first = await reservation(run, 60_000);
    await reserve(run, first);
    const next = await reservation(run, 90_000, { stepIndex: 1 });
    const write = { ...starting(run, next), spent: [report(first.id, 'spent', 10_000)] };
    expect((await writeSteps(db(), [write], now())).get(run.operationId)?.kind).toBe('written');
    expect(await owner()).toMatchObject({ reserved: 0.09, spent: 0.01 });
  });
});

describe('a reservation of a process that is gone', () => {
  const takenOver = async (run: Run) => {
    const [row] = await world.query<{ at: Date }>(
      'select lease_expires_at as at from everbeat.operations where id = $1',
      [run.operationId],
    );
    const lost = { operationId: run.operationId, leaseEpoch: 0, leaseExpiresAt: row?.at ?? now() };
    expect(await takeOverOperation(db(), lost, new Date(now().getTime() + 200_000))).toBe(true);
    return { ...run, epoch: 1 };
  };

  test('counts as spent when whoever took the run over makes the call again', async () => {
    const run = await begun({ totalUsd: 0.1 });
    await reserve(run, await reservation(run, 60_000));
    const taken = await takenOver(run);
    expect(await reserve(taken, await reservation(taken, 60_000))).toEqual(['task totalUsd']);
    expect(await owner()).toEqual({ reserved: 0, spent: 0.06, tokens: 1_000 });
    expect(await reserve(taken, await reservation(taken, 40_000, { worstTokens: 1 }))).toBe('written');
  });

  test('counts as spent once the watchdog finds that its run is over, and not while it lives', async () => {
    const [alive, over] = [await begun(), await begun()];
    await reserve(alive, await reservation(alive, 60_000));
    await reserve(over, await reservation(over, 70_000));
    expect(await settleAbandoned(db(), now(), 10)).toBe(0);
    await world.endByHand(over.operationId);
    expect([await settleAbandoned(db(), now(), 10), await settleAbandoned(db(), now(), 10)]).toEqual([1, 0]);
    expect(await owner()).toMatchObject({ reserved: 0.06, spent: 0.07 });
  });
});

test('a reservation of a trial, which has no run, counts as spent once it can be under way no more', async () => {
  const operationId = randomUUID();
  const trial = { taskId: null, occurrence: operationId };
  const asked = await reservation(await begun(), 60_000, trial);
  expect(await writeTrialSpend(db(), { operationId, spent: [], reserve: asked }, now())).toEqual({
    kind: 'written',
  });
  expect(await settleAbandoned(db(), now(), 10)).toBe(0);
  const later = new Date(now().getTime() + 3 * LIMITS.trialSecondsMax * 1_000);
  expect(await settleAbandoned(db(), later, 10)).toBe(1);
  expect(await owner()).toMatchObject({ reserved: 0, spent: 0.06 });
  expect(await violations()).toEqual([]);
});

test('what is left is told for every cap', async () => {
  const run = await begun({ perDayUsd: 0.5, perDayTokens: 2_000 });
  await reserve(run, await reservation(run, 60_000));
  const scopes = await readScopes(db(), { taskId: run.taskId, agentId: null });
  const uses = await readCapUses(db(), scopes, spendScopesAt(scopes, now()));
  expect(uses.map(({ cap, limit, used }) => [cap, limit, used])).toEqual([
    ['perDayUsd', 500_000, 60_000],
    ['perDayTokens', 2_000, 1_000],
  ]);
});
