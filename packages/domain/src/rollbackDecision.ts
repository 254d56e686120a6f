import { base } from './completionPlan';
import type { TaskPlan } from './plan';
import { modeOf, previousDueAt } from './planRest';
import type { TaskState } from './taskState';

/**
 * Undoes a manual claim whose operation never started: the task returns to its previous status and arm. Only
 * the caller that made the claim asks for it. A task whose automation was removed meanwhile is paused, as
 * that edit would have done.
 */
export function decideRollback(state: TaskState, now: Date): TaskPlan {
  const claimedFrom = state.operation?.claimedFrom ?? 'paused';
  const { trigger, blockedBy } = state.scheduler;
  const plan = { ...base(state), error: state.error, reason: 'rolled-back' } as const;
  if (claimedFrom !== 'scheduled') return { ...plan, status: claimedFrom, blockedBy };
  if (state.automationMode === null && modeOf(trigger) !== null) return { ...plan, status: 'paused' };
  if (state.humanWaiting) return { ...plan, status: 'scheduled', blockedBy: 'urgent-brief' };
  const dueAt = previousDueAt(state, now).dueAt ?? now;
  return {
    ...plan,
    status: 'scheduled',
    arm: { dueAt, trigger: state.automationMode ?? trigger ?? 'manual' },
  };
}
