import { type FailureStreak, NETWORK, type SchedulerState, type TickView } from '@everbeat/domain';
import { formatDateTime, formatDay, formatUntil } from '@/lib/format/time';

/** What a task waits for whose far side is away, and that this costs it nothing. */
export function awayText(
  { class: why, count, since, farSide }: FailureStreak,
  taskId: string,
  { nextRunAt, now }: { nextRunAt: Date | null; now: Date },
): { title: string; text: string } {
  const who = nameOf(farSide, taskId);
  const again = nextRunAt === null ? '' : ` ${formatUntil(nextRunAt, now.getTime())}`;
  const runs = count === 1 ? 'The last run' : `The last ${count} runs`;
  const title =
    why === 'rate-limit'
      ? `Waits for the limit of ${who}${nextRunAt === null ? '' : ` until ${formatDay(nextRunAt, now)}`}`
      : `Waits for ${who}`;
  return {
    title,
    text: `${runs} failed for this reason, since ${formatDateTime(new Date(since))}. It is tried again by itself${again}; none of this counts as a failure.`,
  };
}

/** What an armed tick waits for that is a further attempt at a run that failed; null if it is none. */
export function attemptText(
  { retry, streak, lostRuns }: Pick<SchedulerState, 'retry' | 'streak' | 'lostRuns'>,
  { dueAt, armedAt }: Pick<TickView, 'dueAt' | 'armedAt'>,
  taskId: string,
): string | null {
  if (retry === undefined) return null;
  const again = formatDay(dueAt, armedAt);
  if (lostRuns !== undefined || streak === undefined || streak.count === 0)
    return `the server stopped while it ran; run again at ${again}`;
  const who = nameOf(streak.farSide, taskId);
  if (streak.class === 'rate-limit') return `waits for the limit of ${who} until ${again}`;
  const since = formatDay(new Date(streak.since), armedAt);
  return `${who} has been away since ${since}; tried again at ${again}`;
}

/** A far side that nobody named has the key of the task. */
function nameOf(farSide: string, taskId: string): string {
  if (farSide === NETWORK) return 'the network';
  return farSide.includes(taskId) ? 'what its agent calls' : farSide;
}
