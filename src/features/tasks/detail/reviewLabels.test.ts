import { expect, test } from 'vitest';
import { reviewLabel } from './reviewLabels';

const RESULT = {
  workOperationId: null,
  iteration: 1,
  requirement: 'It rhymes',
  reasons: ['Line 2 does not rhyme'],
};

test('a check says what it found', () => {
  const failed = { status: 'done', result: { ...RESULT, verdict: 'failed' } } as const;
  expect(reviewLabel(failed).label).toBe('Check not passed');
});

test('a reviewer that broke has judged nothing', () => {
  expect(reviewLabel({ status: 'error', result: null }).label).toBe('Check was not made');
});

test('work whose check was turned off counts unchecked, and the page says so', () => {
  expect(reviewLabel({ status: 'done', result: { ...RESULT, verdict: null } }).label).toBe('Not checked');
});
