import { randomUUID } from 'node:crypto';
import {
  ensureCounters,
  type PlanWrite,
  readScopes,
  spendScopesAt,
  writeBudgetWarning,
} from '@everbeat/database';
import { actionsOf, type CapRaise } from '@everbeat/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
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

describe('a cap', () => {
  const raise = async (from: number, to: number, more: Partial<PlanWrite> = {}) => {
    const { taskId } = await world.armed();
    const raises: CapRaise[] = [{ scope: 'owner', scopeId: world.userId, cap: 'perDayUsd', from, to }];
    return world.commit(await world.writeOver(taskId, { raises, ...more }));
  };
  beforeEach(() =>
    world.query(`update everbeat.users set budget = '{"perDayUsd": 5, "totalUsd": 7}' where id = $1`, [
      world.userId,
    ]),
  );

  test('is raised once, and not where the person has changed it since', async () => {
    await raise(1, 2);
    expect(await ownerBudget()).toEqual({ perDayUsd: 5, totalUsd: 7 });
    await raise(5, 10);
    await raise(5, 10);
    expect(await ownerBudget()).toEqual({ perDayUsd: 10, totalUsd: 7 });
  });

  test('is raised with another of the same person', async () => {
    const of = { scope: 'owner', scopeId: world.userId } as const;
    const raises: CapRaise[] = [
      { ...of, cap: 'perDayUsd', from: 5, to: 10 },
      { ...of, cap: 'totalUsd', from: 7, to: 14 },
    ];
    await raise(0, 0, { raises });
    expect(await ownerBudget()).toEqual({ perDayUsd: 10, totalUsd: 14 });
  });

  test('is not raised by an answer that is not written', async () => {
    expect(await raise(5, 10, { revision: 0 })).toBe(0);
    expect(await ownerBudget()).toEqual({ perDayUsd: 5, totalUsd: 7 });
  });

  test('of somebody else is not raised', async () => {
    await world.createUser('eve');
    await world.query(`update everbeat.users set budget = '{"perDayUsd": 5}' where id = 'eve'`);
    const agentId = randomUUID();
    await world.query(
      `insert into everbeat.agents (id, user_id, name, kind, config, created_at, updated_at)
       values ($1, 'eve', 'Hers', 'http', '{"budget": {"perDayUsd": 5}}', now(), now())`,
      [agentId],
    );
    const cap = { cap: 'perDayUsd', from: 5, to: 10 } as const;
    await raise(0, 0, {
      raises: [
        { ...cap, scope: 'owner', scopeId: 'eve' },
        { ...cap, scope: 'agent', scopeId: agentId },
      ],
    });
    const hers = await world.query(
      `select budget from everbeat.users where id = 'eve'
       union all select config -> 'budget' from everbeat.agents where id = $1`,
      [agentId],
    );
    expect(hers).toEqual([{ budget: { perDayUsd: 5 } }, { budget: { perDayUsd: 5 } }]);
  });
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
