import { randomUUID } from 'node:crypto';
import type { AgentOutcome } from '@everbeat/agents';
import { LIMITS, PICTURES_PATH } from '@everbeat/domain';
import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createApp } from '@/server/http/app';
import { servePicture } from '@/server/http/pictures';
import { createWorld, type World } from '../support/world';

let world: World;
let app: ReturnType<typeof createApp>;
let ofOwner: Hono;
beforeAll(async () => {
  world = await createWorld();
  app = createApp({ env: world.env, logger: world.logger, container: async () => world });
  ofOwner = new Hono().get(
    '/:id',
    servePicture(async () => world, world.userId),
  );
});
afterEach(() => world.expectSound());
afterAll(() => world.close());

/** A look that has found a change, with a picture of the page. `before`: the picture of the look before. */
const change = (
  id: string,
  before: string[] = [],
  bytes: Buffer = Buffer.from(`picture ${id}`),
): AgentOutcome => ({
  kind: 'done',
  content: 'It changed',
  picture: { id, bytes },
  briefs: [
    {
      type: 'insight',
      priority: 'normal',
      title: 'It changed',
      summary: '',
      purpose: 'change',
      pictures: [...before, id],
    },
  ],
});
async function look(taskId: string, outcome: AgentOutcome): Promise<void> {
  world.agent.next(outcome);
  await world.runNow(taskId);
}
const get = (id: string) => ofOwner.request(`/${id}`);
/** By the route of the application, whose user has none of these tasks. */
const getByApp = (id: string, host = 'localhost:3000') =>
  app.request(`${PICTURES_PATH}/${id}`, { headers: { host } });
const stored = async (taskId: string) =>
  (
    await world.query<{ id: string }>('select id from everbeat.task_pictures where task_id = $1', [taskId])
  ).map(({ id }) => id);
const openBrief = async (taskId: string) =>
  (await world.reads.briefs(world.userId, { taskId, unresolved: true })).items[0];

test('a brief names the pictures before and after, which its owner is served as images alone', async () => {
  const taskId = await world.startTask();
  const [first, second] = [randomUUID(), randomUUID()];
  await look(taskId, { kind: 'done', content: 'Watching', picture: { id: first, bytes: Buffer.from('a') } });
  await look(taskId, change(second, [first]));
  expect(await openBrief(taskId)).toMatchObject({ pictures: [first, second] });

  const response = await get(second);
  expect([response.status, await response.text()]).toEqual([200, `picture ${second}`]);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'image/jpeg',
    'cache-control': 'private, max-age=31536000, immutable',
  });
  const ofSomebodyElse = await getByApp(second);
  expect(ofSomebodyElse.status).toBe(404);
  expect(Object.fromEntries(ofSomebodyElse.headers)).toMatchObject({
    'x-content-type-options': 'nosniff',
    'content-security-policy': expect.stringContaining("default-src 'none'"),
  });
  expect((await getByApp(second, 'evil.example')).status).toBe(403);
  for (const unknown of [randomUUID(), 'no-id']) expect((await get(unknown)).status).toBe(404);
});

test('of changes that nobody has read, a brief shows the page before the first and after the last', async () => {
  const taskId = await world.startTask();
  const [first, second, third] = [randomUUID(), randomUUID(), randomUUID()];
  await look(taskId, change(second, [first]));
  await look(taskId, change(third, [second]));
  expect(await openBrief(taskId)).toMatchObject({ occurrences: 2, pictures: [first, third] });
});

test('only the newest pictures of a task are kept, and none of a deleted one', async () => {
  const taskId = await world.startTask();
  const ids = Array.from({ length: LIMITS.picturesPerTaskMax + 2 }, () => randomUUID());
  for (const id of ids) {
    await look(taskId, change(id));
    world.clock.advance(1_000);
  }
  expect((await stored(taskId)).toSorted()).toEqual(ids.slice(2).toSorted());

  await world.lifecycle.delete(world.userId, taskId);
  expect((await get(ids.at(-1) ?? '')).status).toBe(404);
  await world.watchdog.sweep();
  expect(await stored(taskId)).toEqual([]);
});

test('a picture that cannot be stored costs no report', async () => {
  const taskId = await world.startTask();
  const id = randomUUID();
  await look(taskId, change(id, [], Buffer.alloc(200_001)));
  expect(await openBrief(taskId)).toMatchObject({ title: 'It changed' });
  expect(await stored(taskId)).toEqual([]);
});
