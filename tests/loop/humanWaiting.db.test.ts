import { type BriefPriority, type BriefType, wakesAt } from '@everbeat/domain';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterEach(() => world.expectSound());
afterAll(() => world.close());

/** A task whose first run left these briefs. */
async function afterRunWith(...briefs: { type: BriefType; priority: BriefPriority }[]): Promise<string> {
  const id = await world.startTask();
  world.agent.next({
    kind: 'done',
    content: 'x',
    briefs: briefs.map((brief) => ({ ...brief, title: 'A brief', summary: '' })),
  });
  await world.beat(id);
  return id;
}

describe('an urgent brief', () => {
  test.each([
    ['decision', 'urgent', true],
    ['insight', 'urgent', true],
    ['result', 'urgent', true],
    ['error', 'urgent', false],
    ['decision', 'normal', false],
    ['insight', 'info', false],
  ] as const)('of type %s and priority %s blocks the next arm: %s', async (type, priority, isBlocked) => {
    const id = await afterRunWith({ type, priority });
    const { status, scheduler } = await world.task(id);
    expect(status).toBe('scheduled');
    expect(scheduler.blockedBy).toBe(isBlocked ? 'urgent-brief' : null);
    expect(scheduler.tickToken === null).toBe(isBlocked);
    expect(scheduler.dueAt === null).toBe(isBlocked);
  });

  test('arms the task in the commit that resolves the last open one, not earlier', async () => {
    const id = await afterRunWith(
      { type: 'decision', priority: 'urgent' },
      { type: 'decision', priority: 'urgent' },
    );
    const [first, second] = await world.briefs(id);
    await world.lifecycle.resolveBrief(world.userId, { id: first?.id ?? '', action: 'approve' });
    expect((await world.task(id)).scheduler).toMatchObject({ tickToken: null, blockedBy: 'urgent-brief' });

    await world.lifecycle.resolveBrief(world.userId, {
      id: second?.id ?? '',
      action: 'feedback',
      comment: 'the blue one',
    });

    const { scheduler } = await world.task(id);
    expect(scheduler).toMatchObject({ blockedBy: null, tickToken: expect.any(String) });
    expect(scheduler).toMatchObject({ dueAt: wakesAt(world.clock.now()).toISOString(), trigger: 'brief' });
    expect(scheduler.tickMessageId).toMatch(/^local-/);
    expect(await world.beat(id)).toMatchObject({ ran: true });
  });

  test('resolved a second time returns the first resolution and changes nothing', async () => {
    const id = await afterRunWith({ type: 'decision', priority: 'urgent' });
    const [brief] = await world.briefs(id);
    await world.lifecycle.resolveBrief(world.userId, { id: brief?.id ?? '', action: 'approve' });
    const before = await world.task(id);
    await world.lifecycle.resolveBrief(world.userId, { id: brief?.id ?? '', action: 'dismiss' });
    expect(await world.briefs(id)).toMatchObject([{ resolvedAction: 'approve' }]);
    expect(await world.task(id)).toEqual(before);
  });

  test('cannot be resolved with an action that it does not offer, nor by another user', async () => {
    const id = await afterRunWith({ type: 'decision', priority: 'urgent' });
    const briefId = (await world.briefs(id))[0]?.id ?? '';
    await expect(
      world.lifecycle.resolveBrief(world.userId, { id: briefId, action: 'retry' }),
    ).rejects.toMatchObject({
      code: 'action-not-offered',
    });
    await expect(
      world.lifecycle.resolveBrief('eve', { id: briefId, action: 'approve' }),
    ).rejects.toMatchObject({
      code: 'brief-not-found',
    });
  });

  test('does not prevent a manual run, after which the task is still blocked', async () => {
    const id = await afterRunWith({ type: 'decision', priority: 'urgent' });
    await world.runner.run(world.userId, { taskId: id });
    await world.runner.idle();
    expect(await world.task(id)).toMatchObject({
      status: 'scheduled',
      totalTopics: 2,
      scheduler: { blockedBy: 'urgent-brief' },
    });
  });

  test('resolved during a run does not block the arm that the settlement makes', async () => {
    const id = await afterRunWith({ type: 'decision', priority: 'urgent' });
    world.agent.hold();
    await world.runner.run(world.userId, { taskId: id });
    const briefId = (await world.briefs(id))[0]?.id ?? '';
    await world.lifecycle.resolveBrief(world.userId, { id: briefId, action: 'approve' });
    world.agent.release();
    await world.runner.idle();
    expect((await world.task(id)).scheduler).toMatchObject({
      blockedBy: null,
      tickToken: expect.any(String),
    });
  });
});
