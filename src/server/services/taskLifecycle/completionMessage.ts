import {
  briefPrioritySchema,
  briefTypeSchema,
  isStorableJson,
  LIMITS,
  messageRoleSchema,
  settledStatusSchema,
  storableText,
} from '@everbeat/domain';
import { z } from 'zod';
import type { OperationCompletion } from './TaskLifecycleService';

const storable = (charsMax: number) => z.string().transform((text) => storableText(text, charsMax));

/** The rest of a report, as this application itself sends it along when it could not settle a run at once. */
const reportSchema = z.object({
  title: storable(LIMITS.nameCharsMax).optional(),
  briefs: z
    .array(
      z.object({
        type: briefTypeSchema,
        priority: briefPrioritySchema,
        title: storable(LIMITS.briefTitleCharsMax),
        summary: storable(LIMITS.briefSummaryCharsMax),
      }),
    )
    .max(LIMITS.briefsPerRunMax)
    .optional(),
  comments: z.array(storable(LIMITS.commentCharsMax)).max(LIMITS.commentsPerRunMax).optional(),
  subtasks: z
    .array(z.object({ name: z.string().optional(), instruction: z.string().min(1) }))
    .max(LIMITS.subtasksPerRunMax)
    .optional(),
  goalMet: z.boolean().optional(),
  nextRunInSeconds: z.number().nonnegative().max(LIMITS.heartbeatSecondsMax).optional(),
  memory: z.unknown().refine(isStorableJson, 'cannot be stored').optional(),
});

const usageSchema = z.object({
  inputTokens: z.number().optional(),
  outputTokens: z.number().optional(),
  costUsd: z.number().optional(),
});

const idSchema = z.string().min(1).max(200);

/** The body of `on-topic-complete` (PROTOCOL §7). */
export const completionBodySchema = z.object({
  taskId: idSchema,
  userId: idSchema,
  topicId: idSchema,
  operationId: idSchema,
  reason: settledStatusSchema,
  lastAssistantContent: storable(LIMITS.contentCharsMax).nullish(),
  errorMessage: storable(LIMITS.errorMessageCharsMax).nullish(),
  errorCode: storable(100).nullish(),
  report: reportSchema.nullish(),
  usage: usageSchema.nullish(),
  transcript: z
    .array(
      z.object({
        id: z.guid(),
        role: messageRoleSchema,
        /** Null: `lastAssistantContent`. */
        content: storable(LIMITS.contentCharsMax).nullable(),
      }),
    )
    .nullish(),
});
type CompletionBody = z.output<typeof completionBodySchema>;

/**
 * The body that brings a completion back. The report's text goes only once, because a long one would not fit twice.
 * What is still too large for one message leaves out the steps of the transcript, then the memory, which the next
 * run can do without; the report itself is never cut.
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
  Buffer.byteLength(JSON.stringify(body)) <= LIMITS.webhookBodyBytesMax;

/** What a told completion means. `newId` names the message that holds the content, if there is one. */
export function toCompletion(body: CompletionBody, newId: () => string): OperationCompletion {
  const content = body.lastAssistantContent ?? '';
  const hasReport = content !== '' || (body.report ?? null) !== null;
  const told = content === '' ? [] : [{ id: newId(), role: 'assistant' as const, content }];
  const transcript = body.transcript?.map((entry) => ({ ...entry, content: entry.content ?? content }));
  return {
    operationId: body.operationId,
    taskId: body.taskId,
    userId: body.userId,
    topicId: body.topicId,
    status: body.reason,
    errorCode: body.errorCode ?? null,
    errorMessage: body.errorMessage ?? null,
    report: body.reason === 'done' && hasReport ? { ...body.report, content } : null,
    usage: body.usage ?? null,
    transcript: transcript ?? told,
  };
}
