import {
  type AgentDocument,
  documentNameSchema,
  failureClassSchema,
  isStorableJson,
  LIMITS,
  streakClassSchema,
  textBytes,
} from '@everbeat/domain';
import { z } from 'zod';
import type { AgentFailure, AgentReport, AgentSubtask, AgentTold, AgentUsage } from '../port';
import { failure } from './agentError';
import type { Clean } from './clean';
import { cleanTexts } from './cleanTexts';
import { FieldReader, isObject } from './fieldReader';
import { findingOf, findingText } from './finding';
import { numberSchema, secondsSchema } from './looseNumbers';
import { readBrief } from './readBrief';

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
  /**
   * Whom a failure is about that makes a task wait, such as the host of the agent (`AgentFailure.farSide`).
   */
  farSide?: string | undefined;
}

/**
 * Reads the answer of an agent (API.md, "The http agent"), whichever way it arrives. It fits when it is an
 * object with a `content`, or one that says that the run failed. An optional field that does not fit is taken
 * for what it is likely to mean, or left out, with a note; unknown keys are ignored. `clean` leaves secrets
 * out of all its texts, in place and before they are cut.
 */
export function readAnswer(
  value: unknown,
  clean: Clean | null,
  defaults: AnswerDefaults = {},
): AnswerReading {
  if (clean !== null && typeof value === 'object' && value !== null) cleanTexts(value, clean);
  // Some workflow tools answer with the list of their items, which is one.
  const answer: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (!isObject(answer))
    return { fits: false, problem: 'it is not a JSON object such as {"content": "..."}.' };
  const fields = new FieldReader(answer);
  const verdict = findingOf(fields);
  const content = contentOf(fields) ?? (verdict && findingText(verdict)) ?? defaults.content;
  const usage = usageOf(fields) ?? defaults.usage;
  const failed = failureOf(fields, defaults);
  if (failed !== null) {
    const told = toldOf(extrasOf(fields), fields);
    return { fits: true, outcome: failure({ ...failed, content, usage, told }), notes: fields.notes };
  }
  if (content === undefined) {
    return {
      fits: false,
      problem: 'it holds no text as its content. It must hold at least {"content": "..."}.',
    };
  }
  const outcome = { kind: 'done', content, ...extrasOf(fields), ...(verdict && { verdict }), usage } as const;
  return { fits: true, outcome, notes: fields.notes };
}

function contentOf(fields: FieldReader): string | undefined {
  const content = fields.optional('content', z.string());
  return content === undefined ? undefined : fields.text('content', LIMITS.contentCharsMax);
}

/** Other words for the two, such as `success` and `failed`, count as well; any other word says nothing. */
const statusSchema = z.string().transform((word) => {
  if (/^\s*(err|fail|unsuccess|exception|timed?[ _-]?out|cancel|abort|crash)/i.test(word)) return 'error';
  return /^\s*(done|success|succeeded|ok|okay|completed?|finished|passed)/i.test(word) ? 'done' : undefined;
});

/**
 * Null when the run is done. What an agent reports of itself is class `agent` unless it says otherwise,
 * whatever it calls its code.
 */
function failureOf(fields: FieldReader, { failure: known, farSide }: AnswerDefaults): AgentFailure | null {
  const status = fields.optional('status', statusSchema);
  const errorMessage = fields.text('errorMessage', LIMITS.errorMessageCharsMax);
  if (known === undefined && status !== 'error' && (status === 'done' || !errorMessage)) return null;
  const errorCode = fields.text('errorCode', LIMITS.errorCodeCharsMax);
  const failureClass = fields.optional('failureClass', failureClassSchema) ?? known?.failureClass ?? 'agent';
  const waits = streakClassSchema.safeParse(failureClass).success;
  return {
    errorCode: errorCode || known?.errorCode || 'agent_error',
    errorMessage: errorMessage || known?.errorMessage || 'The agent reported an error and no more.',
    failureClass,
    retryAfterSeconds: fields.optional('retryAfterSeconds', secondsSchema) ?? known?.retryAfterSeconds,
    farSide: known?.farSide ?? (waits ? farSide : undefined),
    isOverBudget: known?.isOverBudget,
  };
}

