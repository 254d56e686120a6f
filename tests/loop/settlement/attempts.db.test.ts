import type { AgentOutcome } from '@everbeat/agents';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../../support/world';

const AWAY = {
  kind: 'error',
  errorCode: 'agent_http_503',
  errorMessage: 'The agent answered with 503',
  farSide: 'a.example.com',
} as const satisfies AgentOutcome;
const ONCE = { automationMode: null, heartbeatInterval: null } as const;

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** The number of the topic of every run, oldest first. */
async function topicNumbers(taskId: string): Promise<number[]> {
  const rows = await world.query<{ number: number }>(
    `select p.number from everbeat.operations o join everbeat.topics p on p.id = o.topic_id
     where o.task_id = $1 order by o.started_at, o.id`,
    [taskId],
  );
  return rows.map(({ number }) => number);
}

async function topicId(taskId: string, number: number): Promise<string> {
  const [topic] = await world.query<{ id: string }>(
    'select id from everbeat.topics where task_id = $1 and number = $2',
    [taskId, number],
  );
  return topic?.id ?? '';
}

/** A one-off with two conversations, of which the person continues the first. */
async function continued(outcome: AgentOutcome | null): Promise<string> {
  const { id } = await world.createTask(ONCE);
  await world.runNow(id);
  await world.runNow(id);
  if (outcome === null) world.agent.hold();
  else world.agent.next(outcome);
  const continueTopicId = await topicId(id, 1);
  await world.runner.run(world.userId, { taskId: id, continueTopicId, prompt: 'Count the masts' });
  return id;
}

describe('a run in which a person continues an earlier topic', () => {
  test('goes on in that topic, however often it is tried again', async () => {
    const id = await continued(AWAY);
    await world.runner.idle();
    world.agent.next(AWAY);
    await world.beat(id);
    world.agent.next(async (request) => ({ kind: 'done', content: await request.prompt() }));
    await world.beat(id);

    expect(await topicNumbers(id)).toEqual([1, 2, 1, 1, 1]);
    expect(await world.task(id)).toMatchObject({ status: 'paused', totalTopics: 2 });
    const { items } = await world.reads.transcript(world.userId, await topicId(id, 1), { limit: 100 });
    expect(items.map(({ content }) => content).join()).toContain('Count the masts');
    await world.expectSound();
  });

  test('goes on in that topic after its process was lost', async () => {
    const id = await continued(null);
    const expired = new Date(world.clock.now().getTime() - 1).toISOString();
    await world.query(
      `update everbeat.operations set lease_expires_at = $2 where task_id = $1 and status = 'running'`,
      [id, expired],
    );
    expect(await world.watchdog.sweep()).toMatchObject({ stuck: 1 });
    world.agent.release();
    await world.runner.idle();
    await world.beat(id);

    expect(await topicNumbers(id)).toEqual([1, 2, 1, 1]);
    await world.expectSound();
  });
});

test('a run of its own takes no topic from the answer that it replaced', async () => {
  const { id } = await world.createTask(ONCE);
  world.agent.next({
    kind: 'done',
    content: 'I must ask',
    briefs: [{ type: 'decision', priority: 'urgent', title: 'Left or right?', summary: '' }],
  });
  await world.runNow(id);
  const [brief] = await world.briefs(id);
  await world.lifecycle.resolveBrief(world.userId, { id: brief?.id ?? '', action: 'approve' });
  world.agent.next(AWAY);
  await world.runNow(id);
  await world.beat(id);

  expect(await topicNumbers(id)).toEqual([1, 2, 3]);
  await world.expectSound();
});
