import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createReviewWorld, failed, REQUIREMENT, type ReviewWorld } from './reviewWorld';

let world: ReviewWorld;
beforeAll(async () => {
  world = await createReviewWorld();
});
afterAll(() => world.close());

const review = { config: { review: { requirement: REQUIREMENT, maxIterations: 1 } } };

/** A task whose work did not pass, with the question about it. */
async function asked(automation: 'one-off' | 'heartbeat', report: object = {}) {
  const taskId = automation === 'one-off' ? await world.createOneOff(review) : await world.startTask(review);
  world.workerReports({ kind: 'done', content: 'Three ships', ...report });
  world.reviewerDoes(failed('No sources'));
  if (automation === 'one-off') await world.runNow(taskId);
  else await world.beat(taskId);
  await world.settleAll(taskId);
  const { id: briefId } = await world.openBrief(taskId);
  const resolve = (action: string, comment?: string) =>
    world.lifecycle.resolveBrief(world.userId, { id: briefId, action, ...(comment && { comment }) });
  return { taskId, resolve };
}

let runsBefore = 0;
beforeEach(() => {
  runsBefore = world.work().length;
});
const runs = () => world.work().length - runsBefore;

describe('the question about work that did not pass', () => {
  test('says what accepting leads to, however much the reviewer has found', async () => {
    const taskId = await world.createOneOff(review);
    const reasons = Array.from({ length: 20 }, (_, index) => `${index} ${'x'.repeat(1_900)}`);
    world.reviewerDoes({ verdict: 'failed', reasons });
    await world.runNow(taskId);
    await world.settleAll(taskId);
    const { summary } = await world.openBrief(taskId);
    expect(summary).toContain(REQUIREMENT);
    expect(summary).toContain('If you accept it as it is');
    expect(summary).toContain('Its last report');
  });
});

describe('the answer about work that did not pass', () => {
  test.each(['one-off', 'heartbeat'] as const)(
    'retry: a %s tries again, once, and may fail as often as before',
    async (automation) => {
      const { taskId, resolve } = await asked(automation);
      world.reviewerDoes(failed('Still no sources'));
      await resolve('retry');
      await resolve('retry');
      expect((await world.task(taskId)).scheduler.trigger).toBe('rework');
      await world.settleAll(taskId);
      expect(runs()).toBe(2);
      expect((await world.openBrief(taskId)).summary).toContain('Still no sources');
      expect((await world.task(taskId)).totalTopics).toBe(1);
      await world.expectSound();
    },
  );

  test('accept: a one-off is completed', async () => {
    const { taskId, resolve } = await asked('one-off');
    await resolve('accept');
    await resolve('accept');
    expect(await world.task(taskId)).toMatchObject({ status: 'completed', scheduler: { tickToken: null } });
    expect(runs()).toBe(1);
    await world.expectSound();
  });

  test('accept: an automation goes on with its next regular run', async () => {
    const { taskId, resolve } = await asked('heartbeat');
    await resolve('accept');
    const { status, scheduler } = await world.task(taskId);
    expect({ status, trigger: scheduler.trigger }).toEqual({ status: 'scheduled', trigger: 'heartbeat' });
    expect(Date.parse(scheduler.dueAt ?? '') - world.clock.now().getTime()).toBe(60_000);
    await world.beat(taskId);
    await world.settleAll(taskId);
    expect(runs()).toBe(2);
    expect((await world.task(taskId)).totalTopics).toBe(2);
    await world.expectSound();
  });

  test('accept: an automation whose agent says that the goal is met is completed', async () => {
    const { taskId, resolve } = await asked('heartbeat', { goalMet: true });
    expect((await world.openBrief(taskId)).summary).toContain('does not run again');
    await resolve('accept');
    expect((await world.task(taskId)).status).toBe('completed');
    await world.expectSound();
  });

  test.each(['one-off', 'heartbeat'] as const)(
    'feedback: a %s goes on in the same topic with the words of the person',
    async (automation) => {
      const { taskId, resolve } = await asked(automation);
      await resolve('feedback', 'The harbour book is the source');
      await world.settleAll(taskId);
      expect(runs()).toBe(2);
      expect((await world.task(taskId)).totalTopics).toBe(1);
      expect(await world.work().at(-1)?.prompt()).toContain('The harbour book is the source');
      await world.expectSound();
    },
  );

  test('a pause keeps the question, and the task stays blocked by it when it is resumed', async () => {
    const { taskId, resolve } = await asked('heartbeat');
    await world.lifecycle.pause(world.userId, taskId);
    await world.lifecycle.resume(world.userId, taskId);
    expect((await world.task(taskId)).scheduler).toMatchObject({
      blockedBy: 'urgent-brief',
      tickToken: null,
    });
    await resolve('retry');
    await world.settleAll(taskId);
    expect(runs()).toBe(2);
    await world.expectSound();
  });
});
