import type { Budget } from '@everbeat/domain';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { countStatements } from '../support/countStatements';
import { whileHeld } from '../support/heldRows';
import { awayFor, beforeNext } from '../support/statementFaults';
import { createWorld, type World } from '../support/world';

/** What becomes of tasks whose agents report what they cost, when a cap is reached (PROTOCOL §10). */
let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(async () => {
  await world.expectSound();
  await world.close();
});

const spends = (costUsd: number) => world.agent.next({ kind: 'done', content: 'x', usage: { costUsd } });

/** A task that has spent this in its first run. */
async function taskThatSpent(costUsd: number, budget: Budget | undefined): Promise<string> {
  const id = await world.startTask({ config: budget === undefined ? {} : { budget } });
  spends(costUsd);
  await world.beat(id);
  return id;
}

interface Asked {
  id: string;
  title: string;
  type: string;
  purpose: string | null;
  priority: string;
  occurrences: number;
  actions: { key: string }[];
}
const openBriefs = (taskId: string) =>
  world.query<Asked>(
    `select id, title, type, purpose, priority, occurrences, actions from everbeat.briefs where task_id = $1 and resolved_at is null`,
    [taskId],
  );
const question = async (taskId: string) => {
  const found = (await openBriefs(taskId)).find(({ purpose }) => purpose === 'budget');
  if (found === undefined) throw new Error('Nobody is asked');
  return found;
};
const resolve = async (taskId: string, action: string) =>
  world.lifecycle.resolveBrief(world.userId, { id: (await question(taskId)).id, action });
const budgetOf = async (id: string) => {
  const [row] = await world.query<{ budget: Budget }>(
    `select config -> 'budget' as budget from everbeat.tasks where id = $1`,
    [id],
  );
  return row?.budget;
};

describe('a task whose cap is reached', () => {
  test('does not call its agent again, and asks once', async () => {
    const id = await taskThatSpent(1.1, { perDayUsd: 1 });
    const calls = world.agent.calls.length;
    expect(await world.beat(id)).toMatchObject({ ran: true });
    expect(world.agent.calls.length).toBe(calls);

    const asked = await question(id);
    expect(asked).toMatchObject({ type: 'decision', priority: 'urgent', occurrences: 1 });
    expect(asked.actions.map(({ key }) => key)).toEqual(['raise', 'wait', 'stop']);
    const { status, scheduler } = await world.task(id);
    expect([status, scheduler.blockedBy, scheduler.consecutiveFailures]).toEqual([
      'scheduled',
      'urgent-brief',
      0,
    ]);
    const [run] = await world.query(
      'select status, failure_class from everbeat.operations where task_id = $1 order by id desc',
      [id],
    );
    expect(run).toEqual({ status: 'budget', failure_class: null });
  });

  test('goes on with the raised cap, raised once', async () => {
    const id = await taskThatSpent(1.1, { perDayUsd: 1 });
    await world.beat(id);
    const { id: briefId } = await question(id);
    await world.lifecycle.resolveBrief(world.userId, { id: briefId, action: 'raise' });
    await world.lifecycle.resolveBrief(world.userId, { id: briefId, action: 'raise' });
    expect(await budgetOf(id)).toEqual({ perDayUsd: 2 });
    spends(0);
    expect(await world.beat(id)).toMatchObject({ ran: true });
    expect((await openBriefs(id)).map(({ purpose }) => purpose)).toEqual(['budget-warning']);
  });

  test('goes on with a raised cap that was no whole number of micro-dollars', async () => {
    const id = await taskThatSpent(1.1, { perDayUsd: 1 / 3 });
    await world.beat(id);
    await resolve(id, 'raise');
    expect((await budgetOf(id))?.perDayUsd).toBeGreaterThan(1.1);
  });

  test('waits until exactly when its day begins anew', async () => {
    const id = await taskThatSpent(1.1, { perDayUsd: 1 });
    await world.beat(id);
    await resolve(id, 'wait');
    const { scheduler } = await world.task(id);
    const midnight = new Date(world.clock.now());
    midnight.setUTCHours(24, 0, 0, 0);
    expect(scheduler).toMatchObject({ dueAt: midnight.toISOString(), waitsForBudget: true, blockedBy: null });

    world.clock.advance(midnight.getTime() - world.clock.now().getTime());
    spends(0);
    const calls = world.agent.calls.length;
    await world.beat(id);
    expect(world.agent.calls.length).toBe(calls + 1);
    expect((await world.task(id)).scheduler.waitsForBudget).toBeUndefined();
  });

  test('is paused by stop', async () => {
    const id = await taskThatSpent(1.1, { totalUsd: 1 });
    await world.beat(id);
    expect((await question(id)).actions.map(({ key }) => key)).toEqual(['raise', 'stop']);
    await resolve(id, 'stop');
    expect((await world.task(id)).status).toBe('paused');
  });
});

