import { LIMITS } from '@everbeat/domain';
import { type FakeChatModel, startFakeChatModel } from '@everbeat/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeAgentRuntime, exampleRequest } from '../../../test/contract';
import { modelKind } from './modelKind';

const KEY = 'sk-secret-of-the-server';
const brief = { type: 'insight', priority: 'normal', title: 'Seen', summary: 'Something' };

describeAgentRuntime('model', async () => {
  const [chat, broken, flooding] = await Promise.all([
    startFakeChatModel(),
    startFakeChatModel(),
    startFakeChatModel(),
  ]);
  broken.default({ errorStatus: 500 });
  flooding.default({
    text: `\0\ud800${'x'.repeat(300_000)}`,
    toolCalls: [
      { name: 'create_brief', arguments: { ...brief, title: '\0\ud800', summary: 'x'.repeat(25_000) } },
    ],
  });
  const at = ({ baseUrl }: FakeChatModel, timeoutSeconds?: number) => ({
    model: 'fake-model',
    baseUrl,
    timeoutSeconds,
  });
  return {
    runtime: modelKind.createRuntime({ providers: {}, addressPolicy: { privateAddresses: 'any' } }),
    works: at(chat),
    fails: {
      config: at(broken),
      errorCode: 'model_unavailable',
      farSide: new URL(broken.baseUrl).host,
    },
    hangs(timeoutSeconds) {
      chat.hold();
      const request = chat.requested(chat.requests.length + 1);
      const ended = async () => {
        await (await request).closed;
        chat.release();
      };
      return { config: at(chat, timeoutSeconds), started: request, ended };
    },
    floods: { ...at(flooding), maxSteps: 2 },
    misconfigured: [
      { model: 'm', apiKey: KEY },
      { model: 'm', provider: 'abacus' },
      { model: '../m' },
      { model: 'm', baseUrl: 'file:///etc' },
      { model: 'm', temperature: 9 },
      { model: 'm', maxSteps: 1_000 },
    ],
    close: async () => void (await Promise.all([chat.close(), broken.close(), flooding.close()])),
  };
});

