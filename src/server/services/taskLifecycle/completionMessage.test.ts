import { LIMITS } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import type { OperationCompletion } from './completion';
import { completionBodySchema, toCompletion, toCompletionBody } from './completionMessage';

/** The outcome of a run on its way through the queue. */

const ID = '0190a1b2-0000-7000-8000-000000000001';
const entry = (content: string) => ({ id: ID, role: 'assistant', content }) as const;

const completion = (changes: Partial<OperationCompletion> = {}): OperationCompletion => ({
  operationId: 'o',
  taskId: 't',
  userId: 'u',
  topicId: 'c',
  status: 'done',
  errorCode: null,
  errorMessage: null,
  usage: null,
  transcript: [],
  report: { content: 'Three ships' },
  ...changes,
});
const received = (body: unknown) => toCompletion(completionBodySchema.parse(body), () => ID);
/** As it arrives. */
const delivered = (sent: OperationCompletion): OperationCompletion =>
  received(JSON.parse(JSON.stringify(toCompletionBody(sent))));

describe('a completion', () => {
  it('arrives as it was sent', () => {
    const sent = completion({
      report: {
        content: 'Three ships',
        title: 'Ships',
        goalMet: true,
        nextRunInSeconds: 60,
        memory: { a: 1 },
        comments: ['One is red'],
        subtasks: [{ instruction: 'Paint it' }],
        taskName: 'Harbour',
        briefs: [
          {
            type: 'decision',
            priority: 'urgent',
            title: 'A',
            summary: 'B',
            key: 'k',
            document: 'Log',
            actions: [{ key: 'yes', label: 'Yes', adds: { below: 3 } }],
          },
        ],
        documents: [{ name: 'Log', content: 'x', append: true, baseVersion: 2 }],
        verdict: { verdict: 'failed', reasons: ['It is long'] },
      },
      leaseEpoch: 2,
      usage: { inputTokens: 1, outputTokens: 2, costUsd: 0.5 },
      transcript: [entry('Looking'), entry('Three ships')],
    });
    expect(delivered(sent)).toEqual(sent);
  });

  it('of a failure arrives with all that is known of it, and without a report', () => {
    const sent = completion({
      status: 'error',
      errorCode: 'agent_http_429',
      errorMessage: 'Too many',
      report: null,
      failureClass: 'rate-limit',
      retryAfterSeconds: 60,
      farSide: 'api.example.com',
      told: { comments: ['Half of it is done'], documents: [{ name: 'Log', content: 'Half', append: true }] },
    });
    expect(delivered(sent)).toEqual(sent);
  });

  it('sends a report once that is in the transcript too', () => {
    const body = toCompletionBody(completion({ transcript: [entry('Looking'), entry('Three ships')] }));
    expect(body.transcript?.map(({ content }) => content)).toEqual(['Looking', null]);
  });

  const long = 'x'.repeat(LIMITS.contentCharsMax - 1);

  it('that is too large leaves out the steps of the transcript, and then the memory', () => {
    const steps = Array.from({ length: 6 }, (_, index) => entry(`${index}${long}`));
    const withSteps = completion({
      report: { content: long, memory: 'kept' },
      transcript: [...steps, entry(long)],
    });
    expect(delivered(withSteps)).toMatchObject({
      report: { content: long, memory: 'kept' },
      transcript: [{ content: long }],
    });
    const memory = 'm'.repeat(LIMITS.requestBodyBytesMax);
    const withMemory = toCompletionBody(completion({ report: { content: long, title: 'Ships', memory } }));
    expect(withMemory).toMatchObject({ lastAssistantContent: long, report: { title: 'Ships' } });
    expect(withMemory.report?.memory).toBeUndefined();
  });

  it('from elsewhere may have a text alone, which is its report and its transcript', () => {
    const least = { taskId: 't', userId: 'u', topicId: 'c', operationId: 'o' };
    expect(received({ ...least, reason: 'done', lastAssistantContent: 'Three ships' })).toMatchObject({
      report: { content: 'Three ships' },
      transcript: [entry('Three ships')],
      errorCode: null,
      errorMessage: null,
      usage: null,
    });
    expect(received({ ...least, reason: 'done' })).toMatchObject({ report: null, transcript: [] });
    expect(received({ ...least, reason: 'done', report: {} })).toMatchObject({ report: { content: '' } });
    expect(received({ ...least, reason: 'budget', report: {} })).toMatchObject({ report: { content: '' } });
    expect(received({ ...least, reason: 'error', lastAssistantContent: 'So far' })).toMatchObject({
      report: null,
      transcript: [entry('So far')],
    });
  });
});
