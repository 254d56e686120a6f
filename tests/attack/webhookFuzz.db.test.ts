import { WEBHOOK_PATHS } from '@everbeat/scheduler';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createQueueWorld, type QueueWorld } from '../support/queueWorld';
import { deepJson, hostileJson, hostileNumber, hostileRecord, hostileText } from './hostileValues';

/** Hostile bodies with a valid signature must be answered with 200 or 489, without a server error. */

let world: QueueWorld;
beforeAll(async () => {
  world = await createQueueWorld();
});
afterAll(async () => {
  try {
    await world.expectSound();
    // Some of the reports say that their run failed.
    expect(world.complaints.filter((message) => message !== 'A run failed')).toEqual([]);
  } finally {
    await world.close();
  }
});

const { heartbeatTick, onTopicComplete, watchdog, agentExecute, deliver } = WEBHOOK_PATHS;
const UNKNOWN_ID = '0b7bb5a5-6b25-4bb5-9d5c-7a1e5b0a3f11';
const RUNS = 60;

const everything = () =>
  world.query(
    `select (select jsonb_agg(t order by t.id) from everbeat.tasks t) as tasks,
       (select jsonb_agg(o order by o.id) from everbeat.operations o) as operations,
       (select jsonb_agg(k order by k.token) from everbeat.task_ticks k) as ticks,
       (select count(*) from everbeat.task_activities) as activities, (select count(*) from everbeat.briefs) as briefs,
       (select count(*) from everbeat.messages) as messages, (select count(*) from everbeat.task_comments) as comments`,
  );

/** Starts a run whose agent reports later, so that only a call from outside can settle it. */
async function startAcceptedRun(): Promise<{
  taskId: string;
  userId: string;
  topicId: string;
  operationId: string;
  callbackUrl: string;
}> {
  const { id: taskId } = await world.createTask();
  world.agent.next({ kind: 'accepted', timeoutSeconds: 600 });
  const { topicId, operationId } = await world.runner.run(world.userId, { taskId });
  await world.elapse(0);
  const callbackUrl = world.agent.calls.at(-1)?.callbackUrl ?? '';
  return { taskId, userId: world.userId, topicId, operationId, callbackUrl };
}

describe('a signed random body', () => {
  test.each([heartbeatTick, onTopicComplete, watchdog, agentExecute, deliver])(
    'to %s changes nothing',
    async (path) => {
      const before = await everything();
      await fc.assert(
        fc.asyncProperty(
          fc.oneof(
            hostileText,
            hostileJson.map((value) => JSON.stringify(value)),
          ),
          async (text) => {
            const { status } = await world.call(path, text);
            expect([200, 489]).toContain(status);
            if (path !== watchdog && path !== deliver) expect(status).toBe(489);
          },
        ),
        { numRuns: RUNS },
      );
      expect(await everything()).toEqual(before);
    },
  );
});

const id = (own: string) => fc.constantFrom(own, UNKNOWN_ID);

test('a tick with random fields is skipped or answered with 489, and starts nothing', async () => {
  const taskId = (await world.createTask()).id;
  const before = await everything();
  const tick = hostileRecord({ taskId: id(taskId), userId: id(world.userId), tickToken: id(UNKNOWN_ID) });
  await fc.assert(
    fc.asyncProperty(tick, async (body) => {
      const { status, answer } = await world.call(heartbeatTick, body);
      if (status === 200) expect(answer).toMatchObject({ ran: false });
      else expect(status).toBe(489);
    }),
    { numRuns: 2 * RUNS },
  );
  expect(await everything()).toEqual(before);
});

const text = fc.oneof(fc.constant('Counted'), hostileText);
const brief = hostileRecord({
  type: fc.constantFrom('decision', 'result', 'insight', 'error'),
  priority: fc.constantFrom('urgent', 'normal', 'info'),
  title: text,
  summary: text,
});
const report = hostileRecord({
  title: text,
  briefs: fc.array(brief, { maxLength: 2 }),
  comments: fc.array(text, { maxLength: 2 }),
  subtasks: fc.array(fc.record({ name: text, instruction: text }), { maxLength: 2 }),
  goalMet: fc.boolean(),
  nextRunInSeconds: fc.oneof(fc.constant(60), hostileNumber),
  memory: hostileJson,
});
const completion = hostileRecord({
  reason: fc.constantFrom('done', 'error', 'timeout', 'interrupted'),
  lastAssistantContent: text,
  errorMessage: text,
  errorCode: text,
  report: fc.oneof({ weight: 4, arbitrary: report }, { weight: 1, arbitrary: fc.constant(null) }),
  usage: fc.record({ inputTokens: hostileNumber, outputTokens: hostileNumber, costUsd: hostileNumber }),
  transcript: fc.array(
    fc.record({ id: fc.uuid(), role: fc.constantFrom('user', 'assistant', 'tool'), content: text }),
    { maxLength: 2 },
  ),
});