describe('the model agent', () => {
  let chat: FakeChatModel;
  beforeAll(async () => {
    chat = await startFakeChatModel();
  });
  afterAll(() => chat.close());

  const createRuntime = () =>
    modelKind.createRuntime({
      providers: { 'openai-compatible': { apiKey: KEY, baseUrl: `${chat.baseUrl}/` } },
      defaultModel: 'openai-compatible/house/model',
      addressPolicy: { privateAddresses: 'never' },
    });
  async function run(config: object = {}) {
    const request = exampleRequest({ config });
    return { outcome: await createRuntime().run(request), transcript: request.transcript };
  }
  const host = () => new URL(chat.baseUrl).host;
  const lastRequest = () => chat.requested(chat.requests.length);

  it("answers the prompt with the server's model, key and address", async () => {
    chat.next({ text: 'The report' });
    const { outcome, transcript } = await run({ system: 'Be brief.', temperature: 0.2, maxOutputTokens: 99 });
    expect(outcome).toMatchObject({
      kind: 'done',
      content: 'The report',
      usage: { inputTokens: 10, outputTokens: 5 },
    });
    expect(transcript).toEqual([{ role: 'assistant', content: 'The report' }]);
    const { headers, body } = await lastRequest();
    expect(headers.authorization).toBe(`Bearer ${KEY}`);
    expect(body).toMatchObject({
      model: 'house/model',
      temperature: 0.2,
      max_tokens: 99,
      messages: [
        { role: 'system', content: expect.stringMatching(/Be brief\.$/) },
        { role: 'user', content: 'The prompt of the run' },
      ],
    });
  });

  it('reports with its tools, over several steps, and shows each in the transcript', async () => {
    chat.next(
      {
        text: 'I look around.',
        toolCalls: [
          { name: 'create_brief', arguments: brief },
          { name: 'add_comment', arguments: { content: 'Noted' } },
          { name: 'create_subtask', arguments: { name: 'Part', instruction: 'Do a part' } },
        ],
      },
      {
        toolCalls: [
          { name: 'declare_goal_met', arguments: {} },
          { name: 'choose_next_wake_up', arguments: { seconds: 300 } },
        ],
      },
      { text: 'All done.' },
    );
    const { outcome, transcript } = await run({ pricing: { inputPerMillionUsd: 1, outputPerMillionUsd: 2 } });
    expect(outcome).toEqual({
      kind: 'done',
      content: 'All done.',
      briefs: [brief],
      comments: ['Noted'],
      subtasks: [{ name: 'Part', instruction: 'Do a part' }],
      goalMet: true,
      nextRunInSeconds: 300,
      usage: { inputTokens: 30, outputTokens: 15, costUsd: 60 / 1_000_000 },
    });
    expect(transcript.map(({ role }) => role)).toEqual([
      'assistant',
      'tool',
      'tool',
      'tool',
      'tool',
      'tool',
      'assistant',
    ]);
    expect(transcript[1]?.content).toMatch(/^create_brief\(.*"Seen".*\) → recorded$/);
  });

  it('is offered a key by which a later brief updates an earlier one', async () => {
    chat.next(
      { toolCalls: [{ name: 'create_brief', arguments: { ...brief, key: 'pull-7' } }] },
      { text: 'Told.' },
    );
    const { outcome } = await run();
    expect(outcome).toMatchObject({ briefs: [{ ...brief, key: 'pull-7' }] });
    const description = JSON.stringify((await lastRequest()).body);
    expect(description).toContain('While a brief of this type and key is open, a further one updates it');
  });

  it('sees tool calls that do not fit as errors, and goes on', async () => {
    chat.next(
      {
        toolCalls: [
          { name: 'create_brief', arguments: { type: 'insight' } },
          { name: 'add_comment', arguments: '{"content": ' },
          { name: 'launch_rocket', arguments: {} },
        ],
      },
      { text: 'Then not.' },
    );
    const { outcome } = await run();
    expect(outcome).toMatchObject({ kind: 'done', content: 'Then not.', briefs: [], comments: [] });
    expect(JSON.stringify((await lastRequest()).body)).toContain('launch_rocket');
  });

  it('may leave no more briefs than the limit', async () => {
    const toolCalls = Array.from({ length: LIMITS.briefsPerRunMax + 1 }, () => ({
      name: 'create_brief',
      arguments: brief,
    }));
    chat.next({ toolCalls }, { text: 'Enough.' });
    const { outcome, transcript } = await run();
    expect(outcome).toHaveProperty('briefs.length', LIMITS.briefsPerRunMax);
    expect(transcript.map(({ content }) => content).join()).toContain('at most 20 briefs');
  });

  it('is called at most maxSteps times', async () => {
    const before = chat.requests.length;
    chat.next(
      ...Array.from({ length: 3 }, () => ({
        toolCalls: [{ name: 'add_comment', arguments: { content: 'again' } }],
      })),
    );
    const { outcome } = await run({ maxSteps: 3 });
    expect(outcome).toMatchObject({
      kind: 'done',
      comments: ['again', 'again', 'again'],
      title: expect.stringMatching(/^Not finished.*3 steps/),
      content: expect.stringMatching(/Not finished.*3 steps/),
    });
    expect(chat.requests.length - before).toBe(3);
  });

  it('is told which step is its last, and reports then what it has', async () => {
    chat.next(
      { toolCalls: [{ name: 'add_comment', arguments: { content: 'one' } }] },
      { text: 'Half of it is done.' },
    );
    const { outcome } = await run({ maxSteps: 2 });
    expect(JSON.stringify((await lastRequest()).body)).toContain('This is your last step');
    expect(outcome).toMatchObject({
      kind: 'done',
      content: expect.stringMatching(/^Half of it is done\.\n\n.*All 2 steps .* were used/),
    });
  });

  it('is offered to choose its next wake-up only where its task allows that', async () => {
    const offered = async (mayChooseWakeUp: boolean): Promise<boolean> => {
      chat.next({ text: 'Done.' });
      await createRuntime().run(exampleRequest({ mayChooseWakeUp }));
      return JSON.stringify((await lastRequest()).body).includes('choose_next_wake_up');
    };
    expect([await offered(true), await offered(false)]).toEqual([true, false]);
  });

  it('may send what it means in other forms, and sees what was made of it', async () => {
    chat.next(
      {
        toolCalls: [
          { name: 'create_brief', arguments: { ...brief, priority: 'high' } },
          { name: 'choose_next_wake_up', arguments: { seconds: '300' } },
        ],
      },
      { text: 'Done.' },
    );
    const { outcome } = await run();
    expect(outcome).toMatchObject({ briefs: [{ ...brief, priority: 'urgent' }], nextRunInSeconds: 300 });
    expect(JSON.stringify((await lastRequest()).body)).toContain('priority was taken as');
  });

  it('marks an answer that was truncated', async () => {
    chat.next({ text: 'Half of it', finishReason: 'length' });
    expect((await run()).outcome).toMatchObject({
      kind: 'done',
      content: expect.stringMatching(/^Half of it\n\n_\(.*limit/),
    });
  });

  it.each([
    ['model_unauthorized', { errorStatus: 401 }],
    ['model_bad_request', { errorStatus: 400 }],
    ['model_not_found', { errorStatus: 404 }],
    ['model_no_answer', { text: '' }],
    ['model_no_answer', { text: 'bad', finishReason: 'content_filter' }],
  ])('fails with %s', async (errorCode, turn) => {
    chat.next({ errorMessage: `refused ${KEY}`, ...turn });
    const { outcome } = await run();
    expect(outcome).toMatchObject({ kind: 'error', errorCode });
    expect(JSON.stringify(outcome)).not.toContain(KEY);
  });

  it.each([
    ['a limit', 'model_rate_limited', { error: { message: 'Rate limit exceeded: free', code: 429 } }],
    ['a limit in words', 'model_rate_limited', { error: 'You exceeded your current quota' }],
    [
      'an overload',
      'model_unavailable',
      { type: 'error', error: { type: 'overloaded_error', message: 'Busy' } },
    ],
    [
      'a refused key',
      'model_unauthorized',
      { error: { message: `bad ${KEY}`, type: 'authentication_error' } },
    ],
    ['a fault beside choices', 'model_unavailable', { error: { message: 'Gone', code: 502 }, choices: [] }],
    ['a bad request', 'model_bad_request', { error: { message: 'Too long', type: 'invalid_request_error' } }],
  ])('reports %s within a stream that began well', async (_what, errorCode, streamedError) => {
    chat.next({ text: 'I look', streamedError });
    const { outcome } = await run();
    expect(outcome).toMatchObject({ kind: 'error', errorCode, content: 'I look', farSide: host() });
    const said = JSON.stringify(streamedError).match(/Rate limit|quota|Busy|Gone|Too long/)?.[0] ?? '';
    expect(outcome).toHaveProperty('errorMessage', expect.stringContaining(said));
    expect(JSON.stringify(outcome)).not.toContain(KEY);
  });

  it.each([
    [
      'an error with the status of success',
      'model_rate_limited',
      { error: { message: 'Slow down', code: 429 } },
    ],
    ['one JSON text', 'model_no_answer', { choices: [] }],
    ['a page', 'model_no_answer', '<html>Sign in</html>'],
  ])('reports %s instead of a stream', async (_what, errorCode, whole) => {
    chat.next({ whole });
    expect((await run()).outcome).toMatchObject({ kind: 'error', errorCode });
  });

  it('reports an answer that breaks off as a failure of the far side', async () => {
    chat.next({ text: 'I look', breaksOff: true });
    const { outcome } = await run();
    expect(outcome).toMatchObject({ errorCode: 'model_unreachable', farSide: host(), content: 'I look' });
  });

  it.each([
    ['Retry-After', { 'retry-after': '3600' }, {}],
    ['the reset of the limit that is used up', { 'x-ratelimit-reset-requests': '1h0m0s' }, {}],
    ['the end of a wait in its body', {}, { details: [{ retryDelay: '3600s' }] }],
    ['the headers of who it called', {}, { metadata: { headers: { 'Retry-After': '3600' } } }],
  ])(
    'waits as long as a provider asks by %s, and does not call again before',
    async (_how, errorHeaders, error) => {
      const before = chat.requests.length;
      const isStreamed = Object.keys(error).length > 0;
      chat.next(
        isStreamed
          ? { streamedError: { error: { code: 429, ...error } } }
          : { errorStatus: 429, errorHeaders },
      );
      const { outcome } = await run();
      expect(outcome).toMatchObject({ errorCode: 'model_rate_limited', retryAfterSeconds: 3_600 });
      expect(chat.requests.length - before).toBe(1);
    },
  );

  it('goes on without tools when the model takes none, and says so', async () => {
    chat.next(
      { errorStatus: 400, errorMessage: 'model:2b does not support tools' },
      { text: 'Nothing new.' },
    );
    const { outcome, transcript } = await run();
    expect(outcome).toMatchObject({ kind: 'done', content: 'Nothing new.' });
    expect(transcript[0]).toMatchObject({ role: 'tool', content: expect.stringContaining('no tools') });
    const { body } = await lastRequest();
    expect(body).not.toHaveProperty('tools');
    expect(JSON.stringify(body)).not.toContain('create_brief');
  });

  it('is not asked again when it was refused for another reason', async () => {
    const before = chat.requests.length;
    chat.next({ errorStatus: 400, errorMessage: 'the prompt is too long' });
    expect((await run()).outcome).toMatchObject({ errorCode: 'model_bad_request' });
    expect(chat.requests.length - before).toBe(1);
  });

  it('leaves its reasoning out of the report, and shows it in the transcript', async () => {
    chat.next({ text: '<think>\nLet me see.\n</think>\n\nNothing new.' });
    const { outcome, transcript } = await run();
    expect(outcome).toMatchObject({ content: 'Nothing new.' });
    expect(transcript).toEqual([
      { role: 'tool', content: 'Reasoning: Let me see.' },
      { role: 'assistant', content: 'Nothing new.' },
    ]);
    chat.next({ text: '<think>\nLet me' });
    expect((await run()).outcome).toMatchObject({ errorCode: 'model_no_answer' });
  });

  it.each([
    ['asks before it calls a tool', 'ask', undefined, 'waiting', 0],
    ['calls a tool that the task has allowed', 'ask', ['ring'], 'done', 1],
    ['calls no tool that is denied, whatever the task allows', 'deny', ['ring'], 'done', 0],
  ] as const)('%s', async (_what, policy, allowedTools, kind, calls) => {
    const rung: unknown[] = [];
    const runtime = modelKind.createRuntime({
      providers: { 'openai-compatible': { baseUrl: chat.baseUrl } },
      addressPolicy: { privateAddresses: 'never' },
      tools: () => [
        {
          name: 'ring',
          description: 'Rings',
          inputSchema: { type: 'object' },
          policy,
          readOnly: false,
          idempotent: false,
          execute: (input) => `rung ${rung.push(input)}`,
        },
      ],
    });
    chat.next({ toolCalls: [{ name: 'ring', arguments: { times: 2 } }] });
    const settings = allowedTools === undefined ? undefined : { allowedTools };
    const outcome = await runtime.run(exampleRequest({ config: { model: 'm' }, settings }));
    expect([outcome.kind, rung.length]).toEqual([kind, calls]);
    if (outcome.kind === 'waiting')
      expect(outcome.question).toMatchObject({ index: 1, title: 'T-1 asks: may it call ring?' });
  });

  it('says before a run that its provider has no key, unless its own address needs none', () => {
    expect(createRuntime().problemOf({ provider: 'anthropic', model: 'some-model' })).toMatch(
      /There is no key for Anthropic.*Settings → Models.*ANTHROPIC_API_KEY/,
    );
    const own = { model: 'some-model', baseUrl: 'https://models.example/v1' };
    expect(createRuntime().problemOf(own)).toBeNull();
  });

  it('retries twice when the model is overloaded, and then gives up', async () => {
    chat.next({ errorStatus: 429 }, { errorStatus: 503 }, { text: 'At last' });
    expect((await run()).outcome).toMatchObject({ kind: 'done', content: 'At last' });
    chat.next({ errorStatus: 429 }, { errorStatus: 429 }, { errorStatus: 429 });
    expect((await run()).outcome).toMatchObject({ kind: 'error', errorCode: 'model_rate_limited' });
  });

  it('records the usage of a run that failed halfway', async () => {
    chat.next(
      { text: 'One moment.', toolCalls: [{ name: 'add_comment', arguments: { content: 'x' } }] },
      { errorStatus: 400 },
    );
    expect((await run()).outcome).toMatchObject({
      kind: 'error',
      content: 'One moment.',
      usage: { inputTokens: 10, outputTokens: 5 },
    });
  });

  it.each(['openai-compatible', 'anthropic', 'google'])(
    "never sends the server's key of %s to an address that an agent brings",
    async (provider) => {
      const other = await startFakeChatModel();
      const keys = { apiKey: KEY };
      const runtime = modelKind.createRuntime({
        providers: { 'openai-compatible': keys, anthropic: keys, google: keys },
        addressPolicy: { privateAddresses: 'any' },
      });
      process.env.ANTHROPIC_API_KEY = KEY;
      process.env.GOOGLE_GENERATIVE_AI_API_KEY = KEY;
      await runtime.run(exampleRequest({ config: { provider, model: 'm', baseUrl: other.baseUrl } }));
      delete process.env.ANTHROPIC_API_KEY;
      delete process.env.GOOGLE_GENERATIVE_AI_API_KEY;
      expect(other.requests.length).toBeGreaterThan(0);
      expect(JSON.stringify(other.requests)).not.toContain(KEY);
      await other.close();
    },
  );

  it("may not configure a private address where those are refused; the server's own may be private", async () => {
    const other = await startFakeChatModel();
    const config = { model: 'm', baseUrl: other.baseUrl };
    expect(() => createRuntime().checkConfig(config)).toThrow('ALLOW_PRIVATE_AGENT_URLS=1');
    expect((await run(config)).outcome).toMatchObject({ kind: 'error', errorCode: 'model_private_address' });
    expect(other.requests).toEqual([]);
    await other.close();
  });

  it.each([
    ['no model', {}],
    ['no key', { provider: 'anthropic', model: 'm' }],
  ])('says what is missing when there is %s', async (_, config) => {
    const bare = modelKind.createRuntime({ providers: {}, addressPolicy: { privateAddresses: 'any' } });
    expect(await bare.run(exampleRequest({ config }))).toMatchObject({ errorCode: 'model_not_configured' });
  });
});
