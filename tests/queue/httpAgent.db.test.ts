import { agentKinds } from '@everbeat/agents';
import { LIMITS, type TaskCreateInput } from '@everbeat/domain';
import { WEBHOOK_PATHS } from '@everbeat/scheduler';
import { type FakeHttpAgent, startFakeHttpAgent } from '@everbeat/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { queueWorldPerTest } from '../support/queueWorld';

const world = queueWorldPerTest({
  runtimes: { http: agentKinds.http.createRuntime({ addressPolicy: { privateAddresses: 'any' } }) },
});
const TICK = WEBHOOK_PATHS.heartbeatTick;

let agentServer: FakeHttpAgent;
let agentId: string;
beforeEach(async () => {
  agentServer = await startFakeHttpAgent();
  const config = { url: `${agentServer.url}/jobs` };
  const agent = await world().agents.create(world().userId, { name: 'Harbour master', kind: 'http', config });
  agentId = agent.id;
});
afterEach(() => agentServer.close());

const startTask = (input: Partial<TaskCreateInput> = {}) => world().startTask({ agentId, ...input });

async function post(url: string, body: unknown): Promise<{ status: number; answer: unknown }> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  return { status: response.status, answer: await response.json() };
}

describe('an http agent that answers directly', () => {
  test('is given the prompt, and its report is stored and appears in the next prompt', async () => {
    const id = await startTask({ instruction: 'Count the ships' });
    agentServer.next({
      body: {
        content: 'Three ships',
        title: 'Ships',
        briefs: [{ type: 'insight', priority: 'info', title: 'One is red', summary: 'the small one' }],
        usage: { inputTokens: 12 },
      },
    });

    await world().elapse(0);

    expect(agentServer.calls).toMatchObject([
      { taskId: id, trigger: 'heartbeat', prompt: expect.stringContaining('Count the ships') },
    ]);
    const detail = await world().reads.taskDetail(world().userId, id);
    expect(detail.topics).toMatchObject([{ title: 'Ships', status: 'done' }]);
    expect(await world().briefs(id)).toMatchObject([{ type: 'insight', title: 'One is red' }]);
    await world().elapse(60);
    expect(agentServer.calls).toHaveLength(2);
    expect(agentServer.calls[1]?.prompt).toContain('Three ships');
  });

  test('has the subtasks that it creates published at once, where the task lets them start', async () => {
    const id = await startTask({ config: { subtasks: 'start' } });
    agentServer.next({ body: { content: 'Split', subtasks: [{ instruction: 'Count the masts' }] } });
    await world().elapse(0);
    await world().elapse(0);

    const { subtasks } = await world().reads.taskDetail(world().userId, id);
    expect(subtasks).toMatchObject([{ status: 'completed' }]);
    expect(agentServer.calls[1]).toMatchObject({ taskId: subtasks[0]?.id });
  });

  test('is told that a further attempt is for the same occurrence', async () => {
    const id = await startTask();
    agentServer.next({ status: 503, headers: { 'retry-after': '40' } });
    await world().elapse(0);
    await world().elapse(39);
    expect(agentServer.calls).toHaveLength(1);

    await world().elapse(60);

    const [first, second] = agentServer.calls;
    expect(second?.occurrence).toBe(first?.occurrence);
    expect([first, second].map((call) => call?.headers['idempotency-key'])).toEqual([
      first?.occurrence,
      first?.occurrence,
    ]);
    expect([first?.attempt, second?.attempt]).toEqual([1, 2]);
    expect(await world().task(id)).toMatchObject({
      status: 'scheduled',
      scheduler: { consecutiveFailures: 0 },
    });
  });

  test('leaves comments, subtasks and a memory, and an extra that does not fit costs nothing', async () => {
    const id = await startTask();
    agentServer.next({
      status: 201,
      body: {
        content: 'Three ships',
        comments: ['The small one is red'],
        subtasks: [{ name: 'Paint it', instruction: 'Paint the small one' }],
        memory: { ships: 3 },
        briefs: [{ type: 'joke' }],
      },
    });

    await world().elapse(0);

    const { reads, userId } = world();
    const detail = await reads.taskDetail(userId, id);
    expect(detail).toMatchObject({
      comments: [{ author: 'agent', content: 'The small one is red' }],
      subtasks: [{ name: 'Paint it' }],
      topics: [{ status: 'done' }],
    });
    const { items } = await reads.transcript(userId, detail.topics[0]?.id ?? '', { limit: 100 });
    expect(items.map(({ content }) => content).join()).toContain('briefs.0 was left out');
    await world().elapse(60);
    expect(agentServer.calls[1]).toMatchObject({ memory: { ships: 3 } });
  });

  test.each([
    ['an error status', { status: 422, body: 'out of tea' }, 'status 422'],
    ['an error that it reports itself', { body: { status: 'error', errorMessage: 'fog' } }, 'fog'],
    ['a body that is not JSON', { body: 'hello' }, 'not a JSON object'],
  ])(
    'with %s blows the fuse after three failures; after the first and the second it is still called',
    async (_name, answer, message) => {
      const id = await startTask();
      agentServer.default(answer);

      for (const [failures, seconds] of [
        [1, 0],
        [2, 60],
      ] as const) {
        await world().elapse(seconds);
        expect(agentServer.calls).toHaveLength(failures);
        expect(await world().task(id)).toMatchObject({
          status: 'scheduled',
          error: expect.stringContaining(message),
          scheduler: { consecutiveFailures: failures, tickMessageId: expect.any(String) },
        });
        await world().expectSound();
      }
      await world().elapse(60);
      expect(await world().task(id)).toMatchObject({
        status: 'paused',
        scheduler: { consecutiveFailures: 3, blockedBy: 'fuse', tickToken: null },
      });
      expect(await world().briefs(id)).toMatchObject([{ type: 'error', priority: 'urgent', occurrences: 3 }]);

      await world().elapse(600);
      expect(agentServer.calls).toHaveLength(3);
      expect(world().qstash.messages()).toEqual([]);
      expect(
        world()
          .delivered(TICK)
          .map(({ answer }) => answer),
      ).toMatchObject([{ ran: true }, { ran: true }, { ran: true }]);
    },
  );
});

