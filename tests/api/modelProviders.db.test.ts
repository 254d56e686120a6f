import { LIMITS, MODEL_PROVIDERS, type ModelProvider } from '@everbeat/domain';
import { type FakeModelProvider, startFakeChatModel, startFakeModelProvider } from '@everbeat/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ApiWorld, createApiWorld, refusalOf } from '../support/apiWorld';

/** Model providers as a person sets them up, at real servers that speak their protocols. */

const KEY = 'sk-canary-0123456789';

let provider: FakeModelProvider;
let world: ApiWorld;

beforeAll(async () => {
  provider = await startFakeModelProvider(KEY);
});
afterAll(() => provider.close());

beforeEach(async () => {
  // Whatever runs on this machine at Ollama's usual port must not show in the tests.
  world = await createApiWorld({
    env: { ALLOW_PRIVATE_AGENT_URLS: '1', OLLAMA_BASE_URL: 'http://127.0.0.1:9/v1' },
  });
  return async () => {
    provider.answerAll(null);
    provider.offer('model-a', 'model-b');
    await world.close();
  };
});

const baseUrl = () => `${provider.url}/v1`;
const save = (name: ModelProvider = 'openai', api = world.ada) =>
  api.modelProvider.save({ provider: name, apiKey: KEY, baseUrl: baseUrl() });
const listed = async (name: ModelProvider, api = world.ada) =>
  (await api.modelProvider.list()).find((view) => view.provider === name);

describe('a provider', () => {
  it('is stored with its key encrypted, and never returned with it', async () => {
    const saved = await save();
    expect(saved).toMatchObject({ provider: 'openai', source: 'stored', ok: true, hasKey: true });
    expect(saved.models.map(({ id }) => id)).toEqual(['model-a', 'model-b']);
    const answers = [
      saved,
      await world.ada.modelProvider.list(),
      await world.ada.modelProvider.check({ provider: 'openai' }),
    ];
    expect(JSON.stringify(answers)).not.toContain('canary');
    expect(JSON.stringify(await world.query('select * from everbeat.model_providers'))).not.toContain(
      'canary',
    );
  });

  it.each(MODEL_PROVIDERS.filter((name) => name !== 'ollama'))(
    'of each kind lists its models: %s',
    async (name) => {
      expect(await save(name)).toMatchObject({
        verdict: 'ready',
        models: [{ id: 'model-a' }, { id: 'model-b' }],
      });
    },
  );

  it('is seen, checked and deleted by its owner alone', async () => {
    await save();
    expect(await listed('openai', world.bob)).toBeUndefined();
    expect(await refusalOf(world.bob.modelProvider.check({ provider: 'openai' }))).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await refusalOf(world.bob.modelProvider.delete({ provider: 'openai' }))).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await world.ada.modelProvider.delete({ provider: 'openai' })).toMatchObject({
      provider: 'openai',
    });
    expect(await listed('openai')).toBeUndefined();
  });

  it('of the environment is shown as such, without its key, until one is entered in its place', async () => {
    const fromEnvironment = await createApiWorld({
      env: { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: baseUrl() },
    });
    expect(await listed('openai', fromEnvironment.ada)).toMatchObject({
      source: 'environment',
      ok: true,
      hasKey: true,
    });
    await save('openai', fromEnvironment.ada);
    expect(await listed('openai', fromEnvironment.ada)).toMatchObject({ source: 'stored' });
    await fromEnvironment.close();
  });

  it('keeps its key while its address stays at the same server, and asks for it anew for another', async () => {
    await save();
    const moved = { provider: 'openai', baseUrl: `${provider.url}/other` } as const;
    expect(await world.ada.modelProvider.save(moved)).toMatchObject({ ok: true });
    const away = { provider: 'openai', baseUrl: 'https://collector.example.com/v1' } as const;
    for (const call of [world.ada.modelProvider.save(away), world.ada.modelProvider.check(away)])
      expect(await refusalOf(call)).toMatchObject({
        appCode: 'invalid-input',
        message: expect.stringContaining('Give the key again'),
      });
  });

  it('may need no key, and is stored and called without one', async () => {
    const input = { provider: 'openai-compatible', baseUrl: baseUrl() } as const;
    expect(await world.ada.modelProvider.save(input)).toMatchObject({ hasKey: false, source: 'stored' });
    expect(await listed('openai-compatible')).toMatchObject({ hasKey: false, source: 'stored' });
    const { providers } = await world.models.settingsOf(world.userId);
    expect(providers['openai-compatible']).toMatchObject({ baseUrl: baseUrl() });
    expect(providers['openai-compatible']).not.toHaveProperty('apiKey');
  });

  it.each([
    ['without a key', { provider: 'anthropic' }],
    ['without an address, where there is no usual one', { provider: 'openai-compatible', apiKey: KEY }],
    ['with two lines as a key', { provider: 'openai', apiKey: 'sk-1\nsk-2' }],
    ['with an empty key', { provider: 'openai', apiKey: ' ' }],
    ['with an endless key', { provider: 'openai', apiKey: 'k'.repeat(1_001) }],
    ['at an address that is no address', { provider: 'openai', apiKey: KEY, baseUrl: 'models' }],
    [
      'at an address with a password',
      { provider: 'openai', apiKey: KEY, baseUrl: 'https://a:b@models.example/v1' },
    ],
    ['at a metadata service', { provider: 'openai', apiKey: KEY, baseUrl: 'http://169.254.169.254/v1' }],
  ] as const)('is refused %s', async (_what, input) => {
    expect(await refusalOf(world.ada.modelProvider.save(input))).toMatchObject({ code: 'BAD_REQUEST' });
    expect(await world.query('select 1 from everbeat.model_providers')).toEqual([]);
  });

  it('is refused at a private address where those are not allowed', async () => {
    const strict = await createApiWorld({ env: { ALLOW_PRIVATE_AGENT_URLS: '0' } });
    expect(await refusalOf(save('openai', strict.ada))).toMatchObject({ appCode: 'agent-misconfigured' });
    await strict.close();
  });
});

