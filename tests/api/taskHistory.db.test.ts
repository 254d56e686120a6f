import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiWorld, createApiWorld, refusalOf } from '../support/apiWorld';

let world: ApiWorld;
let task: string;

beforeAll(async () => {
  world = await createApiWorld();
  task = (await world.createTask()).id;
});
afterAll(() => world.close());

/** The values of a list, page by page. */
async function allPages<Item>(
  read: (cursor: string | undefined) => Promise<{ items: Item[]; nextCursor: string | null }>,
): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await read(cursor);
    items.push(...page.items);
    if (page.nextCursor === null) return items;
    cursor = page.nextCursor;
  }
}

describe('the lists of a task', () => {
  it('reach every comment and every change, and the detail counts them', async () => {
    for (let number = 1; number <= 53; number += 1) {
      await world.ada.task.comment({ id: task, content: `Comment ${number}` });
    }
    const comments = await allPages((cursor) => world.ada.task.comments({ id: task, limit: 20, cursor }));
    expect(comments.map(({ content }) => content)).toEqual(
      Array.from({ length: 53 }, (_, index) => `Comment ${53 - index}`),
    );
    const changes = await allPages((cursor) => world.ada.task.activities({ id: task, limit: 20, cursor }));
    expect(changes.filter(({ kind }) => kind === 'comment')).toHaveLength(53);
    expect(changes.at(-1)).toMatchObject({ kind: 'status', reason: 'created' });

    const detail = await world.ada.task.detail({ id: task });
    expect(detail.comments).toHaveLength(50);
    expect(detail.counts).toEqual({
      comments: 53,
      openBriefs: 0,
      subtasks: 0,
      dependents: 0,
      continuedRuns: 0,
    });
    expect(detail.activities).toEqual(changes.slice(0, 50));
  });

  it('reach every task that waits for it', async () => {
    const waiting: string[] = [];
    for (let number = 1; number <= 53; number += 1) {
      const { id } = await world.createTask();
      await world.ada.task.addDependency({ id, dependsOnId: task });
      waiting.push(id);
    }
    await world.ada.task.delete({ id: waiting.pop() ?? '' });
    const dependents = await allPages((cursor) => world.ada.task.dependents({ id: task, limit: 20, cursor }));
    expect(dependents.map(({ id }) => id)).toEqual(waiting.toReversed());

    const detail = await world.ada.task.detail({ id: task });
    expect(detail.dependents).toEqual(dependents.slice(0, 50));
    expect(detail.counts.dependents).toBe(52);
  });

  it('bring one run by its number', async () => {
    world.agent.default({ kind: 'done', content: 'Counted' });
    const { topicId } = await world.ada.task.run({ id: task });
    await world.runner.idle();
    expect(await world.ada.task.topic({ id: task, number: 1 })).toMatchObject({
      id: topicId,
      handoff: 'Counted',
    });
    expect(await refusalOf(world.ada.task.topic({ id: task, number: 2 }))).toMatchObject({
      appCode: 'topic-not-found',
    });
  });
});

describe('a run that a person continues', () => {
  it('counts as a run, and the time between does not count as work', async () => {
    const { id } = await world.createTask();
    world.agent.default({ kind: 'done', content: 'Counted' });
    const { topicId } = await world.ada.task.run({ id });
    await world.runner.idle();
    await world.clock.advance(3_600_000);
    await world.ada.task.run({ id, continueTopicId: topicId });
    await world.runner.idle();
    const { topics, recentRuns, totalTopics, counts } = await world.ada.task.detail({ id });
    expect([totalTopics, counts.continuedRuns]).toEqual([1, 1]);
    expect(recentRuns).toMatchObject([
      { number: 1, status: 'done' },
      { number: 1, status: 'done' },
    ]);
    expect(topics).toMatchObject([{ id: topicId, runs: 2 }]);
    expect(topics[0]?.workedMs).toBeLessThan(60_000);
    expect((await world.ada.task.topics({ id })).items).toEqual(topics);
    expect(await world.ada.task.topic({ id, number: 1 })).toEqual(topics[0]);
  });
});

describe('a comment', () => {
  it('can be changed and deleted by the person who wrote it, and the history says so', async () => {
    const { id: commentId } = await world.ada.task.comment({ id: task, content: 'Mind the tide' });
    await world.ada.task.editComment({ commentId, content: 'Mind the fog' });
    expect((await world.ada.task.comments({ id: task, limit: 1 })).items).toMatchObject([
      { id: commentId, content: 'Mind the fog' },
    ]);
    await world.ada.task.deleteComment({ commentId });
    expect((await world.ada.task.comments({ id: task, limit: 1 })).items).not.toMatchObject([
      { id: commentId },
    ]);
    const { items } = await world.ada.task.activities({ id: task, limit: 3 });
    expect(items.map(({ reason }) => reason)).toEqual(['deleted', 'edited', 'added']);
    expect(await refusalOf(world.ada.task.deleteComment({ commentId }))).toMatchObject({
      appCode: 'comment-not-found',
    });
  });

  it('of an agent stays as the agent wrote it', async () => {
    world.agent.default({ kind: 'done', content: 'Done', comments: ['The north pier is closed'] });
    await world.ada.task.run({ id: task });
    await world.runner.idle();
    const [comment] = (await world.ada.task.comments({ id: task, limit: 1 })).items;
    const commentId = comment?.id ?? '';
    expect(comment).toMatchObject({ author: 'agent', content: 'The north pier is closed' });
    const refused = [
      world.ada.task.editComment({ commentId, content: 'It is open' }),
      world.ada.task.deleteComment({ commentId }),
    ];
    for (const refusal of await Promise.all(refused.map(refusalOf))) {
      expect(refusal).toMatchObject({ appCode: 'comment-not-found' });
    }
  });
});

describe('a search', () => {
  it('for an identifier brings that task first, whatever else has it in its text', async () => {
    const tasks = [];
    for (let number = 1; number <= 12; number += 1) tasks.push(await world.createTask());
    const named = tasks[3]?.identifier ?? '';
    await world.ada.task.create({ instruction: `Go on with ${named}` });
    for (const sort of ['newest', 'priority'] as const) {
      const found = await allPages((cursor) =>
        world.ada.task.list({ query: named.toLowerCase(), sort, limit: 1, cursor }),
      );
      expect(found[0]?.identifier).toBe(named);
      expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
      expect(found.map(({ instruction }) => instruction)).toContain(`Go on with ${named}`);
    }
  });
});
