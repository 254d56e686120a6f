import { DAY_MS } from './durations';
import { nextDue } from './nextDue';
import type { TaskPlan } from './plan';
import type { Absence } from './schedulerState';
import type { TaskState } from './taskState';

/**
 * A task that nobody looks at beats more slowly, step by step, at least once a day (PROTOCOL §4.5). The rule
 * in its settings stays as it is: only the next due time is later than the rule says (`slowerBeat.ts`).
 */

/**
 * Whether the task is slowed down: nobody has looked since a commit said so. Until its next beat, a task
 * whose reports somebody has looked at meanwhile may still be armed late.
 */
export const isSlowed = ({
  config,
  scheduler,
  seenAt,
}: Pick<TaskState, 'config' | 'scheduler' | 'seenAt'>): boolean => {
  const { absence } = scheduler;
  if (absence?.slowed !== true || config.absence === 'keep') return false;
  return seenAt === null || seenAt.getTime() <= Date.parse(absence.since);
};

/**
 * What is remembered after a decision: what it says, or, where it has nothing to do with it, what was known
 * before.
 */
export function absenceAfter(
  state: Pick<TaskState, 'config' | 'scheduler' | 'seenAt'>,
  plan: Pick<TaskPlan, 'absence'>,
): Absence | undefined {
  if (plan.absence !== undefined) return plan.absence ?? undefined;
  const { absence } = state.scheduler;
  return absence?.slowed === true && !isSlowed(state) ? { since: absence.since } : absence;
}

/**
 * The latest due time that a decision made now could give a task that is slowed down. 0: it is not, or since
 * a time in the future, of a clock that was ahead, which is not believed.
 */
export function latestSlowedMs(
  rule: Parameters<typeof nextDue>[0] & Pick<TaskState, 'config' | 'scheduler' | 'seenAt'>,
  now: Date,
): number {
  if (!isSlowed(rule) || Date.parse(rule.scheduler.absence?.since ?? '') > now.getTime()) return 0;
  const inADay = new Date(now.getTime() + DAY_MS);
  if (rule.automationMode !== 'schedule') return inADay.getTime();
  return nextDue(rule, new Date(inADay.getTime() - 1)).dueAt?.getTime() ?? inADay.getTime();
}
