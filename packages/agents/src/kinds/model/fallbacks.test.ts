import type { OwnPrices } from '@everbeat/domain';
import { type FakeChatModel, startFakeChatModel } from '@everbeat/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleRequest } from '../../../test/contract';
import type { RecordedStep, RunStep, StepJournal } from '../../port';
import { modelKind } from './modelKind';

/**
 * Which model a run calls: the agent's, the one that its task pins, or the next one while those do not
 * answer.
 */

const KEYS = { openai: 'sk-of-openai', openrouter: 'sk-of-openrouter', ollama: '' } as const;

let first: FakeChatModel;
let second: FakeChatModel;
let third: FakeChatModel;

beforeEach(async () => {
  [first, second, third] = await Promise.all([
    startFakeChatModel(),
    startFakeChatModel(),
    startFakeChatModel(),
  ]);
});
afterEach(() => Promise.all([first.close(), second.close(), third.close()]));

async function run(config: object, settings?: object, prices: OwnPrices = {}, steps?: StepJournal) {
  const runtime = modelKind.createRuntime({
    providers: {
      openai: { apiKey: KEYS.openai, baseUrl: first.baseUrl },
      openrouter: { apiKey: KEYS.openrouter, baseUrl: second.baseUrl },
      ollama: { baseUrl: third.baseUrl },
    },
    addressPolicy: { privateAddresses: 'any' },
    prices,
  });
  const request = exampleRequest({
    config: { provider: 'openai', model: 'one', ...config },
    settings,
    ...(steps !== undefined && { steps }),
  });
  const outcome = await runtime.run(request);
  return { outcome, said: request.transcript.map(({ content }) => content) };
}

const FALLBACKS = { fallbackModels: ['openrouter/vendor/two', 'ollama/three'] };
const modelsOf = ({ requests }: FakeChatModel) => requests.map(({ body }) => body.model);
const refusing = (errorStatus: number) => ({ errorStatus, errorHeaders: { 'retry-after-ms': '1' } });

describe('a model that does not answer', () => {
  it.each([
    ['is overloaded', 503],
    ['has reached its limit', 429],
  ])('because it %s is followed by the next one, which is called with its own key', async (_why, status) => {
    first.default(refusing(status));
    second.next({ text: 'From the second' });
    const { outcome, said } = await run(FALLBACKS);
    expect(outcome).toMatchObject({ kind: 'done', content: 'From the second' });
    expect(second.requests[0]?.headers.authorization).toBe(`Bearer ${KEYS.openrouter}`);
    expect(modelsOf(second)).toEqual(['vendor/two']);
    expect(third.requests).toEqual([]);
    expect(said.join()).toMatch(
      /openai\/one did not answer \(model_\w+\), so openrouter\/vendor\/two is asked instead/,
    );
    expect(JSON.stringify([outcome, said])).not.toContain('sk-of');
  });

  it('stays left for the rest of the run', async () => {
    first.default(refusing(503));
    second.next({ toolCalls: [{ name: 'add_comment', arguments: { content: 'noted' } }] }, { text: 'Done.' });
    const { outcome } = await run(FALLBACKS);
    expect(outcome).toMatchObject({ kind: 'done', content: 'Done.', comments: ['noted'] });
    expect(second.requests).toHaveLength(2);
    expect(first.requests).toHaveLength(3);
  });

  it('within its answer is followed by the next one too', async () => {
    first.next({
      text: 'Half of',
      streamedError: { error: { type: 'overloaded_error', message: 'Overloaded' } },
    });
    second.next({ text: 'All of it' });
    expect((await run(FALLBACKS)).outcome).toMatchObject({ kind: 'done', content: 'All of it' });
  });

  it('fails the run with the last error when all are at an end', async () => {
    for (const model of [first, second]) model.default(refusing(429));
    third.default(refusing(503));
    const { outcome } = await run(FALLBACKS);
    expect(outcome).toMatchObject({ errorCode: 'model_unavailable', farSide: new URL(third.baseUrl).host });
  });

  it('is left for one that can be called: what stands in the way of another is said', async () => {
    first.default(refusing(503));
    third.next({ text: 'From the third' });
    const { outcome, said } = await run({ fallbackModels: ['anthropic/claude', 'ollama/three'] });
    expect(outcome).toMatchObject({ content: 'From the third' });
    expect(said.join()).toContain('anthropic/claude cannot be asked instead. There is no key for Anthropic');
  });

  it.each([
    ['the key is refused', 401, 'model_unauthorized'],
    ['there is no such model', 404, 'model_not_found'],
    ['the request does not fit', 400, 'model_bad_request'],
  ])('is not left when %s: that stays for a person', async (_why, status, errorCode) => {
    first.default(refusing(status));
    expect((await run(FALLBACKS)).outcome).toMatchObject({ kind: 'error', errorCode });
    expect(second.requests).toEqual([]);
  });
});