describe('the verdict on a provider', () => {
  const check = () => world.ada.modelProvider.check({ provider: 'openai', apiKey: KEY, baseUrl: baseUrl() });

  it('that refuses the key says so, and does not quote it', async () => {
    const wrong = 'sk-canary-wrong-99';
    const { verdict, message } = await world.ada.modelProvider.check({
      provider: 'openai',
      apiKey: wrong,
      baseUrl: baseUrl(),
    });
    expect(verdict).toBe('key-refused');
    expect(message).toMatch(/OpenAI refused the key.*Paste it again/);
    expect(message).not.toContain('canary');
    expect(await world.query('select 1 from everbeat.model_providers')).toEqual([]);
  });

  it.each<[string, string, { status: number; body: string; headers?: Record<string, string> }]>([
    [
      'key-refused',
      'refuses a wrong key as Google does',
      { status: 400, body: '{"error":{"message":"API key not valid","status":"INVALID_ARGUMENT"}}' },
    ],
    ['rate-limited', 'has reached a limit', { status: 429, body: '{"error":{"message":"Slow down"}}' }],
    ['unavailable', 'is in trouble', { status: 503, body: 'Service unavailable' }],
    ['not-a-provider', 'has no such list', { status: 404, body: '<h1>Not found</h1>' }],
    ['not-a-provider', 'answers with a page', { status: 200, body: '<h1>Welcome</h1>' }],
    ['not-a-provider', 'answers with other JSON', { status: 200, body: '{"data":"none"}' }],
    [
      'not-a-provider',
      'redirects to somewhere else',
      { status: 302, body: '', headers: { location: 'http://169.254.169.254/' } },
    ],
    ['not-a-provider', 'floods', { status: 200, body: 'x'.repeat(9_000_000) }],
  ])('%s: that %s', async (verdict, _what, answer) => {
    provider.answerAll(answer);
    expect(await check()).toMatchObject({
      verdict,
      ok: false,
      models: [],
      message: expect.stringMatching(/\w/),
    });
  });

  it('that nobody answers for names the host', async () => {
    const input = { provider: 'openai', apiKey: KEY, baseUrl: 'http://127.0.0.1:9/v1' } as const;
    expect(await world.ada.modelProvider.check(input)).toMatchObject({
      verdict: 'unreachable',
      message: expect.stringContaining('127.0.0.1:9'),
    });
  });

  it('that hangs comes within a bounded time', async () => {
    provider.answerAll('hangs');
    const before = provider.paths.length;
    const checked = check();
    await provider.called(before + 1);
    await world.clock.advance(10_000);
    expect(await checked).toMatchObject({
      verdict: 'unreachable',
      message: expect.stringContaining('within 10 s'),
    });
  });

  it('is remembered for the list, and asked for anew by a check', async () => {
    await save();
    const before = provider.paths.length;
    await world.ada.modelProvider.list();
    await world.ada.modelProvider.list();
    expect(provider.paths.length).toBe(before);
    provider.offer('model-c');
    expect((await world.ada.modelProvider.check({ provider: 'openai' })).models).toMatchObject([
      { id: 'model-c' },
    ]);
    expect((await listed('openai'))?.models).toMatchObject([{ id: 'model-c' }]);
  });
});

describe('prices', () => {
  it('are known of known models, taken from OpenRouter where it names them, and else left open', async () => {
    provider.offer('gpt-4o', 'house-model', 'text-embedding-3-small');
    expect((await save('openai')).models).toMatchObject([
      { id: 'gpt-4o', inputPerMillionUsd: 2.5, outputPerMillionUsd: 10 },
      { id: 'house-model', inputPerMillionUsd: null, outputPerMillionUsd: null },
    ]);
    provider.offer('vendor/model');
    expect((await save('openrouter')).models).toMatchObject([
      { id: 'vendor/model', inputPerMillionUsd: 2.5, outputPerMillionUsd: 10 },
    ]);
  });
});

