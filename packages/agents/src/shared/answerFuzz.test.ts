import { isStorableJson } from '@everbeat/domain';
import { type FakeHttpAgent, startFakeHttpAgent } from '@everbeat/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleRequest } from '../../test/contract';
import { readOutput } from '../kinds/command/readOutput';
import { httpKind } from '../kinds/http/httpKind';
import { AgentError } from './agentError';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    '\u0000',
    '\ud800',
    '{',
    '{"content":',
    '{}',
    'null',
    '[]',
    '['.repeat(100_000),
    'x'.repeat(300_000),
  ),
);
const field = fc.oneof(text, fc.jsonValue(), fc.double());
const answer = fc.record(
  {
    ...{
      status: fc.oneof(fc.constantFrom('done', 'error'), field),
      content: field,
      title: field,
      errorMessage: field,
    },
    ...{
      errorCode: field,
      briefs: field,
      goalMet: field,
      nextRunInSeconds: field,
      usage: field,
      __proto__: field,
    },
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  text,
  answer.map((value) => JSON.stringify(value)),
);

describe('an answer of any kind', () => {
  let agent: FakeHttpAgent;
  beforeAll(async () => {
    agent = await startFakeHttpAgent();
  });
  afterAll(() => agent.close());

  it('of an http agent is an outcome that can be stored', async () => {
    const runtime = httpKind.createRuntime({ addressPolicy: { privateAddresses: 'any' } });
    const status = fc.oneof(
      { weight: 4, arbitrary: fc.constant(200) },
      { weight: 1, arbitrary: fc.constantFrom(201, 301, 400, 404, 429, 500, 599) },
    );
    await fc.assert(
      fc.asyncProperty(status, body, async (code, said) => {
        agent.next({ status: code, body: said });
        const outcome = await runtime.run(exampleRequest({ config: { url: agent.url } }));
        expect(['done', 'error']).toContain(outcome.kind);
        if (outcome.kind === 'error') expect(outcome.errorCode).not.toBe('agent_internal');
        expect(isStorableJson(outcome)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('of a command is an outcome that can be stored, or a declared error', () => {
    fc.assert(
      fc.property(text, body, (before, lastLine) => {
        try {
          expect(isStorableJson(readOutput(`${before}\n${lastLine}`))).toBe(true);
        } catch (error) {
          if (!(error instanceof AgentError)) throw error;
          expect(error.code).toBe('agent_bad_answer');
        }
      }),
      { numRuns: 300 },
    );
  });
});
