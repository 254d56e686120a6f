import { type FakeModelProvider, startFakeModelProvider } from '@everbeat/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ApiWorld, createApiWorld, refusalOf } from '../support/apiWorld';

/**
 * Tasks that are started together, some of an agent whose key is refused: the others start, and these are
 * named.
 */

const REFUSED = { status: 401, body: '{"error":{"message":"Incorrect API key provided"}}' };

let world: ApiWorld;
let provider: FakeModelProvider;
let thinker: string;

beforeEach(async () => {
  provider = await startFakeModelProvider('sk-good');
  world = await createApiWorld({ env: { ALLOW_PRIVATE_AGENT_URLS: '1' } });
  await world.ada.modelProvider.save({
    provider: 'openai',
    apiKey: 'sk-good',
    baseUrl: `${provider.url}/v1`,
  });
  const agent = { name: 'Thinker', kind: 'model', config: { model: 'openai/gpt-5' } } as const;
  thinker = (await world.ada.agent.create(agent)).id;
});
afterEach(async () => {
  try {
    await world.expectSound();
  } finally {
    await world.close();
    await provider.close();
  }
});

const statuses = (...ids: string[]) => Promise.all(ids.map(async (id) => (await world.task(id)).status));
const leftOut = (...identifiers: string[]) => [
  {
    agentId: thinker,
    agentName: 'Thinker',
    identifiers,
    count: identifiers.length,
    problem: expect.stringContaining('refused the key'),
  },
];

describe('task.resumeAll', () => {
  /** A task that three failures have paused. */
  async function stopped(input: { agentId?: string } = {}): Promise<{ id: string; identifier: string }> {
    const task = await world.createTask();
    await world.ada.task.start({ id: task.id });
    for (let run = 0; run < 3; run += 1) {
      world.agent.next({
        kind: 'error',
        errorCode: 'broken',
        errorMessage: 'It broke',
        failureClass: 'agent',
      });
      await world.beat(task.id);
    }
    await world.ada.task.update({ id: task.id, ...input });
    return task;
  }

  test('leaves out those that would fail until a person acts, asks their agent once, and names them', async () => {
    const [well, one, two] = [
      await stopped(),
      await stopped({ agentId: thinker }),
      await stopped({ agentId: thinker }),
    ];
    provider.answerAll(REFUSED);
    const asked = provider.paths.length;
    expect(await world.ada.task.resumeAll({ cause: 'fuse' })).toEqual({
      resumed: 1,
      refused: 0,
      more: false,
      notReady: leftOut(one.identifier, two.identifier),
    });
    expect(provider.paths.length - asked).toBe(1);
    expect(await statuses(well.id, one.id, two.id)).toEqual(['scheduled', 'paused', 'paused']);

    provider.answerAll(null);
    expect(await world.ada.task.resumeAll({ cause: 'fuse' })).toMatchObject({ resumed: 2, notReady: [] });
  });
});

describe('the parts of a task', () => {
  let parent: string;
  beforeEach(async () => {
    parent = (await world.createTask({ name: 'The ship' })).id;
  });
  const part = (agentId?: string) =>
    world.createTask({ parentTaskId: parent, automationMode: null, ...(agentId && { agentId }) });

  test('are run all but those whose agent cannot run', async () => {
    const [well, broken] = [await part(), await part(thinker)];
    provider.answerAll(REFUSED);
    expect(await world.ada.task.runSubtasks({ id: parent })).toMatchObject({
      started: 1,
      waiting: 0,
      alreadyRunning: 0,
      refused: 0,
      notReady: leftOut(broken.identifier),
    });
    expect(await statuses(well.id, broken.id)).toEqual(['scheduled', 'backlog']);
  });

  /** An agent has created parts, which are to be done by the agent whose key is refused. */
  async function asked(): Promise<{ briefId: string; parts: { id: string; identifier: string }[] }> {
    const loop = await world.startTask({ heartbeatInterval: 3_600 });
    const subtasks = [{ instruction: 'The hull' }, { instruction: 'The mast' }];
    world.agent.next({ kind: 'done', content: 'Split', subtasks });
    await world.beat(loop);
    const { briefs, subtasks: parts } = await world.ada.task.detail({ id: loop });
    parent = loop;
    for (const { id } of parts.slice(1)) await world.ada.task.update({ id, agentId: thinker });
    provider.answerAll(REFUSED);
    return { briefId: briefs[0]?.id ?? '', parts };
  }

  test('are not started by an answer while an agent of them cannot run, and the question stays open', async () => {
    const { briefId, parts } = await asked();
    const answer = () => world.ada.brief.resolve({ id: briefId, action: 'start' });
    expect(await refusalOf(answer())).toMatchObject({
      code: 'PRECONDITION_FAILED',
      appCode: 'agent-not-ready',
      message: expect.stringContaining(`${parts[1]?.identifier} was not started`),
    });
    expect(await statuses(...parts.map(({ id }) => id))).toEqual(['backlog', 'backlog']);

    provider.answerAll(null);
    await answer();
    expect(await statuses(...parts.map(({ id }) => id))).toEqual(['scheduled', 'scheduled']);
  });

  test('that a brief asks about are run all but those, which answers the brief', async () => {
    const { parts } = await asked();
    expect(await world.ada.task.runSubtasks({ id: parent })).toMatchObject({
      started: 1,
      notReady: leftOut(parts[1]?.identifier ?? ''),
    });
    expect(await statuses(...parts.map(({ id }) => id))).toEqual(['scheduled', 'backlog']);
    expect((await world.briefs(parent)).map(({ resolvedAction }) => resolvedAction)).toEqual(['start']);
  });
});
