import { explainNever } from './cronRefusal';
import { cronTimeAfter } from './cronTimes';
import { AppError } from './errors';
import type { Retry } from './schedulerState';
import type { AutomationMode } from './status';
import { assertTimezone } from './timezones';

/** When a task runs: a fixed delay after each completion, or the times of a cron pattern in a time zone. */
export interface AutomationRule {
  automationMode: AutomationMode | null;
  heartbeatInterval: number | null;
  schedulePattern: string | null;
  scheduleTimezone: string | null;
}

/**
 * The first time strictly after `after` at which the pattern is due, or null when it never is again.
 * @throws AppError `pattern-invalid`, `timezone-unknown`
 */
export function nextCronTime(pattern: string, timezone: string, after: Date): Date | null {
  assertTimezone(timezone);
  return cronTimeAfter(pattern, timezone, after);
}

/**
 * Refuses a rule that cannot be armed. Also checks the part that the current mode does not use.
 * `heartbeatSecondsMin` is HEARTBEAT_MIN_SECONDS.
 * @throws AppError `interval-missing`, `interval-too-short`, `pattern-invalid`, `pattern-never-fires`,
 *   `timezone-unknown`
 */
export function assertRule(rule: AutomationRule, now: Date, heartbeatSecondsMin: number): void {
  const { automationMode, heartbeatInterval, schedulePattern, scheduleTimezone } = rule;
  if (automationMode === 'heartbeat' && heartbeatInterval === null) {
    throw new AppError(
      'interval-missing',
      'A heartbeat task needs heartbeatInterval, the seconds between two runs',
    );
  }
  if (heartbeatInterval !== null && heartbeatInterval < heartbeatSecondsMin) {
    throw new AppError(
      'interval-too-short',
      `heartbeatInterval must be at least ${heartbeatSecondsMin} seconds`,
    );
  }
  if (automationMode === 'schedule' && schedulePattern === null) {
    throw new AppError(
      'pattern-invalid',
      'A scheduled task needs schedulePattern, a cron pattern such as "0 9 * * 1-5"',
    );
  }
  if (scheduleTimezone !== null) assertTimezone(scheduleTimezone);
  if (schedulePattern !== null && nextCronTime(schedulePattern, scheduleTimezone ?? 'UTC', now) === null) {
    throw new AppError(
      'pattern-never-fires',
      `The pattern "${schedulePattern}" has no next date: ${explainNever(schedulePattern)}`,
    );
  }
}

/** Why a stored rule gives no due time. */
export const UNARMABLE_REASONS = ['no-automation', 'no-interval', 'bad-pattern', 'no-next-run'] as const;
export type UnarmableReason = (typeof UNARMABLE_REASONS)[number];

export type NextDue =
  | { dueAt: Date; retry?: Retry | undefined; waitsForBudget?: true | undefined }
  | { dueAt: null; reason: UnarmableReason };

/**
 * The due time after a run that ended at `after`. Never throws: stored rows may predate today's checks. So a
 * stored abbreviation of a zone means what it meant when it was saved.
 */
export function nextDue(rule: AutomationRule, after: Date): NextDue {
  if (rule.automationMode === null) return { dueAt: null, reason: 'no-automation' };
  if (rule.automationMode === 'heartbeat') {
    if (rule.heartbeatInterval === null || rule.heartbeatInterval <= 0)
      return { dueAt: null, reason: 'no-interval' };
    return { dueAt: new Date(after.getTime() + rule.heartbeatInterval * 1_000) };
  }
  if (rule.schedulePattern === null) return { dueAt: null, reason: 'bad-pattern' };
  try {
    const dueAt = cronTimeAfter(rule.schedulePattern, rule.scheduleTimezone ?? 'UTC', after);
    return dueAt === null ? { dueAt: null, reason: 'no-next-run' } : { dueAt };
  } catch {
    return { dueAt: null, reason: 'bad-pattern' };
  }
}

/**
 * The first due time of a loop that starts at `now`: `now` for a heartbeat, the next cron time for a
 * schedule.
 */
export function firstDue(rule: AutomationRule, now: Date): NextDue {
  const next = nextDue(rule, now);
  if (next.dueAt !== null && rule.automationMode === 'heartbeat') return { dueAt: now };
  return next;
}
