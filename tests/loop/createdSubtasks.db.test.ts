import { LIMITS, type TaskConfig } from '@everbeat/domain';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterEach(async () => {
  await world.expectSound();
  // The hours that a later test lets pass are none of these tasks' business.
  for (const { id } of await world.query<{ id: string }>(
    `select id from everbeat.tasks where status = 'scheduled'`,
  ))
    await world.lifecycle.pause(world.userId, id);
});
afterAll(() => world.close());

const parts = (...names: string[]) => names.map((name) => ({ name, instruction: `Do ${name}` }));

/** A task that beats hourly, whose agent has just created these subtasks. */
async function parentOf(names: string[], config: TaskConfig = {}): Promise<string> {
  const id = await world.startTask({ heartbeatInterval: 3_600, config });
  await create(id, names);
  return id;
}
async function create(id: string, names: string[]): Promise<void> {
  world.agent.next({ kind: 'done', content: 'I have split it', subtasks: parts(...names) });
  await world.beat(id);
}

const subtasksOf = async (id: string) =>
  (await world.reads.taskDetail(world.userId, id)).subtasks.toReversed();
const statusesOf = async (id: string) =>
  Object.fromEntries((await subtasksOf(id)).map(({ name, status }) => [name, status]));
const briefsOf = async (id: string) => (await world.reads.taskDetail(world.userId, id)).briefs.toReversed();
const subtask = async (id: string, name: string) =>
  (await subtasksOf(id)).find((task) => task.name === name)?.id ?? '';

async function answer(id: string, action: string): Promise<void> {
  const brief = (await briefsOf(id)).find(({ type, resolvedAt }) => type === 'decision' && !resolvedAt);
  await world.lifecycle.resolveBrief(world.userId, { id: brief?.id ?? '', action });
}

describe('subtasks that an agent creates', () => {
  test('are asked about with one brief that lists them, and does not hold up their parent', async () => {
    const id = await parentOf(['the hull', 'the <b>mast</b> [x](y)']);

    expect(await briefsOf(id)).toMatchObject([
      { type: 'decision', priority: 'normal', title: expect.stringContaining('these 2 parts') },
    ]);
    const [brief] = await briefsOf(id);
    expect(brief?.actions.map(({ key }) => key)).toEqual(['start', 'keep', 'drop']);
    expect(brief?.summary).toBe(
      '- the hull: Do the hull\n- the \\<b\\>mast\\</b\\> \\[x\\]\\(y\\): Do the \\<b\\>mast\\</b\\> \\[x\\]\\(y\\)',
    );
    expect(await world.task(id)).toMatchObject({ status: 'scheduled', scheduler: { blockedBy: null } });
    expect(Object.values(await statusesOf(id))).toEqual(['backlog', 'backlog']);
  });

  test('are added to the brief that is open', async () => {
    const id = await parentOf(['first']);
    await create(id, ['second']);
    expect(await briefsOf(id)).toMatchObject([
      { occurrences: 2, summary: '- first: Do first\n- second: Do second' },
    ]);

    await answer(id, 'start');
    expect(await statusesOf(id)).toEqual({ first: 'scheduled', second: 'scheduled' });
  });

  test('start in layers when the person says so: one that waits for another starts after it', async () => {
    const id = await parentOf(['first', 'second', 'begun already']);
    const [first, second] = [await subtask(id, 'first'), await subtask(id, 'second')];
    await world.tasks.addDependency(world.userId, second, first);
    await world.runNow(await subtask(id, 'begun already'));

    await answer(id, 'start');
    expect(await statusesOf(id)).toEqual({
      first: 'scheduled',
      second: 'backlog',
      'begun already': 'completed',
    });
    await world.beat(first);
    expect(await statusesOf(id)).toMatchObject({ first: 'completed', second: 'scheduled' });
  });

  test.each([
    ['keep', 'backlog'],
    ['drop', 'canceled'],
  ])('with the answer %s are %s', async (action, status) => {
    const id = await parentOf(['one', 'two']);
    await answer(id, action);
    expect(await statusesOf(id)).toEqual({ one: status, two: status });
    expect((await briefsOf(id))[0]?.resolvedAction).toBe(action);
  });

  test('start at once where their parent allows it, and are published', async () => {
    const id = await parentOf(['one', 'two'], { subtasks: 'start' });
    expect(await briefsOf(id)).toEqual([]);
    expect(await statusesOf(id)).toEqual({ one: 'scheduled', two: 'scheduled' });
    const one = await subtask(id, 'one');
    expect(await world.ticks(one)).toMatchObject([{ outcome: null, publications: 1 }]);
    expect(await world.history(one)).toEqual(['∅→scheduled']);

    await world.beat(one);
    expect(await statusesOf(id)).toEqual({ one: 'completed', two: 'scheduled' });
  });

  test('do not start at once in turn what they create themselves', async () => {
    const id = await parentOf(['one'], { subtasks: 'start' });
    const one = await subtask(id, 'one');
    await create(one, ['deeper']);
    expect(await statusesOf(one)).toEqual({ deeper: 'backlog' });
  });

  test('have an instruction that is not the person’s, also without their parent, until the person edits it', async () => {
    const id = await parentOf(['one'], { subtasks: 'start' });
    const one = await subtask(id, 'one');
    await world.query(`update everbeat.tasks set parent_task_id = null where id = '${one}'`);
    const isTyped = async () => {
      world.agent.next({ kind: 'done', content: 'Did it' });
      await world.runNow(one);
      return world.agent.calls.at(-1)?.isInstructionTyped;
    };
    expect(await isTyped()).toBe(false);
    await world.tasks.update(world.userId, { id: one, name: 'Another name' });
    expect(await isTyped()).toBe(false);
    await world.tasks.update(world.userId, { id: one, instruction: 'My own words' });
    expect(await isTyped()).toBe(true);
  });

  test('stay in the backlog, without a brief, where their parent says so', async () => {
    const id = await parentOf(['one'], { subtasks: 'backlog' });
    expect(await briefsOf(id)).toEqual([]);
    expect(await statusesOf(id)).toEqual({ one: 'backlog' });
  });
});

