import { LIMITS } from './limits';
import { type AutomationRule, nextDue } from './nextDue';

/** What is known of a task's next wake-up, and its rule. */
export interface ArmedRule extends AutomationRule {
  dueAt: Date;
}

/**
 * When a task wakes next, as far as that can be said: the time it is armed for, and of a schedule the times
 * that follow, until `until` and at most `LIMITS.calendarTimesMax`. A heartbeat waits for the end of each
 * run, so nothing can be said beyond the next one.
 */
export function wakeUpsUntil(rule: ArmedRule, until: Date): Date[] {
  const times = [rule.dueAt];
  if (rule.automationMode !== 'schedule') return times;
  while (times.length < LIMITS.calendarTimesMax) {
    const last = times.at(-1) ?? rule.dueAt;
    const { dueAt } = nextDue(rule, last);
    if (dueAt === null || dueAt > until) break;
    times.push(dueAt);
  }
  return times;
}
