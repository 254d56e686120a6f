import { randomBytes, randomUUID } from 'node:crypto';
import { claimOperations } from '@everbeat/database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const incompressible = (bytes: number): string => randomBytes(bytes).toString('hex').slice(0, bytes);

test.each([
  ['no memory', null],
  ['a small one, which comes with the claim', { seen: 3 }],
  ['one of some kilobytes', { text: incompressible(9_000) }],
  ['one of a megabyte', { text: incompressible(900_000) }],
])('a run is given what its agent stored in the run before: %s', async (_name, memory) => {
  const id = await world.startTask();
  world.agent.next({ kind: 'done', content: 'ok', ...(memory !== null && { memory }) });
  await world.beat(id);
  const others = world.agent.calls.length;

  await world.beat(id);

  expect(world.agent.calls[others]?.memory).toEqual(memory);
});

test('a person’s run is given a large memory too', async () => {
  const id = await world.startTask();
  const memory = { text: incompressible(20_000) };
  world.agent.next({ kind: 'done', content: 'ok', memory });
  await world.beat(id);

  await world.runNow(id);

  expect(world.agent.calls.at(-1)?.memory).toEqual(memory);
});

test('a claim brings a small memory along, and leaves a large one to be read when the run begins', async () => {
  const pool = world.testDatabase.database.pool;
  const claimOne = async (memory: object) => {
    const id = await world.startTask();
    world.agent.next({ kind: 'done', content: 'ok', memory });
    await world.beat(id);
    await world.clock.advance(60_000);
    const { tickToken } = (await world.task(id)).scheduler;
    const request = {
      taskId: id,
      userId: world.userId,
      tickToken,
      revision: null,
      continueTopicId: null,
      operationId: randomUUID(),
      topicId: randomUUID(),
      extraPrompt: null,
      callbackHash: 'x',
      deferred: false,
      pools: null,
    };
    return (await claimOperations(pool, [request], world.clock.now())).get(request.operationId);
  };

  expect(await claimOne({ seen: 3 })).toMatchObject({ memory: { seen: 3 }, hasLargeMemory: false });
  const large = { text: incompressible(9_000) };
  expect(await claimOne(large)).toMatchObject({ memory: null, hasLargeMemory: true });
});
