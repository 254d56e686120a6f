import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStepsWorld, type StepsWorld } from './stepsWorld';

let world: StepsWorld;
beforeEach(async () => {
  world = await createStepsWorld();
});
afterEach(async () => {
  try {
    await world.expectSound();
  } finally {
    await world.close();
  }
});

const writes = (content: string) => ({
  text: '',
  toolCalls: [{ name: 'write_document', arguments: { name: 'Memory', content, append: true } }],
});

const documents = async (taskId: string) =>
  (await world.documents.list(world.userId, taskId, true)).map(({ name, version, content, updatedBy }) => [
    ...[name, version, content, updatedBy],
  ]);

test('what a model writes into a document is stored once, and its next run reads it', async () => {
  const taskId = await world.startModelTask();
  world.chat.next(writes('Rotterdam publishes at nine.'), { text: 'Noted' });
  await world.beat(taskId);
  expect(await documents(taskId)).toEqual([['Memory', 1, 'Rotterdam publishes at nine.', 'agent']]);

  world.chat.next({ text: 'Read' });
  await world.beat(taskId);
  const { body } = await world.chat.requested(3);
  expect(JSON.stringify(body)).toContain('Rotterdam publishes at nine.');
});

test('a run that another process takes over stores what the first one was told to, once', async () => {
  const taskId = await world.startModelTask();
  world.chat.next(writes('Seen once'), { held: true });
  world.chat.default({ text: 'All quiet' });
  const operationId = await world.begin(taskId);
  await world.chat.requested(2);
  const other = await world.secondProcess();
  await world.loseLease(operationId);
  await other.watchdog.sweep();
  await world.chat.requested(3);
  expect(await documents(taskId)).toEqual([]);
  world.chat.release();
  await Promise.all([world.runner.idle(), other.runner.idle()]);

  expect(await documents(taskId)).toEqual([['Memory', 1, 'Seen once', 'agent']]);
});
