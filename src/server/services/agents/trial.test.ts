import type { AgentOutcome, AgentRequest, AgentRuntime } from '@everbeat/agents';
import type { StoredAgent } from '@everbeat/domain';
import { createTestClock } from '@everbeat/testkit';
import { describe, expect, it } from 'vitest';
import { type AgentTrial, tryAgent } from './trial';

/** Trials of agents in this process: each test says what the agent does. */

const AT = new Date('2026-06-01T12:00:00.000Z');
const clock = createTestClock();
let rows = 0;
const ids = { row: () => `row-${rows++}`, token: () => 'token', secret: () => 'secret' };

/** What a trial reserves and spends is tested with a real database, in tests/api/trialSpend.db.test.ts. */
const NOTHING_CAPPED: AgentTrial['money'] = {
  room: async () => null,
  end: async () => undefined,
  recorded: async () => [],
  write: async () => null,
  writeDocument: async () => true,
  shouldYield: () => false,
};

function trialOf(run: AgentRuntime['run'], changes: Partial<AgentTrial> = {}) {
  const runtime: AgentRuntime = {
    kind: 'http',
    run,
    problemOf: () => null,
    checkConfig: (config: unknown) => config,
  };
  const agent: StoredAgent = {
    id: 'a-1',
    name: 'Reader',
    kind: 'http',
    config: { url: 'x' },
    createdAt: AT,
    updatedAt: AT,
    checkVerdict: null,
    checkProblem: null,
    checkCure: null,
    checkedAt: null,
  };
  const trial = { agent, runtime, settings: undefined, callbackUrl: 'https://x/callback', signal: undefined };
  const paid = { operationId: 'o-1', money: NOTHING_CAPPED };
  return tryAgent({ ...paid, ...trial, ...changes }, 'ada', clock, ids);
}
const ending = (outcome: AgentOutcome) => trialOf(async () => outcome);

describe('a trial of an agent', () => {
  it('asks for an answer that changes nothing, as a run without a task', async () => {
    let request: AgentRequest | undefined;
    await trialOf(
      async (given) => {
        request = given;
        return { kind: 'done', content: '' };
      },
      { settings: { folder: 'x' } },
    );
    expect(request).toMatchObject({
      trigger: 'manual',
      attempt: 1,
      isTrial: true,
      isInstructionTyped: true,
      memory: null,
      userId: 'ada',
      taskIdentifier: 'T-0',
      config: { url: 'x' },
      settings: { folder: 'x' },
      callbackUrl: 'https://x/callback',
      instruction: expect.stringContaining('change nothing'),
    });
    expect(request?.occurrence).toBe(request?.operationId);
    expect(await request?.prompt()).toBe(request?.instruction);
  });

  it('asks what the person typed', async () => {
    let asked = '';
    await trialOf(
      async ({ prompt }) => {
        asked = await prompt();
        return { kind: 'done', content: '' };
      },
      { instruction: 'Say hello' },
    );
    expect(asked).toBe('Say hello');
  });

  it('shows what the agent said, its briefs and how long it took, and at most a hundred entries', async () => {
    const briefs = [{ type: 'insight', priority: 'normal', title: 'A', summary: 'B' } as const];
    const view = await trialOf(async ({ emit }) => {
      for (let entry = 0; entry < 101; entry += 1) emit({ role: 'tool', content: `${entry}` });
      await clock.advance(1_500);
      return { kind: 'done', content: 'Hello', briefs };
    });
    expect(view).toMatchObject({ kind: 'done', content: 'Hello', briefs, durationMs: 1_500 });
    expect(view.transcript.map(({ content }) => content)).toEqual(
      Array.from({ length: 100 }, (_, index) => `${index}`),
    );
  });

  it('shows what it had found when a budget ended it, and which', async () => {
    const full = { scope: 'owner', scopeId: 'ada', name: 'Ada', timezone: 'UTC', cap: 'perDayUsd' } as const;
    const caps = [{ ...full, limit: 1_000_000, used: 1_000_000, asked: 0 }];
    const words = /^Everything of yours together has used \$1\.00 of \$1\.00 today\. Raise the cap/;
    const shown = { kind: 'error', errorCode: 'budget', errorMessage: expect.stringMatching(words) };
    expect(await ending({ kind: 'budget', full: caps, content: 'So far' })).toMatchObject({
      ...shown,
      content: 'So far',
    });
    const room = { left: {}, full: caps };
    const money = { ...NOTHING_CAPPED, room: async () => room };
    const run = () => Promise.reject(new Error('It was called'));
    expect(await trialOf(run, { money })).toMatchObject(shown);
  });

  it('shows a failure with its class, and what was said before', async () => {
    const failure = { kind: 'error', errorCode: 'agent_http_429', errorMessage: 'Too many' } as const;
    expect(await ending({ ...failure, retryAfterSeconds: 60, content: 'So far' })).toMatchObject({
      ...failure,
      failureClass: 'rate-limit',
      retryAfterSeconds: 60,
      content: 'So far',
    });
    expect((await ending(failure)).content).toBeUndefined();
  });

  it('says that the agent would answer later', async () => {
    expect(await ending({ kind: 'accepted', timeoutSeconds: 60 })).toMatchObject({
      kind: 'accepted',
      content: expect.stringContaining('202'),
    });
  });

  it('says what the agent would ask', async () => {
    const question = { index: 1, title: 'A question', summary: 'May I?', actions: [] };
    expect(await ending({ kind: 'waiting', question })).toMatchObject({
      kind: 'waiting',
      content: expect.stringMatching(/wait for your answer now\.\n\nMay I\?$/),
    });
  });

  /** An agent that works until it is stopped. */
  const untilStopped: AgentRuntime['run'] = ({ signal }) =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve({ kind: 'canceled' }));
    });

  it('is stopped after a minute, and says so', async () => {
    const trial = trialOf(untilStopped, { signal: new AbortController().signal });
    await clock.advance(60_000);
    expect(await trial).toMatchObject({
      kind: 'error',
      errorCode: 'agent_timeout',
      errorMessage: expect.stringContaining('60 s'),
    });
  });

  it('is stopped when the person leaves, without a word, and leaves no timer', async () => {
    const leaving = new AbortController();
    const trial = trialOf(untilStopped, { signal: leaving.signal });
    await clock.advance(0);
    leaving.abort();
    expect(await trial).toEqual({ kind: 'canceled', transcript: [], durationMs: 0 });
    expect(clock.pending()).toBe(0);
  });
});
