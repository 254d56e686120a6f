import type { PlanReason, TaskPlan } from './plan';
import type { TaskState } from './taskState';

/**
 * Who says why a task no longer runs by itself (PROTOCOL §8, invariant 16): the person, whose own act it was,
 * so that no brief is needed; the error brief of its failures; or a brief of purpose `end`. Null: with this
 * reason a task with automation never leaves its loop.
 */
const SAID_BY: Record<PlanReason, 'person' | 'failure' | 'end' | null> = {
  'answer-undone': 'person',
  approved: 'person',
  'budget-stopped': 'person',
  'automation-removed': 'person',
  canceled: 'person',
  interrupted: 'person',
  paused: 'person',
  resumed: 'person',
  'rolled-back': 'person',
  error: 'failure',
  timeout: 'failure',
  fuse: 'failure',
  lost: 'failure',
  'needs-person': 'failure',
  'rate-limit': 'failure',
  transient: 'failure',
  'no-automation': 'failure',
  'no-interval': 'failure',
  'bad-pattern': 'failure',
  'goal-met': 'end',
  'max-topics': 'end',
  'end-date': 'end',
  'no-next-run': 'end',
  accepted: null,
  'awaits-approval': null,
  budget: null,
  'budget-raised': null,
  'budget-waits': null,
  'awaits-review': null,
  'default-taken': null,
  'dependencies-met': null,
  'dependency-ended': null,
  done: null,
  feedback: null,
  'human-waiting': null,
  'looked-at': null,
  repaired: null,
  retried: null,
  'review-failed': null,
  'rule-changed': null,
  started: null,
  'subtask-done': null,
  unblocked: null,
};

/** Which brief the commit of this plan needs, so that a person reads why the task left its loop. */
export function briefOfLoopEnd(
  state: Pick<TaskState, 'automationMode'>,
  plan: Pick<TaskPlan, 'status' | 'reason'>,
): 'failure' | 'end' | null {
  if (state.automationMode === null || plan.status === 'scheduled') return null;
  const saidBy = SAID_BY[plan.reason];
  return saidBy === 'person' ? null : saidBy;
}
