import {
  AppError,
  errorMessage,
  explainNever,
  LIMITS,
  nextCronTime,
  readsWords,
  type TaskCreateInput,
} from '@everbeat/domain';
import type { FieldPath, UseFormReturn } from 'react-hook-form';
import { z } from 'zod';
import { readFields, readTaskSettings } from '@/features/agents/kindForm';
import { KIND_FORMS } from '@/features/agents/kinds';
import { readBudget } from '@/features/spend/budgetTexts';
import { explainDuration, parseDuration } from '@/lib/format/parseDuration';
import { fromLocalInput } from '@/lib/format/time';
import { instructionOf, type TaskFields, taskFieldsSchema } from './taskFields';

/** The rules of the form's fields, and the API input made from them, which the server validates again. */

const wholeOrEmpty = z
  .string()
  .trim()
  .refine((text) => text === '' || /^\d{1,9}$/.test(text), {
    message: 'Enter a whole number, or leave it empty',
  })
  .transform((text) => (text === '' ? null : Number(text)));

/** A time in words; seconds, or null for none. */
const durationOrEmpty = z
  .string()
  .trim()
  .transform((text, context) => {
    const seconds = parseDuration(text);
    if (seconds === null && text !== '') context.addIssue({ code: 'custom', message: explainDuration(text) });
    return seconds;
  });

const fieldsSchema = taskFieldsSchema.extend({
  instruction: z.string().trim().max(LIMITS.instructionCharsMax),
  name: z.string().trim().max(LIMITS.nameCharsMax),
  every: durationOrEmpty,
  pattern: z.string().trim(),
  timezone: z.string().trim(),
  maxTopics: wholeOrEmpty,
  lease: durationOrEmpty,
  pacingMin: durationOrEmpty,
  pacingMax: durationOrEmpty,
  reviewRequirement: z.string().trim().max(LIMITS.requirementCharsMax),
  reviewTimes: wholeOrEmpty,
});
type Checked = z.output<typeof fieldsSchema>;
type FieldProblem = [field: FieldPath<TaskFields>, message: string];

/** The next times of a schedule, or the field and the message of what is wrong with it. */
export function previewSchedule(
  pattern: string,
  timezone: string,
  after: Date,
  timesMax = 3,
): { times: Date[] } | { problem: FieldProblem } {
  const times: Date[] = [];
  try {
    for (let from: Date | null = after; from !== null && times.length < timesMax; ) {
      from = nextCronTime(pattern, timezone, from);
      if (from !== null) times.push(from);
    }
  } catch (error) {
    const field = error instanceof AppError && error.code === 'timezone-unknown' ? 'timezone' : 'pattern';
    return { problem: [field, errorMessage(error)] };
  }
  return times.length > 0
    ? { times }
    : { problem: ['pattern', `This pattern has no next date: ${explainNever(pattern)}`] };
}

function* problemsOf(fields: Checked): Generator<FieldProblem> {
  if (fields.instruction === '' && readsWords(fields.agentKind))
    yield ['instruction', 'Say what the agent should do'];
  if (fields.automation === 'heartbeat' && !fields.every) yield ['every', 'Enter how often the task runs'];
  if (fields.automation === 'schedule') {
    const preview = previewSchedule(fields.pattern, fields.timezone, new Date());
    if ('problem' in preview) yield preview.problem;
  }
  const { agentKind, settings } = fields;
  if (agentKind !== null) {
    const { problems } = readFields(KIND_FORMS[agentKind].taskSettings?.fields ?? {}, settings[agentKind]);
    for (const { name, message } of problems) yield [`settings.${agentKind}.${name}`, message];
  }
  const { maxIterations } = reviewOf(fields) ?? {};
  if (maxIterations !== undefined && (maxIterations < 1 || maxIterations > LIMITS.reviewIterationsMax))
    yield ['reviewTimes', `Enter a number from 1 to ${LIMITS.reviewIterationsMax}`];
  for (const { cap, message } of readBudget(fields.budget).problems) yield [`budget.${cap}`, message];
  const { pacingMin: min, pacingMax: max } = fields;
  if ((min === null) !== (max === null)) {
    yield [min === null ? 'pacingMin' : 'pacingMax', 'Fill in both, or neither'];
  } else if (min !== null && max !== null && min > max) {
    yield ['pacingMax', 'The longest wait must not be shorter than the shortest'];
  }
}

/** Undefined: the work is not checked. An agent that reads no words does none that could be. */
function reviewOf({
  agentKind,
  reviewRequirement: requirement,
  reviewTimes,
  reviewAgentId,
}: Checked): NonNullable<TaskCreateInput['config']>['review'] {
  if (requirement === '' || !readsWords(agentKind)) return undefined;
  return {
    requirement,
    ...(reviewTimes !== null && { maxIterations: reviewTimes }),
    ...(reviewAgentId !== '' && { agentId: reviewAgentId }),
  };
}

export const taskFormSchema = fieldsSchema.superRefine((fields, context) => {
  for (const [field, message] of problemsOf(fields)) {
    context.addIssue({ code: 'custom', path: field.split('.'), message });
  }
});
export type TaskFormValues = z.output<typeof taskFormSchema>;
export type TaskFormApi = UseFormReturn<TaskFields, unknown, TaskFormValues>;

function configOf(values: TaskFormValues): NonNullable<TaskCreateInput['config']> {
  const config: NonNullable<TaskCreateInput['config']> = {};
  const { agentKind, settings, pacingMin: minSeconds, pacingMax: maxSeconds } = values;
  const form = agentKind === null ? undefined : KIND_FORMS[agentKind].taskSettings;
  if (agentKind !== null && form !== undefined)
    config[agentKind] = readTaskSettings(form, settings[agentKind]);
  const endAt = fromLocalInput(values.endAt);
  if (endAt !== undefined) config.endAt = endAt;
  if (minSeconds !== null && maxSeconds !== null) config.pacing = { minSeconds, maxSeconds };
  if (values.report !== 'agent') config.report = values.report;
  if (values.completion === 'complete') config.mayComplete = true;
  if (values.subtasks !== 'ask') config.subtasks = values.subtasks;
  if (values.absence !== 'slow') config.absence = values.absence;
  const review = reviewOf(values);
  if (review !== undefined) config.review = review;
  const { budget } = readBudget(values.budget);
  if (Object.keys(budget).length > 0) config.budget = budget;
  return config;
}

export function toTaskInput(values: TaskFormValues): TaskCreateInput {
  const schedule = values.automation === 'schedule';
  return {
    instruction: instructionOf(values),
    name: values.name,
    agentId: values.agentId === '' ? null : values.agentId,
    automationMode: values.automation === 'once' ? null : values.automation,
    heartbeatInterval: values.automation === 'heartbeat' ? values.every : null,
    schedulePattern: schedule ? values.pattern : null,
    scheduleTimezone: schedule ? values.timezone : null,
    priority: Number(values.priority),
    maxTopics: values.maxTopics,
    heartbeatTimeout: values.lease ?? LIMITS.leaseSecondsDefault,
    config: configOf(values),
  };
}
