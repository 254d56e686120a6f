import {
  authorSchema,
  automationModeSchema,
  briefPrioritySchema,
  briefTypeSchema,
  LIMITS,
  messageRoleSchema,
  operationStatusSchema,
  parseTaskConfig,
  storableText,
  taskStatusSchema,
  triggerSchema,
} from '@everbeat/domain';
import { z } from 'zod';
import { COUNTED_ROWS_MAX, READ } from './promptBounds';

const truncated = (charsMax: number) => z.string().transform((text) => storableText(text, charsMax));

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** A list that was counted may have more rows than its total, if counting stopped at the bound. */
const listedSchema = <Item extends z.ZodType>(item: Item, isCounted = true) =>
  z
    .object({ items: z.array(item), total: z.int() })
    .transform((list) => ({ ...list, totalIsFloor: isCounted && list.total >= COUNTED_ROWS_MAX }));

const referenceSchema = z.object({
  identifier: z.string(),
  name: truncated(LIMITS.nameCharsMax),
  status: taskStatusSchema,
});

const withDocumentsSchema = referenceSchema.extend({
  documents: z.array(
    z.object({
      name: truncated(LIMITS.documentNameCharsMax),
      content: truncated(READ.relatedDocumentChars),
      updatedAt: instant,
    }),
  ),
});
const withResultSchema = withDocumentsSchema.extend({ result: truncated(READ.resultChars).nullable() });

const documentSchema = z.object({
  name: truncated(LIMITS.documentNameCharsMax),
  version: z.int(),
  bytes: z.int(),
  updatedAt: instant,
  updatedBy: authorSchema,
  /** The text of the document; only the memory's is read. */
  content: truncated(LIMITS.memoryDocumentCharsMax).nullable(),
});

const topicSchema = z.object({
  number: z.int(),
  trigger: triggerSchema,
  status: operationStatusSchema,
  title: truncated(LIMITS.nameCharsMax).nullable(),
  handoff: truncated(LIMITS.handoffCharsMax).nullable(),
  error: truncated(READ.errorChars).nullable(),
  createdAt: instant,
});

const briefSchema = z.object({
  type: briefTypeSchema,
  priority: briefPrioritySchema,
  title: truncated(LIMITS.briefTitleCharsMax),
  summary: truncated(READ.briefSummaryChars),
  occurrences: z.int(),
  createdAt: instant,
  resolution: z
    .object({
      action: truncated(LIMITS.briefActionKeyCharsMax).nullable(),
      /** Null where the brief does not offer that action. */
      label: truncated(LIMITS.briefActionLabelCharsMax).nullable(),
      comment: truncated(READ.answerChars).nullable(),
      at: instant,
      isUnanswered: z.boolean(),
      isDefault: z.boolean(),
    })
    .nullable(),
});

export const promptContextSchema = z.object({
  task: z.object({
    identifier: z.string(),
    name: truncated(LIMITS.nameCharsMax),
    instruction: truncated(LIMITS.instructionCharsMax),
    instructionAuthor: authorSchema,
    automationMode: automationModeSchema.nullable(),
    heartbeatInterval: z.int().nullable(),
    schedulePattern: z.string().nullable(),
    scheduleTimezone: z.string().nullable(),
    maxTopics: z.int().nullable(),
    automationRuns: z.int().catch(0),
    config: z.unknown().transform(parseTaskConfig),
  }),
  topicNumber: z.int(),
  documents: z.array(documentSchema),
  parent: withDocumentsSchema.extend({ instruction: truncated(READ.parentInstructionChars) }).nullable(),
  siblings: listedSchema(referenceSchema),
  subtasks: listedSchema(
    withResultSchema.extend({ waitsFor: z.array(referenceSchema.pick({ identifier: true, status: true })) }),
  ),
  dependencies: listedSchema(withResultSchema),
  topics: listedSchema(topicSchema, false),
  briefs: listedSchema(briefSchema),
  comments: listedSchema(
    z.object({ author: authorSchema, content: truncated(READ.commentChars), createdAt: instant }),
  ),
  conversation: listedSchema(
    z.object({ role: messageRoleSchema, content: truncated(READ.messageChars), createdAt: instant }),
  ),
});

/** What the prompt of a run says about its task. Every list is newest first, with its total. */
export type PromptContext = z.output<typeof promptContextSchema>;
