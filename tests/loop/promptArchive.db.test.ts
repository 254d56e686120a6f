import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { awayFor } from '../support/statementFaults';
import { createWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterEach(() => world.expectSound());
afterAll(() => world.close());

/** Prose that does not repeat itself, as a report has it. */
const report = (run: number): string =>
  Array.from(
    { length: 80 },
    (_, line) => `Ship ${(run * 7_919 + line * 104_729) % 99_991} lies at pier ${line}.`,
  )
    .join(' ')
    .padEnd(4_000, `Run ${run}. `)
    .slice(0, 4_000);

/** Beats a task with reports of 4 kB, and returns the prompt that each run's agent was given. */
async function beatWithReports(taskId: string, runs: number): Promise<string[]> {
  const prompts: string[] = [];
  for (let run = 1; run <= runs; run += 1) {
    world.agent.next(async (request) => {
      prompts.push(await request.prompt());
      return { kind: 'done', content: report(run) };
    });
    await world.beat(taskId);
  }
  return prompts;
}

/** The prompt that the transcript of each run shows, oldest run first. */
async function shownPrompts(taskId: string) {
  const { items } = await world.reads.topics(world.userId, taskId, { limit: 100 });
  const transcripts = await Promise.all(
    items.map(({ id }) => world.reads.transcript(world.userId, id, { limit: 10 })),
  );
  return transcripts
    .reverse()
    .flatMap((page) => page.items.filter(({ role }) => role === 'user'))
    .map(({ content, note }) => ({ content, note }));
}

test('every transcript shows the prompt that its agent was given, to the letter, also after an edit', async () => {
  const taskId = await world.startTask({
    instruction: `Watch the harbour. ${'Count the ships. '.repeat(20)}`,
  });
  await world.tasks.comment(world.userId, taskId, 'The pilot boats do not count. '.repeat(10));
  const prompts = await beatWithReports(taskId, 14);
  await world.tasks.update(world.userId, {
    id: taskId,
    instruction: `Watch the airport. ${'Count. '.repeat(40)}`,
  });
  prompts.push(...(await beatWithReports(taskId, 1)));

  expect(await shownPrompts(taskId)).toEqual(prompts.map((content) => ({ content, note: null })));
});

test('a run stores at most 3 kB beside its own report', async () => {
  const taskId = await world.startTask();
  await beatWithReports(taskId, 30);
  const [stored] = await world.query<{ prompts: number; parts: number }>(
    `select (select avg(pg_column_size(m.*)) from everbeat.messages m join everbeat.topics p on p.id = m.topic_id
         where p.task_id = $1 and m.role = 'user' and p.number > 20)::int as prompts,
       (select sum(pg_column_size(q.*)) from everbeat.prompt_parts q where q.task_id = $1)::int as parts`,
    [taskId],
  );
  expect(stored?.prompts).toBeLessThan(3_000);
  // Once for all runs.
  expect(stored?.parts).toBeLessThan(20_000);
});

test('a prompt whose parts are gone is shown without them, and says so', async () => {
  const taskId = await world.startTask();
  await beatWithReports(taskId, 3);
  await world.query(`update everbeat.topics set handoff = 'Changed' where task_id = $1 and number = 1`, [
    taskId,
  ]);
  const [, second, third] = await shownPrompts(taskId);
  for (const shown of [second, third]) {
    expect(shown?.note).toMatch(/one part of it is no longer stored/);
    expect(shown?.content).toMatch(/\(4\d+ characters that are no longer stored\)/);
  }
});

test('a prompt of an earlier version, stored whole, is shown as it is', async () => {
  const taskId = await world.startTask();
  await beatWithReports(taskId, 1);
  await world.query(
    `update everbeat.messages m set content = 'All of it', recipe = null from everbeat.topics p
     where p.id = m.topic_id and p.task_id = $1 and m.role = 'user'`,
    [taskId],
  );
  expect(await shownPrompts(taskId)).toEqual([{ content: 'All of it', note: null }]);
});

test('a prompt whose parts cannot be stored now is stored whole', async () => {
  const taskId = await world.startTask({ instruction: 'Count the ships. '.repeat(20) });
  void awayFor(world.testDatabase, 'everbeat_store_prompt_parts');
  const prompts = await beatWithReports(taskId, 1);
  expect(await world.query('select 1 from everbeat.prompt_parts where task_id = $1', [taskId])).toEqual([]);
  expect(await shownPrompts(taskId)).toEqual(prompts.map((content) => ({ content, note: null })));
});
