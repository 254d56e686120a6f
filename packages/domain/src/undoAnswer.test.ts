import { expect, it } from 'vitest';
import type { CapRaise } from './budgetStop';
import type { TaskPlan } from './plan';
import type { BriefPurpose, NoUndoReason } from './status';
import { answerWakesAt, wakesAt, whyNoUndo } from './undoAnswer';

const NOW = new Date('2026-03-01T12:00:00Z');
const plan = (part: Pick<TaskPlan, 'status' | 'reason'>): TaskPlan => ({
  arm: null,
  blockedBy: null,
  consecutiveFailures: 0,
  streak: undefined,
  lostRuns: undefined,
  automationRuns: 0,
  error: null,
  supersede: 'brief-resolved',
  ...part,
});
const UNBLOCKED = plan({ status: 'scheduled', reason: 'unblocked' });
const APPROVED = plan({ status: 'completed', reason: 'approved' });
const RAISE: CapRaise = { scope: 'task', scopeId: 'task', cap: 'perDayUsd', from: 1, to: 2 };

it.each<[string, BriefPurpose | null, Parameters<typeof whyNoUndo>[1], TaskPlan | null, NoUndoReason | null]>(
  [
    ['to a question of the agent', null, { key: 'left' }, UNBLOCKED, null],
    ['that changes nothing but the brief', null, { key: 'acknowledge' }, null, null],
    ['that adds to the settings', 'change', { key: 'ignore', adds: { ignoreText: ['ad'] } }, null, null],
    [
      'that always allows a tool',
      'tool',
      { key: 'always', adds: { allowedTools: ['mail__send'] } },
      null,
      'settings-changed',
    ],
    ['that keeps the rhythm', 'absence', { key: 'keep-rhythm' }, null, 'settings-changed'],
    ['that raises a cap', 'budget', { key: 'raise', raises: [RAISE] }, UNBLOCKED, 'cap-raised'],
    ['that waits for a budget', 'budget', { key: 'wait' }, UNBLOCKED, 'budget-waits'],
    [
      'that stops for a budget',
      'budget',
      { key: 'stop' },
      plan({ status: 'paused', reason: 'budget-stopped' }),
      null,
    ],
    ['that starts subtasks', 'subtasks', { key: 'start' }, null, 'others-changed'],
    ['that leaves subtasks', 'subtasks', { key: 'keep' }, null, null],
    ['about a dependency', 'dependency', { key: 'drop' }, UNBLOCKED, 'others-changed'],
    ['to a run that waits', 'tool', { key: 'approve' }, null, 'run-goes-on'],
    ['that completes a task', 'approval', { key: 'approve' }, APPROVED, null],
    [
      'that ends a task',
      null,
      { key: 'left' },
      plan({ status: 'completed', reason: 'end-date' }),
      'task-ended',
    ],
  ],
)('whether an answer %s can be taken back, and why not', (_which, purpose, chosen, planned, reason) => {
  expect(whyNoUndo({ purpose }, chosen, planned, true)).toBe(reason);
  // What can never be taken back has nothing to wait for.
  const isLasting = reason !== null && reason !== 'task-ended';
  expect(answerWakesAt({ purpose }, chosen, NOW)).toEqual(isLasting ? NOW : wakesAt(NOW));
});

it('a task whose end others were told of stays completed', () => {
  expect(whyNoUndo({ purpose: 'approval' }, { key: 'approve' }, APPROVED, false)).toBe('others-told');
});
