import { type FailureStreak, NETWORK } from '@everbeat/domain';
import { formatClock, formatDateTime } from '@/lib/format/time';

/** What a task waits for whose far side is away, and that this costs it nothing. */
export function awayText(
  { class: why, count, since, farSide }: FailureStreak,
  taskId: string,
  nextRunAt: Date | null,
): { title: string; text: string } {
  const who = nameOf(farSide, taskId);
  const again = nextRunAt === null ? '' : `, next at ${formatClock(nextRunAt)}`;
  const runs = count === 1 ? 'The last run' : `The last ${count} runs`;
  const title =
    why === 'rate-limit'
      ? `Waits for the limit of ${who}${nextRunAt === null ? '' : ` until ${formatClock(nextRunAt)}`}`
      : `Waits for ${who}`;
  return {
    title,
    text: `${runs} failed for this reason, since ${formatDateTime(new Date(since))}. It is tried again by itself${again}; none of this counts for the fuse.`,
  };
}

/** A far side that nobody named has the key of the task. */
function nameOf(farSide: string, taskId: string): string {
  if (farSide === NETWORK) return 'the network';
  return farSide.includes(taskId) ? 'what its agent calls' : farSide;
}
