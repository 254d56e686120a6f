import { setTimeout as delay } from 'node:timers/promises';
import type { TaskDetailView } from '@everbeat/domain';
import { type FakeHttpAgent, startFakeHttpAgent } from '@everbeat/testkit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { LOCAL_USER_ID } from '@/server/services/system/localUser';
import { type App, postWebhook, startApp } from '../support/app/app';
import { type EventStream, openEventStream } from '../support/app/eventStream';
import { eventually } from '../support/app/eventually';

let app: App;
let agent: FakeHttpAgent;
let agentId: string;
const streams: EventStream[] = [];

beforeAll(async () => {
  agent = await startFakeHttpAgent();
  app = await startApp();
  const config = { url: agent.url };
  agentId = (await app.trpc.agent.create.mutate({ name: 'Fake agent', kind: 'http', config })).id;
});

afterEach(() => {
  for (const stream of streams.splice(0)) stream.close();
});

afterAll(async () => {
  await app?.stop();
  await agent?.close();
});

async function openStream(input?: { taskId?: string; lastEventId?: string }): Promise<EventStream> {
  const stream = await openEventStream(app, input);
  streams.push(stream);
  return stream;
}

const createTask = async (heartbeatInterval: number): Promise<string> => {
  const task = {
    instruction: 'Count the ships',
    agentId,
    automationMode: 'heartbeat',
    heartbeatInterval,
  } as const;
  return (await app.trpc.task.create.mutate(task)).id;
};

test('a change by a webhook reaches the streams of the user and of the task, but not that of another task', async () => {
  const id = await createTask(3_600);
  const [everything, itsOwn, another] = await Promise.all([
    openStream(),
    openStream({ taskId: id }),
    openStream({ taskId: await createTask(3_600) }),
  ]);
  agent.hold();
  await app.trpc.task.start.mutate({ id });
  const { operationId, topicId } = await agent.called(1);
  const body = { taskId: id, userId: LOCAL_USER_ID, operationId, topicId, reason: 'done' };

  const response = await postWebhook(app, '/task/on-topic-complete', {
    ...body,
    lastAssistantContent: 'Seven ships',
  });
  expect(response).toEqual({ status: 200, answer: { settled: true } });
  for (const stream of [everything, itsOwn]) {
    const event = await stream.first(({ taskId, fromStatus }) => taskId === id && fromStatus === 'running');
    expect(event).toMatchObject({ kind: 'status', toStatus: 'scheduled' });
  }
  expect(another.events).toEqual([]);
  agent.release();
});

test('a tick that arrives as a webhook runs the task once, and only when it is due', async () => {
  const id = await createTask(4);
  const stream = await openStream({ taskId: id });
  await app.trpc.task.start.mutate({ id });
  const whenArmed = () =>
    app.task(id, 'its next arm', (task) => task.totalTopics > 0 && task.nextRunAt !== null);
  const deliver = async ({ context }: TaskDetailView) => {
    const tickToken = context.scheduler.tickToken ?? '';
    return postWebhook(app, '/task/heartbeat-tick', { taskId: id, userId: LOCAL_USER_ID, tickToken });
  };
  const early = await deliver(await whenArmed());
  expect(early).toEqual({ status: 200, answer: { ran: false, reason: 'early' } });

  // A tick may be claimed up to one second early, so before the server's own timer, unless this machine is
  // too slow.
  const delivered = await eventually(
    async () => {
      const task = await whenArmed();
      await delay((task.nextRunAt?.getTime() ?? 0) - 800 - Date.now());
      const { answer } = await deliver(task);
      return tickAnswer.parse(answer).ran ? task : undefined;
    },
    { what: 'a tick that arrives before the timer' },
  );
  const again = await deliver(delivered);
  expect(again).toMatchObject({ status: 200, answer: { ran: false } });

  await app.trpc.task.pause.mutate({ id });
  await stream.first(({ toStatus }) => toStatus === 'paused');
  const claims = stream.events.filter(({ kind, toStatus }) => kind === 'status' && toStatus === 'running');
  expect((await app.trpc.task.detail.query({ id })).totalTopics).toBe(claims.length);
});

const tickAnswer = z.object({ ran: z.boolean() });

test('a lost stream resumes after the last event that was received, without a gap and without a duplicate', async () => {
  const id = await createTask(3_600);
  const complete = await openStream({ taskId: id });
  const cut = await openStream({ taskId: id });
  await app.trpc.task.comment.mutate({ id, content: 'before the cut' });
  const last = await cut.first(({ kind }) => kind === 'comment');
  cut.close();
  await cut.ended;
  for (const content of ['during it', 'also during it']) await app.trpc.task.comment.mutate({ id, content });

  const resumed = await openStream({ taskId: id, lastEventId: last.id });
  await app.trpc.task.comment.mutate({ id, content: 'after it' });
  const comments = (stream: EventStream) => stream.events.filter(({ kind }) => kind === 'comment');
  await complete.first(() => comments(complete).length === 4);
  await resumed.first(() => comments(resumed).length === 3);

  const received = [...cut.events, ...resumed.events].map((event) => event.id);
  expect(received).toEqual(complete.events.map((event) => event.id));
});
