import type { AgentBrief, AgentOutcome, AgentReport } from '@everbeat/agents';
import { type AnswerEffect, wakesAt } from '@everbeat/domain';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterEach(async () => {
  await world.expectSound();
  // The days that a later test lets pass are none of these tasks' business.
  for (const { id } of await world.query<{ id: string }>(
    `select id from everbeat.tasks where status = 'scheduled'`,
  ))
    await world.lifecycle.pause(world.userId, id);
});
afterAll(() => world.close());

const LEFT_OR_RIGHT: AgentBrief = {
  type: 'decision',
  priority: 'urgent',
  title: 'Left or right?',
  summary: 'The road forks',
  actions: [
    { key: 'left', label: 'Turn to the left' },
    { key: 'right', label: 'Turn to the right' },
  ],
};
const ASKS: AgentOutcome = { kind: 'done', content: 'At the fork', briefs: [LEFT_OR_RIGHT] };
const ONCE = { automationMode: null, heartbeatInterval: null } as const;
const DAILY = { automationMode: 'schedule', heartbeatInterval: null, schedulePattern: '0 9 * * *' } as const;

const oneBrief = async (taskId: string) => {
  const open = (await world.briefs(taskId)).filter(({ resolvedAction }) => resolvedAction === null);
  expect(open).toHaveLength(1);
  return open[0]?.id ?? '';
};
/** Answers the one open brief of the task. Returns what followed. */
async function answer(
  taskId: string,
  action: string,
  more: { comment?: string; when?: 'now' | 'next' } = {},
): Promise<AnswerEffect | null> {
  const id = await oneBrief(taskId);
  await world.lifecycle.resolveBrief(world.userId, { id, action, ...more });
  return (await world.reads.brief(world.userId, id)).resolvedEffect;
}

/** The prompt of the next run, which reports what is given. */
function promptOfNextRun(report: Partial<AgentReport> = {}): () => string {
  let prompt = '';
  world.agent.next(async (request) => {
    prompt = await request.prompt();
    return { kind: 'done', content: 'ok', ...report };
  });
  return () => prompt;
}

describe('an answer to a task that runs daily', () => {
  /** Asked at nine. */
  async function asked(): Promise<string> {
    const id = await world.startTask(DAILY);
    world.agent.next(ASKS);
    await world.beat(id);
    return id;
  }

  test('runs it now, with the question, the choice and the comment in its prompt; its next regular time stays', async () => {
    const id = await asked();
    const at = world.clock.now();
    expect(await answer(id, 'left', { comment: 'and slowly' })).toEqual({
      kind: 'runs-now',
      at: wakesAt(at).toISOString(),
    });

    const prompt = promptOfNextRun();
    expect(await world.beat(id)).toMatchObject({ ran: true });

    for (const text of ['Left or right?', 'Turn to the left', 'and slowly', 'the person answered a brief'])
      expect(prompt()).toContain(text);
    const nextNine = new Date(at);
    nextNine.setUTCDate(nextNine.getUTCDate() + 1);
    expect(await world.task(id)).toMatchObject({
      status: 'scheduled',
      totalTopics: 2,
      scheduler: { dueAt: nextNine.toISOString(), trigger: 'schedule' },
    });
    const runs = await world.query('select trigger from everbeat.operations where task_id = $1 order by id', [
      id,
    ]);
    expect(runs).toEqual([{ trigger: 'schedule' }, { trigger: 'brief' }]);
  });

  test('waits for its next regular time if the person says so', async () => {
    const id = await asked();
    const effect = await answer(id, 'right', { when: 'next' });

    const { dueAt } = (await world.task(id)).scheduler;
    expect(effect).toEqual({ kind: 'runs-later', at: dueAt });
    expect(dueAt).toMatch(/T09:00:00.000Z$/);
    const prompt = promptOfNextRun();
    await world.beat(id);
    expect(prompt()).toContain('Turn to the right');
  });

  test('is told of a declined question, but not what a person thinks who dismissed it', async () => {
    const briefs = [{ type: 'decision', priority: 'urgent', title: 'Buy it?', summary: '' }] as const;
    const id = await world.startTask();
    world.agent.next({ kind: 'done', content: 'x', briefs: [...briefs] });
    await world.beat(id);
    await answer(id, 'decline');
    const afterDecline = promptOfNextRun({ briefs: [...briefs] });
    await world.beat(id);
    expect(afterDecline()).toContain('Decline');

    await answer(id, 'dismiss');
    const afterDismissal = promptOfNextRun();
    await world.beat(id);
    expect(afterDismissal()).toContain('closed by the person without an answer');
  });
});

describe.each([
  ['a task that runs daily', DAILY],
  ['a one-off', ONCE],
])('of two questions of %s', (_which, rule) => {
  test('the first answer is kept for the second, which runs the task now', async () => {
    const { id } = await world.createTask(rule);
    const second = { ...LEFT_OR_RIGHT, title: 'Fast or slow?' };
    world.agent.next({ ...ASKS, briefs: [LEFT_OR_RIGHT, second] });
    await world.runNow(id);
    const [one, two] = await world.briefs(id);
    const resolve = async (briefId = '', action = ''): Promise<AnswerEffect | null> => {
      await world.lifecycle.resolveBrief(world.userId, { id: briefId, action });
      return (await world.reads.brief(world.userId, briefId)).resolvedEffect;
    };

    expect(await resolve(one?.id, 'left')).toEqual({ kind: 'waits', at: null });
    expect(await world.task(id)).toMatchObject({ scheduler: { blockedBy: 'urgent-brief' } });
    expect(await resolve(two?.id, 'right')).toMatchObject({ kind: 'runs-now' });
    const prompt = promptOfNextRun();
    await world.beat(id);
    expect(prompt()).toContain('Turn to the left');
    expect(prompt()).toContain('Turn to the right');
  });
});

