import { httpHeadersSchema, modelAddressSchema, taskSettingsFields } from '@everbeat/agents';
import { isStepCursor, isTaskCursor } from '@everbeat/database';
import {
  agentKindSchema,
  answerTimeSchema,
  briefActionKeySchema,
  briefPrioritySchema,
  budgetSchema,
  documentContentSchema,
  documentNameSchema,
  isStorable,
  isStorableJson,
  LIMITS,
  MCP_TRANSPORTS,
  modelPriceSchema,
  modelProviderSchema,
  NOT_STORABLE,
  stopCauseSchema,
  taskAttentionSchema,
  taskConfigSchema,
  taskCreateSchema,
  taskGroupSchema,
  taskRefSchema,
  taskSortSchema,
  taskStatusSchema,
  taskUpdateSchema,
} from '@everbeat/domain';
import { addressSchema } from '@everbeat/outgoing';
import { z } from 'zod';

/** Inputs of procedures that are not defined by the domain. */

export const text = (charsMax: number) => z.string().trim().max(charsMax).refine(isStorable, NOT_STORABLE);

/** `cursor` is the `nextCursor` of the previous page. */
export const pageAfter = (cursor: z.ZodType<string>) => ({
  limit: z.int().min(1).max(LIMITS.pageSizeMax).optional(),
  cursor: cursor.nullish().transform((value) => value ?? undefined),
});
const page = pageAfter(z.uuid());
/** Two names, each character of which JSON may escape, and an id, in base64. */
const TASK_CURSOR_CHARS_MAX = Math.ceil(((2 * LIMITS.nameCharsMax * '\\u001b'.length + 100) * 4) / 3);
const taskPage = pageAfter(z.string().max(TASK_CURSOR_CHARS_MAX));

export const taskIdInput = z.object({ id: taskRefSchema });

export const pageInput = z.object(page);

export const taskListInput = z
  .object({
    statuses: z.array(taskStatusSchema).max(taskStatusSchema.options.length).optional(),
    /** null: only tasks without a parent. */
    parentTaskId: taskRefSchema.nullable().optional(),
    agentId: z.uuid().optional(),
    attention: taskAttentionSchema.optional(),
    watches: z
      .url({ protocol: /^https?$/ })
      .max(2_000)
      .optional(),
    query: text(LIMITS.searchCharsMax)
      .optional()
      .transform((query) => query || undefined),
    sort: taskSortSchema.optional(),
    group: taskGroupSchema.optional(),
    ...taskPage,
  })
  .refine(
    ({ sort = 'newest', group, cursor }) => cursor === undefined || isTaskCursor(cursor, { sort, group }),
    {
      message: 'is not the nextCursor of a page in this order',
      path: ['cursor'],
    },
  )
  .default({ cursor: undefined, query: undefined });

/** The input of an act that takes none: whatever else comes is refused, as everywhere. */
export const noInput = z.undefined();

/** The cause has to be named: an odd input must not resume everything. */
export const resumeAllInput = z.strictObject({
  cause: stopCauseSchema,
  agentId: z.uuid().optional(),
});

export const dependencyInput = z.object({ dependsOnId: taskRefSchema });

export const commentInput = z.object({ commentId: z.uuid() });

/** A page of the changes of a task, which are numbered. */
export const activitiesInput = z.object(
  pageAfter(z.string().regex(/^[1-9]\d{0,17}$/, 'is not the nextCursor of a page')),
);

export const topicNumberInput = z.object({
  number: z
    .int()
    .min(1)
    .max(2 ** 31 - 1),
});

export const operationInput = z.object({ operationId: z.uuid() });

export const topicInput = z.object({ topicId: z.uuid() });

/** The steps of all runs of a topic. The cursor names the operation and the index of the last step. */
export const timelineInput = z.object({
  topicId: z.uuid(),
  ...pageAfter(z.string().refine(isStepCursor, 'is not the nextCursor of a page')),
});

export const transcriptInput = z.object({ topicId: z.uuid(), ...page });

const EVENT_ID_CHARS_MAX = 1_000;

export const onEventInput = z
  .object({
    taskId: taskRefSchema.optional(),
    lastEventId: z
      .string()
      .max(EVENT_ID_CHARS_MAX)
      .nullish()
      .transform((id) => id ?? undefined),
  })
  .default({ lastEventId: undefined });

export const briefListInput = z
  .object({
    taskId: taskRefSchema.optional(),
    unresolved: z.boolean().optional(),
    priorities: z.array(briefPrioritySchema).max(briefPrioritySchema.options.length).optional(),
    ...page,
  })
  .default({ cursor: undefined });

export const briefIdInput = z.object({ id: z.uuid() });

export const briefResolveInput = z.object({
  id: z.uuid(),
  action: briefActionKeySchema,
  comment: text(LIMITS.commentCharsMax)
    .optional()
    .transform((comment) => comment || undefined),
  when: answerTimeSchema.optional(),
});