/** In the form, and not in the brief. */
const setBudget = (id: string, budget: Budget) =>
  world.tasks.update(world.userId, { id, config: { budget } });
const isAsked = async (id: string) => (await openBriefs(id)).some(({ purpose }) => purpose === 'budget');
/** When the task runs next: `now`, or its due time. */
const nextRun = async (id: string) => {
  const { dueAt } = (await world.task(id)).scheduler;
  return dueAt === world.clock.now().toISOString() ? 'now' : dueAt;
};

describe('a cap that is raised in the settings', () => {
  test('closes the question about it, and the task goes on at once', async () => {
    const id = await taskThatSpent(1.1, { perDayUsd: 1 });
    await world.beat(id);
    await setBudget(id, { perDayUsd: 5 });
    expect([await isAsked(id), await nextRun(id)]).toEqual([false, 'now']);
    spends(0);
    const calls = world.agent.calls.length;
    await world.beat(id);
    expect(world.agent.calls.length).toBe(calls + 1);
    expect((await budgetOf(id))?.perDayUsd).toBe(5);
  });

  test.each<[string, Budget]>([
    ['lowered', { perDayUsd: 0.5 }],
    ['raised to less than is spent', { perDayUsd: 1.05 }],
    ['left as it is beside another that is raised', { perDayUsd: 1, perMonthUsd: 50 }],
  ])('leaves the question open where it is %s', async (_what, budget) => {
    const id = await taskThatSpent(1.1, { perDayUsd: 1 });
    await world.beat(id);
    await setBudget(id, budget);
    expect([await isAsked(id), (await world.task(id)).scheduler.blockedBy]).toEqual([true, 'urgent-brief']);
  });

  test('lets a task go on that waits until its day begins anew', async () => {
    const id = await taskThatSpent(1.1, { perDayUsd: 1 });
    await world.beat(id);
    await resolve(id, 'wait');
    await setBudget(id, { perDayUsd: 1.05 });
    expect((await world.task(id)).scheduler.waitsForBudget).toBe(true);
    await setBudget(id, { perDayUsd: 2 });
    expect(await nextRun(id)).toBe('now');
    expect((await world.task(id)).scheduler.waitsForBudget).toBeUndefined();
  });

  test('of everything, or its removal, lets all tasks go on that asked about it', async () => {
    await world.spend.setBudget(world.userId, { budget: { perMonthUsd: 1 } });
    const [waits, asks] = [await taskThatSpent(0.9, undefined), await taskThatSpent(0.9, undefined)];
    await world.beat(waits);
    await resolve(waits, 'wait');
    await world.beat(asks);
    await world.spend.setBudget(world.userId, { budget: {} });
    for (const id of [waits, asks]) expect([await isAsked(id), await nextRun(id)]).toEqual([false, 'now']);
  });

  test('lets the others go on while the row of one is held', async () => {
    await world.spend.setBudget(world.userId, { budget: { perMonthUsd: 1 } });
    const [held, free] = [await taskThatSpent(0.9, undefined), await taskThatSpent(0.9, undefined)];
    for (const id of [held, free]) await world.beat(id);
    await whileHeld(world.testDatabase.database.pool, 'tasks where id = $1', [held], () =>
      world.spend.setBudget(world.userId, { budget: { perMonthUsd: 5 } }),
    );
    expect([await isAsked(held), await isAsked(free)]).toEqual([true, false]);
  });

  test('of an agent lets its tasks go on, and a task that is given another agent', async () => {
    const agent = { kind: 'http', config: { url: 'http://127.0.0.1:9/', budget: { totalUsd: 1 } } } as const;
    const [frugal, other] = [
      await world.agents.create(world.userId, { name: 'Frugal', ...agent }),
      await world.agents.create(world.userId, { name: 'Other', ...agent }),
    ];
    const ids = [];
    for (const spent of [0.6, 0.6]) {
      ids.push(await world.startTask({ agentId: frugal.id }));
      spends(spent);
      await world.beat(ids.at(-1) ?? '');
    }
    const [stays = '', moves = ''] = ids;
    for (const id of ids) await world.beat(id);
    await world.tasks.update(world.userId, { id: moves, agentId: other.id });
    expect([await isAsked(stays), await isAsked(moves)]).toEqual([true, false]);
    const config = { url: 'http://127.0.0.1:9/', budget: { totalUsd: 2 } };
    await world.agents.update(world.userId, { id: frugal.id, config });
    expect([await isAsked(stays), await nextRun(stays)]).toEqual([false, 'now']);
  });

  test('is looked for in two statements, however many tasks ask about it', async () => {
    await world.spend.setBudget(world.userId, { budget: { perMonthUsd: 1 } });
    const ids: string[] = [];
    for (const spent of [0.9, 0.2, 0, 0]) ids.push(await taskThatSpent(spent, undefined));
    // The others came upon the full cap in their first runs.
    for (const id of ids.slice(0, 2)) await world.beat(id);
    const scopes = countStatements(world.testDatabase, 'everbeat_read_budget_scopes');
    const counters = countStatements(world.testDatabase, 'everbeat_read_counters');
    await world.spend.setBudget(world.userId, { budget: { perMonthUsd: 5 } });
    expect([scopes(), counters()]).toEqual([1, 1]);
    for (const id of ids) expect([await isAsked(id), await nextRun(id)]).toEqual([false, 'now']);
  });

  test('is not looked for when an edit changes no cap', async () => {
    const budget = { perDayUsd: 1 };
    const config = { url: 'http://127.0.0.1:9/', budget };
    const agent = await world.agents.create(world.userId, { name: 'Frugal', kind: 'http', config });
    const id = await world.startTask({ agentId: agent.id, config: { budget } });
    const looked = countStatements(world.testDatabase, 'everbeat_read_budget_briefs');
    await world.agents.update(world.userId, { id: agent.id, config: { ...config, timeoutSeconds: 60 } });
    await world.tasks.update(world.userId, { id, config: { budget, report: 'always' }, agentId: agent.id });
    expect(looked()).toBe(0);
    await world.agents.update(world.userId, { id: agent.id, config: { url: config.url } });
    await world.tasks.update(world.userId, { id, config: {} });
    expect(looked()).toBe(2);
  });

  test('of a task that is paused meanwhile closes the question, and leaves it paused', async () => {
    const id = await taskThatSpent(1.1, { perDayUsd: 1 });
    await world.beat(id);
    await world.lifecycle.pause(world.userId, id);
    await setBudget(id, { perDayUsd: 5 });
    expect([await isAsked(id), (await world.task(id)).status]).toEqual([false, 'paused']);
  });

  test('in the brief of one task lets another go on that waits for the same cap', async () => {
    await world.spend.setBudget(world.userId, { budget: { perMonthUsd: 1 } });
    const [waits, asks] = [await taskThatSpent(0.9, undefined), await taskThatSpent(0.9, undefined)];
    await world.beat(waits);
    await resolve(waits, 'wait');
    await world.beat(asks);
    await resolve(asks, 'raise');
    expect([await nextRun(waits), await nextRun(asks)]).toEqual(['now', 'now']);
  });
});

