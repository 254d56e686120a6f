import { randomUUID } from 'node:crypto';
import { ensureCounters, raiseCap, readScopes, spendScopesAt, writeBudgetWarning } from '@everbeat/database';
import { actionsOf, type CapRaise } from '@everbeat/domain';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGuardWorld, type GuardWorld } from '../support/guardWorld';

/** The guards of the statements by which a person is told of a budget, and raises it (PROTOCOL §10). */
let world: GuardWorld;
beforeAll(async () => {
  world = await createGuardWorld();
});
afterAll(() => world.close());

const db = () => world.testDatabase.database.pool;

async function ownerBudget() {
  const [row] = await world.query<{ budget: unknown }>('select budget from everbeat.users where id = $1', [
    world.userId,
  ]);
  return row?.budget;
}

test('a cap is raised once, and not where the person has changed it since', async () => {
  await world.query(`update everbeat.users set budget = '{"perDayUsd": 5}' where id = $1`, [world.userId]);
  const raise = (from: number, to: number) => {
    const cap: CapRaise = { scope: 'owner', scopeId: world.userId, cap: 'perDayUsd', from, to };
    return raiseCap(db(), world.userId, cap, world.clock.now());
  };

  await raise(1, 2);
  expect(await ownerBudget()).toEqual({ perDayUsd: 5 });
  await raise(5, 10);
  await raise(5, 10);
  expect(await ownerBudget()).toEqual({ perDayUsd: 10 });
});

test('two runs that come upon the same cap tell of it once', async () => {
  const { taskId } = await world.running();
  const { userId } = world;
  const now = world.clock.now();
  const scopes = spendScopesAt(await readScopes(db(), { taskId, agentId: null }), now);
  await ensureCounters(db(), { userId, scopes });
  const counter = { scope: 'owner', scopeId: userId, period: 'total', periodKey: '' } as const;
  const tell = () => {
    const text = { title: '80 % is spent', summary: '', actions: actionsOf('acknowledge') };
    const kind = { type: 'insight', priority: 'normal', purpose: 'budget-warning' } as const;
    return writeBudgetWarning(
      db(),
      { taskId, agentId: null, userId, counter, brief: { id: randomUUID(), ...kind, ...text } },
      now,
    );
  };

  await Promise.all([tell(), tell()]);
  await tell();

  expect(
    await world.query(`select occurrences from everbeat.briefs where purpose = 'budget-warning'`),
  ).toEqual([{ occurrences: 1 }]);
});
