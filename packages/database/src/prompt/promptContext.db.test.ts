import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@everbeat/testkit';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadPromptContexts, type PromptContextKey } from './promptContext';

let test: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  test = await createTestDatabase();
  pool = test.database.pool;
});
afterAll(() => test.drop());

/** Ids that increase like version 7, so that the newest row has the greatest id. */
let rowsMade = 0;
const nextId = (): string => {
  rowsMade += 1;
  return `01900000-0000-7000-8000-${rowsMade.toString(16).padStart(12, '0')}`;
};

async function insert(table: string, row: Record<string, unknown>): Promise<void> {
  const columns = Object.keys(row);
  const places = columns.map((_, index) => `$${index + 1}`);
  await pool.query(
    `insert into everbeat.${table} (${columns.join(', ')}) values (${places.join(', ')})`,
    Object.values(row),
  );
}

async function newUser(): Promise<string> {
  const id = `user-${randomUUID()}`;
  await insert('users', { id, name: 'A person', email: `${id}@example.test` });
  return id;
}

async function newTask(
  userId: string,
  number: number,
  fields: Record<string, unknown> = {},
): Promise<string> {
  const id = nextId();
  const row = {
    id,
    user_id: userId,
    number,
    identifier: `T-${number}`,
    name: `Task ${number}`,
    instruction: 'Work.',
  };
  await insert('tasks', { ...row, ...fields });
  return id;
}

const AT = '2026-03-02T08:30:00.000Z';

async function newTopic(
  userId: string,
  taskId: string,
  number: number,
  handoff: string | null,
): Promise<string> {
  const id = nextId();
  const row = {
    id,
    task_id: taskId,
    user_id: userId,
    number,
    trigger: 'manual',
    status: 'done',
    created_at: AT,
  };
  await insert('topics', { ...row, handoff });
  return id;
}

const newBrief = (userId: string, taskId: string, fields: Record<string, unknown> = {}) =>
  insert('briefs', {
    id: nextId(),
    task_id: taskId,
    user_id: userId,
    type: 'decision',
    priority: 'urgent',
    title: 'Shall I?',
    summary: 'Say yes or no.',
    actions: '[{"key":"approve","label":"Yes, go ahead"}]',
    created_at: AT,
    updated_at: AT,
    ...fields,
  });

const newComment = (userId: string, taskId: string, content: string) =>
  insert('task_comments', {
    id: nextId(),
    task_id: taskId,
    user_id: userId,
    author: 'user',
    content,
    created_at: AT,
  });

const newMessage = (userId: string, topicId: string, operationId: string, content: string) =>
  insert('messages', {
    id: nextId(),
    topic_id: topicId,
    user_id: userId,
    operation_id: operationId,
    role: 'assistant',
    content,
    created_at: AT,
  });

const newDocument = (userId: string, taskId: string, name: string, content: string, version = 1) =>
  insert('task_documents', {
    id: nextId(),
    task_id: taskId,
    user_id: userId,
    name,
    version,
    content,
    author: 'user',
    created_at: AT,
  });

const dependsOn = (userId: string, taskId: string, dependsOnId: string) =>
  insert('task_dependencies', { user_id: userId, task_id: taskId, depends_on_id: dependsOnId });

/** A task of a new user with the topic of a run that has just begun. */
async function startedRun(fields: Record<string, unknown> = {}): Promise<PromptContextKey> {
  const userId = await newUser();
  const taskId = await newTask(userId, 100, { status: 'running', ...fields });
  const topicId = await newTopic(userId, taskId, 1, null);
  return { userId, taskId, topicId, operationId: randomUUID() };
}

async function load(key: PromptContextKey) {
  const [context] = await loadPromptContexts(pool, [key]);
  if (context === null || context === undefined) throw new Error('expected a context');
  return context;
}

