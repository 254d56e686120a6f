import type { StepView } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { answerText, costText, foldSteps, tookMs } from './stepLabels';

const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000);
const step = (fields: Partial<StepView> = {}): StepView => ({
  index: 0,
  kind: 'tool',
  name: 'read_page',
  status: 'done',
  policy: 'allow',
  occurrence: 'a:0',
  startedAt: at(0),
  endedAt: at(2),
  usage: null,
  costUsd: null,
  operationId: 'run',
  attempt: 1,
  answer: null,
  ...fields,
});

it.each([
  [{ usage: { inputTokens: 1_200, outputTokens: 80 }, costUsd: null }, '1,200 + 80 tokens'],
  [{ usage: { inputTokens: 12 }, costUsd: 0.0042 }, '12 + 0 tokens, $0.0042'],
  [{ usage: null, costUsd: 1.5 }, '$1.50'],
  [{ usage: null, costUsd: null }, null],
])('what a step cost: %j', (cost, text) => {
  expect(costText(cost)).toBe(text);
});

describe('a call that a person was asked about', () => {
  const answer = { action: 'approve', comment: 'Go ahead', at: at(180) };

  it('says what they answered, and when', () => {
    expect(answerText({ startedAt: at(0), answer })).toBe('Approved after 3 minutes: “Go ahead”');
    expect(answerText({ startedAt: at(0), answer: { ...answer, action: 'decline', comment: null } })).toBe(
      'Declined after 3 minutes',
    );
    expect(answerText({ startedAt: at(0), answer: null })).toBeNull();
  });

  it('says that nobody has answered in time', () => {
    const unanswered = { ...answer, action: 'first', comment: null, isUnanswered: true };
    expect(answerText({ startedAt: at(0), answer: unanswered })).toBe('Nobody answered within 3 minutes');
  });

  it('took the time since the answer', () => {
    expect(tookMs(step({ answer, endedAt: at(182) }))).toBe(2_000);
    expect(tookMs(step())).toBe(2_000);
    expect(tookMs(step({ endedAt: null }))).toBeNull();
  });
});

describe('a long list', () => {
  const many = (count: number, odd: Record<number, Partial<StepView>> = {}): StepView[] =>
    Array.from({ length: count }, (_, index) => step({ index, ...odd[index] }));
  const shape = (steps: StepView[]) =>
    foldSteps(steps).map((part) => ('folded' in part ? `(${part.folded})` : String(part.step.index)));

  it('of a few steps is shown whole', () => expect(shape(many(15))).toHaveLength(15));

  it('is folded in its middle', () => {
    expect(shape(many(100)).join(' ')).toBe('0 1 2 (90) 93 94 95 96 97 98 99');
  });

  it('shows what failed, and what a person was asked about, wherever it is', () => {
    const answer = { action: 'approve', comment: null, at: at(1) };
    expect(shape(many(100, { 40: { status: 'failed' }, 41: { answer } })).join(' ')).toBe(
      '0 1 2 (37) 40 41 (51) 93 94 95 96 97 98 99',
    );
  });
});
