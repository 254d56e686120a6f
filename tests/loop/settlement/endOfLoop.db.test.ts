import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../../support/world';
import { FAILURE } from './failure';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterEach(() => world.expectSound());
afterAll(() => world.close());

const MET = { kind: 'done', content: 'All ships are in', goalMet: true } as const;
const in30Seconds = () => new Date(world.clock.now().getTime() + 30_000).toISOString();

async function reasonOfEnd(taskId: string, status: string): Promise<string | undefined> {
  const [activity] = await world.query<{ reason: string }>(
    'select reason from everbeat.task_activities where task_id = $1 and to_status = $2 order by id desc limit 1',
    [taskId, status],
  );
  return activity?.reason;
}

const unread = (taskId: string) =>
  world.query<{ type: string; title: string; summary: string }>(
    'select type, title, summary from everbeat.briefs where task_id = $1 and resolved_at is null and read_at is null',
    [taskId],
  );

/** Every way in which a task leaves its loop without a person's own act. Each ends with an unread brief. */
const ENDS: [string, () => Promise<string>, { status: string; reason: string; says: RegExp }][] = [
  [
    'the agent says that the goal is met, and may complete the task',
    async () => {
      const id = await world.startTask({ config: { mayComplete: true } });
      world.agent.next(MET);
      await world.beat(id);
      return id;
    },
    { status: 'completed', reason: 'goal-met', says: /goal is met/ },
  ],
  [
    'its automation runs are used up',
    async () => {
      const id = await world.startTask({ maxTopics: 2 });
      await world.beat(id);
      await world.runNow(id);
      await world.beat(id);
      return id;
    },
    { status: 'completed', reason: 'max-topics', says: /all of its 2 runs/ },
  ],
  [
    'the next due time would be after the end date',
    async () => {
      const id = await world.startTask({ config: { endAt: in30Seconds() } });
      await world.beat(id);
      return id;
    },
    { status: 'completed', reason: 'end-date', says: /end date/ },
  ],
  [
    'its tick comes after the end date',
    async () => {
      const id = await world.startTask({ config: { endAt: in30Seconds() } });
      await world.clock.advance(60_000);
      const runsBefore = world.agent.calls.length;
      expect(await world.deliver(id)).toEqual({ ran: false, reason: 'end-date' });
      expect(world.agent.calls).toHaveLength(runsBefore);
      return id;
    },
    { status: 'completed', reason: 'end-date', says: /end date/ },
  ],
  [
    'it is answered after the end date',
    async () => {
      const id = await world.startTask({ config: { endAt: in30Seconds() } });
      const brief = { type: 'decision', priority: 'urgent', title: 'Left?', summary: '' } as const;
      world.agent.next({ kind: 'done', content: 'x', briefs: [brief] });
      await world.beat(id);
      await world.clock.advance(60_000);
      const [question] = await world.briefs(id);
      await world.lifecycle.resolveBrief(world.userId, { id: question?.id ?? '', action: 'approve' });
      return id;
    },
    { status: 'completed', reason: 'end-date', says: /end date/ },
  ],
  [
    'an edit gives an armed task a loop whose end date has come',
    async () => {
      const id = await world.startTask({
        automationMode: null,
        heartbeatInterval: null,
        config: { endAt: in30Seconds() },
      });
      await world.clock.advance(60_000);
      await world.tasks.update(world.userId, { id, automationMode: 'heartbeat', heartbeatInterval: 60 });
      return id;
    },
    { status: 'completed', reason: 'end-date', says: /end date/ },
  ],
  [
    'its pattern has no further date',
    async () => {
      const id = await world.startTask();
      world.agent.next(async () => {
        await world.query(
          `update everbeat.tasks set automation_mode = 'schedule', schedule_pattern = '0 0 30 2 *', revision = revision + 1
           where id = $1`,
          [id],
        );
        return { kind: 'done', content: 'ok' };
      });
      await world.beat(id);
      return id;
    },
    { status: 'completed', reason: 'no-next-run', says: /no further date/ },
  ],
  [
    'its pattern becomes unreadable',
    async () => {
      const id = await world.startTask();
      world.agent.next(async () => {
        await world.query(
          `update everbeat.tasks set automation_mode = 'schedule', schedule_pattern = 'nonsense', revision = revision + 1
           where id = $1`,
          [id],
        );
        return FAILURE;
      });
      await world.beat(id);
      return id;
    },
    { status: 'failed', reason: 'bad-pattern', says: /cannot be scheduled/ },
  ],
  [
    'its fuse blows',
    async () => {
      const id = await world.startTask();
      for (let failures = 1; failures <= 3; failures += 1) {
        world.agent.next(FAILURE);
        await world.beat(id);
      }
      return id;
    },
    { status: 'paused', reason: 'fuse', says: /3 failures in a row/ },
  ],
  [
    'the watchdog finds it with a blown fuse',
    async () => {
      const id = await world.startTask();
      await world.query(
        `update everbeat.tasks set revision = revision + 1, context = jsonb_set(context, '{scheduler}',
           (context -> 'scheduler') || '{"tickToken":null,"dueAt":null,"consecutiveFailures":3}') where id = $1`,
        [id],
      );
      await world.query(
        `update everbeat.task_ticks set outcome = 'superseded', reason = 'edited', ended_at = now() where task_id = $1`,
        [id],
      );
      await world.watchdog.sweep();
      return id;
    },
    { status: 'paused', reason: 'fuse', says: /3 failures in a row/ },
  ],
];

describe('a task leaves its loop with an unread brief that says why, when', () => {
  test.each(ENDS)('%s', async (_why, end, { status, reason, says }) => {
    const id = await end();
    expect(await world.task(id)).toMatchObject({ status, scheduler: { tickToken: null } });
    expect(await reasonOfEnd(id, status)).toBe(reason);
    expect(await unread(id)).toMatchObject([{ title: expect.stringMatching(says) }]);
  });

  test('its fuse blows again after the person has read of the first failures', async () => {
    const id = await world.startTask();
    for (let failures = 1; failures <= 2; failures += 1) {
      world.agent.next(FAILURE);
      await world.beat(id);
    }
    const [brief] = await world.briefs(id);
    await world.tasks.markBriefRead(world.userId, brief?.id ?? '');
    world.agent.next(FAILURE);
    await world.beat(id);
    expect(await unread(id)).toMatchObject([{ title: expect.stringMatching(/3 failures in a row/) }]);
  });
});

test('the brief of an end has the last report', async () => {
  const id = await world.startTask({ config: { mayComplete: true } });
  world.agent.next(MET);
  await world.beat(id);
  expect(await unread(id)).toMatchObject([
    { type: 'result', summary: expect.stringContaining('All ships are in') },
  ]);
});

test('the brief of an edit that ends the loop has the new end date', async () => {
  const endAt = world.clock.now().toISOString();
  await world.clock.advance(1_000);
  const id = await world.startTask();
  await world.tasks.update(world.userId, { id, config: { endAt } });
  expect(await unread(id)).toMatchObject([{ summary: expect.stringContaining(`after ${endAt}`) }]);
});

test('a start counts the runs anew', async () => {
  const id = await world.startTask({ maxTopics: 1 });
  await world.beat(id);
  await world.lifecycle.start(world.userId, id);
  expect(await world.task(id)).toMatchObject({ status: 'scheduled', scheduler: { automationRuns: 0 } });
  await world.beat(id);
  expect(await world.task(id)).toMatchObject({ status: 'completed', totalTopics: 2 });
});
