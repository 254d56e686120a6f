import { describe, expect, test } from 'vitest';
import { stepsWorldPerTest } from './stepsWorld';

/** What stays of the prompt that a run stores with its first step. */

const world = stepsWorldPerTest();

const AWAY = { errorStatus: 503 };
const INSTRUCTION = `Watch the harbour. ${'Count the ships at each of its piers. '.repeat(400)}`;
const asks = {
  text: 'I note it.',
  toolCalls: [{ name: 'add_comment', arguments: { content: 'Noted' } }],
};

/** Prose that does not repeat itself, as a report has it. */
const report = (run: number): string =>
  Array.from(
    { length: 80 },
    (_, line) => `Ship ${(run * 7_919 + line * 104_729) % 99_991} lies at pier ${line}.`,
  )
    .join(' ')
    .slice(0, 3_000);

/** The operations whose first step has its prompt, oldest first. */
const prompts = async (taskId: string): Promise<(string | null)[]> => {
  const rows = await world().query<{ prompt: string | null }>(
    `select s.input ->> 'prompt' as prompt from everbeat.operation_steps s join everbeat.operations o on o.id = s.operation_id
     where o.task_id = $1 and s.index = 0 order by o.id`,
    [taskId],
  );
  return rows.map(({ prompt }) => prompt);
};

const startTask = () => world().startModelTask({}, { instruction: INSTRUCTION });

test('a run of a model stores at most 3 kB beside what its model said, its steps included', async () => {
  const taskId = await startTask();
  const runs = 15;
  for (let run = 1; run <= runs; run += 1) {
    world().chat.next({ text: report(run) });
    await world().beat(taskId);
  }
  await world().watchdog.sweep();
  const [stored] = await world().query<{ prompts: number; steps: number }>(
    `select (select avg(pg_column_size(m.*)) from everbeat.messages m join everbeat.topics p on p.id = m.topic_id
         where p.task_id = $1 and m.role = 'user')::int as prompts,
       (select sum(pg_column_size(s.*) - pg_column_size(s.result)) / $2::int from everbeat.operation_steps s
         join everbeat.operations o on o.id = s.operation_id where o.task_id = $1)::int as steps`,
    [taskId, runs],
  );
  expect((stored?.prompts ?? 0) + (stored?.steps ?? 0)).toBeLessThan(3_000);
});

test('the transcript shows a prompt to the letter after it was cleared', async () => {
  const taskId = await startTask();
  world().chat.next({ text: 'All quiet' });
  await world().beat(taskId);
  const [prompt] = await prompts(taskId);
  await world().watchdog.sweep();
  expect(await prompts(taskId)).toEqual([null]);
  const { items } = await world().reads.topics(world().userId, taskId, { limit: 1 });
  const transcript = await world().reads.transcript(world().userId, items[0]?.id ?? '', { limit: 10 });
  expect(transcript.items.find(({ role }) => role === 'user')).toMatchObject({ content: prompt, note: null });
});

describe('the prompt of a run that may go on', () => {
  test('stays while the run is under way', async () => {
    const taskId = await startTask();
    world().chat.next(asks, { text: 'All quiet', held: true });
    await world().begin(taskId);
    await world().chat.requested(2);
    await world().watchdog.sweep();
    expect(await prompts(taskId)).toEqual([expect.stringContaining('Watch the harbour.')]);
    world().chat.release();
    await world().runner.idle();
    await world().watchdog.sweep();
    expect(await prompts(taskId)).toEqual([null]);
  });

  test('stays for the next attempt, which is made with it, and goes when that has ended', async () => {
    const taskId = await startTask();
    world().chat.next(asks, AWAY, AWAY, AWAY, { text: 'All quiet' });
    await world().beat(taskId);
    await world().watchdog.sweep();
    await world().tasks.update(world().userId, { id: taskId, instruction: 'Something else' });
    await world().beat(taskId);
    const [before, after] = [await world().chat.requested(2), await world().chat.requested(5)];
    expect(after.body.messages).toEqual(before.body.messages);
    await world().watchdog.sweep();
    expect(await prompts(taskId)).toEqual([null]);
  });

  test('stays in the newest attempt, where a clock was ahead when an earlier one was made', async () => {
    const taskId = await startTask();
    world().chat.default(AWAY);
    for (let attempt = 1; attempt <= 2; attempt += 1) await world().beat(taskId);
    // The ids of runs follow the clock: the first attempt has the later id then.
    await world().query('update everbeat.operations set attempt = 3 - attempt where task_id = $1', [taskId]);
    await world().watchdog.sweep();
    const [newest] = await prompts(taskId);
    expect(newest).toContain('Watch the harbour.');
  });

  test('is stored once, however often its first call fails', async () => {
    const taskId = await startTask();
    world().chat.default(AWAY);
    for (let attempt = 1; attempt <= 3; attempt += 1) await world().beat(taskId);
    await world().watchdog.sweep();
    expect(await prompts(taskId)).toEqual([null, null, expect.stringContaining('Watch the harbour.')]);
  });
});
