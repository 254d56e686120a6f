import { createTempFolder, type FakeHttpAgent, startFakeHttpAgent } from '@everbeat/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type MailServer, startMailServer } from '../../packages/channels/test/mailServer';
import { type App, startApp } from '../support/app/app';
import { databasePid, isAlive, removeDataFolder } from '../support/app/dataFolder';
import { openEventStream } from '../support/app/eventStream';
import { eventually } from '../support/app/eventually';

let dataDir: string;
let agent: FakeHttpAgent;
let app: App;
let agentId: string;
let mailServer: MailServer;

const start = (port?: number): Promise<App> =>
  startApp({
    dataDir,
    port,
    env: {
      WATCHDOG_INTERVAL_SECONDS: '1',
      WATCHDOG_GRACE_SECONDS: '1',
      SMTP_URL: `smtp://127.0.0.1:${mailServer.port}?ignoreTLS=true`,
      MAIL_FROM: 'everbeat@example.com',
    },
  });

/**
 * All tests use one data folder, since one installation outlives many crashes. Each test leaves a server
 * running.
 */
beforeAll(async () => {
  dataDir = await createTempFolder('e2e');
  mailServer = await startMailServer();
  app = await start();
});

afterAll(async () => {
  await app?.stop();
  await mailServer.close();
  await removeDataFolder(dataDir);
});

beforeEach(async () => {
  agent = await startFakeHttpAgent();
  if (!isAlive(app.pid)) app = await start();
  const config = { url: agent.url };
  agentId = (await app.trpc.agent.create.mutate({ name: 'Fake agent', kind: 'http', config })).id;
});

afterEach(() => agent.close());

async function startTask(input: { heartbeatInterval: number; heartbeatTimeout?: number }): Promise<string> {
  const { id } = await app.trpc.task.create.mutate({
    instruction: 'Count the ships',
    agentId,
    automationMode: 'heartbeat',
    ...input,
  });
  await app.trpc.task.start.mutate({ id });
  return id;
}

const callsOf = (taskId: string) => agent.calls.filter((call) => call.taskId === taskId);

describe('a server that is killed', () => {
  test('and started again loses nothing, runs nothing twice, and goes on where it was', async () => {
    agent.next({ body: { content: 'Seven ships', briefs: [ship('Seven ships')] } });
    const armed = await startTask({ heartbeatInterval: 4 });
    const [brief] = (await app.task(armed, 'its brief', ({ briefs }) => briefs.length === 1)).briefs;
    const comment = await app.trpc.task.comment.mutate({ id: armed, content: 'Count the small ones too' });
    agent.hold();
    const inFlight = await startTask({ heartbeatInterval: 1, heartbeatTimeout: 2 });
    await agent.called(2);
    const { runningOperation } = await app.task(
      inFlight,
      'its run',
      (task) => task.runningOperation !== null,
    );
    const acknowledged = await app.trpc.brief.resolve.mutate({ id: brief?.id ?? '', action: 'acknowledge' });
    const database = await databasePid(dataDir);

    await app.kill9();
    expect(isAlive(database ?? 0)).toBe(true);
    agent.release();
    app = await start();

    expect(app.output()).toContain('Using the database server that is already running');
    expect(await databasePid(dataDir)).toBe(database);
    const lost = await app.task(inFlight, 'the end of the lost run', ({ topics }) =>
      topics.some(({ status }) => status === 'timeout'),
    );
    expect(lost.topics.at(-1)).toMatchObject({ id: runningOperation?.topicId, status: 'timeout' });
    const recovered = await app.task(inFlight, 'it to go on', ({ topics }) => topics[0]?.status === 'done');
    // A lost run is not the task's failure: no strike, and nobody is asked.
    expect(recovered.context.scheduler.consecutiveFailures).toBe(0);
    expect(recovered.briefs).toEqual([]);

    const repeated = await app.task(
      armed,
      'the second run of the armed task',
      (task) => task.totalTopics >= 2,
    );
    expect(repeated.comments).toMatchObject([{ id: comment.id, content: 'Count the small ones too' }]);
    expect(repeated.briefs).toMatchObject([
      { id: acknowledged.id, resolvedAction: 'acknowledge', resolvedAt: acknowledged.resolvedAt },
    ]);
    for (const id of [armed, inFlight]) {
      await app.trpc.task.pause.mutate({ id });
      const settled = await app.task(id, 'its last run to end', (task) => task.runningOperation === null);
      const operations = callsOf(id).map(({ operationId }) => operationId);
      expect(new Set(operations).size).toBe(operations.length);
      expect(settled.totalTopics).toBe(operations.length);
    }
  });

  test('and started again settles the run of an agent that reports meanwhile, once', async () => {
    agent.next({ status: 202 });
    const id = await startTask({ heartbeatInterval: 60 });
    const call = await agent.called(1);
    await app.task(id, 'the agent to have accepted', (task) => task.runningOperation !== null);

    await app.kill9();
    // The agent reports to the previous address.
    app = await start(Number(new URL(app.url).port));
    expect(await agent.complete(call, { content: 'Done meanwhile' })).toBe(200);
    expect(await agent.complete(call, { content: 'Done again' })).toBe(200);

    const task = await app.trpc.task.detail.query({ id });
    expect(task).toMatchObject({ status: 'scheduled', totalTopics: 1, topics: [{ status: 'done' }] });
    expect(task.topics[0]?.handoff).toBe('Done meanwhile');
    expect(agent.calls).toHaveLength(1);
  });
});

