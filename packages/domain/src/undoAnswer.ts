import type { BriefActionView } from './briefActions';
import { LIMITS } from './limits';
import type { TaskPlan } from './plan';
import type { SchedulerState } from './schedulerState';
import type { BriefPurpose, NoUndoReason, TaskStatus } from './status';

/** What an answer has changed of a task, as it was before. */
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
  whyLasting(brief, chosen) === null ? wakesAt(now) : now;

/** Why an answer holds that starts, cancels, raises or allows something, or is gone on with at once. */
function whyLasting({ purpose }: Answered, { key, adds, raises }: Chosen): NoUndoReason | null {
  if (adds !== undefined && purpose === 'tool') return 'settings-changed';
  if (raises !== undefined) return 'cap-raised';
  if (purpose === 'subtasks' && key !== 'keep') return 'others-changed';
  if (purpose === 'budget' && key !== 'stop') return 'budget-waits';
  if (purpose === 'absence' && key === 'keep-rhythm') return 'settings-changed';
  if (purpose === 'dependency') return 'others-changed';
  return purpose === 'tool' ? 'run-goes-on' : null;
}

/**
 * Why an answer cannot be taken back. Null: it changes nothing but the brief and its own task. A task that it
 * has completed comes back only if nobody else was told (`isAlone`).
 */
export function whyNoUndo(
  brief: Answered,
  chosen: Chosen,
  plan: TaskPlan | null,
  isAlone: boolean,
): NoUndoReason | null {
  const lasting = whyLasting(brief, chosen);
  if (lasting !== null) return lasting;
  if (plan === null || plan.status === 'scheduled' || plan.status === 'paused') return null;
  if (plan.status !== 'completed' || plan.reason !== 'approved') return 'task-ended';
  return isAlone ? null : 'others-told';
}