describe('a fallback model that takes no tools', () => {
  const NO_TOOLS = { errorStatus: 400, errorMessage: 'vendor/two does not support tools' };
  const noted = { toolCalls: [{ name: 'add_comment', arguments: { content: 'noted' } }] };

  it('is passed over while another is left', async () => {
    first.next(noted);
    first.default(refusing(503));
    second.default(NO_TOOLS);
    third.next(noted, { text: 'From the third' });
    const { outcome, said } = await run(FALLBACKS);
    expect(outcome).toMatchObject({ content: 'From the third', comments: ['noted', 'noted'] });
    expect(said.join()).toContain('openrouter/vendor/two takes no tools, so ollama/three is asked instead');
    expect(second.requests).toHaveLength(1);
  });

  it('ends the run with a report of what there is when no other is left, and shows it the calls as text', async () => {
    first.next(noted);
    first.default(refusing(503));
    second.next(NO_TOOLS, { text: 'I have noted it' });
    third.default(refusing(503));
    const { outcome, said } = await run(FALLBACKS);
    expect(outcome).toMatchObject({
      kind: 'done',
      content: expect.stringMatching(/^I have noted it\n\n_\(.*takes no tools.*may be unfinished/),
      comments: ['noted'],
    });
    expect(said.filter((line) => line.includes('asked without them'))).toHaveLength(1);
    const { body } = second.requests[1] ?? {};
    expect(body).not.toHaveProperty('tools');
    expect(body?.messages).toMatchObject([
      { role: 'system', content: expect.not.stringContaining('create_brief') },
      { role: 'user', content: 'The prompt of the run' },
      { role: 'assistant', content: 'I called add_comment({"content":"noted"}).' },
      { role: 'user', content: '```result of add_comment\nrecorded\n```' },
      { role: 'user', content: expect.stringContaining('Write the report now') },
    ]);
  });

  it('does not end the run for a model that had tools and was refused for something else', async () => {
    first.next(noted, { errorStatus: 400, errorMessage: 'a tool message must follow a call' });
    const { outcome } = await run(FALLBACKS);
    expect(outcome).toMatchObject({ kind: 'error', errorCode: 'model_bad_request' });
    expect(second.requests).toEqual([]);
  });
});

describe('a run that goes on in another process', () => {
  const noted = (index: number): RecordedStep => ({
    index,
    kind: 'tool',
    name: 'add_comment',
    status: 'done',
    policy: 'allow',
    usage: null,
    answer: null,
    input: { content: 'noted' },
    result: { output: 'recorded' },
  });
  const answered = (name: string): RecordedStep => ({
    index: 0,
    kind: 'model',
    name,
    status: 'done',
    policy: null,
    usage: null,
    answer: null,
    input: { prompt: 'The prompt of the run' },
    result: {
      content: [{ type: 'tool-call', toolCallId: 'c', toolName: 'add_comment', input: { content: 'noted' } }],
      finishReason: 'tool-calls',
    },
  });
  const journalOf = (...recorded: RecordedStep[]) => {
    const written: RunStep[] = [];
    const journal: StepJournal = {
      recorded: async () => recorded,
      write: async (steps) => {
        written.push(...steps);
        return null;
      },
      writeDocument: async () => true,
      shouldYield: () => false,
    };
    return { journal, written };
  };

  it('asks the model that answered last, and the first one again only if that does not answer', async () => {
    const { journal, written } = journalOf(answered('openrouter/vendor/two'), noted(1));
    second.default(refusing(503));
    third.default(refusing(503));
    first.next({ text: 'From the first' });
    const { outcome } = await run(FALLBACKS, undefined, {}, journal);
    expect(outcome).toMatchObject({ kind: 'done', content: 'From the first', comments: ['noted'] });
    expect([second.requests.length, third.requests.length, first.requests.length]).toEqual([3, 0, 1]);
    expect(written.at(-1)).toMatchObject({ index: 2, name: 'openai/one', status: 'done' });
  });

  it('begins with the first one if that model is not to be asked any more', async () => {
    first.next({ text: 'From the first' });
    const { journal } = journalOf(answered('openrouter/vendor/gone'), noted(1));
    expect((await run(FALLBACKS, undefined, {}, journal)).outcome).toMatchObject({
      content: 'From the first',
    });
  });

  it('finds in its steps which model has answered', async () => {
    first.default(refusing(503));
    second.next({ text: 'From the second' });
    const { journal, written } = journalOf();
    await run(FALLBACKS, undefined, {}, journal);
    expect(written.map(({ name, status }) => [name, status])).toEqual([
      ['openai/one', 'started'],
      // Reserved for anew, at the price of the second.
      ['openrouter/vendor/two', 'started'],
      ['openrouter/vendor/two', 'done'],
    ]);
  });
});

describe('the model that a task pins', () => {
  it("is called in place of its agent's", async () => {
    expect((await run({}, { model: 'openrouter/vendor/own' })).outcome).toMatchObject({ kind: 'done' });
    expect(modelsOf(second)).toEqual(['vendor/own']);
    expect(first.requests).toEqual([]);
  });

  it.each(['gpt-5', 'abacus/one', 'openai/', 'openai/../x'])('is refused as %s', (model) => {
    const { taskSettingsSchema } = modelKind;
    expect(taskSettingsSchema.safeParse({ model }).success).toBe(false);
  });
});

it.each([
  { provider: undefined, model: 'openrouter/vendor/two' },
  { provider: 'openrouter', model: 'vendor/two' },
])('a model is called at the provider that it names: %j', async (config) => {
  await run(config);
  expect(modelsOf(second)).toEqual(['vendor/two']);
});

describe('what a run costs', () => {
  const LISTED = { provider: 'openai', model: 'gpt-4o' };
  const OWN = { inputPerMillionUsd: 100, outputPerMillionUsd: 200 };
  const usage = { promptTokens: 1_000, completionTokens: 100 };
  const costOf = async (...of: Parameters<typeof run>) => {
    const { outcome } = await run(...of);
    return outcome.kind === 'done' ? outcome.usage?.costUsd : outcome;
  };

  it('is the listed price of its model', async () => {
    first.next({ text: 'Done.', usage });
    expect(await costOf(LISTED)).toBe((1_000 * 2.5 + 100 * 10) / 1e6);
  });

  it('counts input from the cache at its own price', async () => {
    first.next({ text: 'Done.', usage: { ...usage, cachedTokens: 800 } });
    const { outcome } = await run(LISTED);
    expect(outcome).toMatchObject({
      usage: {
        inputTokens: 1_000,
        cachedInputTokens: 800,
        costUsd: (200 * 2.5 + 800 * 1.25 + 100 * 10) / 1e6,
      },
    });
  });

  it('follows what the person says that the model costs, and that of the agent before it', async () => {
    first.default({ text: 'Done.', usage });
    expect(await costOf(LISTED, {}, { 'openai/gpt-4o': OWN })).toBe(0.12);
    const pricing = { inputPerMillionUsd: 1, outputPerMillionUsd: 0 };
    expect(await costOf({ ...LISTED, pricing }, {}, { 'openai/gpt-4o': OWN })).toBe(0.001);
  });

  it('is never less than nothing, whatever the server reports', async () => {
    first.next({ text: 'Done.', usage: { promptTokens: -1_000_000, completionTokens: 1_000_100 } });
    const { outcome } = await run(LISTED);
    expect(outcome).toMatchObject({ usage: { inputTokens: 0, outputTokens: 1_000_100, costUsd: 10.001 } });
  });

  it('is not known for a model without a price', async () => {
    first.next({ text: 'Done.', usage });
    expect(await costOf({ model: 'house-model' })).toBeUndefined();
  });

  it('is that of the fallback model for the calls that it answered', async () => {
    first.next({ toolCalls: [{ name: 'add_comment', arguments: { content: 'noted' } }], usage });
    first.default(refusing(503));
    second.next({ text: 'Done.', usage });
    const cost = await costOf(
      { ...FALLBACKS, pricing: OWN },
      {},
      { 'openrouter/vendor/two': { ...OWN, outputPerMillionUsd: 0 } },
    );
    expect(cost).toBe(0.12 + 0.1);
  });

  it('is that of the model which its task pins, not that of the agent', async () => {
    third.next({ text: 'Done.', usage });
    expect(await costOf({ pricing: OWN }, { model: 'ollama/three' })).toBe(0);
  });

  it('is what OpenRouter reports, and no other server', async () => {
    const reported = { ...usage, cost: 0.05 };
    second.next({ text: 'Done.', usage: reported });
    expect(await costOf({ provider: 'openrouter', model: 'vendor/two' })).toBe(0.05);
    first.next({ text: 'Done.', usage: reported });
    expect(await costOf(LISTED)).toBe((1_000 * 2.5 + 100 * 10) / 1e6);
  });
});
