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

/** The brief that was answered. */
interface Answered {
  purpose: BriefPurpose | null;
}

/** The option that was chosen. */
type Chosen = Pick<BriefActionView, 'key' | 'adds' | 'raises'>;

/** When a task runs that an answer wakes now, if the answer can be taken back until then (PROTOCOL §4). */
export const wakesAt = (now: Date): Date => new Date(now.getTime() + LIMITS.undoSeconds * 1_000);

/** The same of any answer: one that can never be taken back has nothing to wait for. */
export const answerWakesAt = (brief: Answered, chosen: Chosen, now: Date): Date =>
  isLasting(brief, chosen) ? now : wakesAt(now);

/** Whether an answer starts, cancels or raises something elsewhere, changes settings, or is gone on with at once. */
function isLasting({ purpose }: Answered, { key, adds, raises }: Chosen): boolean {
  if (adds !== undefined || raises !== undefined) return true;
  if (purpose === 'subtasks') return key !== 'keep';
  if (purpose === 'budget') return key !== 'stop';
  return purpose === 'tool' || purpose === 'dependency';
}

/**
 * Whether an answer changes nothing that could not be taken back with it: the brief, and its own task. A task that it has
 * completed comes back only if nobody else was told (`isAlone`).
 */
export function mayTakeBack(
  brief: Answered,
  chosen: Chosen,
  plan: TaskPlan | null,
  isAlone: boolean,
): boolean {
  if (isLasting(brief, chosen)) return false;
  if (plan === null || plan.status === 'scheduled' || plan.status === 'paused') return true;
  return plan.status === 'completed' && plan.reason === 'approved' && isAlone;
}
