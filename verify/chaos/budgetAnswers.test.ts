import { expect, test } from 'vitest';
import { Random } from '../support/random';
import { raisedBudget, remedyFor } from './budgetAnswers';
import type { WaitingTask } from './databaseMonitor';

const raise = (scopeId: string) => ({
  key: 'raise',
  label: 'Raise',
  raises: [{ scope: 'task', scopeId, cap: 'perDayUsd', from: 1, to: 2 } as const],
});
const task: WaitingTask = {
  taskId: 't',
  briefId: 'b',
  type: 'decision',
  purpose: 'budget',
  waitsForBudget: false,
  actions: [raise('t'), { key: 'wait', label: 'Wait' }, { key: 'stop', label: 'Stop' }],
};

/** All answers that are drawn sooner or later. */
function answers(changes: Partial<WaitingTask>): string[] {
  const random = new Random('1');
  const drawn = Array.from({ length: 100 }, () => remedyFor({ ...task, ...changes }, random));
  return [
    ...new Set(drawn.map((remedy) => (remedy.kind === 'resolve' ? remedy.action : remedy.kind))),
  ].sort();
}

test('a question about a budget is answered in every way that it offers', () => {
  expect(answers({})).toEqual(['raise', 'stop', 'wait']);
});

test('a cap that others share is not waited for, because nobody would raise it later', () => {
  expect(answers({ actions: [raise('other'), ...task.actions.slice(1)] })).toEqual(['raise', 'stop']);
});

test('what waits for a budget goes on within a higher one, and other questions are answered as they are', () => {
  expect(answers({ waitsForBudget: true, briefId: null })).toEqual(['raise-in-settings']);
  expect(raisedBudget({ perDayUsd: 0.05, perDayTokens: 100 })).toEqual({
    perDayUsd: expect.closeTo(0.15),
    perDayTokens: 300,
  });
  expect(answers({ purpose: null, actions: [{ key: 'left', label: 'Left' }] })).toEqual(['left']);
  expect(answers({ purpose: null, type: 'error' })).toEqual(['retry']);
  expect(answers({ briefId: null })).toEqual(['resume']);
});
