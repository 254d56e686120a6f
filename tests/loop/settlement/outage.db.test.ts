import type { AgentOutcome } from '@everbeat/agents';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../../support/world';

const AWAY = {
  kind: 'error',
  errorCode: 'agent_http_503',
  errorMessage: 'a.example.com answered with status 503',
  farSide: 'a.example.com',
} as const satisfies AgentOutcome;

let world: World;
beforeEach(async () => {
  await world?.close();
  world = await createWorld();
});
afterAll(() => world.close());

const failTimes = async (taskId: string, times: number, outcome: AgentOutcome = AWAY) => {
  for (let run = 0; run < times; run += 1) {
    world.agent.next(outcome);
    expect(await world.beat(taskId)).toMatchObject({ ran: true });
  }
};
/** Until the brief of the outage is due: 30 s, 1, 2, 4 and 8 minutes have passed then. */
const RUNS_UNTIL_TOLD = 6;

const outageBriefs = () =>
  world.query<{ far_side: string; priority: string; resolved_action: string | null; title: string }>(
    'select far_side, priority, resolved_action, title from everbeat.briefs where far_side is not null order by created_at',
  );

describe('a far side that is away', () => {
  test('costs no strike: the run is tried again as the same occurrence until it succeeds', async () => {
    const id = await world.startTask({ heartbeatInterval: 600 });

    await failTimes(id, 4);

    expect(await world.task(id)).toMatchObject({
      status: 'scheduled',
      error: AWAY.errorMessage,
      scheduler: {
        consecutiveFailures: 0,
        streak: { count: 4, farSide: 'a.example.com' },
        retry: { attempt: 5 },
      },
    });
    await world.expectSound();
    await world.beat(id);
    expect(await world.task(id)).toMatchObject({ status: 'scheduled', error: null });
    const { scheduler } = await world.task(id);
    expect([scheduler.streak, scheduler.retry]).toEqual([undefined, undefined]);
    const operations = await world.query(
      'select attempt, status, failure_class, occurrence = first_value(tick_token) over (order by id) as same from everbeat.operations order by id',
    );
    const lost = { status: 'error', failure_class: 'transient', same: true };
    expect(operations).toEqual([
      { attempt: 1, ...lost },
      { attempt: 2, ...lost },
      { attempt: 3, ...lost },
      { attempt: 4, ...lost },
      { attempt: 5, status: 'done', failure_class: null, same: true },
    ]);
    expect(await world.briefs(id)).toEqual([]);
    const requests = world.agent.calls.map(({ occurrence, attempt }) => ({ occurrence, attempt }));
    expect(requests.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(requests.map(({ occurrence }) => occurrence)).size).toBe(1);
  });

  test('is told of in one brief, however many tasks it hits, which closes when it answers', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, () => world.startTask()));
    for (const id of ids) await failTimes(id, RUNS_UNTIL_TOLD);

    expect(await outageBriefs()).toEqual([
      {
        far_side: 'a.example.com',
        priority: 'normal',
        resolved_action: null,
        title: 'a.example.com is away',
      },
    ]);
    expect(await world.briefs(ids[4] ?? '')).toEqual([]);
    await world.expectSound();

    await world.beat(ids[4] ?? '');
    expect(await outageBriefs()).toMatchObject([{ resolved_action: 'recovered' }]);
  });

  test('whose certificate is not trusted is tried until that is renewed, and the brief names it', async () => {
    const id = await world.startTask();
    const expired = { errorCode: 'watch_bad_certificate', errorMessage: 'Its certificate has expired' };
    await failTimes(id, RUNS_UNTIL_TOLD, { ...AWAY, ...expired });
    expect(await outageBriefs()).toMatchObject([
      { priority: 'normal', title: 'The certificate of a.example.com is not trusted' },
    ]);

    await world.beat(id);
    expect(await world.task(id)).toMatchObject({ status: 'scheduled', error: null });
    expect(await outageBriefs()).toMatchObject([{ resolved_action: 'recovered' }]);
  });

  test('is told of once when tasks that share a commit are the first to miss it', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, () => world.startTask()));
    for (const id of ids) await failTimes(id, 3);
    await world.clock.advance(900_000);
    for (const _ of ids) world.agent.next(AWAY);
    await Promise.all(ids.map((id) => world.deliver(id)));

    expect(await outageBriefs()).toHaveLength(1);
  });

  test('becomes urgent after a day', async () => {
    const id = await world.startTask();
    await failTimes(id, RUNS_UNTIL_TOLD);
    await world.clock.advance(86_400_000);
    await failTimes(id, 2);

    expect(await outageBriefs()).toMatchObject([{ priority: 'urgent', resolved_action: null }]);
    expect(await world.task(id)).toMatchObject({ status: 'scheduled', scheduler: { blockedBy: null } });
  });

  test('is not told of again after a person has put the brief aside', async () => {
    const id = await world.startTask();
    await failTimes(id, RUNS_UNTIL_TOLD);
    const [brief] = await world.briefs(id);
    await world.lifecycle.resolveBrief(world.userId, { id: brief?.id ?? '', action: 'dismiss' });
    await failTimes(id, 3);

    expect(await outageBriefs()).toMatchObject([{ resolved_action: 'dismiss' }]);
  });

  test('is told of again when another task is still without it after one has recovered', async () => {
    const [first = '', second = ''] = [await world.startTask(), await world.startTask()];
    await failTimes(first, RUNS_UNTIL_TOLD);
    await failTimes(second, RUNS_UNTIL_TOLD);
    await world.beat(first);
    await failTimes(second, 1);

    expect(await outageBriefs()).toMatchObject([{ resolved_action: 'recovered' }, { resolved_action: null }]);
  });

  test('lets no task wait for another that is telling of it at the same moment', async () => {
    const [first = '', second = ''] = [await world.startTask(), await world.startTask()];
    await failTimes(first, RUNS_UNTIL_TOLD - 1);
    const other = await world.testDatabase.database.pool.connect();
    try {
      await other.query('begin');
      await other.query(
        `select pg_advisory_xact_lock(hashtext('everbeat outage'), hashtext($1 || ' a.example.com'))`,
        [world.userId],
      );
      await other.query(
        `insert into everbeat.briefs (id, task_id, user_id, type, priority, title, summary, actions, far_side, created_at, updated_at)
         values (gen_random_uuid(), $1, $2, 'error', 'normal', 'Away', '', '[]', 'a.example.com', now(), now())`,
        [second, world.userId],
      );
      await failTimes(first, 1);
      await other.query('commit');

      await other.query('begin');
      await other.query(`select 1 from everbeat.briefs where far_side is not null for update`);
      await world.beat(first);
      await other.query('rollback');
    } finally {
      other.release();
    }
    expect(await world.task(first)).toMatchObject({ status: 'scheduled', error: null });
    expect(await outageBriefs()).toMatchObject([{ title: 'Away', resolved_action: null }]);
  });

  test('does not use up what a person asked for in one run', async () => {
    const { id } = await world.createTask({ automationMode: null, heartbeatInterval: null });
    world.agent.next(AWAY);
    await world.runner.run(world.userId, { taskId: id, prompt: 'Only the harbour' });
    await world.runner.idle();
    expect(await world.task(id)).toMatchObject({ status: 'scheduled', scheduler: { retry: { attempt: 2 } } });
    await world.expectSound();

    await world.beat(id);
    expect(
      await world.query(
        'select attempt, extra_prompt, occurrence = first_value(id) over (order by id) as same from everbeat.operations order by id',
      ),
    ).toEqual([
      { attempt: 1, extra_prompt: 'Only the harbour', same: true },
      { attempt: 2, extra_prompt: 'Only the harbour', same: true },
    ]);
  });
});
