import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TaskConfig } from '@everbeat/domain';
import { createTempFolder } from '@everbeat/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ApiWorld, createApiWorld } from '../support/apiWorld';

let folder: string;
let data: string;
let world: ApiWorld;
beforeEach(async () => {
  folder = await createTempFolder('example');
  data = await createTempFolder('data');
  const todo = `"${process.execPath}" '${path.resolve('examples/command-agent/todo.mjs')}' '${folder}'`;
  world = await createApiWorld({ env: { AGENT_COMMANDS: JSON.stringify({ todo }), DATA_DIR: data } });
});
afterEach(async () => {
  await world.close();
  await Promise.all([rm(folder, { recursive: true }), rm(data, { recursive: true })]);
});

/** Lets a heartbeat task run the example once. */
async function runOnce(config: TaskConfig = {}) {
  const api = world.ada;
  const agent = await api.agent.create({ name: 'To do', kind: 'command', config: { command: 'todo' } });
  const { id } = await world.createTask({ agentId: agent.id, config });
  await api.task.start({ id });
  expect(await world.beat(id)).toMatchObject({ ran: true });
  const { status, topics } = await api.task.detail({ id });
  const { items } = await api.task.transcript({ topicId: topics[0]?.id ?? '' });
  return { status, topic: topics[0], content: items.find(({ role }) => role === 'assistant')?.content };
}

test('command-agent prints a report, and goes on while there is something to do', async () => {
  await writeFile(path.join(folder, 'ship.txt'), 'one\n// TODO: paint it\n');

  expect(await runOnce()).toMatchObject({
    status: 'scheduled',
    topic: { status: 'done', title: '1 to do' },
    content: `- \`${path.join(folder, 'ship.txt')}:2\` // TODO: paint it`,
  });
});

test('command-agent completes its task, where it may, when nothing is left', async () => {
  expect(await runOnce({ mayComplete: true })).toMatchObject({
    status: 'completed',
    topic: { status: 'done', title: '0 to do' },
    content: 'There is nothing to do.',
  });
});