describe('the context of a run', () => {
  it('of a task without history is the task alone', async () => {
    const key = await startedRun({ config: { pacing: { minSeconds: 60, maxSeconds: 90 } } });

    const nothing = { items: [], total: 0, totalIsFloor: false };
    expect(await load(key)).toEqual({
      task: {
        identifier: 'T-100',
        name: 'Task 100',
        instruction: 'Work.',
        instructionAuthor: 'user',
        automationMode: null,
        heartbeatInterval: null,
        schedulePattern: null,
        scheduleTimezone: null,
        maxTopics: null,
        automationRuns: 0,
        config: { pacing: { minSeconds: 60, maxSeconds: 90 } },
      },
      topicNumber: 1,
      documents: [],
      parent: null,
      siblings: nothing,
      subtasks: nothing,
      dependencies: nothing,
      topics: nothing,
      briefs: nothing,
      comments: nothing,
      conversation: nothing,
    });
  });

  it('names its related tasks, and what each subtask still waits for', async () => {
    const userId = await newUser();
    const parentTaskId = await newTask(userId, 1, { instruction: 'The whole.' });
    const taskId = await newTask(userId, 2, { parent_task_id: parentTaskId });
    await newTask(userId, 3, { parent_task_id: parentTaskId });
    const first = await newTask(userId, 4, { parent_task_id: taskId, status: 'running' });
    const past = await newTask(userId, 5, { parent_task_id: taskId, status: 'completed' });
    const waiting = await newTask(userId, 6, { parent_task_id: taskId });
    await dependsOn(userId, waiting, first);
    await dependsOn(userId, waiting, past);
    await dependsOn(userId, taskId, await newTask(userId, 7, { status: 'completed' }));
    const topicId = await newTopic(userId, taskId, 1, null);

    const context = await load({ userId, taskId, topicId, operationId: randomUUID() });

    expect(context.parent).toEqual({
      identifier: 'T-1',
      name: 'Task 1',
      status: 'backlog',
      instruction: 'The whole.',
      documents: [],
    });
    expect(context.siblings.items).toEqual([{ identifier: 'T-3', name: 'Task 3', status: 'backlog' }]);
    expect(context.subtasks.items.map(({ identifier, waitsFor }) => [identifier, waitsFor])).toEqual([
      ['T-6', [{ identifier: 'T-4', status: 'running' }]],
      ['T-5', []],
      ['T-4', []],
    ]);
    expect(context.dependencies.items).toEqual([
      { identifier: 'T-7', name: 'Task 7', status: 'completed', result: null, documents: [] },
    ]);
  });

  it('has the results of its dependencies and of its completed subtasks, and of no other task', async () => {
    const userId = await newUser();
    const taskId = await newTask(userId, 1);
    const dependency = await newTask(userId, 2, { status: 'completed' });
    await newTopic(userId, dependency, 1, 'The first try.');
    await newTopic(userId, dependency, 2, 'The harbour is open.');
    await newTopic(userId, dependency, 3, null);
    await dependsOn(userId, taskId, dependency);
    const done = await newTask(userId, 3, { parent_task_id: taskId, status: 'completed' });
    await newTopic(userId, done, 1, 'Three boats.');
    const open = await newTask(userId, 4, { parent_task_id: taskId });
    await newTopic(userId, open, 1, 'Half of the boats.');
    const topicId = await newTopic(userId, taskId, 1, null);

    const context = await load({ userId, taskId, topicId, operationId: randomUUID() });

    expect(context.dependencies.items.map(({ result }) => result)).toEqual(['The harbour is open.']);
    expect(context.subtasks.items.map(({ identifier, result }) => [identifier, result])).toEqual([
      ['T-4', null],
      ['T-3', 'Three boats.'],
    ]);
  });

  it('has the history newest first, with the resolution of each brief', async () => {
    const userId = await newUser();
    const taskId = await newTask(userId, 1);
    await newTopic(userId, taskId, 1, 'first');
    await newTopic(userId, taskId, 2, 'second');
    const topicId = await newTopic(userId, taskId, 3, null);
    await newBrief(userId, taskId, {
      resolved_at: AT,
      resolved_action: 'feedback',
      resolved_comment: 'Try again.',
    });
    await newBrief(userId, taskId, { resolved_at: AT, resolved_action: 'approve' });
    await newBrief(userId, taskId, { resolved_at: AT, resolved_action: 'recovered', actions: '"none"' });
    await newBrief(userId, taskId);
    await newComment(userId, taskId, 'older');
    await newComment(userId, taskId, 'newer');

    const context = await load({ userId, taskId, topicId, operationId: randomUUID() });

    expect(context.topicNumber).toBe(3);
    expect(context.topics.items.map(({ number, handoff }) => [number, handoff])).toEqual([
      [2, 'second'],
      [1, 'first'],
    ]);
    const at = new Date(AT);
    expect(context.briefs.items.map(({ resolution }) => resolution)).toEqual([
      null,
      { action: 'recovered', label: null, comment: null, isUnanswered: false, isDefault: false, at },
      { action: 'approve', label: 'Yes, go ahead', comment: null, isUnanswered: false, isDefault: false, at },
      { action: 'feedback', label: null, comment: 'Try again.', isUnanswered: false, isDefault: false, at },
    ]);
    expect(context.comments.items.map(({ content }) => content)).toEqual(['newer', 'older']);
  });

  it('has a brief that was answered long after others were written, among the newest', async () => {
    const key = await startedRun();
    const answeredAt = '2026-03-09T08:30:00.000Z';
    const answered = { resolved_at: answeredAt, resolved_action: 'approve' };
    await newBrief(key.userId, key.taskId, { title: 'Old', ...answered });
    const closed = { resolved_at: '2026-03-10T08:30:00.000Z', resolved_action: 'acknowledge' };
    for (let count = 0; count < 20; count += 1) await newBrief(key.userId, key.taskId, closed);
    await newBrief(key.userId, key.taskId, { title: 'Newest', created_at: '2026-03-11T08:30:00.000Z' });

    const { briefs } = await load(key);
    expect(briefs.total).toBe(22);
    expect(briefs.items).toHaveLength(16);
    expect(briefs.items[0]?.title).toBe('Newest');
    expect(briefs.items.find(({ title }) => title === 'Old')?.resolution).toMatchObject({
      action: 'approve',
      at: new Date(answeredAt),
    });
    const closedFirst = { ...key, asOf: new Date('2026-03-09T08:29:59.000Z'), operationId: nextId() };
    expect((await load(closedFirst)).briefs.items.map(({ title }) => title)).not.toContain('Old');
  });

  it('does not fill up with what was put aside, but keeps what was said about it', async () => {
    const key = await startedRun();
    const at = '2026-03-09T08:30:00.000Z';
    const ends = [
      { title: 'Put aside', resolved_action: 'dismiss' },
      { title: 'Over', resolved_action: 'recovered' },
      { title: 'Words', resolved_action: 'acknowledge', resolved_comment: 'Not like this again.' },
    ];
    for (const end of ends) await newBrief(key.userId, key.taskId, { ...end, resolved_at: at });
    for (let count = 0; count < 15; count += 1) await newBrief(key.userId, key.taskId);
    const titles = (await load(key)).briefs.items.map(({ title }) => title);
    expect([titles[0], titles.length]).toEqual(['Words', 16]);
  });

  it('has the earlier messages of a continued topic, without those of the run itself', async () => {
    const key = await startedRun();
    const earlier = randomUUID();
    await newMessage(key.userId, key.topicId, earlier, 'before');
    await newMessage(key.userId, key.topicId, earlier, 'last words');
    await newMessage(key.userId, key.topicId, key.operationId, 'of this run');

    const { conversation } = await load(key);

    expect(conversation.items.map(({ content }) => content)).toEqual(['last words', 'before']);
  });
});

