import { z } from 'zod';
import { blockerSchema, triggerSchema } from './status';

/** ISO-8601 UTC with milliseconds and `Z`, so that the order of the text is the order of time. */
const isoInstant = z.iso.datetime({ precision: 3 });

/**
 * `tasks.context.scheduler` (PROTOCOL §2). Every write replaces the whole key in one guarded statement and
 * leaves the other keys of `context` alone.
 */
export const schedulerStateSchema = z.object({
  /** The token of the current arm; null when nothing is armed. */
  tickToken: z.guid().nullable().default(null),
  /** The scheduler's id of the published message; null until it is published. */
  tickMessageId: z.string().nullable().default(null),
  /** When the arm was committed. */
  scheduledAt: isoInstant.nullable().default(null),
  /** When the tick is due. Kept while an operation runs, so that a manual run that fails can restore its slot. */
  dueAt: isoInstant.nullable().default(null),
  /** Consecutive failed automation runs. */
  consecutiveFailures: z.int().min(0).default(0),
  blockedBy: blockerSchema.nullable().default(null),
  /** What the armed tick will start: an automation run, or one that a brief or a dependency asked for. */
  trigger: triggerSchema.nullable().default(null),
});
export type SchedulerState = z.infer<typeof schedulerStateSchema>;

export const EMPTY_SCHEDULER_STATE: SchedulerState = schedulerStateSchema.parse({});

/** What a hand edit or an older version made unreadable counts as empty: the watchdog arms it anew. */
export function parseSchedulerState(value: unknown): SchedulerState {
  const parsed = schedulerStateSchema.safeParse(value ?? {});
  return parsed.success ? parsed.data : EMPTY_SCHEDULER_STATE;
}

/** The one textual form of an instant in `context.scheduler`. */
export const toInstant = (date: Date): string => date.toISOString();
