import { createServer, type Server } from 'node:http';
import type { ArmedTick, Logger } from '@everbeat/domain';
import type { FakeQStash } from '@everbeat/testkit';
import { createTestClock, startFakeQStash } from '@everbeat/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { describeTaskScheduler } from '../../test/contract';
import { startSignedReceiver } from '../../test/signedReceiver';
import type { TickMessage } from '../port';
import { SchedulerUnavailableError } from '../port';
import { WEBHOOK_PATHS, webhookUrl } from '../webhookUrl';
import { createQStashClient } from './qstashClient';
import { QStashPublisher } from './qstashPublisher';
import { QStashTaskScheduler } from './qstashTaskScheduler';
import { registerWatchdogSchedule } from './watchdogSchedule';

const DAY_SECONDS = 24 * 3_600;
const MAX_DELAY_SECONDS = 7 * DAY_SECONDS;
const SECOND = 1_000;

const disposals: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const dispose of disposals.splice(0).reverse()) await dispose();
});

function captureLog() {
  const lines: string[] = [];
  const log = (fields: object, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`);
  const logger: Logger = { debug: log, info: log, warn: log, error: log };
  return { lines, logger };
}

async function makeWorld({ appUrl = 'http://127.0.0.1:9', requestTimeoutMs = 5_000 } = {}) {
  const clock = createTestClock();
  const qstash = await startFakeQStash({ clock });
  disposals.push(() => qstash.close());
  const client = createQStashClient({ url: qstash.url, token: qstash.token });
  const { lines, logger } = captureLog();
  const options = { client, appUrl, maxDelaySeconds: MAX_DELAY_SECONDS, clock, logger, requestTimeoutMs };
  return { clock, qstash, client, lines, options, scheduler: new QStashTaskScheduler(options) };
}

const TOKEN = '0b7bb5a5-6b25-4bb5-9d5c-7a1e5b0a3f11';
const tickAt = (dueAt: Date, publication = 1): ArmedTick => ({
  taskId: 'task',
  userId: 'user',
  tickToken: TOKEN,
  dueAt,
  publication,
  agentKind: 'http',
  priority: 0,
});

/** The route schedules an early tick again for the rest of its wait, as the next publication. */
async function makeHarness() {
  const clock = createTestClock();
  const qstash: FakeQStash = await startFakeQStash({ clock });
  clock.settleWith(() => qstash.idle());
  const armed = new Map<string, ArmedTick>();
  const arrivals: { tick: TickMessage; at: Date }[] = [];
  const receiver = await startSignedReceiver(qstash, async (body) => {
    const tick: TickMessage = JSON.parse(body);
    const arm = armed.get(tick.tickToken);
    if (arm !== undefined && clock.now() < arm.dueAt) {
      const next = { ...arm, publication: arm.publication + 1 };
      armed.set(tick.tickToken, next);
      await scheduler.schedule(next);
    } else {
      arrivals.push({ tick, at: clock.now() });
    }
  });
  const client = createQStashClient({ url: qstash.url, token: qstash.token });
  const { logger } = captureLog();
  const scheduler = new QStashTaskScheduler({
    client,
    appUrl: receiver.url,
    maxDelaySeconds: MAX_DELAY_SECONDS,
    clock,
    logger,
  });
  await scheduler.start();
  return {
    scheduler,
    now: clock.now,
    async arm(tick: ArmedTick) {
      armed.set(tick.tickToken, tick);
      return scheduler.schedule(tick);
    },
    advance: clock.advance,
    arrived: () => arrivals,
    async stop() {
      await scheduler.stop();
      await receiver.close();
    },
    async dispose() {
      await receiver.close();
      await qstash.close();
    },
  };
}

describeTaskScheduler('QStashTaskScheduler', makeHarness);

describe('QStashTaskScheduler', () => {
  it('publishes the ids to the public address, with the delay, three retries and the id of the publication', async () => {
    const { clock, qstash, scheduler } = await makeWorld({ appUrl: 'http://127.0.0.1:9/base/' });
    await scheduler.schedule(tickAt(new Date(clock.now().getTime() + 90_500), 3));

    const [message] = qstash.messages();
    expect(message).toMatchObject({
      url: 'http://127.0.0.1:9/base/api/workflows/task/heartbeat-tick',
      method: 'POST',
      delayMs: 91_000,
      maxRetries: 3,
      deduplicationId: `${TOKEN}-3`,
      label: 'heartbeat-tick',
    });
    expect(JSON.parse(message?.body.toString() ?? '')).toEqual({
      taskId: 'task',
      userId: 'user',
      tickToken: TOKEN,
    });
  });

  it.each([
    { wait: 'one second too long', waitSeconds: MAX_DELAY_SECONDS + 1, delaySeconds: MAX_DELAY_SECONDS },
    { wait: 'exactly the longest', waitSeconds: MAX_DELAY_SECONDS, delaySeconds: MAX_DELAY_SECONDS },
    { wait: '400 days', waitSeconds: 400 * DAY_SECONDS, delaySeconds: MAX_DELAY_SECONDS },
    { wait: 'zero', waitSeconds: 0, delaySeconds: 0 },
    { wait: 'less than zero', waitSeconds: -5, delaySeconds: 0 },
  ])('limits a delay of $wait to what the plan allows', async ({ waitSeconds, delaySeconds }) => {
    const { clock, qstash, scheduler } = await makeWorld();
    await scheduler.schedule(tickAt(new Date(clock.now().getTime() + waitSeconds * SECOND)));
    expect(qstash.published().map(({ delayMs }) => delayMs)).toEqual([delaySeconds * SECOND]);
  });

  it('forwards the configured headers with every delivery', async () => {
    const { clock, qstash, options } = await makeWorld();
    const scheduler = new QStashTaskScheduler({ ...options, forwardHeaders: { 'x-bypass': 'letmein' } });
    await scheduler.schedule(tickAt(clock.now()));
    expect(qstash.messages()[0]?.forwardHeaders).toEqual({
      'content-type': 'application/json',
      'x-bypass': 'letmein',
    });
  });

  it('returns the first id when the response to a publication was lost', async () => {
    const { clock, qstash, scheduler } = await makeWorld();
    qstash.faults.refusePublish({ how: 'lose-answer' });
    const { messageId } = await scheduler.schedule(tickAt(clock.now()));
    expect(qstash.messages().map((message) => message.messageId)).toEqual([messageId]);
  });

  it('reports with its status that QStash did not accept a tick, and quotes no token', async () => {
    const { clock, qstash, options } = await makeWorld();
    qstash.faults.refusePublish();
    const refused = new QStashTaskScheduler(options).schedule(tickAt(clock.now()));
    await expect(refused).rejects.toThrow(SchedulerUnavailableError);
    await expect(refused).rejects.toThrow('status 500');

    const client = createQStashClient({ url: qstash.url, token: 'wrong' });
    const unauthorized = new QStashTaskScheduler({ ...options, client }).schedule(tickAt(clock.now()));
    await expect(unauthorized).rejects.toThrow('status 401');
    await expect(unauthorized).rejects.not.toThrow(TOKEN);
  });

  it('removes everything from an error that looks like a token', async () => {
    const { clock, options } = await makeWorld({ appUrl: `ftp://${TOKEN}` });
    const scheduled = new QStashTaskScheduler(options).schedule(tickAt(clock.now()));
    await expect(scheduled).rejects.toThrow('status 400: {"error":"invalid destination url');
    await expect(scheduled).rejects.toThrow('***');
    await expect(scheduled).rejects.not.toThrow(TOKEN);
  });

  it('times out on a QStash that does not respond', async () => {
    const receiver = await startSilentServer();
    const { clock, options } = await makeWorld();
    const client = createQStashClient({ url: receiver.url, token: 'token' });
    const scheduler = new QStashTaskScheduler({ ...options, client, requestTimeoutMs: 50 });
    await expect(scheduler.schedule(tickAt(clock.now()))).rejects.toThrow('no response within 50 ms');
    await expect(scheduler.check()).rejects.toThrow(SchedulerUnavailableError);
  });

  it('logs a failed cancellation, but not that of a message that no longer exists', async () => {
    const { qstash, lines, options, scheduler } = await makeWorld();
    await scheduler.cancel('msg_gone');
    expect(lines).toEqual([]);

    const client = createQStashClient({ url: qstash.url, token: 'wrong' });
    await new QStashTaskScheduler({ ...options, client }).cancel('msg_other');
    expect(lines).toHaveLength(1);
  });

  it('fails its check when the token is wrong', async () => {
    const { qstash, options } = await makeWorld();
    const client = createQStashClient({ url: qstash.url, token: 'wrong' });
    await expect(new QStashTaskScheduler({ ...options, client }).check()).rejects.toThrow('QSTASH_TOKEN');
  });
});

