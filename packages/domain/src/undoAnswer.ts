import type { BriefActionView } from './briefActions';
import { LIMITS } from './limits';
import type { TaskPlan } from './plan';
import type { SchedulerState } from './schedulerState';
import type { BriefPurpose, TaskStatus } from './status';

/** Of a task as it was before an answer, what the answer has changed. */
export interface BeforeAnswer {
  status: TaskStatus;
  scheduler: SchedulerState;
  error: string | null;
}

/** When a task runs that an answer wakes now: until then the answer can be taken back (PROTOCOL §4). */
export const wakesAt = (now: Date): Date => new Date(now.getTime() + LIMITS.undoSeconds * 1_000);

/**
 * Whether an answer changes nothing that could not be taken back with it: the brief, and its own task. What it starts,
 * cancels or raises elsewhere, or a run that goes on with it at once, stays as it is. A task that it has completed comes
 * back only if nobody else was told (`isAlone`).
 */
export function mayTakeBack(
  { purpose }: { purpose: BriefPurpose | null },
  { key, adds, raises }: BriefActionView,
  plan: TaskPlan | null,
  isAlone: boolean,
): boolean {
  if (adds !== undefined || raises !== undefined) return false;
  if (purpose === 'tool' || purpose === 'dependency') return false;
  if (purpose === 'subtasks') return key === 'keep';
  if (purpose === 'budget') return key === 'stop';
  if (plan === null || plan.status === 'scheduled') return true;
  return plan.status === 'completed' && plan.reason === 'approved' && isAlone;
}
