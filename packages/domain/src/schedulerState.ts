import { z } from 'zod';
import { LIMITS } from './limits';
import { blockerSchema, streakClassSchema, triggerSchema } from './listSchemas';

/** ISO 8601 in UTC with milliseconds and `Z`, so that text order is time order. */
const isoInstant = z.iso.datetime({ precision: 3 });

/** That the arm is a further attempt at an occurrence whose last one failed (PROTOCOL §4.1). */
const retrySchema = z.object({
  /** The token of the first attempt's tick, or that attempt's id if a person started it. */
  occurrence: z.guid(),
  /** The number of the armed attempt. */
  attempt: z.int().min(2).max(LIMITS.attemptMax),
  /** How long it waits, which may be longer than the task's rule allows. */
  waitSeconds: z.int().min(0).max(LIMITS.retryAfterSecondsMax),
});
export type Retry = z.infer<typeof retrySchema>;

/** Failures in a row that a far side caused (PROTOCOL §4.1). */
const failureStreakSchema = z.object({
  /** That of the last failure. */
  class: streakClassSchema,
  /** 0 after a person has started the task anew. */
  count: z.int().min(0),
  /** When the first of them ended. */
  since: isoInstant,
  farSide: z.string().max(300),
  /** Whether a brief says that the far side is away. */
  told: z.boolean(),
});
export type FailureStreak = z.infer<typeof failureStreakSchema>;

/**
 * Work that was handed in and does not count yet (PROTOCOL §4.4). `review`: it is to be checked. `rework`: it
 * did not pass, and the agent goes on with it. `asked`: the person decides.
 */
const reviewStateSchema = z.object({
  phase: z.enum(['review', 'rework', 'asked']),
  /** The run that handed it in, and its topic. */
  operationId: z.guid(),
  topicId: z.guid(),
  /** How often it was handed in since a person last had a say in it. */
  iteration: z.int().min(0),
  /** What that run reported and what takes effect once the work counts. */
  goalMet: z.literal(true).optional(),
  nextRunInSeconds: z.number().min(0).optional(),
  bringsBrief: z.literal(true).optional(),
  reportHash: z.string().optional(),
});
export type ReviewState = z.infer<typeof reviewStateSchema>;

/** Whether somebody looks at what the task reports (PROTOCOL §4.5). */
const absenceSchema = z.object({
  /** Since when something of it lies unread without anybody having looked. */
  since: isoInstant,
  /** It beats more slowly than its rule says, and its person was told. */
  slowed: z.literal(true).optional(),
});
export type Absence = z.infer<typeof absenceSchema>;

/** How a task ended that others wait for, other than by completing. */
export const DEPENDENCY_ENDS = ['canceled', 'failed', 'deleted'] as const;
export type DependencyEnd = (typeof DEPENDENCY_ENDS)[number];

const endedDependencySchema = z.object({
  id: z.guid(),
  identifier: z.string(),
  ended: z.enum(DEPENDENCY_ENDS),
});
export type EndedDependency = z.infer<typeof endedDependencySchema>;

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
  /** Automation runs since the last start, for `maxTopics`. A manual run does not use one up. */
  automationRuns: z.int().min(0).default(0),
  blockedBy: blockerSchema.nullable().default(null),
  /** What the armed tick starts: an automation run, or one requested by a brief or a dependency. */
  trigger: triggerSchema.nullable().default(null),
  // The rest is left out where there is nothing to say, and ignored where it cannot be read.
  retry: retrySchema.optional().catch(undefined),
  streak: failureStreakSchema.optional().catch(undefined),
  /** Consecutive runs whose process was lost. */
  lostRuns: z.int().min(1).optional().catch(undefined),
  /** The task is paused because a person must act before any run can succeed. */
  needsPerson: z.literal(true).optional().catch(undefined),
  /** The arm waits until a cap counts from nothing again. */
  waitsForBudget: z.literal(true).optional().catch(undefined),
  /** The topic that the armed run continues. */
  continueTopicId: z.guid().optional().catch(undefined),
  review: reviewStateSchema.optional().catch(undefined),
  absence: absenceSchema.optional().catch(undefined),
  /**
   * The armed run does not start after this instant: `config.endAt`, in the form whose text order is time
   * order.
   */
  endAt: isoInstant.optional().catch(undefined),
  /** The hash of the last successful run's report, where `config.report` compares it with the next one. */
  reportHash: z.string().optional().catch(undefined),
  /** The dependencies that have ended without completing, about which an open brief asks. */
  endedDependencies: z.array(endedDependencySchema).optional().catch(undefined),
  /** The dependencies that a person said to ignore, until the task ends. */
  ignoredDependencies: z.array(z.guid()).optional().catch(undefined),
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