const documentOf = { taskId: taskRefSchema, name: documentNameSchema };
/** 0: there was none. */
const baseVersion = z.int().min(0).optional();
const version = z.int().min(1);
/** The texts are left out where a list of the versions is enough. */
const withContent = z.boolean().default(true);

export const documentListInput = z.object({ taskId: taskRefSchema, withContent });
export const documentGetInput = z.object({ ...documentOf, version: version.optional() });
export const documentSaveInput = z.object({ ...documentOf, content: documentContentSchema, baseVersion });
export const documentRestoreInput = z.object({ ...documentOf, version, baseVersion });
export const documentHistoryInput = z.object({
  ...documentOf,
  ...pageAfter(z.string().regex(/^[1-9]\d{0,8}$/, 'is not the nextCursor of a page')),
  withContent,
});

export const undoImportInput = z.object({ ids: z.array(z.uuid()).min(1).max(LIMITS.importFileWatchesMax) });

export const agentIdInput = z.object({ id: z.uuid() });

/** Checked further by the runtime of its kind. */
const agentConfig = z
  .record(z.string(), z.json())
  .refine((config) => JSON.stringify(config).length <= LIMITS.configBytesMax, {
    message: `must not be larger than ${LIMITS.configBytesMax} bytes`,
  })
  .refine(isStorableJson, NOT_STORABLE);

const agentFields = {
  name: text(LIMITS.nameCharsMax).min(1, 'An agent needs a name'),
  kind: agentKindSchema,
  config: agentConfig,
};

export const agentCreateInput = z.object({ ...agentFields, config: agentConfig.default({}) });

export const agentUpdateInput = z.object({
  ...z.object(agentFields).partial().shape,
  id: z.uuid(),
  /** The `updatedAt` of the view that the edit was made from. */
  updatedAt: z.date().optional(),
});

export const agentTestInput = z.object({
  id: z.uuid(),
  /** What to do instead of the usual trial. */
  instruction: text(LIMITS.promptCharsMax).optional(),
  /** What a task would set for an agent of a kind, under the kind's name. */
  ...taskSettingsFields,
});

const mcpServerFields = {
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'A name has small letters, digits and "-", and begins with no "-"')
    .max(LIMITS.mcpServerNameCharsMax),
  transport: z.enum(MCP_TRANSPORTS),
  url: addressSchema.nullish(),
  command: text(LIMITS.nameCharsMax).nullish(),
  headers: httpHeadersSchema.optional(),
};

export const mcpServerIdInput = z.object({ id: z.uuid() });
export const mcpServerCreateInput = z.object(mcpServerFields);
export const mcpServerUpdateInput = z.object({
  ...z.object(mcpServerFields).partial().shape,
  id: z.uuid(),
  /** The `checkedAt` of the view whose tools the person has read. */
  acceptTools: z.date().optional(),
});

/** What was typed so far may not fit yet. Only the page of a `watch` agent can be seen before. */
export const agentPreviewInput = z.object({ id: z.uuid().optional(), watch: agentConfig });

export const modelProviderIdInput = z.object({ provider: modelProviderSchema });

const API_KEY_CHARS_MAX = 1_000;

export const modelProviderInput = modelProviderIdInput.extend({
  apiKey: z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(API_KEY_CHARS_MAX)
    .regex(/^[\x21-\x7e]*$/, 'is not a key: it has spaces, lines or letters that no key has')
    .optional(),
  baseUrl: modelAddressSchema.optional(),
});

export const defaultModelInput = z.object({ model: text(LIMITS.nameCharsMax).nullable() });

export const modelPriceInput = z.object({
  model: text(LIMITS.nameCharsMax),
  price: modelPriceSchema.nullable(),
});

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'is no day such as 2026-11-28')
  .optional();
/** The first and the last day, both included. */
const days = { from: day, to: day };
export const spendInput = z.object(days).default({});
export const taskSpendInput = z.object(days);

export const budgetInput = z
  .object({
    budget: budgetSchema.optional(),
    taskBudget: budgetSchema.nullish(),
    timezone: text(LIMITS.nameCharsMax).nullish(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), {
    message: 'Name what to change: budget, taskBudget or timezone',
  });

/** The domain leaves the settings of a kind of agent unchecked; here each kind checks its own. */
const config = taskConfigSchema
  .extend({
    ...taskSettingsFields,
    /** The name of a task's own model alone will do. */
    model: z.preprocess(
      (value) => (typeof value === 'string' ? { model: value } : value),
      taskSettingsFields.model,
    ),
  })
  .optional();
export const taskCreateInput = taskCreateSchema.extend({ config });
export const taskUpdateInput = taskUpdateSchema.extend({ config });