describe('an http agent that answers 202 and reports later', () => {
  /** A task whose agent answered 202: the tick is answered, and the operation is still running. */
  async function accepted() {
    const id = await startTask();
    const callsBefore = agentServer.calls.length;
    agentServer.next({ status: 202 });
    await world().elapse(0);
    const call = await agentServer.called(callsBefore + 1);
    expect((await world().task(id)).status).toBe('running');
    return { id, operationId: call.operationId, url: call.callbackUrl };
  }

  test('is settled once, by its callback, after its tick was answered', async () => {
    const { id, url } = await accepted();
    expect(world().delivered(TICK)).toMatchObject([{ status: 200, answer: { ran: true } }]);
    await world().elapse(30);

    const first = await post(url, { content: 'Done at last', briefs: [] });
    const second = await post(url, { content: 'Done again' });

    expect(first).toEqual({ status: 200, answer: { settled: true } });
    expect(second).toEqual({ status: 200, answer: { settled: false, reason: 'already-settled' } });
    const { status, scheduler } = await world().task(id);
    expect({ status, dueAt: scheduler.dueAt }).toEqual({
      status: 'scheduled',
      dueAt: '2026-01-01T00:01:30.000Z',
    });
    const detail = await world().reads.taskDetail(world().userId, id);
    expect(detail.topics).toMatchObject([{ status: 'done', title: 'Done at last' }]);
    await world().elapse(60);
    expect(agentServer.calls).toHaveLength(2);
  });

  test('keeps its report when an extra of it does not fit, and its transcript says so', async () => {
    const { id, url } = await accepted();
    const report = { content: 'Done at last', comments: [{}, 'Noted'] };
    expect(await post(url, report)).toEqual({ status: 200, answer: { settled: true } });

    const { reads, userId } = world();
    const { comments, topics } = await reads.taskDetail(userId, id);
    expect(comments).toMatchObject([{ content: 'Noted' }]);
    const { items } = await reads.transcript(userId, topics[0]?.id ?? '', { limit: 100 });
    expect(items.slice(-2)).toMatchObject([
      { role: 'tool', content: expect.stringContaining('comments.0 was left out') },
      { role: 'assistant', content: 'Done at last' },
    ]);
  });

  test('may report through the callback even before its 202 has arrived', async () => {
    const id = await startTask();
    agentServer.next(async (call) => {
      await post(call.callbackUrl, { content: 'Quick as a flash' });
      return { status: 202 };
    });
    await world().elapse(0);
    expect(await world().task(id)).toMatchObject({ status: 'scheduled', totalTopics: 1 });
  });

  test('counts for the fuse when it reports an error', async () => {
    const { id, url } = await accepted();
    const answer = await post(url, { status: 'error', errorCode: 'fog', errorMessage: 'Nothing to see' });
    expect(answer).toMatchObject({ status: 200, answer: { settled: true } });
    expect(await world().task(id)).toMatchObject({
      status: 'scheduled',
      error: 'Nothing to see',
      scheduler: { consecutiveFailures: 1 },
    });
  });

  test('does not disclose its credentials in the error that people read, by callback or directly', async () => {
    const url = `${agentServer.url}/jobs`;
    const headers = { authorization: 'Bearer key-of-the-harbour' };
    await world().agents.update(world().userId, { id: agentId, config: { url, headers } });
    const report = {
      status: 'error',
      errorMessage: 'Bearer key-of-the-harbour is refused: key-of-the-harbour has expired',
      content: 'I tried the gate',
    };
    const redacted = '[redacted] is refused: [redacted] has expired';

    const { id, url: callbackUrl } = await accepted();
    expect((await post(callbackUrl, report)).status).toBe(200);

    expect((await world().task(id)).error).toBe(redacted);
    const { briefs, topics } = await world().reads.taskDetail(world().userId, id);
    expect(briefs).toMatchObject([{ type: 'error', summary: expect.stringContaining(redacted) }]);
    expect(topics).toMatchObject([{ status: 'error', error: redacted }]);

    agentServer.next({ body: report });
    await world().elapse(60);
    expect(await world().task(id)).toMatchObject({ error: redacted, scheduler: { consecutiveFailures: 2 } });
  });

  test('can report only with the secret of its own operation', async () => {
    const mine = await accepted();
    const other = await accepted();
    const secretOf = ({ url }: { url: string }) => new URL(url).searchParams.get('secret') ?? '';
    const address = (operationId: string, secret: string) => {
      const url = new URL(mine.url);
      url.search = new URLSearchParams({ operationId, secret }).toString();
      return url.href;
    };

    for (const url of [
      address(mine.operationId, 'guessed'),
      address(mine.operationId, secretOf(other)),
      address('0b7bb5a5-6b25-4bb5-9d5c-7a1e5b0a3f11', secretOf(mine)),
      address('T-1', secretOf(mine)),
      mine.url.slice(0, mine.url.indexOf('?')),
    ]) {
      const answer = await post(url, { content: 'forged' });
      expect(answer).toEqual({ status: 404, answer: { error: 'this callback address is not valid' } });
    }
    expect((await world().task(mine.id)).status).toBe('running');
    expect((await post(address(mine.operationId, secretOf(mine)), { content: 'mine' })).status).toBe(200);
    expect((await world().task(other.id)).status).toBe('running');
  });

  test('gets 400 with the problem for a report that does not fit, and may send another', async () => {
    const { id, url } = await accepted();
    expect(await post(url, { title: 'no content' })).toMatchObject({
      status: 400,
      answer: { error: expect.stringContaining('content') },
    });
    expect((await world().task(id)).status).toBe('running');
    expect(await post(url, { content: 'here it is' })).toMatchObject({ answer: { settled: true } });
  });

  test('gets 413 for a report that is larger than a request may be, and may send a shorter one', async () => {
    const { id, url } = await accepted();
    const long = { content: 'x'.repeat(LIMITS.requestBodyBytesMax) };
    expect(await post(url, long)).toMatchObject({ status: 413 });
    expect((await world().task(id)).status).toBe('running');
    expect(await post(url, { content: 'here it is' })).toMatchObject({ answer: { settled: true } });
  });

  test('but never does is timed out by the watchdog, after which its report changes nothing', async () => {
    const { id, url } = await accepted();
    await world().registerWatchdog();
    await world().elapse(600);
    expect((await world().task(id)).status).toBe('running');

    await world().elapse(60);

    expect(await world().task(id)).toMatchObject({
      status: 'scheduled',
      scheduler: { consecutiveFailures: 0 },
    });
    expect(await post(url, { content: 'too late' })).toMatchObject({
      answer: { settled: false, reason: 'already-settled' },
    });
    expect(await world().task(id)).toMatchObject({ scheduler: { consecutiveFailures: 0 } });
  });

  test('after it was timed out has cost what it says, once', async () => {
    const { id, url } = await accepted();
    await world().registerWatchdog();
    await world().elapse(660);
    const before = await world().task(id);
    const late = { content: 'too late', usage: { costUsd: 0.4, inputTokens: 100, outputTokens: 20 } };
    const answers = await Promise.all([post(url, late), post(url, late)]);
    answers.push(await post(url, { ...late, usage: { costUsd: 9 } }));
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 200, answer: { settled: false, reason: 'already-settled' } });
    const spent = await world().query(
      `select scope, spent_usd::float8 as usd, (input_tokens + output_tokens)::float8 as tokens
       from everbeat.budget_counters where period = 'total' and scope <> 'agent' order by scope`,
    );
    expect(spent).toEqual([
      { scope: 'owner', usd: 0.4, tokens: 120 },
      { scope: 'task', usd: 0.4, tokens: 120 },
    ]);
    expect(await world().query('select occurrence is not null as named from everbeat.spend_entries')).toEqual(
      [{ named: true }],
    );
    expect(await world().task(id)).toEqual(before);
  });

  test('after it was timed out costs once, however many reports are counted at the same moment', async () => {
    const earlier = await accepted();
    await post(earlier.url, { content: 'in time', usage: { costUsd: 0.1 } });
    const { url } = await accepted();
    await world().registerWatchdog();
    await world().elapse(660);

    const holder = await world().database.pool.connect();
    await holder.query(`begin; select 1 from everbeat.budget_counters where scope = 'owner' for update`);
    const late = { content: 'too late', usage: { costUsd: 0.4 } };
    const answers = Promise.all([post(url, late), post(url, late)]);
    await expect.poll(() => world().lockWaiters(), { interval: 5 }).toBe(2);
    await holder.query('commit');
    holder.release();

    for (const { status } of await answers) expect(status).toBe(200);
    const [owner] = await world().query(
      `select spent_usd::float8 as usd from everbeat.budget_counters where scope = 'owner' and period = 'total'`,
    );
    expect(owner).toEqual({ usd: 0.5 });
  });

  test('has cost nothing more when it reports a second time', async () => {
    const { url } = await accepted();
    const report = { content: 'here it is', usage: { costUsd: 0.4 } };
    await post(url, report);
    await post(url, report);
    expect(await world().query('select spent_usd::float8 as usd from everbeat.spend_entries')).toEqual([
      { usd: 0.4 },
    ]);
  });

  test('cannot settle a run that a person has stopped', async () => {
    const { id, operationId, url } = await accepted();
    await world().lifecycle.interrupt(world().userId, operationId);
    expect(await post(url, { content: 'too late' })).toMatchObject({ answer: { settled: false } });
    expect((await world().task(id)).status).toBe('paused');
  });
});
