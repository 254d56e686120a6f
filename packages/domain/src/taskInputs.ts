import { z } from 'zod';
import { LIMITS } from './limits';
import { automationModeSchema } from './listSchemas';
import { taskConfigSchema } from './taskConfig';
import { shortName } from './text';
import { storableTextSchema } from './textSchemas';

/**
 * What a person may set on a task. `assertRule` checks on saving what depends on the clock or the
 * configuration.
 */
const cronPattern = z.string().trim().min(1).max(200);
const timezone = z.string().trim().min(1).max(100);

/** An id (uuid) or an identifier (`T-12`) of a task. */
export const taskRefSchema = z.string().trim().min(1).max(64);

const taskFieldsSchema = z.object({
  name: storableTextSchema(LIMITS.nameCharsMax).trim(),
  instruction: storableTextSchema(LIMITS.instructionCharsMax)
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

const editFieldSchema = taskFieldsSchema.omit({ parentTaskId: true }).keyof();
export const EDIT_FIELDS = editFieldSchema.options;

/**
 * The values that an edit was made from, for the fields that it changes. They are compared with what is
 * stored, and not checked: older versions may have stored it by other rules.
 */
const editBaseSchema = z.partialRecord(editFieldSchema, z.unknown());
export type EditBase = z.infer<typeof editBaseSchema>;

export const taskUpdateSchema = taskFieldsSchema.partial().extend({
  id: taskRefSchema,
  /** The revision at which the task was read. */
  revision: z.int().min(0).optional(),
  base: editBaseSchema.optional(),
});
export type TaskUpdateInput = z.infer<typeof taskUpdateSchema>;

/** What a task is called that a person gave no name. */
export const defaultTaskName = (instruction: string): string =>
  shortName(instruction, LIMITS.madeNameCharsMax) || 'Untitled';

export const taskRunSchema = z.object({
  id: taskRefSchema,
  prompt: storableTextSchema(LIMITS.promptCharsMax).optional(),
  continueTopicId: z.guid().optional(),
});

export const commentContentSchema = storableTextSchema(LIMITS.commentCharsMax)
  .trim()
  .min(1, 'A comment must not be empty');