describe('a cap that an answer raises', () => {
  const FULL = { perMonthUsd: 1 };
  let agentId: string;
  let above: string;
  let id: string;
  /** Everything that holds for the task is used up. */
  beforeEach(async () => {
    const config = { url: 'http://127.0.0.1:9/', budget: FULL };
    agentId = (await world.agents.create(world.userId, { name: 'Frugal', kind: 'http', config })).id;
    await world.spend.setBudget(world.userId, { budget: { ...FULL, totalUsd: 1 } });
    above = await world.startTask({ config: { budget: FULL } });
    id = await world.startTask({ agentId, parentTaskId: above });
    spends(1.1);
    await world.beat(id);
    await world.beat(id);
  });
  const caps = async () => {
    const [row] = await world.query<object>(
      `select u.budget as owner, a.config -> 'budget' as agent, t.config -> 'budget' as above
       from everbeat.users u, everbeat.agents a, everbeat.tasks t where u.id = $1 and a.id = $2 and t.id = $3`,
      [world.userId, agentId, above],
    );
    return row;
  };
  const AS_BEFORE = { owner: { ...FULL, totalUsd: 1 }, agent: FULL, above: FULL };

  test('is that of the owner, the agent and the task above, each of those that were full', async () => {
    const revision = (await world.task(above)).revision;
    await resolve(id, 'raise');
    expect(await caps()).toEqual({
      owner: { perMonthUsd: 2, totalUsd: 2 },
      agent: { perMonthUsd: 2 },
      above: { perMonthUsd: 2 },
    });
    expect((await world.task(above)).revision).toBe(revision + 1);
  });

  test('stays where another answer is recorded, which is given at the same moment', async () => {
    const answer = { id: (await question(id)).id };
    const other = await world.secondProcess();
    beforeNext(world.testDatabase, 'everbeat_commit', () =>
      other.lifecycle.resolveBrief(world.userId, { ...answer, action: 'stop' }),
    );
    await world.lifecycle.resolveBrief(world.userId, { ...answer, action: 'raise' });
    expect((await world.task(id)).status).toBe('paused');
    expect(await caps()).toEqual(AS_BEFORE);
  });

  test.each(['tasks where identifier = $1', 'agents where name = $1'])(
    'stays where the answer cannot be written, because another session holds %s',
    async (rows) => {
      const names = [rows.startsWith('tasks') ? 'T-2' : 'Frugal'];
      await whileHeld(world.testDatabase.database.pool, rows, names, () =>
        expect(resolve(id, 'raise')).rejects.toThrow(),
      );
      expect(await isAsked(id)).toBe(true);
      expect(await caps()).toEqual(AS_BEFORE);
    },
  );
});

