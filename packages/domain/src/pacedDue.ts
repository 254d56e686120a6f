import type { NextDue } from './nextDue';
import type { TaskState } from './taskState';

/**
 * The time the agent asks for, within the task's `pacing` bounds, where the task allows it; otherwise the
 * time by the rule.
 */
export function pacedDue(
  { config }: Pick<TaskState, 'config'>,
  nextRunInSeconds: number | null,
  byRule: NextDue,
  now: Date,
): NextDue {
  const { pacing } = config;
  if (nextRunInSeconds === null || pacing === undefined) return byRule;
  const seconds = Math.min(Math.max(nextRunInSeconds, pacing.minSeconds), pacing.maxSeconds);
  return { dueAt: new Date(now.getTime() + seconds * 1_000) };
}
