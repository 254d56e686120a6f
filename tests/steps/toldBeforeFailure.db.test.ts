import { LIMITS } from '@everbeat/domain';
import { describe, expect, test } from 'vitest';
import { stepsWorldPerTest } from './stepsWorld';

/** What a model has told with its tools, when its run then ends without a report. */

const world = stepsWorldPerTest();

const calls = (...priorities: ('normal' | 'urgent')[]) => ({
  toolCalls: [
    ...priorities.map((priority) => ({
      name: 'create_brief',
      arguments: { type: 'decision', priority, title: `A ${priority} question`, summary: 'Shall I?' },
    })),
    { name: 'add_comment', arguments: { content: 'Seen' } },
  ],
});
const AWAY = { errorStatus: 503 };
const REFUSED = { errorStatus: 401 };

const comments = async (taskId: string) =>
  (await world().query('select content from everbeat.task_comments where task_id = $1', [taskId])).length;

test('stands, once, beside the brief that says why it failed', async () => {
  const taskId = await world().startModelTask();
  world().chat.next(calls('normal'), REFUSED);
  await world().beat(taskId);
  expect((await world().briefs(taskId)).map(({ title, type }) => [type, title])).toEqual([
    ['decision', 'A normal question'],
    ['error', expect.stringContaining('is paused')],
  ]);
  expect(await comments(taskId)).toBe(1);
});

test('is told by the attempt that goes on from there, and not before', async () => {
  const taskId = await world().startModelTask();
  world().chat.next(calls('normal'), AWAY, AWAY, AWAY, { text: 'All quiet' });
  await world().beat(taskId);
  expect([await world().briefs(taskId), await comments(taskId)]).toEqual([[], 0]);
  await world().beat(taskId);
  expect(await world().briefs(taskId)).toMatchObject([{ title: 'A normal question', occurrences: 1 }]);
  expect(await comments(taskId)).toBe(1);
});

test('holds the task if it is a question, as after a run that went well', async () => {
  const taskId = await world().startModelTask();
  world().chat.next(calls('urgent'), { finishReason: 'content_filter', text: '' });
  await world().beat(taskId);
  expect(await world().operations(taskId)).toMatchObject([{ status: 'error', failure_class: 'agent' }]);
  const { status, scheduler } = await world().task(taskId);
  expect([status, scheduler.blockedBy, scheduler.consecutiveFailures]).toEqual([
    'scheduled',
    'urgent-brief',
    1,
  ]);
});

/** A run that has told all this, and whose next call of the model is under way. */
async function told(config: Record<string, unknown> = {}): Promise<{ taskId: string; operationId: string }> {
  const taskId = await world().startModelTask();
  await world().tasks.update(world().userId, { id: taskId, config });
  const part = { name: 'create_subtask', arguments: { name: 'A part', instruction: 'Do a part' } };
  const { toolCalls } = calls('urgent');
  world().chat.next({ toolCalls: [...toolCalls, part] }, { text: 'Too late', held: true });
  const operationId = await world().begin(taskId);
  await world().chat.requested(2);
  return { taskId, operationId };
}

/** The process that executes the run has ended with it. */
async function runEnds(): Promise<void> {
  world().chat.release();
  await world().runner.idle();
}

const subtasks = (taskId: string) =>
  world().query<{ name: string; status: string }>(
    'select name, status from everbeat.tasks where parent_task_id = $1',
    [taskId],
  );
/** In the order of their titles. */
const ofBriefs = async (taskId: string) =>
  (await world().briefs(taskId))
    .map(({ type, priority, title }) => [type, priority, title])
    .toSorted(([, , one = ''], [, , other = '']) => one.localeCompare(other));

const QUESTION = ['decision', 'urgent', 'A urgent question'];
const ASKS = ['decision', 'normal', expect.stringContaining('start this part?')];

describe('is kept, once, when a person', () => {
  test('stops the run, and starts nothing by itself', async () => {
    const { taskId, operationId } = await told({ subtasks: 'start' });
    await world().lifecycle.interrupt(world().userId, operationId);
    await runEnds();

    expect(await world().operations(taskId)).toMatchObject([{ status: 'interrupted' }]);
    expect((await world().task(taskId)).status).toBe('paused');
    expect(await ofBriefs(taskId)).toEqual([QUESTION, ASKS]);
    expect(await comments(taskId)).toBe(1);
    expect(await subtasks(taskId)).toEqual([{ name: 'A part', status: 'backlog' }]);
  });

  test('pauses the task, which then waits for the answer', async () => {
    const { taskId } = await told();
    await world().lifecycle.pause(world().userId, taskId);
    await runEnds();
    await world().lifecycle.resume(world().userId, taskId);

    expect(await ofBriefs(taskId)).toEqual([QUESTION, ASKS]);
    expect((await world().task(taskId)).scheduler).toMatchObject({
      blockedBy: 'urgent-brief',
      tickToken: null,
    });
  });

  test('cancels the task: its questions only inform, and it gets no subtasks', async () => {
    const { taskId } = await told();
    await world().lifecycle.cancel(world().userId, taskId);
    await runEnds();
    expect(await ofBriefs(taskId)).toEqual([['insight', 'normal', 'A urgent question']]);
    expect([await comments(taskId), await subtasks(taskId)]).toEqual([1, []]);
  });

  test('pauses the task while a further attempt is armed', async () => {
    const taskId = await world().startModelTask();
    world().chat.next(calls('normal'), AWAY, AWAY, AWAY);
    await world().beat(taskId);
    await world().lifecycle.pause(world().userId, taskId);
    await world().lifecycle.pause(world().userId, taskId);
    expect(await ofBriefs(taskId)).toEqual([['decision', 'normal', 'A normal question']]);
    expect(await comments(taskId)).toBe(1);
  });
});

