import type { HandedInWork } from '@everbeat/database';
import type { ReviewResult } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { EVERY_HOUR, taskState } from '../../../../packages/domain/test/taskStates';
import { checkedText, reviewBrief } from './reviewBriefs';

/** What a person reads about work that was checked. */

const result = (changes: Partial<ReviewResult> = {}): ReviewResult => ({
  workOperationId: 'w',
  iteration: 1,
  requirement: 'It is short',
  verdict: 'failed',
  reasons: ['It is long'],
  ...changes,
});
const work = (earlier: ReviewResult[] = []): HandedInWork => ({
  task: { identifier: 'T-1', name: 'Write', instruction: 'Write it' },
  title: null,
  report: 'A text',
  documents: [],
  steps: [],
  keepsSteps: true,
  earlier,
});
const state = taskState(EVERY_HOUR);

describe('the question about work that did not pass', () => {
  it('says why, what it had to fulfil, what follows if it is accepted, and shows the report', () => {
    const brief = reviewBrief(state, { result: result(), work: work() });
    expect(brief).toMatchObject({
      type: 'result',
      priority: 'urgent',
      purpose: 'review',
      title: 'T-1 did not pass its check. What should happen?',
      actions: [{ key: 'retry', label: 'Try again' }, { key: 'accept' }, { key: 'feedback' }],
    });
    expect(brief.summary.split('\n\n')).toEqual([
      '**The work did not pass its check.**',
      '- It is long',
      '**It had to fulfil:** It is short',
      'If you accept it as it is, T-1 goes on with its next regular run.',
      '**Its last report**',
      'A text',
    ]);
  });

  it('names the tries since the person last had a say', () => {
    const earlier = [
      result({ verdict: 'passed' }),
      result({ verdict: null }),
      result({ iteration: 2, verdict: 'uncertain' }),
    ];
    const brief = reviewBrief(state, { result: result({ iteration: 3 }), work: work(earlier) });
    expect(brief.title).toBe('T-1 did not pass its check after 3 tries. What should happen?');
    expect(brief.summary).toContain('**Tries:** 1 not checked, 2 uncertain, 3 did not pass\n');
  });

  it('says that the reviewer is uncertain', () => {
    const uncertain = result({ verdict: 'uncertain', iteration: 2 });
    expect(reviewBrief(state, { result: uncertain, work: work([result()]) }).title).toBe(
      'T-1: its reviewer is uncertain after 2 tries. What should happen?',
    );
  });

  it('has nothing of what is not known', () => {
    const brief = reviewBrief(state, { result: null, work: null });
    expect(brief.summary).toBe('If you accept it as it is, T-1 goes on with its next regular run.');
  });

  it.each([
    ['of a single task completes it', taskState(), 'T-1 is completed.'],
    [
      'whose agent says that the goal is met completes it',
      taskState({
        ...EVERY_HOUR,
        scheduler: {
          review: { phase: 'asked', operationId: 'o', topicId: 't', iteration: 1, goalMet: true },
        },
      }),
      'T-1 is completed and does not run again.',
    ],
  ])('says that accepting the work %s', (_what, of, words) => {
    expect(reviewBrief(of, { result: result(), work: null }).summary).toContain(words);
  });
});

it('a brief about work that counts says what its check found, if it was made', () => {
  expect(checkedText({ result: result({ verdict: 'passed', reasons: [] }) })).toBe(
    '\n\n---\n\n**The work passed its check.**',
  );
  expect(checkedText({ result: null })).toBe('');
});
