import { LIMITS } from '@everbeat/domain';
import { type FakeChatModel, startFakeChatModel } from '@everbeat/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleRequest } from '../../../test/contract';
import { modelConfigSchema } from './config';
import { modelKind } from './modelKind';

/** What bounds one run of a model, at the edge of each limit. */

let chat: FakeChatModel;
beforeEach(async () => {
  chat = await startFakeChatModel();
});
afterEach(() => chat.close());

const run = () =>
  modelKind
    .createRuntime({ providers: {}, addressPolicy: { privateAddresses: 'any' } })
    .run(exampleRequest({ config: { baseUrl: chat.baseUrl, model: 'm' } }));

const notes = (count: number, chars = 1) =>
  Array.from({ length: count }, (_, index) => ({
    ...{ id: `call_${index}`, name: 'no_such_tool' },
    arguments: { text: 'x'.repeat(chars) },
  }));

it('the model may be called as often as the limit, and no oftener', () => {
  const isTaken = (maxSteps: number) => modelConfigSchema.safeParse({ maxSteps }).success;
  expect([isTaken(LIMITS.modelCallsPerRunMax), isTaken(LIMITS.modelCallsPerRunMax + 1)]).toEqual([
    true,
    false,
  ]);
});

describe('the calls of tools in one answer', () => {
  it.each([
    [LIMITS.toolCallsPerAnswerMax, LIMITS.toolCallsPerAnswerMax],
    [LIMITS.toolCallsPerAnswerMax + 1, LIMITS.toolCallsPerAnswerMax],
  ])('of %i are %i taken', async (asked, taken) => {
    chat.next({ toolCalls: notes(asked) }, { text: 'Done.' });
    expect(await run()).toMatchObject({ kind: 'done', content: 'Done.' });
    const { body } = await chat.requested(2);
    const { messages } = body;
    const results = Array.isArray(messages) ? messages.filter(({ role }) => role === 'tool') : [];
    expect(results).toHaveLength(taken);
  });
});

describe('an answer', () => {
  const part = 100_000;
  const fitting = Math.floor(LIMITS.stepBytesMax / part) - 1;

  it('is stored up to so many bytes', async () => {
    chat.next({ toolCalls: notes(fitting, part) }, { text: 'Done.' });
    expect(await run()).toMatchObject({ kind: 'done' });
  });

  it('that is larger ends the run with an error that says what to do', async () => {
    chat.next({ toolCalls: notes(fitting + 2, part) });
    expect(await run()).toMatchObject({
      ...{ kind: 'error', errorCode: 'model_too_large' },
      errorMessage: expect.stringContaining('Lower maxOutputTokens'),
    });
  });
});
