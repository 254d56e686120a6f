import type { TaskStatus, TaskView } from '@everbeat/domain';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Api } from '../support/apiWorld';
import { countRows, type RestoredWorld, readRecord, recordedReleases, restore } from './restored';

/**
 * Databases that earlier releases left behind, migrated by today's code and worked on by today's services.
 */
describe.each(recordedReleases())('the database of %s', (release) => {
  let world: RestoredWorld;
  let api: Api;
  beforeEach(async () => {
    world = await restore(await readRecord(release));
    api = world.ada;
  });
  afterEach(async () => {
    try {
      await world.expectSound();
    } finally {
      await world.close();
    }
  });

  const tasksIn = async (...statuses: TaskStatus[]): Promise<TaskView[]> => {
    const { items } = await api.task.list({ statuses, limit: 100 });
    expect(items).not.toEqual([]);
    return items;
  };

  const countOf = async (rows: string, values: unknown[] = []): Promise<number> => {
    const [counted] = await world.query<{ count: number }>(
      `select count(*)::int from everbeat.${rows}`,
      values,
    );
    return counted?.count ?? 0;
  };

  test('satisfies the invariants after the migration', () => world.expectSound());

  test('keeps every row through the migration', async () => {
    expect(await countRows(world.testDatabase.database.pool)).toMatchObject(world.recordedRows);
  });

  test('can be read in full through the API', async () => {
    const { items: tasks } = await api.task.list({ limit: 100 });
    expect(tasks).toHaveLength(await countOf(`tasks where user_id = 'ada'`));
    for (const { id } of tasks) {
      const { totalTopics } = await api.task.detail({ id });
      const { items: topics } = await api.task.topics({ id, limit: 100 });
      expect(topics).toHaveLength(totalTopics);
      for (const { id: topicId } of topics) {
        const { items: messages } = await api.task.transcript({ topicId, limit: 100 });
        expect(messages).toHaveLength(await countOf('messages where topic_id = $1', [topicId]));
      }
      const { items: ticks } = await api.task.ticks({ id, limit: 100 });
      expect(ticks).toHaveLength(await countOf('task_ticks where task_id = $1', [id]));
    }
    const { items: briefs } = await api.brief.list({ limit: 100 });
    expect(briefs).toHaveLength(await countOf(`briefs where user_id = 'ada'`));
    expect(await api.agent.list()).toHaveLength(await countOf(`agents where user_id = 'ada'`));
    expect(await world.bob.agent.list()).toMatchObject([{ kind: 'http' }]);
    expect((await api.system.status()).lastWatchdogRun).not.toBeNull();
  });

  test('lets every armed heartbeat task run, settle and be armed again', async () => {
    const armed = (await tasksIn('scheduled')).filter(
      ({ nextRunAt, automationMode }) => nextRunAt !== null && automationMode === 'heartbeat',
    );
    expect(armed).not.toEqual([]);
    for (const { id, totalTopics } of armed) {
      expect(await world.beat(id)).toMatchObject({ ran: true });
      const settled = { status: 'scheduled', totalTopics: totalTopics + 1, nextRunAt: expect.any(Date) };
      expect(await api.task.detail({ id })).toMatchObject(settled);
    }
  });

  test('has its unfinished runs timed out by the watchdog, and their tasks go on', async () => {
    const running = await tasksIn('running');
    await world.clock.advance(900_000);

    expect(await world.watchdog.sweep()).toMatchObject({ stuck: running.length, orphans: 0 });

    for (const { id } of running) {
      expect(await world.beat(id)).toMatchObject({ ran: true });
      expect((await api.task.topics({ id })).items).toMatchObject([
        { status: 'done' },
        { status: 'timeout' },
      ]);
    }
  });

  test('lets a person run every task that has stopped', async () => {
    for (const { id, totalTopics } of await tasksIn('backlog', 'paused', 'completed', 'failed', 'canceled')) {
      await api.task.run({ id });
      await world.runner.idle();
      expect(await api.task.detail({ id })).toMatchObject({ totalTopics: totalTopics + 1 });
    }
  });

  test('lets a person answer every open brief', async () => {
    const { items: open } = await api.brief.list({ unresolved: true, limit: 100 });
    expect(open).not.toEqual([]);
    for (const { id, actions } of open) {
      const action = actions[0]?.key ?? 'none';
      expect(await api.brief.resolve({ id, action })).toMatchObject({ resolvedAction: action });
    }
  });
});
