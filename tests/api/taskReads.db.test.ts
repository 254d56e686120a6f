import { LIMITS } from '@everbeat/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiWorld, createApiWorld, refusalOf } from '../support/apiWorld';

let world: ApiWorld;
beforeAll(async () => {
  world = await createApiWorld({ env: { HEARTBEAT_MIN_SECONDS: '10' } });
});
afterAll(() => world.close());

const create = (input: Partial<Parameters<ApiWorld['ada']['task']['create']>[0]> = {}) =>
  world.ada.task.create({ instruction: 'Count the boats', ...input });

describe('task.list', () => {
  const names = async (filter: Parameters<ApiWorld['ada']['task']['list']>[0]): Promise<string[]> =>
    (await world.bob.task.list(filter)).items.map((task) => task.name);

  it('returns each task once over its pages, newest first', async () => {
    const fresh = await createApiWorld();
    const made: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      made.push((await fresh.bob.task.create({ instruction: `Task ${index}` })).id);
    }
    const seen: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await fresh.bob.task.list({ limit: 3, cursor });
      seen.push(...page.items.map((task) => task.id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(made.toReversed());
    await fresh.close();
  });

  it('finds text anywhere in name, instruction or identifier, in any case, without wildcards', async () => {
    await world.bob.task.create({ name: 'Offer of 100%', instruction: 'Compare' });
    await world.bob.task.create({ name: 'Offer of 1000', instruction: 'snake_case and back\\slash' });

    expect(await names({ query: '100%' })).toEqual(['Offer of 100%']);
    expect(await names({ query: 'SNAKE_' })).toEqual(['Offer of 1000']);
    expect(await names({ query: 'k\\s' })).toEqual(['Offer of 1000']);
    expect(await names({ query: 'e_c' })).toEqual(['Offer of 1000']);
    expect(await names({ query: 'Offer of' })).toEqual(['Offer of 1000', 'Offer of 100%']);
    expect(await names({ query: 't-1' })).toEqual(['Offer of 100%']);
    expect(await names({ query: '' })).toHaveLength(2);
  });

  it('finds the tasks that watch a page, however its address is written', async () => {
    const watching = (url: string) =>
      world.ada.task.create({ instruction: 'Watch', config: { watch: { url } } });
    const task = await watching('https://example.com/news/');
    await watching('https://example.com/news/today');
    for (const watches of ['https://example.com/news', 'https://EXAMPLE.com/news/#top']) {
      expect((await world.ada.task.list({ watches })).items.map(({ id }) => id)).toEqual([task.id]);
    }
    expect((await world.bob.task.list({ watches: 'https://example.com/news' })).items).toEqual([]);
  });

  it('filters by status, parent and agent', async () => {
    const parent = await world.createTask({ name: 'Parent' });
    const child = await create({ parentTaskId: parent.id });
    await world.ada.task.cancel({ id: parent.id });
    const idsOf = async (filter: Parameters<ApiWorld['ada']['task']['list']>[0]) =>
      (await world.ada.task.list(filter)).items.map((task) => task.id);

    expect(await idsOf({ statuses: ['canceled'] })).toEqual([parent.id]);
    expect(await idsOf({ parentTaskId: parent.identifier })).toEqual([child.id]);
    expect(await idsOf({ agentId: parent.agentId ?? '' })).toEqual([parent.id]);
    expect(await idsOf({ parentTaskId: null, limit: LIMITS.pageSizeMax })).not.toContain(child.id);
    expect(await idsOf({ statuses: [] })).toEqual([]);
  });

  it.each([{ limit: 0 }, { limit: LIMITS.pageSizeMax + 1 }, { cursor: 'T-1' }, { query: 'a\u0000' }])(
    'refuses %j',
    async (filter) => {
      expect(await refusalOf(world.ada.task.list(filter))).toMatchObject({ code: 'BAD_REQUEST' });
    },
  );
});

describe('a run', () => {
  it('appears in task.detail while it runs and after it was interrupted', async () => {
    const task = await world.createTask();
    world.agent.hold();
    const run = await world.ada.task.run({ id: task.identifier, prompt: 'Only the red ones' });
    expect(run).toMatchObject({ taskId: task.id, taskIdentifier: task.identifier });

    const during = await world.ada.task.detail({ id: task.id });
    expect(during.runningOperation).toMatchObject({
      id: run.operationId,
      status: 'running',
      startedAt: expect.any(Date),
    });
    expect(during).toMatchObject({ status: 'running', agent: { kind: 'http', name: 'Scripted' } });
    expect(await refusalOf(world.ada.task.run({ id: task.id }))).toMatchObject({
      code: 'CONFLICT',
      appCode: 'run-in-flight',
    });

    const stopped = await world.ada.task.interrupt({ operationId: run.operationId });
    world.agent.release();
    await world.runner.idle();
    expect(stopped).toMatchObject({
      id: run.operationId,
      status: 'interrupted',
      finishedAt: expect.any(Date),
    });
    expect(await refusalOf(world.ada.task.interrupt({ operationId: run.operationId }))).toMatchObject({
      code: 'CONFLICT',
      appCode: 'operation-settled',
    });
    const after = await world.ada.task.detail({ id: task.id });
    expect(after).toMatchObject({ status: 'paused', runningOperation: null });
    expect(after.topics).toMatchObject([
      { id: run.topicId, number: 1, trigger: 'manual', status: 'interrupted' },
    ]);
  });

  it('has a transcript that pages from its beginning', async () => {
    const task = await world.createTask();
    world.agent.next((request) => {
      for (const content of ['one', 'two', 'three']) request.emit({ role: 'assistant', content });
      return { kind: 'done', content: 'four' };
    });
    const { topicId } = await world.ada.task.run({ id: task.id });
    await world.runner.idle();

    const first = await world.ada.task.transcript({ topicId, limit: 2 });
    const rest = await world.ada.task.transcript({ topicId, cursor: first.nextCursor });
    const contents = [...first.items, ...rest.items].map((message) => message.content);
    expect(first.items).toHaveLength(2);
    expect(rest.nextCursor).toBeNull();
    expect(contents.slice(-4)).toEqual(['one', 'two', 'three', 'four']);
  });

  it('has no assistant message in its transcript before the agent has said anything', async () => {
    const task = await world.createTask();
    world.agent.hold();
    const { topicId } = await world.ada.task.run({ id: task.id });
    const { items } = await world.ada.task.transcript({ topicId });
    expect(items.filter((message) => message.role === 'assistant')).toEqual([]);
    world.agent.release();
    await world.runner.idle();
  });

  it('appears in the ledger of task.detail, newest first', async () => {
    const task = await world.createTask();
    await world.ada.task.start({ id: task.id });
    await world.beat(task.id);

    const detail = await world.ada.task.detail({ id: task.id });
    expect(detail.ticks).toMatchObject([
      { outcome: null, trigger: 'heartbeat' },
      { outcome: 'fired', lateMs: 0, operationId: detail.topics[0] && expect.any(String) },
    ]);
    expect(detail.nextRunAt).toEqual(detail.ticks[0]?.dueAt);
    expect(detail.activities.every((activity) => activity.kind !== 'arm')).toBe(true);
  });
});

describe('a run that failed and is tried again', () => {
  it('is told in the ledger with its class, and each attempt with its number', async () => {
    const id = await world.startTask();
    const failure = { kind: 'error', errorCode: 'agent_http_503', errorMessage: 'Away' } as const;
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      world.agent.next(failure);
      await world.beat(id);
    }
    await world.beat(id);

    const { ticks } = await world.ada.task.detail({ id });
    expect(ticks.map(({ outcome, attempt, failureClass }) => [outcome, attempt, failureClass])).toEqual([
      [null, null, null],
      ['fired', 3, null],
      ['fired', 2, 'transient'],
      ['fired', 1, 'transient'],
    ]);
    expect((await world.ada.task.ticks({ id })).items).toEqual(ticks);
  });
});

