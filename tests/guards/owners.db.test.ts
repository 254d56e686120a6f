import { randomUUID } from 'node:crypto';
import {
  addComment,
  addDependency,
  countInbox,
  createTask,
  deleteAgent,
  findBrief,
  findOperationAgent,
  loadPromptContexts,
  markBriefRead,
  muteTasks,
  readAgent,
  readAgents,
  readBrief,
  readBriefs,
  readDependents,
  readDocument,
  readDocuments,
  readDocumentVersions,
  readHandedInWork,
  readInbox,
  readOperation,
  readPicture,
  readReviews,
  readTask,
  readTaskDetail,
  readTaskId,
  readTasks,
  readTicks,
  readTopics,
  readTranscript,
  removeDependency,
  replayFeed,
  saveDocument,
  savePicture,
  updateAgent,
} from '@everbeat/database';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGuardWorld, type GuardWorld } from '../support/guardWorld';

/**
 * Statements that take a user's id check the owner of the row themselves, whatever the services have checked.
 */
let world: GuardWorld;
let hers: { taskId: string; operationId: string; topicId: string; briefId: string; agentId: string };
const EVE = 'eve';

beforeAll(async () => {
  world = await createGuardWorld();
  await world.createUser(EVE);
  const run = await world.running();
  const [agent] = await readAgents(db(), world.userId);
  await saveDocument(db(), { ...document(world.userId, run.taskId), id: randomUUID() }, now());
  hers = { ...run, briefId: await world.brief(run.taskId, null), agentId: agent?.id ?? '' };
});
afterAll(() => world.close());

const db = () => world.testDatabase.database.pool;
const now = () => world.clock.now();
const document = (userId: string, taskId: string) => ({ userId, taskId, name: 'Report', content: 'Hers' });
const START = { tx: 0n, id: 0n, open: [] };

const addMessage = (topicId: string): Promise<object[]> =>
  world.query(
    `insert into everbeat.messages (id, topic_id, user_id, role, content, created_at) values ($1, $2, $3, 'user', 'x', now())`,
    [randomUUID(), topicId, world.userId],
  );

const PICTURE = { id: randomUUID(), picture: Buffer.from('a picture') };

const READS: Record<string, (userId: string) => Promise<unknown>> = {
  readTask: (userId) => readTask(db(), userId, hers.taskId),
  readTaskId: (userId) => readTaskId(db(), userId, hers.taskId),
  readTaskDetail: (userId) => readTaskDetail(db(), userId, hers.taskId),
  readTasks: async (userId) => (await readTasks(db(), userId, {})).items[0] ?? null,
  readTopics: async (userId) => (await readTopics(db(), userId, hers.taskId, {})).items[0] ?? null,
  readDependents: async (userId) => {
    const { taskId } = await world.running();
    await world.query(
      'insert into everbeat.task_dependencies (task_id, depends_on_id, user_id) values ($1, $2, $3)',
      [taskId, hers.taskId, world.userId],
    );
    return (await readDependents(db(), userId, hers.taskId, {})).items[0] ?? null;
  },
  readTicks: async (userId) => (await readTicks(db(), userId, hers.taskId, {})).items[0] ?? null,
  readBrief: (userId) => readBrief(db(), userId, hers.briefId),
  readBriefs: async (userId) => (await readBriefs(db(), userId, {})).items[0] ?? null,
  readInbox: async (userId) => {
    const views = (['waiting', 'unread'] as const).map((view) => readInbox(db(), userId, { view }, now()));
    return (await Promise.all(views)).flatMap(({ items }) => items)[0] ?? null;
  },
  countInbox: async (userId) => {
    const { waiting, unread } = await countInbox(db(), userId, now());
    return waiting + unread === 0 ? null : { waiting, unread };
  },
  findOperationAgent: (userId) => findOperationAgent(db(), { userId, id: hers.operationId }),
  readHandedInWork: (userId) => readHandedInWork(db(), { userId, operationId: hers.operationId }),
  readReviews: async (userId) => {
    await world.query(`update everbeat.operations set trigger = 'review' where id = $1`, [hers.operationId]);
    return (await readReviews(db(), userId, hers.topicId))[0] ?? null;
  },
  findBrief: (userId) => findBrief(db(), userId, hers.briefId),
  readDocument: (userId) => readDocument(db(), userId, document(userId, hers.taskId)),
  readDocuments: async (userId) => (await readDocuments(db(), userId, hers.taskId, false))[0] ?? null,
  readDocumentVersions: async (userId) =>
    (await readDocumentVersions(db(), userId, document(userId, hers.taskId), { withContent: false }))
      .items[0] ?? null,
  readOperation: (userId) => readOperation(db(), userId, hers.operationId),
  'readTranscript, of an empty topic': (userId) => readTranscript(db(), userId, hers.topicId, {}),
  'readTranscript, of a topic with messages': async (userId) => {
    await addMessage(hers.topicId);
    return readTranscript(db(), userId, hers.topicId, {});
  },
  readPicture: async (userId) => {
    await savePicture(db(), { ...PICTURE, taskId: hers.taskId, userId: world.userId }, now());
    return readPicture(db(), userId, PICTURE.id);
  },
  readAgent: (userId) => readAgent(db(), userId, hers.agentId),
  readAgents: async (userId) => (await readAgents(db(), userId))[0] ?? null,
  loadPromptContexts: async (userId) => (await loadPromptContexts(db(), [{ userId, ...hers }]))[0] ?? null,
  replayFeed: async (userId) =>
    (await replayFeed(db(), { userId, taskId: hers.taskId, after: START, limit: 1 })).events[0] ?? null,
};

