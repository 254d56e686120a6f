import {
  briefPrioritySchema,
  briefTypeSchema,
  describeIssues,
  LIMITS,
  truncatedTextSchema,
} from '@everbeat/domain';
import { z } from 'zod';
import type { AgentOutcome } from '../port';
import { AgentError, failure } from './agentError';

/** Accepts null as left out, because many JSON writers send it. */
const optional = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value): z.output<T> | undefined => value ?? undefined);

const ERROR_CODE_CHARS_MAX = 100;

const briefSchema = z.object({
  type: briefTypeSchema,
  priority: briefPrioritySchema,
  title: z.string().trim().min(1).pipe(truncatedTextSchema(LIMITS.briefTitleCharsMax)),
  summary: truncatedTextSchema(LIMITS.briefSummaryCharsMax),
});

/** The answer of an agent (API.md, "The http agent"), whichever way it arrives. Unknown keys are ignored. */
export const agentAnswerSchema = z
  .object({
    status: optional(z.enum(['done', 'error'])),
    content: optional(truncatedTextSchema(LIMITS.contentCharsMax)),
    title: optional(truncatedTextSchema(LIMITS.nameCharsMax)),
    errorMessage: optional(truncatedTextSchema(LIMITS.errorMessageCharsMax)),
    errorCode: optional(truncatedTextSchema(ERROR_CODE_CHARS_MAX)),
    briefs: optional(z.array(briefSchema).max(LIMITS.briefsPerRunMax)),
    goalMet: optional(z.boolean()),
    nextRunInSeconds: optional(z.number().nonnegative().max(LIMITS.heartbeatSecondsMax).transform(Math.ceil)),
    usage: optional(
      z.object({
        inputTokens: optional(z.int().nonnegative()),
        outputTokens: optional(z.int().nonnegative()),
        costUsd: optional(z.number().nonnegative()),
      }),
    ),
  })
  .refine((answer) => answer.status === 'error' || answer.content !== undefined, {
    path: ['content'],
    message: 'is missing; an answer holds at least {"content": "..."}',
  });
export type AgentAnswer = z.output<typeof agentAnswerSchema>;

export const AGENT_ANSWER_KEYS: readonly string[] = Object.keys(agentAnswerSchema.shape);

/** @throws AgentError `agent_bad_answer`, naming what does not fit */
export function parseAnswer(value: unknown): AgentAnswer {
  const parsed = agentAnswerSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AgentError(
    'agent_bad_answer',
    `The agent's answer does not fit: ${describeIssues(parsed.error)}`,
  );
}

export function toOutcome(answer: AgentAnswer): AgentOutcome {
  const { status, content = '', errorCode, errorMessage, ...report } = answer;
  if (status !== 'error') return { kind: 'done', content, ...report };
  return failure({
    errorCode: errorCode || 'agent_error',
    errorMessage: errorMessage || 'The agent reported an error and no more.',
    content,
    usage: report.usage,
  });
}
