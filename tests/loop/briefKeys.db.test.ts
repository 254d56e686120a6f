import type { AgentBrief } from '@everbeat/agents';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterEach(() => world.expectSound());
afterAll(() => world.close());

const brief = (changes: Partial<AgentBrief> = {}): AgentBrief => ({
  type: 'insight',
  priority: 'normal',
  title: 'Pull 7 waits',
  summary: 'since Monday',
  key: 'pull-7',
  ...changes,
});

/** Runs the task, whose agent writes these briefs. */
async function report(taskId: string, ...briefs: AgentBrief[]): Promise<void> {
  world.agent.next({ kind: 'done', content: 'Looked', briefs });
  await world.runNow(taskId);
}

const open = async (taskId: string) =>
  (await world.reads.briefs(world.userId, { taskId, unresolved: true })).items.toReversed();

describe('a brief whose key is that of an open one', () => {
  test('updates it instead of adding another, and it is unread again', async () => {
    const id = await world.startTask();
    await report(id, brief());
    const [first] = await open(id);
    await world.tasks.markBriefRead(world.userId, first?.id ?? '');
    await report(id, brief({ title: 'Pull 7 still waits', actions: [{ key: 'merge', label: 'Merge it' }] }));

    expect(await open(id)).toMatchObject([
      {
        id: first?.id,
        key: 'pull-7',
        title: 'Pull 7 still waits',
        occurrences: 2,
        readAt: null,
        actions: [{ key: 'merge', label: 'Merge it' }],
      },
    ]);
    const changes = await world.query<{ reason: string }>(
      `select reason from everbeat.task_activities where task_id = $1 and kind = 'brief' order by id`,
      [id],
    );
    expect(changes.map(({ reason }) => reason)).toEqual(['opened', 'read', 'repeated']);
  });

  test('becomes as urgent as the more urgent of the two, and the task waits for it', async () => {
    const id = await world.startTask();
    await report(id, brief({ type: 'decision' }));
    await report(id, brief({ type: 'decision', priority: 'urgent' }));
    expect(await world.task(id)).toMatchObject({ scheduler: { blockedBy: 'urgent-brief' } });
    await report(id, brief({ type: 'decision', priority: 'info' }));

    expect(await open(id)).toMatchObject([{ priority: 'urgent', occurrences: 3 }]);
    expect(await world.task(id)).toMatchObject({ scheduler: { blockedBy: 'urgent-brief' } });
  });

  test('opens a new one after that was answered', async () => {
    const id = await world.startTask();
    await report(id, brief());
    const [first] = await open(id);
    await world.lifecycle.resolveBrief(world.userId, { id: first?.id ?? '', action: 'acknowledge' });
    await report(id, brief());
    expect(await open(id)).toMatchObject([{ occurrences: 1 }]);
    expect(await world.briefs(id)).toHaveLength(2);
  });

  test('stands beside it if it is of another type, another task, or the same report', async () => {
    const [id, other] = [await world.startTask(), await world.startTask()];
    await report(id, brief());
    await report(id, brief({ type: 'result' }));
    await report(other, brief(), brief({ title: 'And it is red' }));

    expect((await open(id)).map(({ type, occurrences }) => [type, occurrences])).toEqual([
      ['insight', 1],
      ['result', 1],
    ]);
    expect((await open(other)).map(({ title, key }) => [title, key])).toEqual([
      ['Pull 7 waits', 'pull-7'],
      ['And it is red', null],
    ]);
  });
});
