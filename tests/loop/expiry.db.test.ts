import type { AgentBrief } from '@everbeat/agents';
import { findExpiredBriefs } from '@everbeat/database';
import { LIMITS } from '@everbeat/domain';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ApiWorld, createApiWorld } from '../support/apiWorld';
import { whileHeld } from '../support/heldRows';
import { failsFor } from '../support/statementFaults';

/** Decisions that say what happens if nobody answers (PROTOCOL §4). */
let world: ApiWorld;
beforeAll(async () => {
  world = await createApiWorld();
});
afterEach(async () => {
  await world.watchdog.sweep();
  // Nothing delivers ticks here.
  for (const { id } of (await world.ada.task.list({ statuses: ['scheduled'] })).items)
    await world.ada.task.pause({ id });
  await world.expectSound();
});
afterAll(() => world.close());

const HOUR_MS = 3_600_000;
const ASKS: AgentBrief = {
  type: 'decision',
  priority: 'urgent',
  title: 'Buy or wait?',
  summary: 'It costs 10',
  actions: [
    { key: 'buy', label: 'Buy' },
    { key: 'wait', label: 'Wait' },
  ],
  expiry: { action: 'wait', afterSeconds: 24 * 3_600 },
};
const ONCE = { automationMode: null, heartbeatInterval: null } as const;

/** A task whose run asks. Returns its id. */
async function asked(brief: Partial<AgentBrief> = {}, rule: object = {}): Promise<string> {
  const { id } = await world.createTask(rule);
  world.agent.next({ kind: 'done', content: 'Looked', briefs: [{ ...ASKS, ...brief }] });
  await world.runNow(id);
  return id;
}

const briefsOf = async (taskId: string) => (await world.ada.brief.list({ taskId })).items.toReversed();
const questionOf = async (taskId: string) => {
  const [question] = await briefsOf(taskId);
  if (question === undefined) throw new Error('Nothing was asked');
  return question;
};

/** A time later, the watchdog looks. */
async function pass(ms: number): Promise<void> {
  await world.clock.advance(ms);
  await world.watchdog.sweep();
}

describe('a decision that nobody answers', () => {
  test('says when its default is chosen, which is chosen then, and not before', async () => {
    const id = await asked();
    const expiresAt = new Date(world.clock.now().getTime() + 24 * HOUR_MS);
    expect(await questionOf(id)).toMatchObject({ expiresAt, defaultAction: 'wait', resolvedAt: null });

    await pass(24 * HOUR_MS - 1_000);
    expect(await questionOf(id)).toMatchObject({ resolvedAt: null });
    expect(await world.task(id)).toMatchObject({ scheduler: { blockedBy: 'urgent-brief' } });

    await pass(1_000);
    expect(await questionOf(id)).toMatchObject({
      resolvedAction: 'wait',
      resolvedComment: null,
      resolvedEffect: { kind: 'runs-now', isUnanswered: true },
    });
    const { scheduler } = await world.task(id);
    expect(scheduler).toMatchObject({ blockedBy: null, trigger: 'brief' });
    expect(scheduler.dueAt, 'nobody is there to take it back').toBe(world.clock.now().toISOString());
  });

  test('is told, and its history says so', async () => {
    const id = await asked();
    await pass(24 * HOUR_MS);
    const [, told] = await briefsOf(id);
    expect(told).toMatchObject({
      type: 'insight',
      priority: 'normal',
      resolvedAt: null,
      title: expect.stringMatching(/^Nobody answered T-\d+: “Wait” was chosen$/),
      summary: expect.stringContaining('within 24 h'),
    });
    const { activities } = await world.ada.task.detail({ id });
    expect(activities.map(({ kind, reason }) => `${kind} ${reason}`)).toContain('brief default-taken');
  });

  test('tells its agent that nobody has chosen', async () => {
    const id = await asked();
    await pass(24 * HOUR_MS);
    world.agent.next({ kind: 'done', content: 'Waited' });
    await world.beat(id);
    const prompt = await world.agent.calls.at(-1)?.prompt();
    expect(prompt).toContain('not answered in time, so its default was chosen');
    expect(prompt).not.toContain('that the person chose');
  });

  test('tells its agent that nothing was chosen where the question names no default', async () => {
    const id = await asked();
    const { id: briefId } = await questionOf(id);
    await world.query('update everbeat.briefs set default_action = null where id = $1', [briefId]);
    await pass(24 * HOUR_MS);
    world.agent.next({ kind: 'done', content: 'Waited' });
    await world.beat(id);
    const prompt = await world.agent.calls.at(-1)?.prompt();
    expect(prompt).toContain('not answered in time, so nothing was chosen');
    expect(prompt).not.toContain('the option of this brief that was chosen');
  });

  test('lets a one-off go on in its topic', async () => {
    const id = await asked({}, ONCE);
    await pass(24 * HOUR_MS);
    const { scheduler } = await world.task(id);
    expect(scheduler).toMatchObject({ trigger: 'brief', continueTopicId: expect.any(String) });
  });

  test('that blocks nothing changes nothing but itself', async () => {
    const id = await asked({ priority: 'normal' });
    const { scheduler } = await world.task(id);
    await pass(24 * HOUR_MS);
    expect(await questionOf(id)).toMatchObject({
      resolvedAction: 'wait',
      resolvedEffect: { kind: 'recorded' },
    });
    expect((await world.task(id)).scheduler.tickToken).not.toBeNull();
    expect(scheduler.blockedBy).toBeNull();
  });

  test('is answered by the person before, and nothing is told of a default', async () => {
    const id = await asked();
    const { id: briefId } = await questionOf(id);
    await world.ada.brief.resolve({ id: briefId, action: 'buy' });
    await pass(24 * HOUR_MS);
    expect(await briefsOf(id)).toMatchObject([
      { resolvedAction: 'buy', resolvedEffect: { kind: 'runs-now' } },
    ]);
  });

  test('waits for as long as it takes if it does not say so', async () => {
    const id = await asked({ expiry: undefined });
    await pass(30 * 24 * HOUR_MS);
    expect(await questionOf(id)).toMatchObject({ expiresAt: null, defaultAction: null, resolvedAt: null });
  });

  test('is chosen for whatever the task is by then, and never of a deleted one', async () => {
    const [paused, deleted] = [await asked(), await asked()];
    await world.ada.task.pause({ id: paused });
    await world.ada.task.delete({ id: deleted });
    const [question] = await world.briefs(deleted);
    const briefId = question?.id ?? '';
    await world.clock.advance(24 * HOUR_MS);
    expect(await world.lifecycle.expireBrief({ briefId, taskId: deleted, userId: world.userId })).toBe(false);
    const { pool } = world.testDatabase.database;
    const found = await findExpiredBriefs(pool, { now: world.clock.now(), limit: 10 });
    expect(
      found.map(({ taskId }) => taskId),
      'it takes no place from others',
    ).toEqual([paused]);
    await world.watchdog.sweep();
    expect(await questionOf(paused)).toMatchObject({
      resolvedAction: 'wait',
      resolvedEffect: { kind: 'recorded' },
    });
    expect(await world.task(paused)).toMatchObject({ status: 'paused' });
  });
});

