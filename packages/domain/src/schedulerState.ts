import { z } from 'zod';
import { blockerSchema, triggerSchema } from './status';

/** ISO 8601 in UTC with milliseconds and `Z`, so that text order is time order. */
const isoInstant = z.iso.datetime({ precision: 3 });

/**
 * `tasks.context.scheduler` (PROTOCOL §2). Every write replaces the whole key in one guarded statement and
 * leaves the other keys of `context` unchanged.
 */
export const schedulerStateSchema = z.object({
  /** The token of the current arm; null when nothing is armed. */
  tickToken: z.guid().nullable().default(null),
  /** The scheduler's id of the published message; null until it is published. */
  tickMessageId: z.string().nullable().default(null),
  /** When the arm was committed. */
  scheduledAt: isoInstant.nullable().default(null),
  /**
   * When the tick is due. Not cleared while an operation runs, so that a failed manual run can restore it.
   */
  dueAt: isoInstant.nullable().default(null),
  /** Consecutive failed automation runs. */
  consecutiveFailures: z.int().min(0).default(0),
  blockedBy: blockerSchema.nullable().default(null),
  /** What the armed tick starts: an automation run, or one requested by a brief or a dependency. */
  trigger: triggerSchema.nullable().default(null),
});
export type SchedulerState = z.infer<typeof schedulerStateSchema>;

export const EMPTY_SCHEDULER_STATE: SchedulerState = schedulerStateSchema.parse({});

/**
 * A value that does not parse, after a hand edit or from an older version, counts as empty: the watchdog
 * repairs it.
 */
export function parseSchedulerState(value: unknown): SchedulerState {
  const parsed = schedulerStateSchema.safeParse(value ?? {});
  return parsed.success ? parsed.data : EMPTY_SCHEDULER_STATE;
}

/** The text form of every instant in `context.scheduler`. */
export const toInstant = (date: Date): string => date.toISOString();
