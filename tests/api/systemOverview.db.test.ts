import type { FailureClass, TaskAttention } from '@everbeat/domain';
import { createTestClock } from '@everbeat/testkit';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiWorld, createApiWorld } from '../support/apiWorld';

let world: ApiWorld;
beforeAll(async () => {
  // Ids of rows are made by the real clock.
  world = await createApiWorld({ clock: createTestClock(new Date()) });
});
afterAll(() => world.close());

const FAILURE = { kind: 'error', errorCode: 'broken', errorMessage: 'It broke' } as const;

async function failing(times: number, failureClass: FailureClass = 'agent'): Promise<string> {
  const id = await world.startTask();
  for (let time = 0; time < times; time += 1) {
    world.agent.next({ ...FAILURE, failureClass });
    await world.beat(id);
  }
  return id;
}

describe('system.overview', () => {
  it('counts the tasks that need a person, which task.list finds by the same names', async () => {
    const failed = await failing(1);
    const fused = await failing(3);
    const asking = await world.startTask();
    const brief = { type: 'decision', priority: 'urgent', title: 'Which pier?', summary: '' } as const;
    world.agent.next({ kind: 'done', content: 'Look', briefs: [brief] });
    await world.beat(asking);
    const refused = await failing(1, 'needs-person');
    const away = await failing(1, 'transient');
    await world.startTask();

    expect((await world.ada.system.overview()).attention).toEqual({
      failing: 1,
      fuse: 1,
      decision: 1,
      'needs-person': 1,
      provider: 1,
    });
    const found = async (attention: TaskAttention) =>
      (await world.ada.task.list({ attention })).items.map(({ id }) => id);
    expect(await found('failing')).toEqual([failed]);
    expect(await found('fuse')).toEqual([fused]);
    expect(await found('decision')).toEqual([asking]);
    expect(await found('needs-person')).toEqual([refused]);
    expect(await found('provider')).toEqual([away]);
    expect(Object.values((await world.bob.system.overview()).attention)).toEqual([0, 0, 0, 0, 0]);
  });

  it('says how the runs of the last day ended, how late they began, and what did not run', async () => {
    const { id: taskId } = await world.createTask();
    await world.createUser('cleo');
    await world.query(`update everbeat.tasks set user_id = 'cleo' where id = $1`, [taskId]);
    const now = world.clock.now();
    const run = async (hoursAgo: number, status: string, lateMs: number | null, errorCode: string | null) => {
      const at = new Date(now.getTime() - hoursAgo * 3_600_000);
      const [id, token] = [v7({ msecs: at.getTime() }), v7({ msecs: at.getTime() })];
      await world.query(
        `with o as (
           insert into everbeat.operations (id, task_id, topic_id, user_id, trigger, status, tick_token, claimed_from,
             callback_hash, started_at, heartbeat_at, lease_expires_at, finished_at, error_code, failure_class)
           values ($1, $3, $1, 'cleo', 'heartbeat', $4, $2, 'scheduled', '', $5, $5, $5, $5, $6, case when $6::text is not null then 'transient' end))
         insert into everbeat.task_ticks (token, task_id, user_id, trigger, due_at, armed_at, published_at, outcome, late_ms, ended_at)
         values ($2, $3, 'cleo', 'heartbeat', $5, $5, $5, 'fired', $7, $5)`,
        [id, token, taskId, status, at, errorCode, lateMs],
      );
    };
    for (const lateMs of [1, 2, 3, 4]) await run(2, 'done', lateMs, null);
    await run(3, 'error', 900, 'agent_timeout');
    await run(30, 'error', 5_000, 'too_long_ago');
    await world.query(
      `insert into everbeat.task_ticks (token, task_id, user_id, trigger, due_at, armed_at, published_at, outcome, reason, ended_at)
       values ($1, $2, 'cleo', 'heartbeat', $3, $3, $3, 'skipped', 'human-waiting', $3)`,
      [v7({ msecs: now.getTime() - 1_000 }), taskId, now],
    );

    const { lastDay } = await world.system.overview('cleo');
    expect(lastDay).toEqual({
      since: new Date(now.getTime() - 24 * 3_600_000),
      total: 5,
      outcomes: { done: 4, error: 1 },
      failures: [{ failureClass: 'transient', code: 'agent_timeout', count: 1 }],
      lateP50Ms: 3,
      lateP95Ms: 900,
      skips: { 'human-waiting': 1 },
    });
    expect((await world.system.overview('bob')).lastDay).toMatchObject({
      total: 0,
      lateP50Ms: null,
      skips: {},
    });
  });
});

describe('system.recentDays', () => {
  it('counts also the runs that were removed since, with their task or without', async () => {
    const fresh = await createApiWorld({ clock: createTestClock(new Date()) });
    const done = { kind: 'done', content: 'Seen' } as const;
    const ran = async (...answers: Parameters<typeof fresh.agent.next>[0][]) => {
      const id = await fresh.startTask();
      for (const answer of answers) {
        fresh.agent.next(answer);
        await fresh.beat(id);
      }
      return id;
    };
    await ran(done);
    const deleted = await ran(done, FAILURE);
    const before = await fresh.ada.system.recentDays();
    expect(before).toMatchObject({ total: 3, outcomes: { done: 2, error: 1 } });
    expect(before.failures).toEqual([{ failureClass: 'agent', code: 'broken', count: 1 }]);
    expect(before.byDay.reduce((sum, { done: succeeded, failed }) => sum + succeeded + failed, 0)).toBe(3);

    await fresh.ada.task.delete({ id: deleted });
    while ((await fresh.watchdog.sweep()).leftovers > 0);
    expect(await fresh.query('select id from everbeat.operations')).toHaveLength(1);
    const { lateP50Ms: _, lateP95Ms: __, ...kept } = before;
    expect(await fresh.ada.system.recentDays()).toMatchObject(kept);
    await fresh.close();
  });
});
