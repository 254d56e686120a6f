import { NETWORK } from './farSide';
import { LIMITS } from './limits';
import { type FailureStreak, toInstant } from './schedulerState';
import type { StreakClass } from './status';
import type { TaskState } from './taskState';

/** What happens to the one brief that tells of a far side that is away (PROTOCOL §4.1). */
export type OutageChange =
  | { act: 'open'; farSide: string; since: Date; isUrgent: boolean }
  | { act: 'close'; farSide: string };

/** What a failure, or the end of failures, makes of a task's streak. */
interface StreakChange {
  streak: FailureStreak | undefined;
  outage: OutageChange | null;
}

/**
 * One more failure that a far side caused. Once a brief has told of it, the streak stays with its far side
 * while only the network is missed: the host may still be away behind it. An answer or a fault of another
 * host shows that what was told of is over.
 */
export function continueStreak(
  { scheduler }: TaskState,
  failure: { class: StreakClass; farSide: string },
  now: Date,
): StreakChange & { streak: FailureStreak } {
  const before = scheduler.streak;
  const isOver = before?.told === true && before.farSide !== failure.farSide && failure.farSide !== NETWORK;
  if (before === undefined || isOver) {
    const streak = { ...failure, count: 1, since: toInstant(now), told: false };
    return { streak, outage: isOver ? { act: 'close', farSide: before.farSide } : null };
  }
  // A person has started it anew.
  const beganMs = before.count === 0 ? now.getTime() : Date.parse(before.since);
  // The clock may have been ahead when it began.
  const since = new Date(Math.min(beganMs, now.getTime()));
  const streak = {
    class: failure.class,
    count: before.count + 1,
    since: toInstant(since),
    farSide: before.told ? before.farSide : failure.farSide,
    told: before.told,
  };
  const lastedMs = now.getTime() - since.getTime();
  const isTold = streak.count >= LIMITS.outageFailures && lastedMs >= LIMITS.outageSeconds * 1_000;
  if (!isTold) return { streak, outage: null };
  const isUrgent = lastedMs >= LIMITS.outageUrgentSeconds * 1_000;
  return {
    streak: { ...streak, told: true },
    outage: { act: 'open', farSide: streak.farSide, since, isUrgent },
  };
}

/** The far side has answered: no more failures of its in a row. */
export const endStreak = ({ scheduler: { streak } }: TaskState): StreakChange => ({
  streak: undefined,
  outage: streak?.told === true ? { act: 'close', farSide: streak.farSide } : null,
});

/** A person starts the task anew: counted from 0. The brief stays open until the far side answers. */
export const resetStreak = ({ scheduler: { streak } }: TaskState): FailureStreak | undefined =>
  streak?.told === true ? { ...streak, count: 0 } : undefined;
