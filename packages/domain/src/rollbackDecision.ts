import { base } from './completionPlan';
import type { TaskPlan } from './plan';
import { armFor, modeOf, previousDueAt } from './planRest';
import { pendingArm } from './reviewState';
import type { TaskState } from './taskState';

/**
 * Undoes a claim whose agent was not called: the task returns to its previous status and arm, as if it had
 * not been claimed. Only the caller that made the claim asks for it. A task whose automation was removed
 * meanwhile is paused, as that edit would have done.
 */
export function decideRollback(state: TaskState, now: Date): TaskPlan {
  const claimedFrom = state.operation?.claimedFrom ?? 'paused';
  const { trigger, blockedBy, needsPerson, dueAt, retry, continueTopicId } = state.scheduler;
  const { review } = state.scheduler;
  const plan = { ...base(state), review, error: state.error, reason: 'rolled-back' } as const;
  if (claimedFrom !== 'scheduled') return { ...plan, status: claimedFrom, blockedBy, needsPerson };
  if (state.automationMode === null && modeOf(trigger) !== null) return { ...plan, status: 'paused' };
  if (state.humanWaiting) return { ...plan, status: 'scheduled', blockedBy: 'urgent-brief' };
  if (trigger === 'brief' || trigger === 'review' || trigger === 'rework') {
    const isOverdue = dueAt !== null && Date.parse(dueAt) < now.getTime();
    const arm = armFor(state, isOverdue ? new Date(dueAt) : now, trigger, { retry, continueTopicId });
    return { ...plan, status: 'scheduled', arm };
  }
  const pending = pendingArm(state, now);
  if (pending !== null) return { ...plan, status: 'scheduled', arm: pending };
  const previous = previousDueAt(state, now);
  const dueAgain = dueAsItWas(state, previous.dueAt ?? now, now);
  const arm = armFor(state, dueAgain, state.automationMode ?? trigger ?? 'manual', {
    retry: previous.dueAt === null ? undefined : previous.retry,
    continueTopicId: state.automationMode === null ? continueTopicId : undefined,
  });
  return { ...plan, status: 'scheduled', arm };
}

/**
 * A tick that was claimed keeps its due time, although it has passed: it keeps its turn among those that wait
 * for room, and its lateness. An edit during the run may have made another rule.
 */
function dueAsItWas(state: TaskState, next: Date, now: Date): Date {
  const { dueAt } = state.scheduler;
  const isOverdue = next.getTime() === now.getTime() && (state.operation?.tickToken ?? null) !== null;
  return isOverdue && dueAt !== null && Date.parse(dueAt) < now.getTime() ? new Date(dueAt) : next;
}
