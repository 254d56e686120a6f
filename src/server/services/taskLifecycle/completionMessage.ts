import {
  briefActionSchema,
  briefPrioritySchema,
  briefTypeSchema,
  budgetScopeSchema,
  capSchema,
  documentContentSchema,
  documentNameSchema,
  failureClassSchema,
  isStorableJson,
  LIMITS,
  messageRoleSchema,
  reviewVerdictSchema,
  settledStatusSchema,
  truncatedTextSchema,
} from '@everbeat/domain';
import { z } from 'zod';
import type { OperationCompletion } from './completion';

/** Unlike those of agents elsewhere, options of this application may add to the settings of the task. */
const ownActionSchema = z.intersection(
  briefActionSchema,
  z.object({ adds: z.record(z.string(), z.unknown()).refine(isStorableJson, 'cannot be stored').optional() }),
);

const askedTimeSchema = z.object({
  afterSeconds: z.number().nonnegative().optional(),
  at: z.iso.datetime({ offset: true }).optional(),
});

/** The rest of a report. Only this application sends it, when it could not settle a run immediately. */
const reportSchema = z.object({
  title: truncatedTextSchema(LIMITS.nameCharsMax).optional(),
  briefs: z
    .array(
      z.object({
        type: briefTypeSchema,
        priority: briefPrioritySchema,
        title: truncatedTextSchema(LIMITS.briefTitleCharsMax),
        summary: truncatedTextSchema(LIMITS.briefSummaryCharsMax),
        actions: z.array(ownActionSchema).max(LIMITS.actionsPerBriefMax).optional(),
        expiry: askedTimeSchema.extend({ action: z.string() }).optional(),
        escalation: askedTimeSchema.optional(),
        key: z.string().optional(),
        document: z.string().optional(),
        pictures: z.array(z.uuid()).max(2).optional(),
        purpose: z.literal('change').optional(),
      }),
    )
    .max(LIMITS.briefsPerRunMax)
    .optional(),
  comments: z.array(truncatedTextSchema(LIMITS.commentCharsMax)).max(LIMITS.commentsPerRunMax).optional(),
  subtasks: z
    .array(z.object({ name: z.string().optional(), instruction: z.string().min(1) }))
    .max(LIMITS.subtasksPerRunMax)
    .optional(),
  documents: z
    .array(
      z.object({
        name: documentNameSchema,
        content: documentContentSchema,
        append: z.boolean().optional(),
        baseVersion: z.int().optional(),
      }),
    )
    .max(LIMITS.documentsPerRunMax)
    .optional(),
  taskName: truncatedTextSchema(LIMITS.nameCharsMax).optional(),
  goalMet: z.boolean().optional(),
  nextRunInSeconds: z.number().nonnegative().max(LIMITS.heartbeatSecondsMax).optional(),
  memory: z.unknown().refine(isStorableJson, 'cannot be stored').optional(),
  verdict: z
    .object({
      verdict: reviewVerdictSchema.nullable(),
      reasons: z.array(truncatedTextSchema(LIMITS.reviewReasonCharsMax)).max(LIMITS.reviewReasonsMax),
    })
    .optional(),
});

const usageSchema = z.object({
  inputTokens: z.number().optional(),
  outputTokens: z.number().optional(),
  costUsd: z.number().optional(),
});

const fullCapSchema = z.object({
  scope: budgetScopeSchema,
  scopeId: z.string(),
  cap: capSchema,
  limit: z.number(),
  used: z.number(),
  asked: z.number(),
  name: z.string(),
  timezone: z.string(),
});

const idSchema = z.string().min(1).max(200);

/** The body of `on-topic-complete` (PROTOCOL §7). */
export const completionBodySchema = z.object({
  taskId: idSchema,
  userId: idSchema,
  topicId: idSchema,
  operationId: idSchema,
  leaseEpoch: z.int().nonnegative().nullish(),
  reason: settledStatusSchema,
  lastAssistantContent: truncatedTextSchema(LIMITS.contentCharsMax).nullish(),
  errorMessage: truncatedTextSchema(LIMITS.errorMessageCharsMax).nullish(),
  errorCode: truncatedTextSchema(100).nullish(),
  failureClass: failureClassSchema.nullish(),
  retryAfterSeconds: z.number().nonnegative().nullish(),
  farSide: truncatedTextSchema(300).nullish(),
  report: reportSchema.nullish(),
  told: reportSchema.pick({ briefs: true, comments: true, subtasks: true, documents: true }).nullish(),
  usage: usageSchema.nullish(),
  full: z.array(fullCapSchema).max(100).nullish(),
  transcript: z
    .array(
      z.object({
        id: z.guid(),
        role: messageRoleSchema,
        /** Null stands for `lastAssistantContent`. */
        content: truncatedTextSchema(LIMITS.contentCharsMax).nullable(),
        recipe: z.base64().max(LIMITS.contentCharsMax).optional(),
      }),
    )
    .nullish(),
});
type CompletionBody = z.output<typeof completionBodySchema>;

/**
 * The body of the message that delivers a completion later. The report's text is sent once, because a long
 * one would not fit twice. A body that is still too large leaves out the transcript's steps, then the memory,
 * which the next run can do without. The report itself is never truncated.
 */
export function toCompletionBody(completion: OperationCompletion): z.input<typeof completionBodySchema> {
  const { status: reason, report, transcript, ...rest } = completion;
  const { content: lastAssistantContent, ...restOfReport } = report ?? {};
  const whole = {
    ...rest,
    reason,
    lastAssistantContent,
    report: report === null ? null : restOfReport,
    transcript: transcript.map((entry) =>
      entry.content === lastAssistantContent ? { ...entry, content: null } : entry,
    ),
  };
  const withoutSteps = { ...whole, transcript: whole.transcript.filter(({ content }) => content === null) };
  const withoutMemory = { ...withoutSteps, report: whole.report && { ...whole.report, memory: undefined } };
  return [whole, withoutSteps].find(fitsIntoOneMessage) ?? withoutMemory;
}

const fitsIntoOneMessage = (body: object): boolean =>
  Buffer.byteLength(JSON.stringify(body)) <= LIMITS.requestBodyBytesMax;

/**
 * Converts a received body into a completion. `newId` makes the id of the message that holds the content, if
 * there is one.
 */
export function toCompletion(body: CompletionBody, newId: () => string): OperationCompletion {
  const content = body.lastAssistantContent ?? '';
  const hasReport = content !== '' || (body.report ?? null) !== null;
  const lastMessage = content === '' ? [] : [{ id: newId(), role: 'assistant' as const, content }];
  const transcript = body.transcript?.map((entry) => ({ ...entry, content: entry.content ?? content }));
  return {
    operationId: body.operationId,
    taskId: body.taskId,
    userId: body.userId,
    topicId: body.topicId,
    leaseEpoch: body.leaseEpoch ?? undefined,
    status: body.reason,
    errorCode: body.errorCode ?? null,
    errorMessage: body.errorMessage ?? null,
    failureClass: body.failureClass ?? undefined,
    retryAfterSeconds: body.retryAfterSeconds ?? undefined,
    farSide: body.farSide ?? undefined,
    full: body.full ?? undefined,
    report:
      (body.reason === 'done' || body.reason === 'budget') && hasReport ? { ...body.report, content } : null,
    ...(body.reason !== 'done' && body.told && { told: body.told }),
    usage: body.usage ?? null,
    transcript: transcript ?? lastMessage,
  };
}
