import { expect, test } from 'vitest';
import { stepsWorldPerTest } from './stepsWorld';

const world = stepsWorldPerTest();

const writes = (content: string) => ({
  text: '',
  toolCalls: [{ name: 'write_document', arguments: { name: 'Memory', content, append: true } }],
});

const documents = async (taskId: string) =>
  (await world().documents.list(world().userId, taskId, true)).map(
    ({ name, version, content, updatedBy }) => [name, version, content, updatedBy],
  );

test('what a model writes into a document is stored once, and its next run reads it', async () => {
  const taskId = await world().startModelTask();
  world().chat.next(writes('Rotterdam publishes at nine.'), { text: 'Noted' });
  await world().beat(taskId);
  expect(await documents(taskId)).toEqual([['Memory', 1, 'Rotterdam publishes at nine.', 'agent']]);

  world().chat.next({ text: 'Read' });
  await world().beat(taskId);
  const { body } = await world().chat.requested(3);
  expect(JSON.stringify(body)).toContain('Rotterdam publishes at nine.');
});

test('what is written is there at once, and stays when the run fails', async () => {
  const taskId = await world().startModelTask();
  world().chat.next(writes('Rotterdam publishes at nine.'), { errorStatus: 401 });
  await world().beat(taskId);
  expect(await world().operations(taskId)).toMatchObject([
    { status: 'error', error_code: 'model_unauthorized' },
  ]);
  expect(await documents(taskId)).toEqual([['Memory', 1, 'Rotterdam publishes at nine.', 'agent']]);
});

test('a run that another process takes over finds what the first one wrote, and it is there once', async () => {
  const taskId = await world().startModelTask();
  world().chat.next(writes('Seen once'), { held: true });
  world().chat.default({ text: 'All quiet' });
  const operationId = await world().begin(taskId);
  await world().chat.requested(2);
  expect(await documents(taskId)).toEqual([['Memory', 1, 'Seen once', 'agent']]);
  const other = await world().secondProcess();
  await world().loseLease(operationId);
  await other.watchdog.sweep();
  await world().chat.requested(3);
  world().chat.release();
  await Promise.all([world().runner.idle(), other.runner.idle()]);

  expect(await documents(taskId)).toEqual([['Memory', 1, 'Seen once', 'agent']]);
});

test('a process whose run was taken over writes no document any more', async () => {
  const taskId = await world().startModelTask();
  world().chat.next({ ...writes('By the first process'), held: true });
  world().chat.default({ text: 'All quiet' });
  const operationId = await world().begin(taskId);
  await world().chat.requested(1);
  const other = await world().secondProcess();
  await world().loseLease(operationId);
  await other.watchdog.sweep();
  await world().chat.requested(2);
  world().chat.release();
  await Promise.all([world().runner.idle(), other.runner.idle()]);

  expect(await documents(taskId)).toEqual([]);
  expect(await world().operations(taskId)).toMatchObject([{ status: 'done' }]);
});

test('a text is added to what a person saves between two steps', async () => {
  const taskId = await world().startModelTask();
  world().chat.next(writes('first'), { ...writes('third'), held: true }, { text: 'Noted' });
  await world().begin(taskId);
  await world().chat.requested(2);
  const document = { taskId, name: 'Memory', content: 'first\nsecond', baseVersion: 1 };
  await world().documents.save(world().userId, document);
  world().chat.release();
  await world().runner.idle();

  expect(await documents(taskId)).toEqual([['Memory', 3, 'first\nsecond\nthird', 'agent']]);
});
