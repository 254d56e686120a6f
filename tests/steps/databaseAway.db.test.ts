import { expect, test } from 'vitest';
import { awayFor } from '../support/statementFaults';
import { stepsWorldPerTest } from './stepsWorld';

const world = stepsWorldPerTest();

/** Lets a failed statement's answer arrive, and then so much time pass. */
async function advance(ms: number): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await world().clock.advance(ms);
}

test('a run whose servers of tools cannot be read waits for the database, and fails for nothing', async () => {
  const serverId = '01900000-0000-7000-8000-000000000001';
  const taskId = await world().startModelTask({ tools: { mcp: [{ serverId }] } });
  world().chat.default({ text: 'All quiet' });
  const met = awayFor(world().testDatabase, 'everbeat_read_mcp_servers');
  await world().begin(taskId);
  await met;
  await advance(250);
  await world().runner.idle();

  expect(await world().operations(taskId)).toMatchObject([{ status: 'done' }]);
  expect((await world().task(taskId)).scheduler.consecutiveFailures).toBe(0);
});

test('a run whose step cannot be written waits for the database, and makes its call once', async () => {
  const taskId = await world().startModelTask();
  world().chat.default({ text: 'All quiet' });
  const met = awayFor(world().testDatabase, 'everbeat_write_steps');
  await world().begin(taskId);
  await met;
  expect(world().chat.requests).toHaveLength(0);
  await advance(250);
  await world().runner.idle();

  expect(world().chat.requests).toHaveLength(1);
  expect(await world().operations(taskId)).toMatchObject([{ status: 'done', losses: 0 }]);
});

test('a run whose step cannot be written for long calls nobody, and is left to its lease', async () => {
  const taskId = await world().startModelTask();
  world().chat.default({ text: 'All quiet' });
  const first = awayFor(world().testDatabase, 'everbeat_write_steps');
  const operationId = await world().begin(taskId);
  await first;
  // The first attempt shares a statement with others; those after it are made alone.
  const last = awayFor(world().testDatabase, 'everbeat_write_steps_alone', 6);
  for (const waitMs of [250, 500, 1_000, 2_000, 5_000, 10_000]) await advance(waitMs);
  await last;
  await world().runner.idle();

  expect(world().chat.requests).toHaveLength(0);
  expect(await world().operations(taskId)).toMatchObject([{ id: operationId, status: 'running' }]);
});
