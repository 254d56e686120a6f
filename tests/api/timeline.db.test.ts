import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiWorld, createApiWorld, refusalOf } from '../support/apiWorld';

let world: ApiWorld;
let topicId: string;
beforeAll(async () => {
  world = await createApiWorld();
  const taskId = (await world.createTask()).id;
  await world.runNow(taskId);
  const [topic] = await world.query<{ id: string }>('select id from everbeat.topics where task_id = $1', [
    taskId,
  ]);
  topicId = topic?.id ?? '';
  await world.ada.task.run({ id: taskId, continueTopicId: topicId });
  await world.runner.idle();
  // The prompt of each run, as agents that read words leave it in the transcript.
  await world.query(
    `insert into everbeat.messages (id, topic_id, user_id, operation_id, role, content, created_at)
     select gen_random_uuid(), o.topic_id, o.user_id, o.id, 'user', 'Look', o.started_at
     from everbeat.operations o where o.topic_id = $1`,
    [topicId],
  );
  // 125 steps in each of the two runs, every fifth a call of the model that has cost something.
  await world.query(
    `insert into everbeat.operation_steps (operation_id, index, kind, name, status, policy, occurrence, started_at,
       ended_at, usage)
     select o.id, n, case when n % 5 = 0 then 'model' else 'tool' end, 'step', 'done', null, o.id || ':' || n,
       o.started_at + n * interval '1 s', o.started_at + n * interval '1 s',
       case when n % 5 = 0 then '{"inputTokens": 10, "outputTokens": 2, "costUsd": 0.01}'::jsonb end
     from everbeat.operations o, generate_series(0, 124) n where o.topic_id = $1`,
    [topicId],
  );
});
afterAll(() => world.close());

const read = async (cursor?: string) => world.ada.task.timeline({ topicId, limit: 100, cursor });
const places = (items: readonly { operationId: string; index: number }[]): string[] =>
  items.map(({ operationId, index }) => `${operationId}:${index}`);

test('a long timeline is read page by page, the newest step first, each step once', async () => {
  const operations = await world.query<{ id: string }>(
    'select id from everbeat.operations where topic_id = $1 order by started_at desc, id desc',
    [topicId],
  );
  const expected = operations.flatMap(({ id }) => Array.from({ length: 125 }, (_, n) => `${id}:${124 - n}`));
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof read>> = await read(cursor ?? undefined);
    seen.push(...places(page.items));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(seen).toEqual(expected);
});

test('its totals count all steps, whichever page is read', async () => {
  const first = await read();
  const total = { steps: 250, inputTokens: 500, outputTokens: 100, costUsd: expect.closeTo(0.5, 6) };
  expect(first.total).toEqual(total);
  expect((await read(first.nextCursor ?? '')).total).toEqual(total);
});

test('is refused with a cursor that is none, and to others, also with a cursor of hers', async () => {
  expect(await refusalOf(read('not a cursor'))).toMatchObject({ code: 'BAD_REQUEST' });
  const { nextCursor } = await read();
  const call = world.bob.task.timeline({ topicId, cursor: nextCursor });
  expect(await refusalOf(call)).toMatchObject({ code: 'NOT_FOUND' });
});
