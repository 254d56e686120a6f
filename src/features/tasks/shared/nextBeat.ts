import { LIMITS, type TaskView } from '@everbeat/domain';
import { formatUntil } from '@/lib/format/time';

/** The steps in which the progress of a wait is drawn, so that it is not drawn anew with every second. */
const PROGRESS_STEPS = 200;

/** What a task waits for, shown beside its status. */
export interface NextBeat {
  text: string;
  /** `counts`: the text is the time until the run. `waits`: the task needs a person. */
  kind: 'counts' | 'due' | 'waits' | 'rests';
  /** The share of the wait that has passed, 0 to 1, in steps; null when no run is scheduled. */
  progress: number | null;
}

type Waiting = Pick<TaskView, 'status' | 'nextRunAt' | 'context'>;

function passedShare(task: Waiting, dueMs: number, now: number): number {
  const armedMs = Date.parse(task.context.scheduler.scheduledAt ?? '');
  if (Number.isNaN(armedMs) || dueMs <= armedMs) return now >= dueMs ? 1 : 0;
  const share = Math.min(1, Math.max(0, (now - armedMs) / (dueMs - armedMs)));
  return Math.floor(share * PROGRESS_STEPS) / PROGRESS_STEPS;
}

function scheduledBeat(task: Waiting, now: number): NextBeat | null {
  if (task.context.scheduler.blockedBy === 'urgent-brief') return null;
  if (task.nextRunAt === null)
    return { text: 'the next run is being scheduled', kind: 'rests', progress: null };
  const dueMs = task.nextRunAt.getTime();
  if (dueMs <= now) return { text: 'due now', kind: 'due', progress: 1 };
  return { text: formatUntil(task.nextRunAt, now), kind: 'counts', progress: passedShare(task, dueMs, now) };
}

/** Null when the status alone says enough. `now` in milliseconds since the epoch. */
export function nextBeat(task: Waiting, now: number): NextBeat | null {
  if (task.status === 'scheduled') return scheduledBeat(task, now);
  if (task.status !== 'paused' || task.context.scheduler.blockedBy !== 'fuse') return null;
  return {
    text: `paused after ${LIMITS.fuseFailures} failed runs in a row`,
    kind: 'waits',
    progress: null,
  };
}