test('questions that cannot be answered hold up none behind them', async () => {
  const broken = await asked({ priority: 'normal' });
  const others = await world.query<{ id: string }>(
    `insert into everbeat.briefs (id, task_id, user_id, type, priority, title, summary, actions, expires_at, default_action, created_at, updated_at)
     select gen_random_uuid(), task_id, user_id, type, priority, title, summary, actions, created_at, default_action, created_at, updated_at
     from everbeat.briefs, generate_series(1, $2) where task_id = $1 returning id`,
    [broken, LIMITS.watchdogBatchRows],
  );
  const id = await asked();
  const error = { message: 'This row is broken', code: 'XX001' };
  const failed = failsFor(world.testDatabase, 'everbeat_find_brief', { times: others.length, error });
  await pass(24 * HOUR_MS);
  await failed;
  expect(await questionOf(id)).toMatchObject({ resolvedAction: 'wait' });
  const stillOpen = await world.query(
    'delete from everbeat.briefs where id = any($1::uuid[]) and resolved_at is null returning id',
    [others.map((other) => other.id)],
  );
  expect(stillOpen).toHaveLength(others.length);
});

describe('a question that is asked again under its key', () => {
  const again = async (id: string, brief: Partial<AgentBrief>) => {
    world.agent.next({ kind: 'done', content: 'Looked', briefs: [{ ...ASKS, ...brief }] });
    await world.beat(id);
  };

  test('keeps what it has promised, however often its agent asks', async () => {
    const keyed = { priority: 'normal', key: 'offer' } as const;
    const id = await asked(keyed);
    const { expiresAt } = await questionOf(id);
    await again(id, keyed);
    expect(await questionOf(id)).toMatchObject({ occurrences: 2, expiresAt });
  });

  test.each<[string, Partial<AgentBrief>]>([
    ['another question', { title: 'Buy the other one?' }],
    ['another text', { summary: 'It costs 100' }],
    ['another label', { actions: [{ key: 'buy', label: 'Buy ten' }, ...(ASKS.actions ?? []).slice(1)] }],
    ['another default', { expiry: { action: 'buy', afterSeconds: 24 * 3_600 } }],
  ])('gives the whole time for %s', async (_what, change) => {
    const keyed = { priority: 'normal', key: 'offer' } as const;
    const id = await asked(keyed);
    const { expiresAt } = await questionOf(id);
    await again(id, { ...keyed, ...change });
    const anew = await questionOf(id);
    expect(anew.expiresAt?.getTime()).toBeGreaterThan(expiresAt?.getTime() ?? Number.POSITIVE_INFINITY);
    expect(anew.defaultAction).toBe(change.expiry?.action ?? 'wait');
  });

  test('has no default any more if its agent names none', async () => {
    const keyed = { priority: 'normal', key: 'offer' } as const;
    const id = await asked(keyed);
    await again(id, { ...keyed, expiry: undefined });
    expect(await questionOf(id)).toMatchObject({ occurrences: 2, expiresAt: null, defaultAction: null });
  });

  test('is not answered by a sweep that has found it before', async () => {
    const keyed = { priority: 'normal', key: 'offer' } as const;
    const id = await asked(keyed);
    const { id: briefId } = await questionOf(id);
    const { scheduler } = await world.task(id);
    await world.query(`update everbeat.briefs set expires_at = $2 where id = $1`, [briefId, scheduler.dueAt]);
    await again(id, { ...keyed, title: 'Buy the other one?' });
    expect(await world.lifecycle.expireBrief({ briefId, taskId: id, userId: world.userId })).toBe(false);
    expect(await questionOf(id)).toMatchObject({ resolvedAt: null });
  });
});

