import {
  createTestDatabase,
  type FakeHttpAgent,
  type FakeQStash,
  freePort,
  startFakeHttpAgent,
  startFakeQStash,
  type TestDatabase,
} from '@everbeat/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LOCAL_USER_ID } from '@/server/services/system/localUser';
import { type App, postWebhook, startApp } from '../support/app/app';
import { runScript, type Settings } from '../support/app/appProcess';

let database: TestDatabase;
let qstash: FakeQStash;
let agent: FakeHttpAgent;
let app: App;
let agentId: string;
let settings: Settings;

beforeAll(async () => {
  database = await createTestDatabase();
  qstash = await startFakeQStash();
  agent = await startFakeHttpAgent();
  const port = await freePort();
  settings = {
    AGENT_RUNTIME_MODE: 'queue',
    ALLOW_PRIVATE_AGENT_URLS: '1',
    DATABASE_URL: database.url,
    APP_URL: `http://127.0.0.1:${port}`,
    QSTASH_URL: qstash.url,
    QSTASH_TOKEN: qstash.token,
    QSTASH_CURRENT_SIGNING_KEY: qstash.currentSigningKey,
    QSTASH_NEXT_SIGNING_KEY: qstash.nextSigningKey,
  };
  app = await startApp({ env: settings, port });
  const config = { url: agent.url };
  agentId = (await app.trpc.agent.create.mutate({ name: 'Fake agent', kind: 'http', config })).id;
});

afterAll(async () => {
  await app?.stop();
  await agent?.close();
  await qstash?.close();
  await database?.drop();
});

const createTask = async (heartbeatInterval: number): Promise<string> => {
  const task = {
    instruction: 'Count the ships',
    agentId,
    automationMode: 'heartbeat',
    heartbeatInterval,
  } as const;
  return (await app.trpc.task.create.mutate(task)).id;
};

test('a heartbeat task runs by signed messages from QStash, once for each', async () => {
  expect(await app.trpc.system.status.query()).toMatchObject({
    mode: 'queue',
    scheduler: 'qstash',
    database: 'external',
  });
  const id = await createTask(1);
  await app.trpc.task.start.mutate({ id });
  const repeated = await app.task(id, 'four runs', ({ topics }) => topics.filter(isDone).length >= 4);
  await app.trpc.task.pause.mutate({ id });

  const fired = repeated.ticks.filter(({ outcome }) => outcome === 'fired');
  expect(fired.length).toBeGreaterThanOrEqual(4);
  expect(fired.every(({ publications }) => publications === 1)).toBe(true);
  const operations = agent.calls.map(({ operationId }) => operationId);
  expect(new Set(operations).size).toBe(operations.length);
  const ticks = qstash
    .deliveries()
    .filter(({ url }) => url === `${app.url}/api/workflows/task/heartbeat-tick`);
  expect(ticks.length).toBeGreaterThanOrEqual(4);
  // The request that brings a tick is answered when its run has settled.
  expect(ticks.map(({ status }) => status)).toEqual(ticks.map(() => 200));
});

test('a manual run returns immediately, and a signed message runs it', async () => {
  const id = await createTask(3_600);
  agent.hold();
  const { operationId, topicId } = await app.trpc.task.run.mutate({ id, prompt: 'Only the red ones' });
  const call = await agent.called(agent.calls.length + 1);
  expect(call).toMatchObject({ operationId, topicId, trigger: 'manual' });
  expect(call.prompt).toContain('Only the red ones');
  await expect(app.trpc.task.run.mutate({ id })).rejects.toMatchObject({
    data: { code: 'CONFLICT', appCode: 'run-in-flight' },
  });
  agent.release();
  const done = await app.task(id, 'its run', ({ topics }) => topics.some(isDone));
  expect(done).toMatchObject({ status: 'scheduled', totalTopics: 1 });
  await app.trpc.task.pause.mutate({ id });
});

test("the watchdog's command registers one schedule, however often it is run, and its deliveries are answered with 200", async () => {
  for (let times = 0; times < 2; times += 1) {
    const { code, output } = await runScript('qstashSchedule', settings);
    expect(output).toContain(`${app.url}/api/workflows/task/watchdog`);
    expect(code).toBe(0);
  }
  const [schedule, ...others] = qstash.schedules();
  expect(others).toEqual([]);
  if (schedule === undefined) throw new Error('There is no schedule');

  const { messageId } = qstash.fireSchedule(schedule.scheduleId);
  const delivery = await qstash.waitForDelivery((candidate) => candidate.messageId === messageId);
  expect(delivery.status).toBe(200);
  expect(JSON.parse(delivery.answer)).toEqual({
    stuck: 0,
    unpublished: 0,
    lost: 0,
    orphans: 0,
    impossible: 0,
    leftovers: 0,
  });
});

test('an unsigned webhook is answered with 401 and changes nothing', async () => {
  const id = await createTask(3_600);
  const tick = { taskId: id, userId: LOCAL_USER_ID, tickToken: 'guessed' };
  for (const route of [
    '/task/heartbeat-tick',
    '/task/on-topic-complete',
    '/task/watchdog',
    '/agent/execute',
  ]) {
    expect((await postWebhook(app, route, tick)).status).toBe(401);
  }
  expect(await app.trpc.task.detail.query({ id })).toMatchObject({ status: 'backlog', totalTopics: 0 });
});

const isDone = ({ status }: { status: string }): boolean => status === 'done';
