import { AppError, LIMITS, readsWords } from '@everbeat/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgentOutcome, AgentRequest, AgentRuntime, TranscriptEntry } from '../src/port';

/** A run that does not end by itself. */
interface HangingRun {
  config: unknown;
  /** The work is under way outside the runtime. */
  started: Promise<unknown>;
  /** Resolves once all that the run started has ended. Called after the run. */
  ended(): Promise<unknown>;
}

/** The environment of one runtime, with a configuration for each case of the contract. */
export interface AgentRuntimeHarness {
  runtime: AgentRuntime;
  /** A run that succeeds. */
  works: unknown;
  /** A run that fails, and its expected error code. */
  fails: { config: unknown; errorCode: string; farSide?: string };
  /** Called for each case, with a time limit for the run in some of them. */
  hangs(timeoutSeconds?: number): HangingRun | Promise<HangingRun>;
  /** A run that is answered with NUL, lone surrogates and far too much text. */
  floods: unknown;
  misconfigured: unknown[];
  close(): Promise<void>;
}

/** A complete request, with the given fields replaced. */
export function exampleRequest(
  fields: Partial<AgentRequest> = {},
): AgentRequest & { transcript: TranscriptEntry[] } {
  const transcript: TranscriptEntry[] = [];
  return {
    operationId: 'op_1',
    taskId: 'task_1',
    taskIdentifier: 'T-1',
    topicId: 'topic_1',
    userId: 'user_1',
    trigger: 'heartbeat',
    instruction: 'Look after the example',
    isInstructionTyped: true,
    prompt: async () => 'The prompt of the run',
    config: {},
    settings: undefined,
    memory: null,
    occurrence: 'occurrence_1',
    attempt: 1,
    mayChooseWakeUp: true,
    callbackUrl: 'http://127.0.0.1/api/workflows/agent/callback?secret=s',
    signal: new AbortController().signal,
    emit: (entry) => transcript.push(entry),
    ...fields,
    transcript,
  };
}

/** What callers may rely on with every runtime. */
export function describeAgentRuntime(name: string, createHarness: () => Promise<AgentRuntimeHarness>): void {
  describe(`the contract of agent runtimes: ${name}`, () => {
    let harness: AgentRuntimeHarness;
    beforeAll(async () => {
      harness = await createHarness();
    });
    afterAll(() => harness.close());
    const run = (fields: Partial<AgentRequest>) => harness.runtime.run(exampleRequest(fields));

    it('returns done with content when the run succeeds', async () => {
      const outcome = await run({ config: harness.works });
      expect(outcome).toMatchObject({ kind: 'done', content: expect.stringMatching(/\S/) });
      expectStorable(outcome);
    });

    it('accepts a valid configuration, and its own stored form of it', () => {
      const stored = harness.runtime.checkConfig(harness.works);
      expect(harness.runtime.checkConfig(stored)).toEqual(stored);
    });

    it('sees nothing in the way of a configuration that works', () => {
      expect(harness.runtime.problemOf(harness.works)).toBeNull();
    });

    it('asks for no prompt if it reads no words', async () => {
      if (readsWords(harness.runtime.kind)) return;
      const prompt = () => Promise.reject(new Error('asked for a prompt'));
      expect(await run({ config: harness.works, prompt })).toMatchObject({ kind: 'done' });
    });

    it('returns an error with a code and a helpful message when the run fails', async () => {
      const outcome = await run({ config: harness.fails.config });
      expect(outcome).toMatchObject({ kind: 'error', errorCode: harness.fails.errorCode });
      expect(outcome).toHaveProperty('errorMessage', expect.stringMatching(/\S.{20,}/));
      expectStorable(outcome);
    });

    it('names the far side of a failure by its host alone, and whole seconds to wait for', async () => {
      const outcome = await run({ config: harness.fails.config });
      if (outcome.kind !== 'error') throw new Error('The run did not fail');
      const { farSide = 'host', retryAfterSeconds = 1 } = outcome;
      expect(farSide).toMatch(/^[\w.-]+(:\d+)?$/);
      expect(Number.isInteger(retryAfterSeconds) && retryAfterSeconds > 0).toBe(true);
      expect(harness.fails.farSide ?? farSide).toBe(farSide);
    });

    it('returns canceled when it is aborted, and stops all it started', async () => {
      const hanging = await harness.hangs();
      const stop = new AbortController();
      const outcome = run({ config: hanging.config, signal: stop.signal });
      await hanging.started;
      stop.abort();
      await expect(outcome).resolves.toEqual({ kind: 'canceled' });
      await hanging.ended();
    });

    it('starts nothing when the request is already aborted', async () => {
      const outcome = await run({
        config: harness.works,
        signal: AbortSignal.abort(),
        prompt: () => Promise.reject(new Error('asked for a prompt')),
      });
      expect(outcome).toEqual({ kind: 'canceled' });
    });

    it('returns an error when its time is over, and stops all it started', async () => {
      const hanging = await harness.hangs(0.2);
      const outcome = await run({ config: hanging.config });
      expect(outcome).toMatchObject({ kind: 'error', errorCode: expect.stringMatching(/_timeout$/) });
      await hanging.started;
      await hanging.ended();
    });

    it('truncates what it received, and makes it storable', async () => {
      expectStorable(await run({ config: harness.floods }));
    });

    it('refuses an invalid configuration, also when it runs', async () => {
      for (const config of [...harness.misconfigured, 'text', 7, [], { unknownKey: true }]) {
        expect(() => harness.runtime.checkConfig(config), JSON.stringify(config)).toThrow(
          expect.objectContaining({ name: AppError.name, code: 'agent-misconfigured' }),
        );
        expect(harness.runtime.problemOf(config), JSON.stringify(config)).toMatch(/\S/);
        expect(await run({ config }), JSON.stringify(config)).toMatchObject({ kind: 'error' });
      }
    });
  });
}

/** Expects an outcome within the limits, without text that Postgres refuses. */
export function expectStorable(outcome: AgentOutcome): void {
  const json = JSON.stringify(outcome);
  expect(json.includes('\\u0000')).toBe(false);
  expect(/\\ud[89a-f]/i.test(json)).toBe(false);
  if (outcome.kind === 'done' || outcome.kind === 'error') {
    expect((outcome.content ?? '').length).toBeLessThanOrEqual(LIMITS.contentCharsMax);
  }
  if (outcome.kind === 'error') {
    expect(outcome.errorMessage.length).toBeLessThanOrEqual(LIMITS.errorMessageCharsMax);
  }
  if (outcome.kind !== 'done') return;
  expect((outcome.briefs ?? []).length).toBeLessThanOrEqual(LIMITS.briefsPerRunMax);
  for (const brief of outcome.briefs ?? []) {
    expect(brief.title.length).toBeLessThanOrEqual(LIMITS.briefTitleCharsMax);
    expect(brief.summary.length).toBeLessThanOrEqual(LIMITS.briefSummaryCharsMax);
  }
  expect(Buffer.byteLength(JSON.stringify(outcome.memory ?? null))).toBeLessThanOrEqual(
    LIMITS.memoryBytesMax,
  );
}
