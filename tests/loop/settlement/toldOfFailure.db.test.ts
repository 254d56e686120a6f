import type { AgentOutcome } from '@everbeat/agents';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from '../../support/world';

/** What the report of a run says that failed. */

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterEach(() => world.expectSound());
afterAll(() => world.close());

const question = (priority: 'normal' | 'urgent') =>
  ({
    type: 'decision',
    priority,
    title: `A ${priority} question`,
    summary: 'Shall I?',
    key: 'paper',
  }) as const;

const failed = (priority: 'normal' | 'urgent'): AgentOutcome => ({
  kind: 'error',
  errorCode: 'agent_error',
  errorMessage: 'Out of paper',
  told: {
    briefs: [question(priority)],
    comments: ['Half of it is done'],
    subtasks: [{ instruction: 'Do the rest' }],
    documents: [{ name: 'Log', content: 'Half' }],
  },
});

test('stands beside the brief of the failure, which counts as one', async () => {
  const taskId = await world.startTask();
  world.agent.next(failed('normal'));
  await world.beat(taskId);
  const briefs = await world.briefs(taskId);
  expect(briefs.map(({ title }) => title)).toContain('A normal question');
  expect(briefs.map(({ type }) => type)).toContain('error');
  const written = await world.query(
    `select (select content from everbeat.task_comments where task_id = $1) as comment,
       (select instruction from everbeat.tasks where parent_task_id = $1) as part,
       (select content from everbeat.task_documents where task_id = $1 and name = 'Log') as log`,
    [taskId],
  );
  expect(written).toEqual([{ comment: 'Half of it is done', part: 'Do the rest', log: 'Half' }]);
  expect((await world.task(taskId)).scheduler).toMatchObject({ consecutiveFailures: 1, blockedBy: null });
});

test('holds the task where it is an urgent question', async () => {
  const taskId = await world.startTask();
  world.agent.next(failed('urgent'));
  await world.beat(taskId);
  expect(await world.task(taskId)).toMatchObject({
    status: 'scheduled',
    scheduler: { consecutiveFailures: 1, blockedBy: 'urgent-brief' },
  });
});
