import { LIMITS } from '@everbeat/domain';
import { type FakeHttpAgent, startFakeHttpAgent } from '@everbeat/testkit';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeAgentRuntime, exampleRequest } from '../../../test/contract';
import { httpKind } from './httpKind';

const runtime = httpKind.createRuntime({ addressPolicy: { privateAddresses: 'any' } });
const FLOOD = `\0\ud800${'x'.repeat(150_000)}`;

describeAgentRuntime('http', async () => {
  const [agent, broken, flooding] = await Promise.all([
    startFakeHttpAgent(),
    startFakeHttpAgent(),
    startFakeHttpAgent(),
  ]);
  broken.default({ status: 500, body: FLOOD });
  flooding.default({
    body: {
      content: FLOOD,
      title: FLOOD,
      briefs: [{ type: 'result', priority: 'info', title: FLOOD, summary: FLOOD }],
    },
  });
  return {
    runtime,
    works: { url: agent.url },
    fails: {
      config: { url: broken.url },
      errorCode: 'agent_http_500',
      farSide: new URL(broken.url).host,
    },
    hangs(timeoutSeconds) {
      agent.hold();
      const call = agent.called(agent.calls.length + 1);
      const ended = async () => {
        await (await call).closed;
        agent.release();
      };
      return { config: { url: agent.url, timeoutSeconds }, started: call, ended };
    },
    floods: { url: flooding.url },
    misconfigured: [
      {},
      { url: 'file:///etc/passwd' },
      { url: 'http://user:password@example.com' },
      { url: 'http://example.com', timeoutSeconds: 7_201 },
      { url: 'http://example.com', headers: { 'x-key': 'a\nb' } },
      { url: 'http://example.com', headers: { 'content-length': '1' } },
      { url: 'http://example.com', headers: { ['x'.repeat(LIMITS.headerNameCharsMax + 1)]: '1' } },
      { url: 'http://example.com', headers: { 'x-key': 'x'.repeat(LIMITS.headerCharsMax + 1) } },
      { url: 'http://example.com', signingSecret: 'no secret' },
      { url: 'http://example.com', signingSecret: 'whsec_c2hvcnQ=' },
    ],
    close: async () => void (await Promise.all([agent.close(), broken.close(), flooding.close()])),
  };
});