describe('a one-off that asks', () => {
  test('rests with one card, goes on in the same topic with the answer, and then asks for approval', async () => {
    const { id } = await world.createTask(ONCE);
    world.agent.next(ASKS);
    await world.runNow(id);
    expect(await world.task(id)).toMatchObject({
      status: 'scheduled',
      scheduler: { tickToken: null, blockedBy: 'urgent-brief' },
    });
    expect(await world.briefs(id)).toMatchObject([{ title: 'Left or right?' }]);

    expect(await answer(id, 'left')).toMatchObject({ kind: 'runs-now' });
    const prompt = promptOfNextRun({ title: 'Arrived' });
    await world.beat(id);

    expect(prompt()).toContain('Turn to the left');
    expect(await world.task(id)).toMatchObject({ status: 'paused', totalTopics: 1 });
    const topics = await world.query('select distinct topic_id from everbeat.operations where task_id = $1', [
      id,
    ]);
    expect(topics).toHaveLength(1);
    expect(await world.briefs(id)).toMatchObject([
      { resolvedAction: 'left' },
      { title: 'Arrived', type: 'result', resolvedAction: null },
    ]);
  });

  test('goes on in a new topic when the old one is gone', async () => {
    const { id } = await world.createTask(ONCE);
    world.agent.next(ASKS);
    await world.runNow(id);
    await answer(id, 'left');
    await world.query(
      `update everbeat.tasks set context = jsonb_set(context, '{scheduler,continueTopicId}', '"66666666-6666-4666-8666-666666666666"')
       where id = $1`,
      [id],
    );
    expect(await world.beat(id)).toMatchObject({ ran: true });
    expect(await world.task(id)).toMatchObject({ totalTopics: 2 });
  });

  test('with feedback on its result goes on in the same topic', async () => {
    const { id } = await world.createTask(ONCE);
    await world.runNow(id);
    await answer(id, 'feedback', { comment: 'Shorter' });
    const prompt = promptOfNextRun();
    await world.beat(id);
    expect(prompt()).toContain('Shorter');
    expect(await world.task(id)).toMatchObject({ totalTopics: 1 });
  });
});

test('a subtask that asks does not complete, and what depends on it stays locked until it is answered', async () => {
  const parent = await world.createTask(ONCE);
  const subtask = await world.createTask({ ...ONCE, parentTaskId: parent.id });
  const dependent = await world.createTask({ ...ONCE, parentTaskId: parent.id });
  await world.tasks.addDependency(world.userId, dependent.id, subtask.id);
  world.agent.next(ASKS);
  await world.runNow(subtask.id);
  expect(await world.task(subtask.id)).toMatchObject({
    status: 'scheduled',
    scheduler: { blockedBy: 'urgent-brief' },
  });
  expect(await world.task(dependent.id)).toMatchObject({ status: 'backlog' });

  await answer(subtask.id, 'right');
  await world.beat(subtask.id);

  expect(await world.task(subtask.id)).toMatchObject({ status: 'completed' });
  expect(await world.task(dependent.id)).toMatchObject({ status: 'scheduled' });
});

describe('a goal that the agent says is met', () => {
  async function proposed(): Promise<string> {
    const id = await world.startTask();
    world.agent.next({ kind: 'done', content: 'All ships are in', goalMet: true });
    await world.beat(id);
    return id;
  }

  test('is a proposal: the task waits for the person', async () => {
    const id = await proposed();
    expect(await world.task(id)).toMatchObject({
      status: 'scheduled',
      scheduler: { blockedBy: 'urgent-brief' },
    });
    const [row] = await world.query<{ actions: { key: string }[] }>(
      'select type, priority, summary, actions from everbeat.briefs where task_id = $1',
      [id],
    );
    expect(row).toMatchObject({ type: 'decision', priority: 'urgent', summary: 'All ships are in' });
    expect(row?.actions.map(({ key }) => key)).toEqual(['complete', 'continue']);
  });

  test('completes the task when the person agrees', async () => {
    const id = await proposed();
    expect(await answer(id, 'complete')).toEqual({ kind: 'ended', at: null });
    expect(await world.task(id)).toMatchObject({ status: 'completed' });
  });

  test('lets it go on, now, when the person does not', async () => {
    const id = await proposed();
    await answer(id, 'continue', { comment: 'One is missing' });
    const prompt = promptOfNextRun();
    await world.beat(id);
    expect(prompt()).toContain('One is missing');
    expect(await world.task(id)).toMatchObject({ status: 'scheduled', scheduler: { blockedBy: null } });
  });
});

describe('a successful run without a brief', () => {
  async function reportsOf(report: 'always' | 'changes' | 'agent', contents: string[]) {
    const id = await world.startTask({ config: { report } });
    for (const content of contents) {
      world.agent.next({ kind: 'done', content, title: `About ${content}` });
      await world.beat(id);
    }
    return (await world.briefs(id)).map(({ title, occurrences }) => [title, occurrences]);
  }

  test('reaches the inbox as the rule of its task says', async () => {
    expect(await reportsOf('agent', ['a', 'b'])).toEqual([]);
    expect(await reportsOf('always', ['a', 'a'])).toEqual([['About a', 2]]);
    expect(await reportsOf('changes', ['a', 'a', 'b', 'b'])).toEqual([['About b', 2]]);
  });
});
