import { LIMITS } from '@everbeat/domain';
import { type FakeChatModel, startFakeChatModel } from '@everbeat/testkit';
import type { ModelMessage } from 'ai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleRequest } from '../../../test/contract';
import type { RunStep } from '../../port';
import { messagesOf } from './messages';
import { modelKind } from './modelKind';

/** What a model is asked with, call after call: each conversation begins with the one before. */

const PROMPT = { prompt: 'Look after the ships' };

/**
 * A run that has called the model so often, each time with one call of a tool and a result of so many
 * characters.
 */
function stepsWith(results: readonly number[]): RunStep[] {
  const common = { status: 'done', policy: null, usage: null } as const;
  const rounds = results.flatMap((chars, round): RunStep[] => {
    const call = { type: 'tool-call', toolCallId: `c${round}`, toolName: 'look', input: {} };
    const result = { content: [call], finishReason: 'tool-calls', problems: {} };
    const input = round === 0 ? PROMPT : null;
    return [
      { ...common, index: 2 * round, kind: 'model', name: 'm', input, result },
      {
        ...common,
        index: 2 * round + 1,
        kind: 'tool',
        name: 'look',
        input: {},
        result: { output: `${round}${'x'.repeat(chars - 1)}` },
      },
    ];
  });
  const next: RunStep = {
    ...common,
    index: rounds.length,
    kind: 'model',
    name: 'm',
    input: null,
    result: null,
  };
  return [...rounds, { ...next, status: 'started' }];
}

const outputs = (messages: readonly ModelMessage[]): string[] =>
  messages.flatMap(({ role, content }) =>
    role === 'tool'
      ? content.flatMap((part) =>
          part.type === 'tool-result' && part.output.type === 'text' ? [part.output.value] : [],
        )
      : [],
  );
const isLeftOut = (output: string): boolean => output.startsWith('[This result was left out');

describe('a conversation that grows long', () => {
  const MAX = LIMITS.conversationResultCharsMax;
  const eighth = MAX / 8;

  it('keeps all results up to the limit, and leaves out the older half beyond it', () => {
    const at = messagesOf(stepsWith(Array(8).fill(eighth)), { isLast: false });
    expect(outputs(at).filter(isLeftOut)).toEqual([]);
    const over = outputs(messagesOf(stepsWith([...Array(8).fill(eighth), 1]), { isLast: false }));
    expect(over.map(isLeftOut)).toEqual([...Array(5).fill(true), ...Array(4).fill(false)]);
  });

  it('keeps the last result, however long it is', () => {
    const [first, last] = outputs(messagesOf(stepsWith([10, MAX + 1]), { isLast: false }));
    expect([isLeftOut(first ?? ''), last?.length]).toEqual([true, MAX + 1]);
  });

  it('is the same for whoever makes it from the same steps, and begins with the one before', () => {
    const steps = stepsWith(Array(9).fill(eighth));
    expect(messagesOf(structuredClone(steps), { isLast: false })).toEqual(
      messagesOf(steps, { isLast: false }),
    );
    const longer = stepsWith([...Array(9).fill(eighth), 10]);
    const before = messagesOf(steps, { isLast: false });
    expect(messagesOf(longer, { isLast: false }).slice(0, before.length)).toEqual(before);
  });
});

describe('what a provider is sent', () => {
  let chat: FakeChatModel;
  beforeEach(async () => {
    chat = await startFakeChatModel();
  });
  afterEach(() => chat.close());

  const run = (config: object) =>
    modelKind
      .createRuntime({ providers: {}, addressPolicy: { privateAddresses: 'any' } })
      .run(exampleRequest({ config: { baseUrl: chat.baseUrl, model: 'm', system: 'Be brief.', ...config } }));

  it('begins with what never changes, and each call begins with the one before', async () => {
    const note = { name: 'add_comment', arguments: { content: 'noted' } };
    chat.next({ toolCalls: [note] }, { toolCalls: [note, note] }, { text: 'Done.' });
    await run({});
    const bodies = chat.requests.map(({ body }) => body);
    for (const body of bodies) {
      expect(body.tools).toEqual(bodies[0]?.tools);
      expect(body.messages).toMatchObject(
        [{ role: 'system' }, { role: 'user', content: 'The prompt of the run' }].concat(
          listOf(body.messages).slice(2),
        ),
      );
    }
    for (const [place, body] of bodies.slice(1).entries()) {
      const before = listOf(bodies[place]?.messages);
      expect(listOf(body.messages).slice(0, before.length)).toEqual(before);
    }
    expect(JSON.stringify(bodies)).not.toContain('cache');
  });

  it('has marks for Anthropic to remember it by: after the tools and the system text, and at the end', async () => {
    await run({ provider: 'anthropic' });
    const { body } = await chat.requested(1);
    const mark = { cache_control: { type: 'ephemeral' } };
    expect(body.system).toMatchObject([
      { type: 'text', text: expect.stringMatching(/Be brief\.$/), ...mark },
    ]);
    expect(body.messages).toMatchObject([
      { role: 'user', content: [{ text: 'The prompt of the run', ...mark }] },
    ]);
  });
});

const listOf = (value: unknown): { role: string }[] => (Array.isArray(value) ? value : []);