test('a question that was asked while a clock was years ahead gets the times that it would have had', async () => {
  const [far, latest] = [await asked({ escalation: { afterSeconds: 3_600 } }), await asked()];
  await world.query(
    `update everbeat.briefs set created_at = created_at + interval '9 years',
       expires_at = expires_at + interval '9 years', escalate_at = escalate_at + interval '9 years'
     where task_id = $1`,
    [far],
  );
  // The clock of the database, which counts too, is ahead of that of the test.
  const lastAt = new Date(Date.now() + LIMITS.expirySecondsMax * 1_000);
  await world.query('update everbeat.briefs set expires_at = $2 where task_id = $1', [latest, lastAt]);
  await world.clock.advance(2 * HOUR_MS);

  expect(await world.watchdog.sweep()).toMatchObject({ impossible: 1 });
  const in24Hours = new Date(world.clock.now().getTime() + 24 * HOUR_MS);
  const inOneHour = new Date(world.clock.now().getTime() + HOUR_MS);
  expect(
    await world.query('select expires_at, escalate_at from everbeat.briefs where task_id = $1', [far]),
  ).toEqual([{ expires_at: in24Hours, escalate_at: inOneHour }]);
  expect(await questionOf(latest)).toMatchObject({ expiresAt: lastAt });
  await pass(24 * HOUR_MS);
  expect(await questionOf(far)).toMatchObject({ resolvedAction: 'wait' });
});

describe('an answer and the default at the same moment', () => {
  test.each(['buy', 'wait'])(
    'have both been decided: “%s” is committed first, and it alone takes effect',
    async (first) => {
      const other = await world.secondProcess();
      const id = await asked();
      const { id: briefId } = await questionOf(id);
      await world.clock.advance(24 * HOUR_MS);
      // Recorded beforehand, so that the answer, as the default, waits for the task with its commit alone.
      await world.ada.task.look({ id });
      const answer = () => world.lifecycle.resolveBrief(world.userId, { id: briefId, action: 'buy' });
      const expiry = () => other.lifecycle.expireBrief({ briefId, taskId: id, userId: world.userId });
      const ends: Promise<unknown>[] = [];
      await whileHeld(world.testDatabase.database.pool, 'tasks where id = $1', [id], async () => {
        // Whoever waits first for a row is the first to get it.
        for (const commit of first === 'buy' ? [answer, expiry] : [expiry, answer]) {
          ends.push(commit());
          // The first one waits for half a second only.
          await expect.poll(() => world.lockWaiters(), { interval: 5 }).toBe(ends.length);
        }
      });
      const [firstEnd, secondEnd] = await Promise.all(ends);

      const isDefault = first === 'wait';
      if (isDefault) expect([firstEnd, secondEnd]).toMatchObject([true, { noUndoReason: 'answered-before' }]);
      else expect([firstEnd, secondEnd]).toMatchObject([{ undoToken: expect.any(String) }, false]);
      const question = await questionOf(id);
      expect(question).toMatchObject({ resolvedAction: first });
      expect(question.resolvedEffect?.isUnanswered ?? false).toBe(isDefault);
      const told = (await briefsOf(id)).filter(({ title }) => title.startsWith('Nobody answered'));
      expect(told, 'it is told exactly if it was taken').toHaveLength(isDefault ? 1 : 0);
      const armed = (await world.ticks(id)).filter(({ outcome }) => outcome === null);
      expect(armed, 'one run is armed').toHaveLength(1);
    },
  );

  test('of any number of sweeps, one takes it', async () => {
    const id = await asked();
    const other = await world.secondProcess();
    await world.clock.advance(24 * HOUR_MS);
    await Promise.all([world.watchdog.sweep(), other.watchdog.sweep(), world.watchdog.sweep()]);
    expect(await briefsOf(id)).toHaveLength(2);
  });
});

test('whoever takes an answer back has ten minutes for another one, although the time is over', async () => {
  const id = await asked();
  await pass(24 * HOUR_MS - 5_000);
  const { id: briefId } = await questionOf(id);
  const { undoToken } = await world.ada.brief.resolve({ id: briefId, action: 'buy' });
  await world.clock.advance(7_000);
  await world.ada['inbox.apply']({ act: 'undo', undoToken: undoToken ?? '' });

  await pass(LIMITS.reopenedSecondsMin * 1_000 - 1_000);
  expect(await questionOf(id)).toMatchObject({ resolvedAt: null });
  await pass(1_000);
  expect(await questionOf(id)).toMatchObject({ resolvedAction: 'wait' });
});
