import { type FakeHttpAgent, startFakeHttpAgent } from '@everbeat/testkit';
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
    fails: { config: { url: broken.url }, errorCode: 'agent_http_500' },
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
    await run({ headers: { authorization: 'Bearer secret-of-the-agent' } });
    const { headers, closed, ...body } = await agent.called(agent.calls.length);
    const { operationId, taskId, taskIdentifier, topicId, callbackUrl } = exampleRequest();
    expect(body).toEqual({
      operationId,
      taskId,
      taskIdentifier,
      topicId,
      trigger: 'heartbeat',
      prompt: 'The prompt of the run',
      callbackUrl,
    });
    expect(headers).toMatchObject({
      authorization: 'Bearer secret-of-the-agent',
      'content-type': 'application/json',
    });
  });

  it('answers with a report', async () => {
    const report = { content: 'All well', goalMet: true, nextRunInSeconds: 30, usage: { inputTokens: 7 } };
    agent.next({ body: { status: 'done', ...report } });
    expect(await run()).toEqual({ kind: 'done', ...report });
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
    ['agent_bad_answer', { body: 'null' }],
    ['agent_too_large', { body: { content: 'x'.repeat(1_000_001) } }],
    ['agent_http_204', { status: 204 }],
    ['agent_http_302', { status: 302, headers: { location: '/elsewhere' } }],
    ['agent_http_429', { status: 429 }],
  ])('fails with %s', async (errorCode, answer) => {
    agent.next(answer);
    expect(await run()).toMatchObject({ kind: 'error', errorCode });
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
