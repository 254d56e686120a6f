import { randomUUID } from 'node:crypto';
import { LIMITS } from '@everbeat/domain';
import { type FakeChatModel, startFakeChatModel } from '@everbeat/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleRequest } from '../../../test/contract';
import { modelConfigSchema, modelTaskSettingsSchema } from './config';
import { modelKind } from './modelKind';

/** What bounds one run of a model, at the edge of each limit. */

let chat: FakeChatModel;
beforeEach(async () => {
  chat = await startFakeChatModel();
});
afterEach(() => chat.close());

const runtime = modelKind.createRuntime({ providers: {}, addressPolicy: { privateAddresses: 'any' } });
const run = () => runtime.run(exampleRequest({ config: { baseUrl: chat.baseUrl, model: 'm' } }));

const notes = (count: number, chars = 1) =>
  Array.from({ length: count }, (_, index) => ({
    id: `call_${index}`,
    name: 'no_such_tool',
    arguments: { text: 'x'.repeat(chars) },
  }));

it('the model may be called as often as the limit, and no oftener', () => {
  const isTaken = (maxSteps: number) => modelConfigSchema.safeParse({ maxSteps }).success;
  expect([isTaken(LIMITS.modelCallsPerRunMax), isTaken(LIMITS.modelCallsPerRunMax + 1)]).toEqual([
    true,
    false,
  ]);
});

const listOf = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

describe('what an agent may be given at most', () => {
  const serverId = randomUUID();
  const WAYS: [string, number, (count: number) => object][] = [
    [
      'hosts for requests',
      50,
      (count) => ({ tools: { http_request: { hosts: listOf(count, (n) => `api-${n}.example`) } } }),
    ],
    [
      'secrets',
      20,
      (count) => ({ secrets: Object.fromEntries(listOf(count, (n) => [`KEY_${n}@api.example`, 'value'])) }),
    ],
    [
      'servers of tools',
      LIMITS.mcpServersMax,
      (count) => ({ tools: { mcp: listOf(count, () => ({ serverId: randomUUID() })) } }),
    ],
    [
      'characters of the name of a tool',
      LIMITS.toolNameCharsMax,
      (count) => ({ tools: { mcp: [{ serverId, tools: { ['x'.repeat(count)]: 'ask' } }] } }),
    ],
    ['fallback models', 5, (count) => ({ fallbackModels: listOf(count, (n) => `openai/gpt-${n}`) })],
  ];

  it.each(WAYS)('%s: %i', (_what, max, make) => {
    const isTaken = (count: number) => modelConfigSchema.safeParse(make(count)).success;
    expect([isTaken(max), isTaken(max + 1)]).toEqual([true, false]);
  });

  it('tools that a task lets it call without asking: 50', () => {
    const isTaken = (count: number) =>
      modelTaskSettingsSchema.safeParse({ allowedTools: listOf(count, (n) => `mail__${n}`) }).success;
    expect([isTaken(50), isTaken(51)]).toEqual([true, false]);
  });
});

it('the name of a tool that the model makes up is shown up to its limit', async () => {
  const named = (chars: number) => ({ name: 'x'.repeat(chars), arguments: {} });
  const [fits, isLong] = [LIMITS.toolNameCharsMax, LIMITS.toolNameCharsMax + 1];
  chat.next({ toolCalls: [named(fits), { ...named(isLong), id: 'second' }] }, { text: 'Done.' });
  const request = exampleRequest({ config: { baseUrl: chat.baseUrl, model: 'm' } });
  await runtime.run(request);
  const shown = request.transcript.filter(({ role }) => role === 'tool').map(({ content }) => content);
  expect(shown).toEqual([
    expect.stringMatching(new RegExp(`^x{${fits}}\\(`)),
    expect.stringMatching(new RegExp(`^x{${fits - 1}}…\\(`)),
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
      kind: 'error',
      errorCode: 'model_too_large',
      errorMessage: expect.stringContaining('Lower maxOutputTokens'),
    });
  });
});
