import {
  BRIEF_ACTION_STYLES,
  type BriefActionView,
  briefActionKeySchema,
  briefActionUrlSchema,
  briefPrioritySchema,
  briefTypeSchema,
  failureClassSchema,
  isStorableJson,
  LIMITS,
  truncatedTextSchema,
} from '@everbeat/domain';
import { z } from 'zod';
import type { AgentBrief, AgentFailure, AgentReport, AgentSubtask, AgentUsage } from '../port';
import { failure } from './agentError';
import { FieldReader, isObject } from './fieldReader';

export type AnswerOutcome = ({ kind: 'done' } & AgentReport) | ({ kind: 'error' } & AgentFailure);

/** `notes`: what was left out and why, for the transcript. */
export type AnswerReading =
  | { fits: true; outcome: AnswerOutcome; notes: string[] }
  | { fits: false; problem: string };

type KnownFailure = Partial<AgentFailure>;

/** What is known of a run by another way than its answer. */
export interface AnswerDefaults {
  content?: string;
  usage?: AgentUsage;
  /** The run failed, whatever the answer's status. */
  failure?: KnownFailure;
}

/**
 * Reads the answer of an agent (API.md, "The http agent"), whichever way it arrives. It fits when it is an
 * object with a `content`, or one that says that the run failed. An optional field that does not fit is left
 * out with a note; unknown keys are ignored.
 */
export function readAnswer(value: unknown, defaults: AnswerDefaults = {}): AnswerReading {
  if (!isObject(value)) return { fits: false, problem: 'it is not a JSON object.' };
  const fields = new FieldReader(value);
  const content = fields.optional('content', contentSchema) ?? defaults.content;
  const usage = usageOf(fields) ?? defaults.usage;
  const failed = failureOf(fields, defaults.failure);
  if (failed !== null) {
    return { fits: true, outcome: failure({ ...failed, content, usage }), notes: fields.notes };
  }
  if (content === undefined) {
    return {
      fits: false,
      problem: 'it holds no text as its content. It must hold at least {"content": "..."}.',
    };
  }
  const outcome = { kind: 'done', content, ...extrasOf(fields), usage } as const;
  return { fits: true, outcome, notes: fields.notes };
}

const contentSchema = truncatedTextSchema(LIMITS.contentCharsMax);
const ERROR_CODE_CHARS_MAX = 100;

/** Other words for a failure, such as `failed`, count as `error`; any other word says nothing. */
const statusSchema = z.string().transform((word) => {
  if (/^\s*(error|fail)/i.test(word)) return 'error';
  return /^\s*done\s*$/i.test(word) ? 'done' : undefined;
});

/**
 * Null when the run is done. What an agent reports of itself is class `agent` unless it says otherwise,
 * whatever it calls its code.
 */
function failureOf(fields: FieldReader, known: KnownFailure | undefined): AgentFailure | null {
  const status = fields.optional('status', statusSchema);
  const errorMessage = fields.optional('errorMessage', truncatedTextSchema(LIMITS.errorMessageCharsMax));
  if (known === undefined && status !== 'error' && (status === 'done' || !errorMessage)) return null;
  const errorCode = fields.optional('errorCode', truncatedTextSchema(ERROR_CODE_CHARS_MAX));
  return {
    errorCode: errorCode || known?.errorCode || 'agent_error',
    errorMessage: errorMessage || known?.errorMessage || 'The agent reported an error and no more.',
    failureClass: fields.optional('failureClass', failureClassSchema) ?? known?.failureClass ?? 'agent',
    retryAfterSeconds: fields.optional('retryAfterSeconds', secondsSchema) ?? known?.retryAfterSeconds,
    farSide: known?.farSide,
  };
}

function extrasOf(fields: FieldReader): Omit<AgentReport, 'content' | 'usage'> {
  return {
    title: fields.optional('title', truncatedTextSchema(LIMITS.nameCharsMax)),
    briefs: fields.objects('briefs', LIMITS.briefsPerRunMax, briefOf),
    comments: fields.items('comments', LIMITS.commentsPerRunMax, textSchema(LIMITS.commentCharsMax)),
    subtasks: fields.objects('subtasks', LIMITS.subtasksPerRunMax, subtaskOf),
    goalMet: fields.optional('goalMet', z.boolean()),
    nextRunInSeconds: fields.optional('nextRunInSeconds', secondsSchema),
    memory: fields.optional('memory', memorySchema),
  };
}

function briefOf(fields: FieldReader): AgentBrief {
  return {
    type: fields.required('type', briefTypeSchema),
    priority: fields.required('priority', briefPrioritySchema),
    title: fields.required('title', textSchema(LIMITS.briefTitleCharsMax)),
    summary: fields.required('summary', truncatedTextSchema(LIMITS.briefSummaryCharsMax)),
    actions: fields.objects('actions', LIMITS.actionsPerBriefMax, actionOf),
    key: fields.optional('key', textSchema(LIMITS.briefKeyCharsMax)),
  };
}

function actionOf(fields: FieldReader, others: readonly BriefActionView[]): BriefActionView {
  const key = fields.required('key', briefActionKeySchema);
  if (others.some((other) => other.key === key)) fields.refuse('its key was used before');
  return {
    key,
    label: fields.required('label', textSchema(LIMITS.briefActionLabelCharsMax)),
    style: fields.optional('style', z.enum(BRIEF_ACTION_STYLES)),
    url: fields.optional('url', briefActionUrlSchema),
  };
}

function subtaskOf(fields: FieldReader): AgentSubtask {
  return {
    instruction: fields.required('instruction', textSchema(LIMITS.instructionCharsMax)),
    name: fields.optional('name', textSchema(LIMITS.nameCharsMax)),
  };
}

function usageOf(fields: FieldReader): AgentUsage | undefined {
  const usage = fields.object('usage');
  return (
    usage && {
      inputTokens: usage.optional('inputTokens', numberSchema.transform(Math.round)),
      outputTokens: usage.optional('outputTokens', numberSchema.transform(Math.round)),
      costUsd: usage.optional('costUsd', numberSchema),
    }
  );
}

const NOT_A_NUMBER = 'it is not a number of 0 or more';

/** Many writers of JSON, such as workflow tools and models, send a number as text. */
const numberSchema = z
  .union(
    [
      z.number(),
      z
        .string()
        .trim()
        .regex(/^\d{1,15}(\.\d{1,15})?$/)
        .transform(Number),
    ],
    NOT_A_NUMBER,
  )
  .refine((value) => value >= 0, NOT_A_NUMBER);

const secondsSchema = numberSchema.transform((value) =>
  Math.min(Math.ceil(value), LIMITS.heartbeatSecondsMax),
);

/** Text that says something, truncated to `charsMax`. */
const textSchema = (charsMax: number) =>
  truncatedTextSchema(charsMax)
    .transform((text) => text.trim())
    .refine((text) => text !== '', 'it is empty');

const memorySchema = z
  .unknown()
  .refine(
    (memory) => isStorableJson(memory) && Buffer.byteLength(JSON.stringify(memory)) <= LIMITS.memoryBytesMax,
    `it cannot be stored, or is larger than ${LIMITS.memoryBytesMax} bytes`,
  );