describe('the documents of a task', () => {
  it('are each its newest version, by name, with the text of the memory alone', async () => {
    const key = await startedRun();
    for (const name of ['Report', 'Memory', 'Prices']) {
      await newDocument(key.userId, key.taskId, name, `old ${name}`);
      await newDocument(key.userId, key.taskId, name, `new ${name}`, 2);
    }
    const { documents } = await load(key);
    expect(documents.map(({ name, version, content }) => [name, version, content])).toEqual([
      ['Memory', 2, 'new Memory'],
      ['Prices', 2, null],
      ['Report', 2, null],
    ]);
  });

  it('cost a task without any next to nothing, and one with many versions no more than with few', async () => {
    const without = await startedRun();
    const few = await startedRun();
    const many = await startedRun();
    await newDocument(few.userId, few.taskId, 'Report', 'x');
    for (let version = 1; version <= 50; version += 1)
      await newDocument(many.userId, many.taskId, 'Report', 'x', version);
    await pool.query('analyze everbeat.task_documents');
    const base = await rowsTouchedBy(without);
    expect((await rowsTouchedBy(many)) - base).toBeLessThanOrEqual((await rowsTouchedBy(few)) - base + 1);
  });
});

describe('the owner of the rows', () => {
  it('is the user: no row of another user is included, whichever table it is in', async () => {
    const key = await startedRun();
    const other = await newUser();
    const theirs = await newTask(other, 1, { name: 'SECRET', parent_task_id: key.taskId });
    await pool.query('update everbeat.tasks set parent_task_id = $1 where id = $2', [theirs, key.taskId]);
    await dependsOn(key.userId, key.taskId, theirs);
    await newTopic(other, key.taskId, 9, 'SECRET');
    await newBrief(other, key.taskId, { title: 'SECRET' });
    await newBrief(other, key.taskId, { title: 'SECRET', resolved_at: AT, resolved_action: 'approve' });
    await newComment(other, key.taskId, 'SECRET');
    await newMessage(other, key.topicId, randomUUID(), 'SECRET');
    await newDocument(other, key.taskId, 'Memory', 'SECRET');

    const context = await load(key);

    expect(JSON.stringify(context)).not.toContain('SECRET');
    expect(context).toMatchObject({ parent: null, topics: { total: 0 }, comments: { total: 0 } });
  });

  it('is compared for task and topic: a missing or foreign task, or a topic of another task, gives null', async () => {
    const key = await startedRun();
    const otherRun = await startedRun();

    const wrongKeys = [
      { ...key, taskId: randomUUID() },
      { ...key, userId: otherRun.userId },
      { ...key, topicId: otherRun.topicId },
    ];
    expect(await loadPromptContexts(pool, wrongKeys)).toEqual([null, null, null]);
  });

  it('is compared per run: contexts requested together come back in order, each its own', async () => {
    const keys = [await startedRun({ name: 'First' }), await startedRun({ name: 'Second' })];
    const contexts = await loadPromptContexts(pool, [
      ...keys,
      { ...(keys[0] ?? (await startedRun())), taskId: randomUUID() },
      ...keys,
    ]);
    expect(contexts.map((context) => context?.task.name ?? null)).toEqual([
      'First',
      'Second',
      null,
      'First',
      'Second',
    ]);
  });
});

