import type { AgentOutcome } from '@everbeat/agents';
import { LIMITS } from '@everbeat/domain';
import { WEBHOOK_PATHS } from '@everbeat/scheduler';
import { describe, expect, test } from 'vitest';
import { everyTurn } from '../support/everyTurn';
import { queueWorldPerTest } from '../support/queueWorld';

const world = queueWorldPerTest();
const TICK = WEBHOOK_PATHS.heartbeatTick;
const COMPLETE = WEBHOOK_PATHS.onTopicComplete;

const untilComplaint = (text: string): Promise<void> =>
  everyTurn(() => world().complaints.includes(text), `the complaint “${text}”`);

describe('the database is unavailable when a tick arrives', () => {
  test('the tick is answered with 503, and runs when QStash retries it', async () => {
    await world().startTask();
    const bringBack = await world().makeDatabaseUnavailable();
    await world().elapse(0);
    expect(world().delivered(TICK)).toMatchObject([{ status: 503, answer: { error: 'unavailable' } }]);

    await bringBack();
    await world().elapse(12);

    expect(world().delivered(TICK).slice(1)).toMatchObject([
      { at: 12, retried: 1, status: 200, answer: { ran: true } },
    ]);
    expect(world().agent.calls).toHaveLength(1);
  });

  test('for longer than QStash retries: the watchdog publishes the tick again', async () => {
    const id = await world().startTask();
    const { tickToken } = (await world().task(id)).scheduler;
    const bringBack = await world().makeDatabaseUnavailable();
    await world().elapse(2_000);
    expect(
      world()
        .delivered(TICK)
        .map(({ status }) => status),
    ).toEqual([503, 503, 503, 503]);
    expect(world().qstash.deadLetters()).toHaveLength(1);

    await bringBack();
    await world().registerWatchdog();
    await world().elapse(60);

    expect(world().delivered(TICK)[4]).toMatchObject({
      deduplicationId: `${tickToken}-2`,
      status: 200,
      answer: { ran: true },
    });
  });
});

describe('the database is unavailable when the prompt is built', () => {
  test('for a moment: the prompt is built when the database is back, and the run succeeds', async () => {
    const id = await world().startTask();
    let bringBack = async (): Promise<void> => undefined;
    world().agent.next(async (request) => {
      bringBack = await world().makeDatabaseUnavailable();
      return { kind: 'done', content: await request.prompt() };
    });
    await world().clock.advance(0);
    await untilComplaint('The prompt of a run could not be built yet');
    await bringBack();
    await world().clock.advance(250);
    await world().qstash.idle();

    const [topic] = (await world().reads.taskDetail(world().userId, id)).topics;
    expect(topic).toMatchObject({ status: 'done', handoff: expect.stringContaining('Watch the harbour') });
  });
});