test('at 80 % the person is told once', async () => {
  const id = await taskThatSpent(0.85, { perDayUsd: 1 });
  spends(0.01);
  await world.beat(id);
  expect(await openBriefs(id)).toMatchObject([
    { purpose: 'budget-warning', priority: 'normal', occurrences: 1 },
  ]);
});

test('the newest warning names every cap of which most is spent', async () => {
  const id = await taskThatSpent(0.85, { perDayUsd: 1, totalUsd: 1 });
  const [brief] = await world.query<{ title: string; summary: string }>(
    `select title, summary from everbeat.briefs where task_id = $1`,
    [id],
  );
  expect(brief?.title).toBe('85 % of the budget of T-1 is spent in all');
  expect(brief?.summary).toMatch(/\$0\.85 of \$1\.00 in all\. T-1 has used \$0\.85 of \$1\.00 today\./);
});

test('a warning that cannot be written is written with the next run, which it does not fail', async () => {
  void awayFor(world.testDatabase, 'everbeat_write_budget_warning');
  const id = await taskThatSpent(0.85, { perDayUsd: 1 });
  expect(await openBriefs(id)).toEqual([]);
  spends(0.01);
  await world.beat(id);
  expect((await openBriefs(id)).map(({ purpose }) => purpose)).toEqual(['budget-warning']);
  expect((await world.task(id)).scheduler.consecutiveFailures).toBe(0);
});

const stops = (costUsd: number) =>
  world.agent.next({
    kind: 'error',
    errorCode: 'command_over_budget',
    errorMessage: 'The limit',
    isOverBudget: true,
    usage: { costUsd },
    content: 'So far',
  });

describe('an agent that stops at its limit', () => {
  test('has not failed where a cap is reached: the person is asked about those that are', async () => {
    const id = await world.startTask({
      config: { budget: { perRunUsd: 0.5, perDayUsd: 1, perDayTokens: 1 } },
    });
    stops(0.5);
    await world.beat(id);
    const [asked] = await world.query<{ title: string; summary: string }>(
      `select title, summary from everbeat.briefs where task_id = $1 and purpose = 'budget'`,
      [id],
    );
    expect(asked?.title).toBe('T-1 has stopped: its budget leaves no room in one run');
    expect(asked?.summary).toMatch(/^- T-1 has used \$0\.50 of \$0\.50 in one run\.\n\n.*\n\nSo far$/);
    expect((await world.task(id)).scheduler.consecutiveFailures).toBe(0);
  });

  test('has failed where none is', async () => {
    const id = await world.startTask({ config: { budget: { perDayUsd: 1 } } });
    stops(0.5);
    await world.beat(id);
    expect((await world.task(id)).scheduler.consecutiveFailures).toBe(1);
  });
});