describe('the http agent', () => {
  let agent: FakeHttpAgent;
  beforeAll(async () => {
    agent = await startFakeHttpAgent();
  });
  afterAll(() => agent.close());
  const run = (config: object = {}) => runtime.run(exampleRequest({ config: { url: agent.url, ...config } }));

  it('receives the documented fields, with the headers of its configuration', async () => {
    const before = Date.now();
    const memory = { seen: [1, 2] };
    await runtime.run(
      exampleRequest({
        config: {
          url: agent.url,
          headers: { authorization: 'Bearer secret-of-the-agent', 'Idempotency-Key': 'of the configuration' },
        },
        memory,
        attempt: 2,
      }),
    );
    const { headers, closed, text, deadlineAt, ...body } = await agent.called(agent.calls.length);
    const { operationId, taskId, taskIdentifier, topicId, callbackUrl, occurrence } = exampleRequest();
    expect(body).toEqual({
      operationId,
      taskId,
      taskIdentifier,
      topicId,
      trigger: 'heartbeat',
      prompt: 'The prompt of the run',
      callbackUrl,
      occurrence,
      attempt: 2,
      memory,
    });
    const allowedMs = new Date(deadlineAt).getTime() - before;
    expect(allowedMs).toBeGreaterThanOrEqual(LIMITS.agentTimeoutSecondsDefault * 1_000);
    expect(allowedMs).toBeLessThan(LIMITS.agentTimeoutSecondsDefault * 1_000 + 60_000);
    expect(headers).toMatchObject({
      authorization: 'Bearer secret-of-the-agent',
      'idempotency-key': occurrence,
      'content-type': 'application/json',
    });
  });

  it('is called with a signature that its library accepts, if it has a secret', async () => {
    const signingSecret = `whsec_${Buffer.from('a secret of twenty-eight bytes').toString('base64')}`;
    await run({ signingSecret });
    const { text, headers } = await agent.called(agent.calls.length);
    const signed = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    expect(new Webhook(signingSecret).verify(text, signed)).toMatchObject({ operationId: 'op_1' });
    expect(() => new Webhook(signingSecret).verify(`${text} `, signed)).toThrow(WebhookVerificationError);
    expect(headers['webhook-id']).toBe(exampleRequest().occurrence);
  });

  it.each([200, 201])('answers with a report and status %i', async (status) => {
    const report = {
      content: 'All well',
      goalMet: true,
      nextRunInSeconds: 30,
      usage: { inputTokens: 7 },
      comments: ['Noted'],
      subtasks: [{ instruction: 'A part' }],
      memory: { seen: 1 },
    };
    agent.next({ status, body: { status: 'done', ...report } });
    expect(await run()).toEqual({ kind: 'done', ...report });
  });

  it('keeps its report when an extra does not fit, and says so in the transcript', async () => {
    agent.next({ body: { content: 'All well', briefs: [{ type: 'insight' }] } });
    const request = exampleRequest({ config: { url: agent.url } });
    expect(await runtime.run(request)).toMatchObject({ kind: 'done', content: 'All well', briefs: [] });
    expect(request.transcript).toEqual([
      { role: 'tool', content: expect.stringContaining('briefs.0 was left out') },
    ]);
  });

  it('may send its answer in a code block, as models do', async () => {
    agent.next({ body: '```json\n{"content":"All well"}\n```' });
    expect(await run()).toMatchObject({ kind: 'done', content: 'All well' });
  });

  it.each([
    ['no JSON', '<h1>Sign in</h1> with Bearer secret-of-the-agent', '<h1>Sign in</h1> with [redacted]'],
    ['other JSON', '{"rows": 3}', '{"rows": 3}'],
  ])('whose answer is %s fails, and shows it without credentials', async (_what, body, shown) => {
    agent.next({ body });
    const outcome = await run({ headers: { authorization: 'Bearer secret-of-the-agent' } });
    expect(outcome).toMatchObject({ errorCode: 'agent_bad_answer', content: `\`\`\`\n${shown}\n\`\`\`` });
  });

  it('shows the beginning of an answer that is too large', async () => {
    agent.next({ body: { content: `The report ${'x'.repeat(1_000_001)}` } });
    expect(await run()).toMatchObject({
      errorCode: 'agent_too_large',
      content: expect.stringContaining('The report'),
    });
  });

  it('answers with an error of its own', async () => {
    agent.next({ body: { status: 'error', errorCode: 'quota', errorMessage: 'Out of quota' } });
    expect(await run()).toMatchObject({ kind: 'error', errorCode: 'quota', errorMessage: 'Out of quota' });
  });

  it('answers with an error of its own, without the credentials that it quotes', async () => {
    agent.next({ body: { status: 'error', errorMessage: 'secret-of-the-agent has expired' } });
    const outcome = await run({ headers: { authorization: 'Bearer secret-of-the-agent' } });
    expect(outcome).toMatchObject({ errorMessage: '[redacted] has expired' });
  });

  it('may accept the work and report later to the callback', async () => {
    agent.next({ status: 202 });
    expect(await run({ timeoutSeconds: 900 })).toEqual({ kind: 'accepted', timeoutSeconds: 900 });
  });

  it.each([
    ['agent_bad_answer', { body: '<html>' }],
    ['agent_bad_answer', { body: { status: 'fine' } }],
    ['agent_bad_answer', { status: 201 }],
    ['agent_bad_answer', { body: 'null' }],
    ['agent_too_large', { body: { content: 'x'.repeat(1_000_001) } }],
    ['agent_http_204', { status: 204 }],
    ['agent_http_302', { status: 302, headers: { location: '/elsewhere' } }],
    ['agent_http_429', { status: 429 }],
  ])('fails with %s', async (errorCode, answer) => {
    agent.next(answer);
    expect(await run()).toMatchObject({ kind: 'error', errorCode });
  });

  it.each([
    ['Retry-After of a limit', 429, { 'retry-after': '40' }, { retryAfterSeconds: 40 }],
    ['Retry-After of a server that is down', 503, { 'retry-after': '40' }, { retryAfterSeconds: 40 }],
    ['the reset of a limit', 429, { 'x-ratelimit-reset': '40' }, { retryAfterSeconds: 40 }],
    [
      'a limit behind 403',
      403,
      { 'retry-after': '40' },
      { retryAfterSeconds: 40, failureClass: 'rate-limit' },
    ],
  ])('reports %s', async (_what, status, headers, said) => {
    agent.next({ status, headers });
    expect(await run()).toMatchObject({ errorCode: `agent_http_${status}`, ...said });
  });

  it('names the host that did not answer in time', async () => {
    agent.hold();
    expect(await run({ timeoutSeconds: 0.05 })).toMatchObject({
      errorCode: 'agent_timeout',
      farSide: new URL(agent.url).host,
    });
    agent.release();
  });

  it('fails when nothing listens at its address', async () => {
    const gone = await startFakeHttpAgent();
    await gone.close();
    expect(await run({ url: gone.url })).toMatchObject({
      errorCode: 'agent_unreachable',
      errorMessage: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('reports the beginning of an error response, without the credentials that it echoes', async () => {
    agent.next({ status: 403, body: 'no entry for Bearer secret-of-the-agent' });
    const outcome = await run({ headers: { authorization: 'Bearer secret-of-the-agent' } });
    expect(outcome).toMatchObject({ errorMessage: expect.stringContaining('no entry for [redacted]') });
  });

  it('fails when the prompt cannot be built, without calling', async () => {
    const calls = agent.calls.length;
    const request = exampleRequest({
      config: { url: agent.url },
      prompt: () => Promise.reject(new Error('secret SQL')),
    });
    const outcome = await runtime.run(request);
    expect(outcome).toMatchObject({ kind: 'error', errorCode: 'agent_prompt_failed' });
    expect(JSON.stringify(outcome)).not.toContain('SQL');
    expect(agent.calls).toHaveLength(calls);
  });

  it('may not be private where only public addresses are allowed', async () => {
    const guarded = httpKind.createRuntime({ addressPolicy: { privateAddresses: 'never' } });
    expect(() => guarded.checkConfig({ url: agent.url })).toThrow('ALLOW_PRIVATE_AGENT_URLS=1');
    expect(await guarded.run(exampleRequest({ config: { url: agent.url } }))).toMatchObject({
      errorCode: 'agent_private_address',
    });
  });
});