describe('the default model', () => {
  it('is chosen by name, and falls back to that of the environment', async () => {
    expect(await world.ada.modelProvider.defaultModel()).toEqual({ model: null, source: null });
    const chosen = { model: 'openai/model-a', source: 'stored' };
    expect(await world.ada.modelProvider.setDefault({ model: 'openai/model-a' })).toEqual(chosen);
    expect(await world.ada.modelProvider.defaultModel()).toEqual(chosen);
    expect(await world.bob.modelProvider.defaultModel()).toEqual({ model: null, source: null });
    expect(await world.ada.modelProvider.setDefault({ model: null })).toEqual({ model: null, source: null });
    const call = world.ada.modelProvider.setDefault({ model: 'abacus/one' });
    expect(await refusalOf(call)).toMatchObject({ appCode: 'invalid-input' });
  });
});

describe('a model agent', () => {
  it('is called with the stored key and the default model of its owner, and with no key once that is deleted', async () => {
    const chat = await startFakeChatModel();
    const { id: agentId, problem } = await world.ada.agent.create({
      name: 'Assistant',
      kind: 'model',
      config: {},
    });
    expect(problem).toContain('No model is chosen');
    await world.ada.modelProvider.save({ provider: 'openai', apiKey: KEY, baseUrl: chat.baseUrl });
    await world.ada.modelProvider.setDefault({ model: 'openai/house-model' });
    expect((await world.ada.agent.list()).find(({ id }) => id === agentId)?.problem).toBeNull();
    expect((await world.ada.system.status()).modelConfigured).toBe(true);

    const taskId = await world.startTask({ agentId });
    await world.beat(taskId);
    const { headers, body } = await chat.requested(1);
    expect(headers.authorization).toBe(`Bearer ${KEY}`);
    expect(body.model).toBe('house-model');

    await world.ada.modelProvider.delete({ provider: 'openai' });
    await world.beat(taskId);
    expect(chat.requests).toHaveLength(1);
    expect((await world.task(taskId)).error).toContain('There is no key for OpenAI');
    await chat.close();
  });

  it('whose provider was copied from another owner is not called with that key', async () => {
    const chat = await startFakeChatModel();
    await world.ada.modelProvider.save({ provider: 'openai', apiKey: KEY, baseUrl: chat.baseUrl });
    await world.query(`insert into everbeat.model_providers (user_id, provider, api_key, base_url)
      select 'bob', provider, api_key, base_url from everbeat.model_providers`);
    const config = { provider: 'openai', model: 'm' };
    const { id, problem } = await world.bob.agent.create({ name: 'Thief', kind: 'model', config });
    expect(problem).toContain('copied from another row');
    expect(await world.bob.agent.test({ id })).toMatchObject({ errorCode: 'secrets_unreadable' });
    expect(chat.requests).toEqual([]);
    await chat.close();
  });
});

describe('the price of a model', () => {
  const price = { inputPerMillionUsd: 1, outputPerMillionUsd: 2 };
  const offered = async (api = world.ada) => (await listed('openai', api))?.models;

  it('is set in place of the listed one, for its owner alone, and taken back', async () => {
    provider.offer('gpt-4o', 'model-a');
    await save();
    await save('openai', world.bob);
    const list = await offered();
    expect(list).toMatchObject([
      { id: 'gpt-4o', inputPerMillionUsd: 2.5, isOwnPrice: false },
      { id: 'model-a', inputPerMillionUsd: null },
    ]);

    const own = [
      { model: 'openai/gpt-4o', ...price },
      { model: 'openai/model-a', ...price },
    ];
    await world.ada.modelProvider.setPrice({ model: 'openai/model-a', price });
    expect(await world.ada.modelProvider.setPrice({ model: 'openai/gpt-4o', price })).toEqual(own);
    expect(await world.ada.modelProvider.prices()).toEqual(own);
    expect(await offered()).toMatchObject([
      { id: 'gpt-4o', ...price, isOwnPrice: true },
      { id: 'model-a', ...price, isOwnPrice: true },
    ]);
    expect(await world.bob.modelProvider.prices()).toEqual([]);
    expect(await offered(world.bob)).toEqual(list);

    for (const { model } of own) await world.ada.modelProvider.setPrice({ model, price: null });
    expect(await offered()).toEqual(list);
  });

  it.each([
    ['of a model without its provider', { model: 'gpt-4o', price }],
    ['below nothing', { model: 'openai/gpt-4o', price: { ...price, outputPerMillionUsd: -1 } }],
  ])('is refused %s', async (_what, input) => {
    expect(await refusalOf(world.ada.modelProvider.setPrice(input))).toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('can be set for so many models, and then in place of those', async () => {
    const models = Object.fromEntries(
      Array.from({ length: LIMITS.ownPricesMax }, (_, n) => [`openai/m-${n}`, price]),
    );
    await world.query('update everbeat.users set model_prices = $2 where id = $1', [world.userId, models]);
    const set = (model: string) => world.ada.modelProvider.setPrice({ model, price });
    expect(await refusalOf(set('openai/one-more'))).toMatchObject({ appCode: 'limit-reached' });
    expect(await set('openai/m-0')).toHaveLength(LIMITS.ownPricesMax);
  });
});