describe('an agent that creates too many', () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `part ${index}`);

  test('is refused what exceeds the limit, and brief and transcript say so', async () => {
    const id = await parentOf(names(LIMITS.openSubtasksMax - 1));
    await create(id, ['fits', 'too many', 'far too many']);

    expect(await subtasksOf(id)).toHaveLength(LIMITS.openSubtasksMax);
    const [brief] = await briefsOf(id);
    expect(brief?.summary).toContain('- fits');
    expect(brief?.summary).toContain('2 subtasks were refused');
    const { topics } = await world.reads.taskDetail(world.userId, id);
    const { items } = await world.reads.transcript(world.userId, topics[0]?.id ?? '', {});
    expect(items.map(({ content }) => content).join()).toContain('2 subtasks were refused');
  });

  test('may create more once some have ended', async () => {
    const id = await parentOf(names(LIMITS.openSubtasksMax), { subtasks: 'backlog' });
    await create(id, ['refused']);
    expect(await briefsOf(id)).toMatchObject([{ type: 'insight' }]);

    await world.lifecycle.cancel(world.userId, await subtask(id, 'part 3'));
    await create(id, ['fits']);
    expect(await statusesOf(id)).toMatchObject({ fits: 'backlog' });
  });

  test('is refused subtasks below the deepest level', async () => {
    let parentTaskId: string | undefined;
    for (let depth = 1; depth <= LIMITS.ancestorsDepthMax; depth += 1) {
      const input = parentTaskId === undefined ? {} : { parentTaskId };
      parentTaskId = (await world.createTask(input)).id;
    }
    const id = parentTaskId ?? '';
    await world.lifecycle.start(world.userId, id);
    await create(id, ['too deep']);
    expect(await subtasksOf(id)).toEqual([]);
    expect((await briefsOf(id))[0]?.summary).toContain('nest at most');
  });
});
