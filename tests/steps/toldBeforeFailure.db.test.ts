import { expect, test } from 'vitest';
import { stepsWorldPerTest } from './stepsWorld';

/** What a model has told with its tools, when its run then fails. */

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