describe('is kept, once, when a further attempt is armed and', () => {
  /** A run has told something, and is to be tried again. */
  async function withheld(): Promise<string> {
    const taskId = await world().startModelTask();
    world().chat.next(calls('normal'), AWAY, AWAY, AWAY);
    await world().beat(taskId);
    expect(await world().briefs(taskId)).toEqual([]);
    return taskId;
  }
  const told = async (taskId: string) => [await ofBriefs(taskId), await comments(taskId)];
  const ONCE = [[['decision', 'normal', 'A normal question']], 1];

  test("a person's own run takes its place", async () => {
    const taskId = await withheld();
    world().chat.next({ text: 'All quiet' });
    await world().runNow(taskId);
    expect(await told(taskId)).toEqual(ONCE);
    expect((await world().task(taskId)).scheduler.retry).toBeUndefined();
  });

  /** A run that asks something, and then fails by itself. */
  const ASKS_AND_FAILS = [calls('urgent'), { finishReason: 'content_filter', text: '' }];
  const BOTH = [
    ['decision', 'normal', 'A normal question'],
    ['decision', 'urgent', 'A urgent question'],
  ];

  test("a person's own run that fails asks something, for which the task waits", async () => {
    const taskId = await withheld();
    world().chat.next(...ASKS_AND_FAILS);
    await world().runNow(taskId);
    expect((await world().task(taskId)).scheduler).toMatchObject({ blockedBy: 'urgent-brief' });
    expect((await ofBriefs(taskId)).filter(([type]) => type !== 'error')).toEqual(BOTH);
    expect(await comments(taskId)).toBe(2);
  });

  test("it has asked something itself, while a person's own run of a one-off is to be tried again", async () => {
    const once = { automationMode: null, heartbeatInterval: null } as const;
    const taskId = await world().startModelTask({}, once);
    world().chat.next(calls('urgent'), AWAY, AWAY, AWAY);
    await world().beat(taskId);
    world().chat.next(calls('normal'), AWAY, AWAY, AWAY);
    await world().runNow(taskId);
    expect((await world().task(taskId)).scheduler).toMatchObject({ blockedBy: 'urgent-brief' });
    expect(await ofBriefs(taskId)).toEqual(BOTH);
    expect(await comments(taskId)).toBe(2);
  });

  test('a person answers "retry" to an earlier failure: that cannot be taken back', async () => {
    const taskId = await world().startModelTask();
    world().chat.next({ finishReason: 'content_filter', text: '' }, calls('normal'), AWAY, AWAY, AWAY);
    await world().beat(taskId);
    const [failure] = await world().briefs(taskId);
    await world().beat(taskId);
    const answer = { id: failure?.id ?? '', action: 'retry', comment: null, when: 'now' } as const;
    expect(await world().lifecycle.resolveBrief(world().userId, answer)).toMatchObject({ undoToken: null });
    expect((await ofBriefs(taskId)).filter(([type]) => type !== 'error')).toEqual(ONCE[0]);
    expect(await comments(taskId)).toBe(1);
    world().chat.next({ text: 'All quiet' });
    await world().beat(taskId);
    expect(await comments(taskId)).toBe(1);
  });

  test('its tick finds an urgent question of another run', async () => {
    const taskId = await withheld();
    await world().query(
      `insert into everbeat.briefs
         (id, task_id, user_id, type, priority, title, summary, actions, created_at, updated_at)
       select gen_random_uuid(), id, user_id, 'decision', 'urgent', 'Another question', '', '[]', $2, $2
       from everbeat.tasks where id = $1`,
      [taskId, world().clock.now()],
    );
    await world().beat(taskId);
    expect((await world().task(taskId)).scheduler.blockedBy).toBe('urgent-brief');
    expect(await comments(taskId)).toBe(1);
  });
});

test('is not told by a task that a person deletes', async () => {
  const { taskId } = await told();
  await world().lifecycle.delete(world().userId, taskId);
  await runEnds();
  expect(await world().briefs(taskId)).toEqual([]);
});

test('is kept when the run is given up because its process was lost again and again', async () => {
  const { taskId, operationId } = await told();
  await world().query('update everbeat.operations set losses = $2 where id = $1', [
    operationId,
    LIMITS.lostRunsMax - 1,
  ]);
  await world().loseLease(operationId);
  await (await world().secondProcess()).watchdog.sweep();
  await runEnds();
  expect(await world().operations(taskId)).toMatchObject([{ status: 'timeout', failure_class: 'agent' }]);
  expect(await ofBriefs(taskId)).toEqual([QUESTION, ['error', 'urgent', 'T-1 failed'], ASKS]);
  expect(await comments(taskId)).toBe(1);
});