function extrasOf(fields: FieldReader): Omit<AgentReport, 'content' | 'usage'> {
  const { briefsPerRunMax, commentsPerRunMax, documentsPerRunMax, subtasksPerRunMax } = LIMITS;
  return {
    title: fields.text('title', LIMITS.nameCharsMax),
    briefs: fields.objects('briefs', { countMax: briefsPerRunMax, textField: 'title' }, readBrief),
    comments: fields.objects('comments', { countMax: commentsPerRunMax, textField: 'content' }, readComment),
    subtasks: fields.objects(
      'subtasks',
      { countMax: subtasksPerRunMax, textField: 'instruction' },
      readSubtask,
    ),
    documents: fields.objects(
      'documents',
      { countMax: documentsPerRunMax, textField: 'content' },
      readDocument,
    ),
    goalMet: fields.optional('goalMet', truthSchema),
    nextRunInSeconds: fields.optional('nextRunInSeconds', secondsSchema),
    memory: fields.optional('memory', memorySchema),
  };
}

/**
 * What a run that failed has told stands. What it wishes for, or keeps for later runs, is that of a run that
 * went well. Undefined: it has told nothing.
 */
function toldOf(
  { briefs, comments, subtasks, documents, ...wishes }: Omit<AgentReport, 'content' | 'usage'>,
  fields: FieldReader,
): AgentTold | undefined {
  for (const name of ['goalMet', 'nextRunInSeconds', 'memory'] as const)
    if (wishes[name] !== undefined && wishes[name] !== false) fields.leaveOut(name, 'the run failed');
  const told = { briefs, comments, subtasks, documents };
  return Object.values(told).some((entries) => (entries ?? []).length > 0) ? told : undefined;
}

/** @throws Misfit when it is empty */
export const readComment = (fields: FieldReader): string =>
  neededText(fields, 'content', LIMITS.commentCharsMax);

/** @throws Misfit when it has no instruction */
export const readSubtask = (fields: FieldReader): AgentSubtask => ({
  instruction: neededText(fields, 'instruction', LIMITS.instructionCharsMax),
  name: fields.text('name', LIMITS.nameCharsMax)?.trim() || undefined,
});

/** A text is never cut here: half of a document in its place would lose the other half. */
export function readDocument(fields: FieldReader): AgentDocument {
  const name = fields.optional('name', documentNameSchema);
  if (name === undefined) fields.refuse('it has no name that a document can have');
  const content = fields.text('content', Number.MAX_SAFE_INTEGER);
  if (content === undefined) fields.refuse('it has no content');
  if (textBytes(content) > LIMITS.documentBytesMax)
    fields.refuse(`its content is larger than ${LIMITS.documentBytesMax} bytes`);
  return {
    name,
    content,
    append: fields.optional('append', truthSchema),
    baseVersion: fields.optional('baseVersion', versionSchema),
  };
}

function neededText(fields: FieldReader, name: string, charsMax: number): string {
  return fields.text(name, charsMax)?.trim() || fields.refuse(`it has no ${name}`);
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

/** A stale version refuses the text, so one that cannot be read is left out with a note, and not guessed. */
const versionSchema = numberSchema.refine((value) => Number.isInteger(value), 'it is not a whole number');

const truthSchema = z.union(
  [z.boolean(), z.stringbool({ truthy: ['true', 'yes', '1'], falsy: ['false', 'no', '0', ''] })],
  'it is neither true nor false',
);

const memorySchema = z
  .unknown()
  .refine(
    (memory) => isStorableJson(memory) && Buffer.byteLength(JSON.stringify(memory)) <= LIMITS.memoryBytesMax,
    `it cannot be stored, or is larger than ${LIMITS.memoryBytesMax} bytes`,
  );
