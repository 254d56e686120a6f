import { LIMITS } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { expectStorable } from '../../test/contract';
import { parseAnswer, toOutcome } from './answer';

const outcomeOf = (value: unknown) => toOutcome(parseAnswer(value));
const brief = { type: 'insight', priority: 'normal', title: 'Title', summary: 'Summary' };

describe("an agent's answer", () => {
  it('is done when it has content, with all that it reports', () => {
    const report = {
      content: 'Report',
      title: 'Title',
      briefs: [brief],
      goalMet: true,
      nextRunInSeconds: 60,
      usage: { inputTokens: 1, outputTokens: 2, costUsd: 0.5 },
    };
    expect(outcomeOf(report)).toEqual({ kind: 'done', ...report });
  });

  it('may contain null for what is left out, and unknown keys', () => {
    expect(outcomeOf({ content: '', briefs: null, usage: { costUsd: null }, mood: 'fine' })).toMatchObject({
      kind: 'done',
      content: '',
    });
  });

  it('may report an error without content', () => {
    expect(
      outcomeOf({
        status: 'error',
        errorMessage: 'No access',
        errorCode: 'no_access',
        usage: { inputTokens: 3 },
      }),
    ).toMatchObject({
      kind: 'error',
      errorCode: 'no_access',
      errorMessage: 'No access',
      usage: { inputTokens: 3 },
    });
    expect(outcomeOf({ status: 'error' })).toMatchObject({ kind: 'error', errorCode: 'agent_error' });
  });

  it.each([
    ['content', {}],
    ['content', { content: 5 }],
    ['status', { content: '', status: 'fine' }],
    ['briefs', { content: '', briefs: 'none' }],
    ['briefs', { content: '', briefs: Array.from({ length: LIMITS.briefsPerRunMax + 1 }, () => brief) }],
    ['briefs.0.type', { content: '', briefs: [{ ...brief, type: 'joke' }] }],
    ['nextRunInSeconds', { content: '', nextRunInSeconds: -1 }],
    ['usage.inputTokens', { content: '', usage: { inputTokens: 1.5 } }],
    ['object', 'text'],
    ['object', null],
  ])('is refused if it does not fit, with the place: %s', (place, value) => {
    expect(() => parseAnswer(value)).toThrow(
      expect.objectContaining({ code: 'agent_bad_answer', message: expect.stringContaining(place) }),
    );
  });

  it('is made storable and truncated to the limits', () => {
    const long = `\0\ud800${'x'.repeat(500_000)}`;
    const outcome = outcomeOf({
      content: long,
      title: long,
      briefs: [{ ...brief, title: long, summary: long }],
    });
    expect(outcome).toMatchObject({ kind: 'done', content: expect.stringMatching(/…$/) });
    expectStorable(outcome);
    expectStorable(outcomeOf({ status: 'error', content: long, errorMessage: long, errorCode: long }));
  });
});
