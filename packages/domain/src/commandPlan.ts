import { resetStreak } from './failureStreak';
import type { PlanReason, TaskPlan } from './plan';
import { failuresOf } from './planRest';
import type { SupersedeReason } from './status';
import type { TaskState } from './taskState';

/** What the plans of people's acts, dependencies and repairs start from (`commandDecisions.ts`). */

type PastFailures = Pick<TaskPlan, 'consecutiveFailures' | 'streak' | 'lostRuns' | 'error'>;

/** Carried over by every decision but a start: a successful run or a person who starts the task ends it. */
export const pastFailures = (state: TaskState): PastFailures => ({
  ...failuresOf(state),
  error: state.error,
});

export const noFailures = (state: TaskState): PastFailures => ({
  consecutiveFailures: 0,
  streak: resetStreak(state),
  lostRuns: undefined,
  error: null,
});

export const unarmed = (state: TaskState) =>
  ({
    arm: null,
    blockedBy: null,
    automationRuns: state.scheduler.automationRuns,
    review: state.scheduler.review,
    ...pastFailures(state),
  }) satisfies Partial<TaskPlan>;

/** Scheduled with the arm, or, while an urgent brief waits for the person, with that blocker instead. */
export function scheduled(
  state: TaskState,
  arm: TaskPlan['arm'],
  reason: PlanReason,
  supersede: SupersedeReason,
  failures = noFailures(state),
): TaskPlan {
  const plan = { ...unarmed(state), ...failures, status: 'scheduled', reason, supersede } as const;
  return state.humanWaiting ? { ...plan, blockedBy: 'urgent-brief' } : { ...plan, arm };
}