describe('the database is unavailable when a run ends', () => {
  async function lastTranscript(taskId: string) {
    const { topics } = await world().reads.taskDetail(world().userId, taskId);
    return (await world().reads.transcript(world().userId, topics[0]?.id ?? '', {})).items;
  }

  /** Starts a task whose run ends with `outcome` just after the database has become unavailable. */
  async function endInOutage(outcome: AgentOutcome) {
    const id = await world().startTask({ heartbeatTimeout: 120 });
    let bringBack = async (): Promise<void> => undefined;
    world().agent.next(async (request) => {
      await request.prompt();
      bringBack = await world().makeDatabaseUnavailable();
      return outcome;
    });
    await world().elapse(0);
    return { id, bringBack };
  }

  test('its outcome waits at QStash and is settled completely when the database is back', async () => {
    const { id, bringBack } = await endInOutage({
      kind: 'done',
      content: 'Three ships',
      title: 'Ships',
      briefs: [{ type: 'insight', priority: 'info', title: 'One is red', summary: 'the small one' }],
      comments: ['Mind the reef'],
      subtasks: [{ name: 'Look closer', instruction: 'at the red one' }],
      usage: { inputTokens: 3, costUsd: 0.5 },
      memory: { ships: 3 },
    });
    expect(world().delivered(COMPLETE)).toMatchObject([{ at: 0, status: 503 }]);

    await bringBack();
    expect((await world().task(id)).status).toBe('running');
    await world().elapse(12);

    expect(world().delivered(COMPLETE).slice(1)).toMatchObject([
      { at: 12, status: 200, answer: { settled: true } },
    ]);
    const { status, scheduler } = await world().task(id);
    expect({ status, dueAt: scheduler.dueAt }).toEqual({
      status: 'scheduled',
      dueAt: '2026-01-01T00:01:12.000Z',
    });
    const detail = await world().reads.taskDetail(world().userId, id);
    expect(detail.topics).toMatchObject([{ title: 'Ships', status: 'done' }]);
    const insights = detail.briefs.filter(({ type }) => type === 'insight');
    expect(insights).toMatchObject([{ title: 'One is red', summary: 'the small one' }]);
    expect(detail.briefs.filter(({ type }) => type === 'decision')).toHaveLength(1);
    expect(detail.comments).toMatchObject([{ author: 'agent', content: 'Mind the reef' }]);
    expect(detail.subtasks).toMatchObject([{ name: 'Look closer' }]);
    expect(await lastTranscript(id)).toMatchObject([
      { role: 'user', content: expect.stringContaining('Watch the harbour') },
      { role: 'assistant', content: 'Three ships' },
    ]);
    expect(await world().query('select usage from everbeat.operations')).toEqual([
      { usage: { inputTokens: 3, costUsd: 0.5 } },
    ]);
    await world().elapse(60);
    expect(world().agent.calls[1]?.memory).toEqual({ ships: 3 });
  });

  test('an outcome comes again until its lease is over', async () => {
    const { id, bringBack } = await endInOutage({ kind: 'done', content: 'Three ships' });
    await world().elapse(60);
    await bringBack();
    await world().elapse(35);
    expect(world().delivered(COMPLETE)).toMatchObject([
      { at: 0, status: 503 },
      { at: 12, status: 503 },
      { at: 52, status: 503 },
      { at: 92, status: 200, answer: { settled: true } },
    ]);
    expect((await world().task(id)).status).toBe('scheduled');
  });

  test('an outcome that QStash delivers twice is settled once', async () => {
    const { id, bringBack } = await endInOutage({
      kind: 'error',
      errorCode: 'fog',
      errorMessage: 'Nothing to see',
    });
    await bringBack();
    world().qstash.faults.double();

    await world().elapse(12);

    const answers = world()
      .delivered(COMPLETE)
      .slice(1)
      .map(({ answer }) => answer);
    expect(answers).toHaveLength(2);
    expect(answers).toEqual(
      expect.arrayContaining([{ settled: true }, { settled: false, reason: 'already-settled' }]),
    );
    expect(await world().task(id)).toMatchObject({
      status: 'scheduled',
      error: 'Nothing to see',
      scheduler: { consecutiveFailures: 1 },
    });
  });

  test('a report of the maximum length is not lost, even if each character takes three bytes', async () => {
    const content = '語'.repeat(LIMITS.contentCharsMax);
    const { id, bringBack } = await endInOutage({ kind: 'done', content });
    await bringBack();
    await world().elapse(12);
    expect((await lastTranscript(id)).at(-1)?.content).toBe(content);
  });

  test('an outcome too large for a message is delivered without its memory', async () => {
    const memory = 'm'.repeat(LIMITS.memoryBytesMax - 2);
    const brief = { type: 'decision', priority: 'normal', title: 'Red or green?', summary: 'Ships' } as const;
    const { id, bringBack } = await endInOutage({ kind: 'done', content: 'Ships', briefs: [brief], memory });
    await bringBack();
    await world().elapse(12);
    expect(await lastTranscript(id)).toMatchObject([{ role: 'assistant', content: 'Ships' }]);
    expect(await world().briefs(id)).toMatchObject([{ title: 'Red or green?' }]);
    await world().elapse(60);
    expect(world().agent.calls[1]?.memory).toBeNull();
  });

  test('for a moment: the run is settled at the next attempt, without QStash', async () => {
    const id = await world().startTask();
    const holder = await world().database.pool.connect();
    world().agent.next(async () => {
      await holder.query('begin');
      await holder.query('select 1 from everbeat.tasks where id = $1 for update', [id]);
      return { kind: 'done', content: 'Three ships' };
    });
    await world().clock.advance(0);

    // The statement that settles waits for the locked row. End its connection there.
    await everyTurn(async () => {
      const ended = await world().query(
        `select pg_terminate_backend(pid) from pg_locks where not granted
         and pid in (select pid from pg_stat_activity where datname = current_database())`,
      );
      return ended.length > 0;
    }, 'a statement that waits for the locked row');
    await holder.query('rollback');
    holder.release();
    await untilComplaint('A run could not be settled yet');
    await world().clock.advance(250);
    await world().qstash.idle();

    expect(world().delivered(TICK)).toMatchObject([{ status: 200, answer: { ran: true } }]);
    expect(world().published(COMPLETE)).toEqual([]);
    expect(await world().task(id)).toMatchObject({ status: 'scheduled', totalTopics: 1 });
  });

  test('and QStash is too: the watchdog times the run out, and the loop goes on', async () => {
    const id = await world().startTask({ heartbeatTimeout: 120 });
    let bringBack = async (): Promise<void> => undefined;
    world().agent.next(async () => {
      bringBack = await world().makeDatabaseUnavailable();
      world().qstash.faults.refusePublish();
      return { kind: 'done', content: 'lost' };
    });
    await world().elapse(0);
    expect(world().delivered(COMPLETE)).toEqual([]);
    expect(world().complaints.at(-1)).toContain('the watchdog will time it out');
    await bringBack();
    await world().registerWatchdog();

    await world().elapse(180);

    expect(await world().task(id)).toMatchObject({
      status: 'scheduled',
      scheduler: { consecutiveFailures: 0 },
    });
  });
});
