import { type ChatTurn, type FakeChatModel, startFakeChatModel } from '@everbeat/testkit';
import { APICallError } from 'ai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleRequest } from '../../../test/contract';
import type { CallCost, RunStep } from '../../port';
import { memoryJournal } from '../../steps/memoryJournal';
import { isUnbilled } from './errors';
import { modelKind } from './modelKind';

/** What a run reserves before its calls, and says of their cost after them. */
let chat: FakeChatModel;
beforeAll(async () => {
  chat = await startFakeChatModel();
});
afterAll(() => chat.close());

const PRICE = { inputPerMillionUsd: 1, outputPerMillionUsd: 2 };

/** What the run writes of its calls of the model, each with the cost that it asks to reserve. */
async function written(config: object, ...turns: ChatTurn[]) {
  const runtime = modelKind.createRuntime({
    providers: { openrouter: { apiKey: 'sk-of-openrouter', baseUrl: chat.baseUrl } },
    addressPolicy: { privateAddresses: 'any' },
  });
  const calls: { steps: RunStep[]; cost: CallCost | undefined }[] = [];
  chat.next(...turns);
  const steps = {
    ...memoryJournal(),
    write: async (steps: readonly RunStep[], cost?: CallCost) => {
      calls.push({ steps: steps.filter(({ kind }) => kind === 'model'), cost });
      return null;
    },
  };
  const agent = { model: 'house', baseUrl: chat.baseUrl, pricing: PRICE, maxOutputTokens: 100, ...config };
  await runtime.run(exampleRequest({ config: agent, steps }));
  return calls.filter(({ steps: models }) => models.length > 0);
}
const lastStep = (calls: Awaited<ReturnType<typeof written>>) => calls.at(-1)?.steps.at(-1);

it('reserves at least for the bytes that are sent and for the longest answer, before it calls', async () => {
  const [first] = await written({}, { text: 'Done.' });
  const { body } = await chat.requested(chat.requests.length);
  const bytes = Buffer.byteLength(JSON.stringify(body.messages));
  expect(first?.steps.at(-1)).toMatchObject({ kind: 'model', status: 'started' });
  expect(first?.cost?.micros).toBeGreaterThanOrEqual(bytes + 100 * 2);
  expect(first?.cost?.tokens).toBeGreaterThanOrEqual(bytes + 100);
  expect(body.max_tokens).toBe(100);
});

it('says of a model without a price whether its provider reports the cost', async () => {
  const unpriced = { pricing: undefined, model: 'vendor/brand-new' };
  const [unknown] = await written(unpriced, { text: 'Done.' });
  expect(unknown?.cost).toEqual({
    model: 'openai-compatible/vendor/brand-new',
    micros: null,
    tokens: expect.any(Number),
  });
  const [reported] = await written(
    { ...unpriced, provider: 'openrouter', baseUrl: undefined },
    { text: 'Done.' },
  );
  expect(reported?.cost).toMatchObject({ micros: null, isReported: true });
});

describe('a call that failed', () => {
  it.each<[string, ChatTurn, object]>([
    ['is free where the provider refused it', { errorStatus: 503 }, { charge: 'none' }],
    ['is free where the provider was asked too often', { errorStatus: 429 }, { charge: 'none' }],
  ])('%s', async (_what, turn, charge) => {
    expect(lastStep(await written({}, turn, turn, turn, turn))).toMatchObject({
      status: 'failed',
      ...charge,
    });
  });

  it('costs what was reserved where it broke off', async () => {
    const step = lastStep(await written({}, { text: 'I begin', breaksOff: true }));
    expect(step?.status).toBe('failed');
    expect(step).not.toHaveProperty('charge');
  });
});

it.each([
  ['ECONNREFUSED', true],
  ['ENOTFOUND', true],
  ['ECONNRESET', false],
  ['UND_ERR_SOCKET', false],
])('whether a call that failed with %s was made, so that it may cost something', (code, isFree) => {
  const cause = Object.assign(new TypeError('fetch failed'), { cause: { code } });
  const request = { url: 'http://models.example/v1', requestBodyValues: {} };
  expect(isUnbilled(new APICallError({ message: 'Cannot connect', cause, ...request }))).toBe(isFree);
});
