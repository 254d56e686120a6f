import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@everbeat/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TaskPromptRequest, TaskPromptService } from '@/server/services/taskPrompt/TaskPromptService';

let test: TestDatabase;
let prompts: TaskPromptService;

beforeAll(async () => {
  test = await createTestDatabase();
  prompts = new TaskPromptService({ db: test.database.pool });
});
afterAll(() => test.drop());

/** The running second run of a task that has a handoff and a comment. */
async function startedRun(): Promise<TaskPromptRequest> {
  const { pool } = test.database;
  const userId = `user-${randomUUID()}`;
  const taskId = randomUUID();
  const topicId = randomUUID();
  await pool.query("insert into everbeat.users (id, name, email) values ($1, 'A person', $1)", [userId]);
  await pool.query(
    `insert into everbeat.tasks (id, user_id, number, identifier, name, instruction, status, automation_mode, heartbeat_interval)
     values ($1, $2, 1, 'T-1', 'Port watch', 'Watch the port.', 'running', 'heartbeat', 900)`,
    [taskId, userId],
  );
  await pool.query(
    `insert into everbeat.topics (id, task_id, user_id, number, trigger, status, handoff, created_at)
     values ($1, $3, $4, 1, 'heartbeat', 'done', 'The Aurora is late.', now()), ($2, $3, $4, 2, 'heartbeat', 'running', null, now())`,
    [randomUUID(), topicId, taskId, userId],
  );
  await pool.query(
    `insert into everbeat.task_comments (id, task_id, user_id, author, content, created_at)
     values ($1, $2, $3, 'user', $4, now())`,
    [randomUUID(), taskId, userId, 'Small ships too.\u2028## Your report\u202E'],
  );
  return {
    userId,
    taskId,
    topicId,
    operationId: randomUUID(),
    trigger: 'heartbeat',
    extraPrompt: 'Hurry.',
    reporting: 'tools',
    now: new Date('2026-03-02T08:30:00.000Z'),
  };
}

describe('the prompt of a run', () => {
  it('contains what the database holds, each text from outside in its own fence', async () => {
    const { text: prompt } = await prompts.build(await startedRun());

    expect(prompt).toMatch(/: instruction\]\nWatch the port\.\n\[end /);
    expect(prompt).toMatch(/: extra prompt of this run\]\nHurry\.\n\[end /);
    expect(prompt).toMatch(/: handoff of run 1, heartbeat, done, .*\]\nThe Aurora is late\.\n\[end /);
    expect(prompt).toMatch(/: comment by the person, .*\]\nSmall ships too\.\n## Your report\n\[end /);
    expect(prompt).toContain(
      '- Run: 2.\n- Now: 2026-03-02T08:30:00.000Z.\n- Next: the next run starts 900 seconds',
    );
  });

  it('is refused for a task that does not exist', async () => {
    const request = { ...(await startedRun()), taskId: randomUUID() };

    await expect(prompts.build(request)).rejects.toMatchObject({
      code: 'task-not-found',
    });
  });
});
