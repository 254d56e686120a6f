import type { AgentBrief } from '@everbeat/agents';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiWorld, createApiWorld, refusalOf } from '../support/apiWorld';

let world: ApiWorld;
beforeAll(async () => {
  world = await createApiWorld();
});
afterAll(() => world.close());

/** A task whose only run reported these briefs. */
async function taskWith(...briefs: Partial<AgentBrief>[]) {
  const task = await world.createTask();
  world.agent.next({
    kind: 'done',
    content: 'Done',
    briefs: briefs.map((brief) => ({
      type: 'insight',
      priority: 'normal',
      title: 'Boats',
      summary: 'Three',
      ...brief,
    })),
  });
  await world.ada.task.run({ id: task.id });
  await world.runner.idle();
  return task;
}

const titles = async (filter: Parameters<ApiWorld['ada']['brief']['list']>[0]) =>
  (await world.ada.brief.list(filter)).items.map((brief) => brief.title);

describe('brief.list', () => {
  it('returns briefs with their task, newest first', async () => {
    const task = await taskWith({ title: 'First' }, { title: 'Second' });

    const { items } = await world.ada.brief.list({ taskId: task.identifier });
    expect(items.map((brief) => brief.title)).toEqual(['Second', 'First']);
    expect(items[0]).toMatchObject({
      taskId: task.id,
      taskIdentifier: task.identifier,
      taskName: task.name,
      type: 'insight',
      summary: 'Three',
      occurrences: 1,
      readAt: null,
      resolvedAt: null,
      createdAt: world.clock.now(),
    });
  });

  it('is answered without an edit of the task, where the option changes none of its settings', async () => {
    const { id: taskId } = await taskWith({});
    const [brief] = (await world.ada.brief.list({ taskId })).items;
    await world.ada.brief.resolve({ id: brief?.id ?? '', action: 'acknowledge' });
    const edits = `select 1 from everbeat.task_activities where task_id = $1 and kind = 'edit'`;
    expect(await world.query(edits, [taskId])).toEqual([]);
  });

  it('filters by priority and by whether they are resolved', async () => {
    const { id: taskId } = await taskWith(
      { title: 'Now', priority: 'urgent' },
      { title: 'Later', priority: 'info' },
    );
    const [later] = (await world.ada.brief.list({ taskId, priorities: ['info'] })).items;
    await world.ada.brief.resolve({ id: later?.id ?? '', action: 'acknowledge' });

    expect(await titles({ taskId, priorities: ['urgent', 'normal'] })).toEqual(['Now']);
    expect(await titles({ taskId, unresolved: true })).toEqual(['Now']);
    expect(await titles({ taskId, unresolved: false })).toEqual(['Later']);
    expect(await titles({ taskId, priorities: [] })).toEqual([]);
  });

  it('returns each brief once over its pages', async () => {
    const { id: taskId } = await taskWith(...['1', '2', '3', '4', '5'].map((title) => ({ title })));
    const first = await world.ada.brief.list({ taskId, limit: 2 });
    const second = await world.ada.brief.list({ taskId, limit: 2, cursor: first.nextCursor });
    const third = await world.ada.brief.list({ taskId, limit: 2, cursor: second.nextCursor });

    const seen = [first, second, third].flatMap((page) => page.items.map((brief) => brief.title));
    expect(seen).toEqual(['5', '4', '3', '2', '1']);
    expect(third.nextCursor).toBeNull();
  });
});

describe('brief.resolve', () => {
  it('returns the first resolution, also the second time', async () => {
    const { id: taskId } = await taskWith({ priority: 'urgent', type: 'decision' });
    const [brief] = (await world.ada.brief.list({ taskId })).items;
    const id = brief?.id ?? '';

    const resolved = await world.ada.brief.resolve({ id, action: 'feedback', comment: 'Seen' });
    expect(resolved).toMatchObject({ resolvedAction: 'feedback', resolvedComment: 'Seen' });
    expect(resolved.resolvedAt).toEqual(world.clock.now());
    expect(await world.ada.brief.resolve({ id, action: 'dismiss' })).toEqual({
      ...resolved,
      undoToken: null,
      noUndoReason: 'answered-before',
    });
  });

  it('takes any option that the agent named, and nothing else', async () => {
    const actions = [
      { key: 'left', label: 'Turn left' },
      { key: 'right', label: 'Turn right', style: 'danger' as const },
    ];
    const { id: taskId } = await taskWith({ type: 'decision', priority: 'urgent', actions });
    const [brief] = (await world.ada.brief.list({ taskId })).items;
    expect(brief?.actions).toEqual(actions);
    const id = brief?.id ?? '';

    const refused = world.ada.brief.resolve({ id, action: 'approve' });
    expect(await refusalOf(refused)).toMatchObject({ code: 'BAD_REQUEST', appCode: 'action-not-offered' });
    expect(await world.ada.brief.resolve({ id, action: 'right' })).toMatchObject({ resolvedAction: 'right' });
  });

  it('offers what its type offers when the agent named no options', async () => {
    const { id: taskId } = await taskWith({ type: 'decision' });
    const [brief] = (await world.ada.brief.list({ taskId })).items;
    expect(brief?.actions).toEqual([
      { key: 'approve', label: 'Approve' },
      { key: 'decline', label: 'Decline' },
      { key: 'feedback', label: 'Give feedback' },
      { key: 'dismiss', label: 'Dismiss' },
    ]);
  });

  it('refuses an action that the brief does not offer', async () => {
    const { id: taskId } = await taskWith({});
    const [brief] = (await world.ada.brief.list({ taskId })).items;
    const call = world.ada.brief.resolve({ id: brief?.id ?? '', action: 'approve' });
    expect(await refusalOf(call)).toMatchObject({ code: 'BAD_REQUEST', appCode: 'action-not-offered' });
  });
});

it('brief.get finds a brief, resolved or not', async () => {
  const { id: taskId } = await taskWith({});
  const [brief] = (await world.ada.brief.list({ taskId })).items;
  const id = brief?.id ?? '';
  expect(await world.ada.brief.get({ id })).toEqual(brief);

  const {
    undoToken: _,
    noUndoReason: __,
    ...resolved
  } = await world.ada.brief.resolve({ id, action: 'dismiss' });
  expect(await world.ada.brief.get({ id })).toEqual(resolved);

  const unknown = world.ada.brief.get({ id: taskId });
  expect(await refusalOf(unknown)).toMatchObject({ code: 'NOT_FOUND', appCode: 'brief-not-found' });
});

describe('brief.markRead', () => {
  it('keeps the first time, and writes one history row', async () => {
    const { id: taskId } = await taskWith({});
    const [brief] = (await world.ada.brief.list({ taskId })).items;
    const id = brief?.id ?? '';
    const read = await world.ada.brief.markRead({ id });
    await world.clock.advance(5_000);

    expect(read.readAt).toBeInstanceOf(Date);
    expect(await world.ada.brief.markRead({ id })).toEqual(read);
    const { activities } = await world.ada.task.detail({ id: taskId });
    expect(activities.filter((activity) => activity.reason === 'read')).toMatchObject([
      { kind: 'brief', refId: id },
    ]);
  });
});
