import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { OperationCompletion } from '@/server/services/taskLifecycle/completion';
import { createWorld, type World } from '../support/world';
import { nested } from './hostileValues';

/** Rows that arrive together share a statement. One that breaks the statement must fail alone. */

const GOOD_ROWS = 12;

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterEach(() => world.expectSound());
afterAll(() => world.close());

const goodRows = <Row>(make: () => Promise<Row>): Promise<Row[]> =>
  Promise.all(Array.from({ length: GOOD_ROWS }, make));

/** Inserts the poisoned item among the good ones. */
function mixed<Item>(good: Item[], poison: Item, place: number): Item[] {
  const at = place % (good.length + 1);
  return [...good.slice(0, at), poison, ...good.slice(at)];
}

async function armedTick() {
  const taskId = await world.startTask();
  const tickToken = (await world.task(taskId)).scheduler.tickToken ?? '';
  return { taskId, userId: world.userId, tickToken };
}

describe('of claims in one batch', () => {
  const poisons = fc.constantFrom<Record<string, string>>(
    { tickToken: 'a\u0000b' },
    { tickToken: '\ud800' },
    { tickToken: 'not-a-uuid' },
    { tickToken: 'x'.repeat(100_000) },
    { userId: 'a\u0000b' },
    { userId: '\udfff' },
    { taskId: 'not-a-uuid' },
  );

  test('all run except the poisoned one', async () => {
    await fc.assert(
      fc.asyncProperty(poisons, fc.nat(GOOD_ROWS), async (poison, place) => {
        const good = await goodRows(armedTick);
        const bad = await armedTick();
        const before = await world.task(bad.taskId);
        const ticks = mixed(good, { ...bad, ...poison }, place);
        const outcomes = await Promise.allSettled(ticks.map((tick) => world.runner.runTick(tick)));
        await world.runner.idle();

        const ran = outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value.result.ran);
        expect(ran).toHaveLength(GOOD_ROWS);
        for (const { taskId } of good)
          expect(await world.task(taskId)).toMatchObject({ status: 'scheduled', totalTopics: 1 });
        expect(await world.task(bad.taskId)).toEqual(before);
      }),
      { numRuns: 10 },
    );
  });

  test.each([
    ['a prompt with a NUL, which Postgres cannot store', { prompt: 'a\u0000b' }],
    ['a prompt with broken Unicode', { prompt: 'a\ud800b' }],
    ['a topic that is not a UUID', { continueTopicId: 'first' }],
  ])('all manual runs run except one with %s', async (_name, poison) => {
    const create = async () => (await world.createTask()).id;
    const good = await goodRows(create);
    const bad = await create();
    const requests = mixed(
      good.map((taskId) => ({ taskId })),
      { taskId: bad, ...poison },
      5,
    );
    const outcomes = await Promise.allSettled(
      requests.map((request) => world.runner.run(world.userId, request)),
    );
    await world.runner.idle();

    expect(outcomes.map(({ status }) => status).filter((status) => status === 'rejected')).toHaveLength(1);
    for (const taskId of good) expect(await world.task(taskId)).toMatchObject({ totalTopics: 1 });
    expect(await world.task(bad)).toMatchObject({ status: 'backlog', totalTopics: 0 });
  });
});

describe('of completions in one batch', () => {
  const message = { role: 'assistant' as const, content: 'Counted' };
  const poisons: Record<string, Partial<OperationCompletion>> = {
    'a memory with a NUL, which Postgres cannot store': { report: { content: '', memory: { a: '\u0000' } } },
    'a memory with broken Unicode': { report: { content: '', memory: ['\ud800'] } },
    'a memory nested too deep to be serialized': { report: { content: '', memory: nested(100_000) } },
    'a message whose id is not a UUID': { transcript: [{ ...message, id: 'first' }] },
    'a message with a NUL, which Postgres cannot store': {
      transcript: [{ ...message, id: '0b7bb5a5-6b25-4bb5-9d5c-7a1e5b0a3f11', content: 'a\u0000b' }],
    },
    'a next run after the last possible date': { report: { content: '', nextRunInSeconds: 1e300 } },
  };

  /** Starts a run whose agent reports later, of a task that lets the agent choose its next run. */
  async function startAcceptedRun(): Promise<OperationCompletion> {
    const pacing = { minSeconds: 1, maxSeconds: 366 * 24 * 3_600 };
    const { id: taskId } = await world.createTask({ config: { pacing } });
    const { operationId, topicId } = await world.runner.run(world.userId, { taskId });
    const completion = { operationId, topicId, taskId, userId: world.userId, status: 'done' } as const;
    return {
      ...completion,
      errorCode: null,
      errorMessage: null,
      report: { content: 'Counted' },
      usage: null,
      transcript: [],
    };
  }

  test.each(Object.entries(poisons))('all are settled except one with %s', async (_name, poison) => {
    world.agent.default({ kind: 'accepted', timeoutSeconds: 600 });
    const good = await goodRows(startAcceptedRun);
    const bad = await startAcceptedRun();
    await world.runner.idle();
    const before = await world.task(bad.taskId);
    const completions = mixed(good, { ...bad, ...poison }, 5);
    const outcomes = await Promise.allSettled(
      completions.map((completion) => world.lifecycle.settle(completion)),
    );

    const isSettled = (index: number): boolean => {
      const outcome = outcomes[index];
      return outcome?.status === 'fulfilled' && outcome.value.settled;
    };
    for (const [index, { taskId }] of completions.entries()) {
      if (taskId === bad.taskId) continue;
      expect(isSettled(index)).toBe(true);
      expect(await world.task(taskId)).toMatchObject({ status: 'scheduled' });
    }
    // The poisoned one is settled alone, or it is left unchanged for the watchdog.
    if (!isSettled(5)) expect(await world.task(bad.taskId)).toEqual(before);
    expect(await world.lifecycle.settle(bad)).toEqual(
      isSettled(5) ? { settled: false, reason: 'already-settled' } : { settled: true },
    );
  });
});
