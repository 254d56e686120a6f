import type { AgentBrief, AgentOutcome } from '@everbeat/agents';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterEach(() => world.expectSound());
afterAll(() => world.close());

const adds = { ignorePatterns: ['^\\d+ visitors$'] };
const change = (title: string): AgentOutcome => {
  const brief: AgentBrief = {
    type: 'insight',
    priority: 'normal',
    purpose: 'change',
    title,
    summary: `${title}, in full`,
    actions: [
      { key: 'acknowledge', label: 'Done' },
      { key: 'ignore', label: 'Stop reporting changes of this part', adds },
    ],
  };
  return { kind: 'done', content: title, briefs: [brief] };
};

/** A task whose page changed as often as there are titles, and its open brief. */
async function changed(...titles: string[]) {
  const taskId = await world.startTask();
  for (const title of titles) {
    world.agent.next(change(title));
    await world.beat(taskId);
  }
  return { taskId, brief: await openBrief(taskId) };
}

async function openBrief(taskId: string) {
  const { items } = await world.reads.briefs(world.userId, { taskId, unresolved: true });
  expect(items).toHaveLength(1);
  const [brief] = items;
  if (brief === undefined) throw new Error('There is no open brief');
  return brief;
}

it('updates the brief of a change that nobody has read: it tells of both', async () => {
  const { brief } = await changed('Price: 9 → 8', 'Price: 8 → 7');
  expect(brief).toMatchObject({ occurrences: 2, title: 'Price: 8 → 7', readAt: null });
  expect(brief.summary).toBe('Price: 8 → 7, in full\n\n---\n\nPrice: 9 → 8, in full');
});

it('tells of the new change alone once the person has read the brief', async () => {
  const { taskId, brief } = await changed('Price: 9 → 8');
  await world.tasks.markBriefRead(world.userId, brief.id);
  world.agent.next(change('Price: 8 → 7'));
  await world.beat(taskId);
  expect(await openBrief(taskId)).toMatchObject({ summary: 'Price: 8 → 7, in full', readAt: null });
});

it('opens another brief after the person has answered one', async () => {
  const { taskId, brief } = await changed('Price: 9 → 8');
  await world.lifecycle.resolveBrief(world.userId, { id: brief.id, action: 'acknowledge' });
  world.agent.next(change('Price: 8 → 7'));
  await world.beat(taskId);
  expect(await openBrief(taskId)).toMatchObject({ occurrences: 1, title: 'Price: 8 → 7' });
});

it('leads from the brief to the settings of the task', async () => {
  const { brief } = await changed('Price: 9 → 8');
  expect(brief.actions.at(-1)).toEqual({
    key: 'edit-task',
    label: 'Edit what is watched',
    url: `/tasks/${brief.taskIdentifier}?edit=true`,
  });
});

it('ignores a part from now on where the person says so, beside what was ignored before', async () => {
  const { taskId, brief } = await changed('8 visitors');
  const kind = world.agent.kind;
  const config = { endAt: '2100-01-01T00:00:00Z', [kind]: { ignorePatterns: ['^ad$'] } };
  await world.tasks.update(world.userId, { id: taskId, config });
  await world.lifecycle.resolveBrief(world.userId, { id: brief.id, action: 'ignore' });
  const { config: saved } = await world.reads.task(world.userId, taskId);
  expect(saved).toEqual({ ...config, [kind]: { ignorePatterns: ['^ad$', '^\\d+ visitors$'] } });
});

it.each([
  ['has no name', '', 'The page'],
  ['was named by a person', 'My shop', 'My shop'],
])('names a task by its page where it %s', async (_what, name, named) => {
  const taskId = await world.startTask({ instruction: 'Watch the shop', name });
  world.agent.next({ kind: 'done', content: 'Seen', taskName: 'The page' });
  await world.beat(taskId);
  expect((await world.reads.task(world.userId, taskId)).name).toBe(named);
});