describe('a person who answers by the link of a mail', () => {
  test('while the server is killed is heard once, and the task goes on once', async () => {
    const sentBefore = mailServer.mails.length;
    const channel = await app.trpc.channel.create.mutate({
      kind: 'email',
      config: { to: 'ada@example.com' },
    });
    onTestFinished(() => app.trpc.channel.delete.mutate({ id: channel.id }).then(() => undefined));
    const question = {
      type: 'decision',
      priority: 'urgent',
      title: 'Which berth?',
      summary: 'Both are free.',
      actions: [
        { key: 'left', label: 'The left one' },
        { key: 'right', label: 'The right one' },
      ],
    };
    agent.next({ body: { content: 'I must ask.', briefs: [question] } });
    const id = await startTask({ heartbeatInterval: 3_600 });
    const mail = await eventually(() => mailServer.mails[sentBefore], { what: 'the mail' });
    const path = /\/a\/[\w-]+/.exec(mail.text ?? '')?.[0] ?? '';
    const answer = () =>
      fetch(`${app.url}${path}`, { method: 'POST', body: new URLSearchParams({ action: 'right' }) });

    // Whether the answer was heard before the server died, nobody knows: so the person tries again.
    const lost = answer().catch(() => null);
    await app.kill9();
    await lost;
    app = await start(Number(new URL(app.url).port));
    expect(await (await answer()).text()).toMatch(/Answered from a message .*: “The right one”/);

    const task = await app.task(id, 'the run with the answer', ({ totalTopics, runningOperation }) =>
      totalTopics > 1 ? runningOperation === null : false,
    );
    expect(task.totalTopics).toBe(2);
    expect(callsOf(id)).toMatchObject([{}, { prompt: expect.stringContaining('The right one') }]);
    expect(mailServer.mails).toHaveLength(sentBefore + 1);
  });
});

describe('a server that is asked to stop', () => {
  test('ends its streams and its database within 15 s, does not wait for agents, and exits with code 0', async () => {
    const idle = await startTask({ heartbeatInterval: 3_600 });
    await app.task(idle, 'its run', ({ topics }) => topics[0]?.status === 'done');
    agent.hold();
    const held = await startTask({ heartbeatInterval: 1, heartbeatTimeout: 1 });
    await agent.called(2);
    const stream = await openEventStream(app);

    const stoppedAtMs = Date.now();
    expect(await app.stop()).toEqual({ code: 0, signal: null });
    expect(Date.now() - stoppedAtMs).toBeLessThan(15_000);
    await stream.ended;
    expect(app.output()).toContain('The database has stopped');
    expect(await databasePid(dataDir)).toBeUndefined();

    agent.release();
    app = await start();
    const recovered = await app.task(held, 'the end of the held run and a run after it', ({ topics }) =>
      topics.some(({ status }) => status === 'done'),
    );
    expect(recovered.topics.at(-1)?.status).not.toBe('done');
    await app.trpc.task.pause.mutate({ id: held });
    expect(await app.trpc.task.detail.query({ id: idle })).toMatchObject({
      status: 'scheduled',
      totalTopics: 1,
    });
  });
});

const ship = (title: string) => ({ type: 'insight', priority: 'normal', title, summary: 'In the harbour.' });
