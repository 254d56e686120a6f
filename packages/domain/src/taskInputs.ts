import { z } from 'zod';
import { LIMITS } from './limits';
import { automationModeSchema } from './status';
import { taskConfigSchema } from './taskConfig';

/** What a person may set on a task. Rules that need the clock or the environment are checked by `assertRule` on saving. */
const cronPattern = z.string().trim().min(1).max(200);
const timezone = z.string().trim().min(1).max(100);

const storable = (charsMax: number) =>
  z
    .string()
    .max(charsMax)
    .refine((text) => !text.includes('\u0000'), { message: 'must not contain NUL characters' })
    .refine((text) => text.isWellFormed(), { message: 'must be well-formed Unicode' });

/** An id (uuid) or an identifier (`T-12`) of a task. */
export const taskRefSchema = z.string().trim().min(1).max(64);

const taskFieldsSchema = z.object({
  name: storable(LIMITS.nameCharsMax).trim(),
  instruction: storable(LIMITS.instructionCharsMax)
    .trim()
    .min(1, 'The instruction says what the agent is to do; it must not be empty'),
  agentId: z.guid().nullable(),
  parentTaskId: taskRefSchema.nullable(),
  /** 0 none, 1 urgent … 4 low. */
  priority: z.int().min(0).max(4),
  automationMode: automationModeSchema.nullable(),
  /** Seconds. */
  heartbeatInterval: z.int().min(1).max(LIMITS.heartbeatSecondsMax).nullable(),
  /** Seconds a run may go without a sign of life. */
  heartbeatTimeout: z.int().min(LIMITS.leaseSecondsMin).max(LIMITS.leaseSecondsMax),
  schedulePattern: cronPattern.nullable(),
  scheduleTimezone: timezone.nullable(),
  maxTopics: z.int().min(1).max(LIMITS.maxTopicsMax).nullable(),
  config: taskConfigSchema,
});

/** The columns of a task that a person sets. */
export type TaskFields = z.infer<typeof taskFieldsSchema>;
export const TASK_FIELDS = taskFieldsSchema.keyof().options;

export const taskCreateSchema = taskFieldsSchema.partial().required({ instruction: true });
export type TaskCreateInput = z.infer<typeof taskCreateSchema>;

export const taskUpdateSchema = taskFieldsSchema.partial().extend({ id: taskRefSchema });
export type TaskUpdateInput = z.infer<typeof taskUpdateSchema>;

export const taskRunSchema = z.object({
  id: taskRefSchema,
  prompt: storable(LIMITS.promptCharsMax).optional(),
  continueTopicId: z.guid().optional(),
});

export const commentContentSchema = storable(LIMITS.commentCharsMax)
  .trim()
  .min(1, 'A comment must not be empty');