/** How many rows of all tables the server reads for it, from its own statistics. */
async function rowsTouchedBy(key: PromptContextKey): Promise<number> {
  const client = await pool.connect();
  const touched = async () => {
    const { rows } = await client.query<{ rows: number }>(
      'select sum(coalesce(idx_tup_fetch, 0) + seq_tup_read)::int as rows from pg_stat_xact_user_tables',
    );
    return rows[0]?.rows ?? Number.NaN;
  };
  try {
    // From the sixth execution on, Postgres may keep one plan for whatever values come.
    for (let executions = 0; executions < 6; executions += 1) await loadPromptContexts(client, [key]);
    await client.query('begin');
    const before = await touched();
    await loadPromptContexts(client, [key]);
    return (await touched()) - before;
  } finally {
    await client.query('rollback');
    client.release();
  }
}

/**
 * Ten thousand topics, comments and briefs of one task, the newest of them with texts far over the limits.
 */
async function writeLongHistory({ userId, taskId }: PromptContextKey, idPrefix: string): Promise<void> {
  const id = `('${idPrefix}-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid`;
  const text = "case when i > 9900 then i || repeat('ü', 20000) else 'short' end";
  await pool.query(
    `insert into everbeat.topics (id, task_id, user_id, number, trigger, status, handoff, error, created_at)
     select ${id}, $1, $2, i, 'heartbeat', 'done', ${text}, ${text}, now() from generate_series(2, 10000) i`,
    [taskId, userId],
  );
  await pool.query('update everbeat.tasks set total_topics = 10000 where id = $1', [taskId]);
  await pool.query(
    `insert into everbeat.task_comments (id, task_id, user_id, author, content, created_at)
     select ${id}, $1, $2, 'agent', ${text}, now() from generate_series(1, 10000) i`,
    [taskId, userId],
  );
  await pool.query(
    `insert into everbeat.briefs (id, task_id, user_id, type, priority, title, summary, actions, created_at, updated_at,
       resolved_at, resolved_action)
     select ${id}, $1, $2, 'insight', 'info', ${text}, ${text}, '[]', now(), now(),
       case when i < 9000 then now() end, case when i < 9000 then 'approve' end from generate_series(1, 10000) i`,
    [taskId, userId],
  );
}

describe('a long history', () => {
  it('takes one statement, and a bounded number of rows and bytes', async () => {
    const key = await startedRun({ instruction: 'i'.repeat(50_000) });
    await writeLongHistory(key, '01910000');
    await writeLongHistory(await startedRun(), '01920000');
    await pool.query('analyze');
    let statements = 0;
    pool.on('acquire', () => {
      statements += 1;
    });

    const context = await load(key);

    expect(statements).toBe(1);
    expect(await rowsTouchedBy(key)).toBeLessThan(5_000);
    expect(Buffer.byteLength(JSON.stringify(context))).toBeLessThan(600_000);
    expect(context.topics).toMatchObject({ total: 9_999, totalIsFloor: false });
    expect(context.comments).toMatchObject({ total: 1_000, totalIsFloor: true });
    expect(context.topics.items.map(({ number }) => number)).toEqual(
      Array.from({ length: 10 }, (_, age) => 10_000 - age),
    );
    expect(context.comments.items[0]?.content).toMatch(/^10000ü+…$/);
    expect(context.task.instruction).toHaveLength(50_000);
  });
});
