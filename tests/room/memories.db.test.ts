import { randomBytes } from 'node:crypto';
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
