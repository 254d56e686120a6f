import { isStorableJson } from '@everbeat/domain';
import { type FakeHttpAgent, startFakeHttpAgent } from '@everbeat/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleRequest } from '../../test/contract';
import { ProgramOutput } from '../kinds/command/programOutput';
import { terminalText } from '../kinds/command/terminalText';
import { httpKind } from '../kinds/http/httpKind';
import { readAnswer } from './answer';

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
const brief = fc.record({
  type: fc.constant('insight'),
  priority: fc.constant('urgent'),
  title: text,
  summary: text,
  actions: fc.oneof(field, fc.array(fc.record({ key: text, label: text }))),
  key: field,
});
const answer = fc.record(
  {
    status: fc.oneof(fc.constantFrom('done', 'error'), field),
    content: field,
    title: field,
    errorMessage: field,
    errorCode: field,
    briefs: fc.oneof(field, fc.array(field), fc.array(brief)),
    comments: fc.oneof(field, fc.array(field)),
    subtasks: fc.oneof(field, fc.array(field)),
    documents: fc.oneof(field, fc.array(field), fc.array(fc.record({ name: text, content: text }))),
    memory: field,
    failureClass: field,
    retryAfterSeconds: field,
    goalMet: field,
    nextRunInSeconds: field,
    usage: field,
    __proto__: field,
  },
  { requiredKeys: [] },
);
/** What a known program is taken to have said. */
function readProgram(output: string) {
  const program = new ProgramOutput({
    clean: (text: string) => text,
    adapter: 'by-output',
    resumed: null,
    onEntry: () => {},
    onText: () => {},
  });
  program.add(output);
  return program.end(output.split('\n'));
}

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
      { weight: 4, arbitrary: fc.constantFrom(200, 201) },
      { weight: 1, arbitrary: fc.constantFrom(203, 301, 400, 404, 429, 500, 599) },
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

  it('of a command is an outcome that can be stored', () => {
    fc.assert(
      fc.property(text, answer, (output, fields) => {
        const content = terminalText(output).toWellFormed();
        const { usage } = readProgram(output) ?? {};
        const reading = readAnswer(fields, null, { usage, content });
        expect(reading.fits).toBe(true);
        expect(isStorableJson(reading)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