describe('a completion with a random report', () => {
  test('settles the operation, or is answered with 489 and changes nothing', async () => {
    let run = await startAcceptedRun();
    let settled = 0;
    await fc.assert(
      fc.asyncProperty(completion, async (fields) => {
        const { callbackUrl: _, ...ids } = run;
        const before = await everything();
        const { status, answer } = await world.call(onTopicComplete, { ...fields, ...ids });
        if (status === 489) {
          expect(await everything()).toEqual(before);
          return;
        }
        expect({ status, answer }).toEqual({ status: 200, answer: { settled: true } });
        settled += 1;
        run = await startAcceptedRun();
      }),
      { numRuns: 2 * RUNS },
    );
    expect(settled).toBeGreaterThan(0);
  });

  test('and random ids settles nothing', async () => {
    const run = await startAcceptedRun();
    const before = await everything();
    const ids = hostileRecord({
      taskId: id(run.taskId),
      userId: id(run.userId),
      topicId: id(run.topicId),
      operationId: fc.constant(UNKNOWN_ID),
    });
    await fc.assert(
      fc.asyncProperty(ids, async (fields) => {
        const { status, answer } = await world.call(onTopicComplete, { reason: 'done', ...fields });
        if (status === 200) expect(answer).toEqual({ settled: false, reason: 'not-found' });
        else expect(status).toBe(489);
      }),
      { numRuns: RUNS },
    );
    expect(await everything()).toEqual(before);
  });

  test.each(['"memory":DEEP', '"comments":DEEP', '"memory":{"a":DEEP}'])(
    'nested too deep in %s is answered with 489',
    async (field) => {
      const { callbackUrl: _, ...ids } = await startAcceptedRun();
      const before = await everything();
      const body = JSON.stringify({ ...ids, reason: 'done', report: {} }).replace(
        '"report":{}',
        `"report":{${field}}`,
      );
      const { status } = await world.call(onTopicComplete, body.replace('DEEP', deepJson(200_000)));
      expect(status).toBe(489);
      expect(await everything()).toEqual(before);
    },
  );
});

describe('the callback of an agent', () => {
  const post = (url: string, body: string) => world.workflows.request(url, { method: 'POST', body });
  const agentReport = hostileRecord({
    status: fc.constantFrom('done', 'error', null),
    content: text,
    title: text,
    errorMessage: text,
    errorCode: text,
    briefs: fc.array(brief, { maxLength: 2 }),
    goalMet: fc.boolean(),
    nextRunInSeconds: fc.oneof(fc.constant(60), hostileNumber),
    usage: fc.record({ inputTokens: hostileNumber, outputTokens: hostileNumber, costUsd: hostileNumber }),
  });

  test('settles the operation, or answers with 400 and changes nothing, whatever the report', async () => {
    let run = await startAcceptedRun();
    let settled = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          agentReport.map((value) => JSON.stringify(value)),
          hostileText,
        ),
        async (body) => {
          const before = await everything();
          const response = await post(run.callbackUrl, body);
          if (response.status === 400) {
            expect(await everything()).toEqual(before);
            return;
          }
          expect({ status: response.status, answer: await response.json() }).toEqual({
            status: 200,
            answer: { settled: true },
          });
          settled += 1;
          run = await startAcceptedRun();
        },
      ),
      { numRuns: 2 * RUNS, examples: [['{"status":"done","content":"All is well"}']] },
    );
    expect(settled).toBeGreaterThan(0);
    // An extra that does not fit is left out; the report is not lost for it.
    expect((await post(run.callbackUrl, `{"content":"x","briefs":${deepJson(200_000)}}`)).status).toBe(200);
  });

  test('with a guessed id or secret is answered with 404, like an unknown one', async () => {
    const run = await startAcceptedRun();
    const before = await everything();
    const other = await startAcceptedRun();
    const secretOf = (url: string) => new URL(url).searchParams.get('secret') ?? '';
    const guesses = fc.oneof(
      fc.record({
        operationId: id(run.operationId),
        secret: fc.oneof(hostileText, fc.constant(secretOf(other.callbackUrl))),
      }),
      fc.record({ operationId: hostileText, secret: fc.constant(secretOf(run.callbackUrl)) }),
      fc.constant({ operationId: other.operationId, secret: secretOf(run.callbackUrl) }),
    );
    const after = await everything();
    await fc.assert(
      fc.asyncProperty(guesses, async (guess) => {
        const address = `/api/workflows/agent/callback?${new URLSearchParams(guess)}`;
        const response = await post(address, '{"content":"Mine now"}');
        expect({ status: response.status, text: await response.text() }).toEqual({
          status: 404,
          text: '{"error":"this callback address is not valid"}',
        });
      }),
      { numRuns: RUNS },
    );
    expect(after).not.toEqual(before);
    expect(await everything()).toEqual(after);
  });
});
