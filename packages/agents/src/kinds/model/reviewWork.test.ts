import { type ChatTurn, type FakeChatModel, startFakeChatModel } from '@everbeat/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleRequest } from '../../../test/contract';
import { modelKind } from './modelKind';

let chat: FakeChatModel;
beforeAll(async () => {
  chat = await startFakeChatModel();
});
afterAll(() => chat.close());

const REVIEW = {
  requirement: 'It names its sources',
  iteration: 1,
  maxIterations: 3,
  report: 'Three ships',
  documents: [],
  steps: [],
};
const verdict = (name: string, ...reasons: string[]) => ({
  name: 'give_verdict',
  arguments: { verdict: name, reasons },
});

/** Lets the model check work, and answer so. */
async function check(turn: ChatTurn) {
  const runtime = modelKind.createRuntime({ providers: {}, addressPolicy: { privateAddresses: 'any' } });
  chat.next(turn);
  const config = { model: 'house', baseUrl: chat.baseUrl, system: 'You are a pirate.' };
  return runtime.run(exampleRequest({ config, review: REVIEW }));
}

describe('a model that checks work', () => {
  it('is asked once, in the words of a reviewer, with nothing to call but its verdict', async () => {
    const outcome = await check({ toolCalls: [verdict('failed', 'No source')] });
    expect(outcome).toMatchObject({ kind: 'done', verdict: { verdict: 'failed', reasons: ['No source'] } });
    const { body } = await chat.requested(chat.requests.length);
    expect(body.tools).toMatchObject([{ function: { name: 'give_verdict' } }]);
    expect(JSON.stringify(body.messages)).toContain('Judge only by what the prompt shows you');
    expect(chat.requests).toHaveLength(1);
  });

  it.each<[string, ChatTurn]>([
    ['the same verdict twice', { toolCalls: [verdict('passed', 'So'), verdict('passed', 'So')] }],
    ['words', { text: '{"verdict": "passed", "reasons": ["So"]}' }],
  ])('may give it as %s', async (_what, turn) => {
    expect(await check(turn)).toMatchObject({
      kind: 'done',
      verdict: { verdict: 'passed', reasons: ['So'] },
    });
  });

  it.each<[string, ChatTurn]>([
    ['contradicts itself', { toolCalls: [verdict('passed', 'So'), verdict('failed', 'No source')] }],
    [
      'says why it passed and why it did not',
      { toolCalls: [verdict('failed', 'A'), verdict('failed', 'B')] },
    ],
    ['does not say what is missing', { toolCalls: [verdict('failed')] }],
    ['gives no verdict', { text: 'It looks fine to me.' }],
  ])('has broken when it %s, which is no verdict about the work', async (_what, turn) => {
    const usage = { promptTokens: 10, completionTokens: 5 };
    expect(await check({ ...turn, usage })).toMatchObject({
      kind: 'error',
      errorCode: 'review_bad_answer',
      usage: { inputTokens: 10, outputTokens: 5 },
    });
  });
});