describe('QStashPublisher', () => {
  it('publishes any message of the application, once per deduplication id', async () => {
    const { qstash, options } = await makeWorld();
    const publisher = new QStashPublisher(options);
    const message = {
      path: WEBHOOK_PATHS.agentExecute,
      body: { operationId: 'operation' },
      deduplicationId: 'operation-1',
      delaySeconds: 5,
    };
    const first = await publisher.publish(message);
    expect(await publisher.publish(message)).toEqual(first);
    expect(qstash.messages()).toMatchObject([
      { url: webhookUrl(options.appUrl, WEBHOOK_PATHS.agentExecute), delayMs: 5_000, label: 'execute' },
    ]);
  });

  const messageOf = (deduplicationId: string) => ({
    path: WEBHOOK_PATHS.agentExecute,
    body: { operationId: deduplicationId },
    deduplicationId,
  });

  it('sends messages that arrive together in one request, each with its own id', async () => {
    const { qstash, options } = await makeWorld();
    const publisher = new QStashPublisher(options);
    const results = await Promise.all(['a', 'b', 'c'].map((id) => publisher.publish(messageOf(id))));
    expect(qstash.messages()).toMatchObject(
      results.map(({ messageId }, index) => ({ messageId, deduplicationId: ['a', 'b', 'c'][index] })),
    );

    qstash.faults.refusePublish();
    const refused = await Promise.allSettled(['d', 'e'].map((id) => publisher.publish(messageOf(id))));
    expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('fails only the message that QStash refuses', async () => {
    const { options } = await makeWorld();
    const url = await startServer((path) =>
      path === '/v2/batch'
        ? [200, [{ messageId: 'msg_1' }, { error: 'quota exceeded' }]]
        : [500, { error: 'unexpected' }],
    );
    const client = createQStashClient({ url, token: 'token' });
    const publisher = new QStashPublisher({ ...options, client });
    const [accepted, refused] = await Promise.allSettled([
      publisher.publish(messageOf('a')),
      publisher.publish(messageOf('b')),
    ]);
    expect(accepted).toMatchObject({ value: { messageId: 'msg_1' } });
    expect(refused).toMatchObject({ reason: expect.any(SchedulerUnavailableError) });
    expect(refused).toMatchObject({ reason: { message: expect.stringContaining('quota exceeded') } });
  });

  it('sends them one by one to a QStash that refuses batches', async () => {
    const { options } = await makeWorld();
    const url = await startServer((path) =>
      path === '/v2/batch' ? [404, { error: 'not found' }] : [201, { messageId: 'msg_alone' }],
    );
    const client = createQStashClient({ url, token: 'token' });
    const publisher = new QStashPublisher({ ...options, client });
    const results = await Promise.all([publisher.publish(messageOf('a')), publisher.publish(messageOf('b'))]);
    expect(results).toEqual([{ messageId: 'msg_alone' }, { messageId: 'msg_alone' }]);
  });
});

describe('createQStashClient', () => {
  it('refuses to fall back on the environment', () => {
    expect(() => createQStashClient({ url: '', token: 'token' })).toThrow('QSTASH_URL');
    expect(() => createQStashClient({ url: 'http://127.0.0.1:9', token: '' })).toThrow('QSTASH_TOKEN');
  });
});

describe('registerWatchdogSchedule', () => {
  it('leaves one schedule with the latest definition, however often it runs', async () => {
    const { qstash, client } = await makeWorld();
    await registerWatchdogSchedule({ client, appUrl: 'https://old.example', everyMinutes: 60 });
    const registered = await registerWatchdogSchedule({
      client,
      appUrl: 'https://new.example/',
      everyMinutes: 10,
    });

    expect(registered).toEqual({
      scheduleId: 'everbeat-watchdog',
      destination: 'https://new.example/api/workflows/task/watchdog',
      cron: '*/10 * * * *',
    });
    expect(qstash.schedules()).toMatchObject([
      {
        scheduleId: 'everbeat-watchdog',
        cron: '*/10 * * * *',
        request: { url: registered.destination, maxRetries: 0 },
      },
    ]);
    expect(qstash.schedules()[0]?.request.body.toString()).toBe('{}');
  });

  it('of an hour names its first minute, and forwards the configured headers', async () => {
    const { qstash, options } = await makeWorld();
    const forwardHeaders = { 'x-bypass': 'letmein' };
    const { cron } = await registerWatchdogSchedule({ ...options, forwardHeaders, everyMinutes: 60 });
    expect(cron).toBe('0 * * * *');
    expect(qstash.schedules()[0]?.request.forwardHeaders).toMatchObject(forwardHeaders);
  });

  it('calls the signed route every so many minutes', async () => {
    const { clock, qstash, client } = await makeWorld();
    clock.settleWith(() => qstash.idle());
    const paths: string[] = [];
    const receiver = await startSignedReceiver(qstash, async (_body, path) => void paths.push(path));
    disposals.push(() => receiver.close());
    await registerWatchdogSchedule({ client, appUrl: receiver.url, everyMinutes: 10 });
    await clock.advance(30 * 60 * SECOND);
    expect(paths).toEqual([WEBHOOK_PATHS.watchdog, WEBHOOK_PATHS.watchdog, WEBHOOK_PATHS.watchdog]);
  });
});

const startSilentServer = async (): Promise<{ url: string }> => ({
  url: await listenOn(createServer(() => {})),
});

/** A server that responds by path. */
const startServer = (respond: (path: string) => [status: number, body: object]): Promise<string> =>
  listenOn(
    createServer((request, response) => {
      const [status, body] = respond(request.url ?? '');
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    }),
  );

async function listenOn(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  disposals.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port');
  return `http://127.0.0.1:${address.port}`;
}
