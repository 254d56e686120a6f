import { describe, expect, test } from 'vitest';
import { outcomeText } from './outcome';

const actions = [
  { key: 'approve', label: 'Approve' },
  { key: 'decline', label: 'Decline' },
];

describe('what became of a question', () => {
  test.each([
    [{ resolvedAction: 'approve', defaultAction: null, isUnanswered: false }, 'Answered: Approve'],
    [
      { resolvedAction: 'approve', defaultAction: 'approve', isUnanswered: true },
      'Nobody answered in time. Chosen: Approve',
    ],
    // The record needs an answer, and takes the one that does nothing.
    [
      { resolvedAction: 'decline', defaultAction: null, isUnanswered: true },
      'Nobody answered in time. Nothing was chosen.',
    ],
    [
      { resolvedAction: 'gone', defaultAction: null, isUnanswered: false },
      'This is over: it needs no answer any more.',
    ],
  ])('%o: %s', (question, text) => {
    expect(outcomeText({ actions, ...question })).toBe(text);
  });
});