describe('the lists that task.detail shortens', () => {
  type Paged<Item> = (page: { limit: number; cursor?: string | null }) => Promise<{
    items: Item[];
    nextCursor: string | null;
  }>;

  /** All items, read in pages of four. */
  async function readAll<Item>(read: Paged<Item>): Promise<Item[]> {
    const first = await read({ limit: 4 });
    const items = [...first.items];
    for (let cursor = first.nextCursor; cursor !== null; ) {
      const page = await read({ limit: 4, cursor });
      items.push(...page.items);
      cursor = page.nextCursor;
    }
    return items;
  }

  it('task.topics returns each topic once over its pages, newest first', async () => {
    const task = await world.createTask();
    await world.ada.task.start({ id: task.id });
    for (let beats = 0; beats < 9; beats += 1) await world.beat(task.id);

    const topics = await readAll((page) => world.ada.task.topics({ id: task.identifier, ...page }));

    expect(topics.map((topic) => topic.number)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(topics).toEqual((await world.ada.task.detail({ id: task.id })).topics);
  });

  it('task.ticks returns each row once over its pages, even if many arms were made at the same instant', async () => {
    const task = await world.createTask();
    await world.ada.task.start({ id: task.id });
    await world.beat(task.id);
    expect(await world.ada.task.detail({ id: task.id })).toMatchObject({ hasOlderTicks: false });
    for (let arms = 0; arms < 21; arms += 1) await world.ada.task.start({ id: task.id });

    const ticks = await readAll((page) => world.ada.task.ticks({ id: task.identifier, ...page }));

    expect(new Set(ticks.map((tick) => tick.token)).size).toBe(23);
    expect(ticks).toHaveLength(23);
    expect(ticks.at(-1)).toMatchObject({ outcome: 'fired' });
    const detail = await world.ada.task.detail({ id: task.id });
    expect(detail.hasOlderTicks).toBe(true);
    expect(detail.ticks).toEqual(ticks.slice(0, 20));
  });

  it('a cursor of another task returns nothing, and an unreadable cursor is refused', async () => {
    const [task, other] = [await world.createTask(), await world.createTask()];
    await world.ada.task.start({ id: task.id });
    await world.clock.advance(1_000);
    await world.ada.task.start({ id: other.id });
    const [{ token: cursor } = { token: '' }] = (await world.ada.task.ticks({ id: other.id })).items;

    expect(await world.ada.task.ticks({ id: task.id, cursor })).toEqual({ items: [], nextCursor: null });
    for (const read of [world.ada.task.ticks, world.ada.task.topics]) {
      expect(await refusalOf(read({ id: task.id, cursor: 'T-1' }))).toMatchObject({ code: 'BAD_REQUEST' });
    }
  });
});

describe('a person', () => {
  it('starts, pauses, resumes, cancels and deletes a task, and gets the task as it is afterwards', async () => {
    const task = await world.createTask();
    expect(await world.ada.task.start({ id: task.identifier })).toMatchObject({
      status: 'scheduled',
      nextRunAt: world.clock.now(),
    });
    expect(await world.ada.task.pause({ id: task.id })).toMatchObject({ status: 'paused', nextRunAt: null });
    expect(await world.ada.task.resume({ id: task.id })).toMatchObject({ status: 'scheduled' });
    expect(await world.ada.task.cancel({ id: task.id })).toMatchObject({ status: 'canceled' });
    expect(await refusalOf(world.ada.task.resume({ id: task.id }))).toMatchObject({
      code: 'PRECONDITION_FAILED',
      appCode: 'invalid-transition',
    });
    expect(await world.ada.task.delete({ id: task.identifier })).toEqual({ id: task.id });
    expect(await refusalOf(world.ada.task.detail({ id: task.id }))).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('pauses a task with a reason, which is cleared when the task leaves the pause', async () => {
    const task = await world.createTask();
    const pausedReason = async () => (await world.ada.task.detail({ id: task.id })).pausedReason;
    await world.ada.task.start({ id: task.id });
    expect(await world.ada.task.pause({ id: task.id, reason: ' Over the holidays ' })).toMatchObject({
      status: 'paused',
      pausedReason: 'Over the holidays',
    });

    await world.ada.task.pause({ id: task.id });
    await world.ada.task.update({ id: task.id, name: 'Renamed' });
    expect(await pausedReason()).toBe('Over the holidays');
    await world.ada.task.pause({ id: task.id, reason: 'Until Monday' });
    expect(await pausedReason()).toBe('Until Monday');

    await world.ada.task.resume({ id: task.id });
    expect(await pausedReason()).toBeNull();
    const tooLong = world.ada.task.pause({
      id: task.id,
      reason: 'x'.repeat(LIMITS.pausedReasonCharsMax + 1),
    });
    expect(await refusalOf(tooLong)).toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('clears the reason of a pause by running the task', async () => {
    const task = await world.createTask();
    await world.ada.task.pause({ id: task.id, reason: 'Over the holidays' });
    await world.ada.task.run({ id: task.id });
    expect((await world.ada.task.detail({ id: task.id })).pausedReason).toBeNull();
  });

  it('comments on a task; an empty comment is refused', async () => {
    const task = await create();
    const comment = await world.ada.task.comment({ id: task.identifier, content: ' Look again ' });

    expect(comment).toMatchObject({ taskId: task.id, author: 'user', content: 'Look again' });
    expect((await world.ada.task.detail({ id: task.id })).comments).toEqual([comment]);
    expect(await refusalOf(world.ada.task.comment({ id: task.id, content: ' ' }))).toMatchObject({
      code: 'BAD_REQUEST',
    });
  });
});