test.each(Object.entries(READS))('%s returns a row to its owner only', async (_name, read) => {
  expect(await read(EVE)).toBeNull();
  expect(await read(world.userId)).not.toBeNull();
});

describe("a write to another user's row is refused", () => {
  const newTask = (changes: { parentTaskId?: string; agentId?: string }) =>
    createTask(
      db(),
      {
        id: randomUUID(),
        userId: EVE,
        name: 'Hers',
        instruction: 'Look',
        priority: 0,
        maxTopics: null,
        agentId: null,
        parentTaskId: null,
        automationMode: null,
        heartbeatInterval: null,
        heartbeatTimeout: 120,
        schedulePattern: null,
        scheduleTimezone: null,
        config: {},
        ...changes,
      },
      now(),
    );
  const refused = (code: string) => expect.objectContaining({ code });

  test('of an agent', async () => {
    const agent = await readAgent(db(), world.userId, hers.agentId);
    if (agent === null) throw new Error('There is no agent');
    const write = { id: agent.id, userId: EVE, name: 'Mine', kind: agent.kind, config: {} };
    await expect(updateAgent(db(), write, agent.updatedAt, now())).rejects.toEqual(refused('state-changed'));
    const ofHers = { userId: EVE, agentId: hers.agentId };
    await expect(deleteAgent(db(), ofHers, now())).rejects.toEqual(refused('agent-not-found'));
    await expect(newTask({ agentId: hers.agentId })).rejects.toEqual(refused('agent-not-found'));
  });

  test('of a task', async () => {
    const { taskId } = hers;
    const picture = { ...PICTURE, id: randomUUID(), taskId, userId: EVE };
    expect(await savePicture(db(), picture, now())).toBe(false);
    await expect(newTask({ parentTaskId: taskId })).rejects.toEqual(refused('task-not-found'));
    const comment = { id: randomUUID(), userId: EVE, taskId, content: 'x' };
    expect(await addComment(db(), comment, now())).toBe(false);
    await expect(world.lifecycle.delete(EVE, taskId)).rejects.toEqual(refused('task-not-found'));
    const other = await world.armed();
    const link = { userId: world.userId, taskId: other.taskId, dependsOnId: taskId };
    const noFollowUp = () => Promise.resolve();
    await expect(addDependency(db(), { ...link, userId: EVE }, now(), noFollowUp)).rejects.toEqual(
      refused('task-not-found'),
    );
    await addDependency(db(), link, now(), noFollowUp);
    await expect(removeDependency(db(), { ...link, userId: EVE }, now(), noFollowUp)).rejects.toEqual(
      refused('dependency-not-found'),
    );
  });

  test('of a document', async () => {
    const write = { ...document(EVE, hers.taskId), id: randomUUID(), content: 'Mine' };
    expect(await saveDocument(db(), write, now())).toEqual({ kind: 'task-not-found' });
    const { userId } = world;
    expect(await readDocument(db(), userId, document(userId, hers.taskId))).toMatchObject({ version: 1 });
  });

  test('of a brief', async () => {
    await markBriefRead(db(), { userId: EVE, briefId: hers.briefId }, now());
    expect(await readBrief(db(), world.userId, hers.briefId)).toMatchObject({ readAt: null });
  });

  test('of the inbox', async () => {
    const undo = { token: randomUUID(), expiresAt: now() };
    for (const target of [{ taskId: hers.taskId }, { briefIds: [hers.briefId] }])
      expect(await muteTasks(db(), EVE, { act: 'mute', target }, undo, now())).toBe(0);
    expect(await readTask(db(), world.userId, hers.taskId)).toMatchObject({ mutedAt: null });
  });
});

test("the services refuse to act on another user's row", async () => {
  const notFound = (code: string) => expect.objectContaining({ code });
  const { taskId, operationId, topicId } = hers;
  const completion = {
    taskId,
    operationId,
    topicId,
    errorCode: null,
    errorMessage: null,
    report: null,
    usage: null,
  };
  await expect(world.lifecycle.pause(EVE, taskId)).rejects.toEqual(notFound('task-not-found'));
  await expect(world.runner.run(EVE, { taskId })).rejects.toEqual(notFound('task-not-found'));
  await expect(world.lifecycle.interrupt(EVE, operationId)).rejects.toEqual(notFound('operation-not-found'));
  const answer = await world.lifecycle.settle({ ...completion, userId: EVE, status: 'done', transcript: [] });
  expect(answer).toEqual({ settled: false, reason: 'not-found' });
  const status = await world.statusOf(operationId);
  expect(status).toBe('running');
  await world.lifecycle.settle({ ...completion, userId: world.userId, status: 'done', transcript: [] });
  expect(
    await world.lifecycle.settle({ ...completion, userId: EVE, status: 'done', transcript: [] }),
  ).toEqual(answer);
});
