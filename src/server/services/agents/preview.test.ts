import type { AgentRuntime, PreviewOutcome } from '@everbeat/agents';
import { createTestClock } from '@everbeat/testkit';
import { expect, it } from 'vitest';
import { previewOf } from './preview';

const clock = createTestClock();
const runtime: AgentRuntime = {
  kind: 'watch',
  problemOf: () => null,
  checkConfig: (config: unknown) => config,
  run: async () => ({ kind: 'canceled' }),
};
const REQUEST = { config: null, settings: {}, userId: 'ada', signal: undefined };
const showing = (outcome: PreviewOutcome, signal?: AbortSignal) => {
  const preview = async (): Promise<PreviewOutcome> => {
    await clock.advance(1_500);
    return outcome;
  };
  return previewOf({ ...runtime, preview }, { ...REQUEST, signal }, clock);
};

it('a kind without a preview says so', async () => {
  await expect(previewOf(runtime, REQUEST, clock)).rejects.toMatchObject({
    code: 'invalid-input',
    message: 'There is no preview for agents of kind watch',
  });
});

it('a failure is shown with its class, and how long it took', async () => {
  const failure = { kind: 'error', errorCode: 'watch_http_429', errorMessage: 'Too many' } as const;
  expect(await showing({ ...failure, retryAfterSeconds: 60, content: 'not shown' })).toEqual({
    ...failure,
    failureClass: 'rate-limit',
    retryAfterSeconds: 60,
    durationMs: 1_500,
  });
});

it('what was stopped is shown as that', async () => {
  expect(await showing({ kind: 'canceled' })).toEqual({ kind: 'canceled', durationMs: 1_500 });
});
