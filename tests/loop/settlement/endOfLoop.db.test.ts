import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../../support/world';
import { FAILURE } from './failure';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('a loop completes when', () => {
  test.each([
    [
      'the agent reports that the goal is met',
      {},
      { kind: 'done', content: 'ok', goalMet: true },
      'goal-met',
    ],
    ['maxTopics topics have been opened', { maxTopics: 1 }, { kind: 'done', content: 'ok' }, 'max-topics'],
    [
      'the next due time would be after config.endAt',
      { config: { endAt: '2026-01-01T00:00:01Z' } },
      { kind: 'done', content: 'ok' },
      'end-date',
    ],
  ] as const)('%s', async (_name, input, outcome, reason) => {
    const id = await world.startTask(input);
    world.agent.next(outcome);
    await world.beat(id);
    expect((await world.task(id)).status).toBe('completed');
    const [activity] = await world.query<{ reason: string }>(
      `select reason from everbeat.task_activities where task_id = $1 and to_status = 'completed'`,
      [id],
    );
    expect(activity?.reason).toBe(reason);
    await world.expectSound();
  });
});

test('a task whose pattern became unreadable during a run fails, with an error brief', async () => {
  const id = await world.startTask();
  world.agent.next(async () => {
    await world.query(
      `update everbeat.tasks set automation_mode = 'schedule', schedule_pattern = 'nonsense', revision = revision + 1 where id = $1`,
      [id],
    );
    return FAILURE;
  });
  await world.beat(id);
  expect(await world.task(id)).toMatchObject({ status: 'failed', scheduler: { tickToken: null } });
  expect(await world.briefs(id)).toMatchObject([
    { type: 'error', title: expect.stringContaining('cannot be scheduled') },
  ]);
  await world.expectSound();
});