describe('the cap of one run holds with its further attempts', () => {
  const limited = (costUsd: number) =>
    world.agent.next({
      kind: 'error',
      errorCode: 'command_exit_1',
      errorMessage: 'Too many requests',
      failureClass: 'rate-limit',
      usage: { costUsd },
    });
  const leftUsd = () => world.agent.calls.map(({ budget }) => budget?.leftUsd);

  test('a further attempt is told what the earlier ones have left, and the next run all of it', async () => {
    const id = await world.startTask({ config: { budget: { perRunUsd: 0.5 } } });
    limited(0.2);
    await world.beat(id);
    limited(0.1);
    await world.beat(id);
    spends(0.05);
    await world.beat(id);
    spends(0);
    await world.beat(id);
    expect(world.agent.calls.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 1]);
    expect(leftUsd()).toEqual([0.5, 0.3, 0.2, 0.5]);
  });

  test('the agent is not called again once nothing is left, and the person is asked', async () => {
    const id = await world.startTask({ config: { budget: { perRunUsd: 0.5 } } });
    limited(0.5);
    await world.beat(id);
    await world.beat(id);
    expect(world.agent.calls).toHaveLength(1);
    expect((await question(id)).title).toBe('T-1 has stopped: its budget leaves no room in one run');
    await resolve(id, 'wait');
    spends(0);
    await world.beat(id);
    expect(leftUsd()).toEqual([0.5, 0.5]);
  });

  test('an attempt that stops at what was left has reached it', async () => {
    const id = await world.startTask({ config: { budget: { perRunUsd: 0.5 } } });
    limited(0.3);
    await world.beat(id);
    stops(0.2);
    await world.beat(id);
    const [asked] = await world.query<{ summary: string }>(
      `select summary from everbeat.briefs where task_id = $1 and purpose = 'budget'`,
      [id],
    );
    expect(asked?.summary).toMatch(/^- T-1 has used \$0\.50 of \$0\.50 in one run\./);
    expect((await world.task(id)).scheduler.consecutiveFailures).toBe(0);
  });

  test('is looked up for a further attempt alone, and only where one run is capped', async () => {
    const reads = countStatements(world.testDatabase, 'everbeat_read_run_spend');
    const [capped, other] = [
      await world.startTask({ config: { budget: { perRunUsd: 0.5 } } }),
      await world.startTask({ config: { budget: { perDayUsd: 0.5 } } }),
    ];
    for (const id of [capped, other]) {
      limited(0.1);
      await world.beat(id);
    }
    expect(reads()).toBe(0);
    for (const id of [capped, other]) {
      spends(0);
      await world.beat(id);
    }
    expect(reads()).toBe(1);
  });
});

test('the cap of a task above it is named as that', async () => {
  const parent = await world.startTask({ config: { budget: { perDayUsd: 1 } } });
  const id = await world.startTask({ parentTaskId: parent });
  spends(1.1);
  await world.beat(id);
  await world.beat(id);
  expect((await question(id)).title).toBe('T-2 has stopped: the budget of T-1 leaves no room today');
});

test('of tasks that share a cap, one is stopped alone', async () => {
  await world.query(`update everbeat.users set budget = '{"perMonthUsd": 1}' where id = $1`, [world.userId]);
  const [one, two] = [await taskThatSpent(0.9, undefined), await taskThatSpent(0.9, undefined)];
  await world.beat(one);
  await world.beat(two);
  await resolve(one, 'stop');
  expect((await world.task(one)).status).toBe('paused');
  expect(await question(two)).toMatchObject({ priority: 'urgent' });
});

test('tasks that share a cap are answered together', async () => {
  await world.query(`update everbeat.users set budget = '{"perMonthUsd": 1}' where id = $1`, [world.userId]);
  const [one, two] = [await taskThatSpent(0.9, undefined), await taskThatSpent(0.9, undefined)];
  await world.beat(one);
  await world.beat(two);
  await resolve(one, 'raise');
  const [row] = await world.query('select budget from everbeat.users where id = $1', [world.userId]);
  expect(row).toEqual({ budget: { perMonthUsd: 2 } });
  for (const id of [one, two])
    expect((await world.task(id)).scheduler).toMatchObject({ trigger: 'brief', blockedBy: null });
});

test('an agent is told what is left', async () => {
  const id = await taskThatSpent(0.25, { perDayUsd: 1, perDayTokens: 5_000 });
  spends(0);
  await world.beat(id);
  expect(world.agent.calls.at(-1)?.budget).toEqual({ leftUsd: 0.75, leftTokens: 5_000 });
});
