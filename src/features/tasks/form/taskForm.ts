import {
  AppError,
  AUTOMATION_MODES,
  agentKindSchema,
  errorMessage,
  explainNever,
  LIMITS,
  nextCronTime,
  perAgentKind,
  REPORT_RULES,
  type TaskCreateInput,
  type TaskView,
} from '@everbeat/domain';
import type { FieldPath, UseFormReturn } from 'react-hook-form';
import { z } from 'zod';
import { readFields, readTaskSettings, textsOf } from '@/features/agents/kindForm';
import { KIND_FORMS } from '@/features/agents/kinds';
import { formatDuration } from '@/lib/format/duration';
import { explainDuration, parseDuration } from '@/lib/format/parseDuration';
import { browserTimezone, fromLocalInput, toLocalInput } from '@/lib/format/time';

/** The form's fields as typed, and the API input made from them, which the server validates again. */

export const AUTOMATION_CHOICES = ['once', ...AUTOMATION_MODES] as const;

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

const fieldsSchema = z.object({
  instruction: z.string().trim().min(1, 'Say what the agent should do').max(LIMITS.instructionCharsMax),
  name: z.string().trim().max(LIMITS.nameCharsMax),
  agentId: z.string(),
  /** The kind of the chosen agent. The settings of other kinds are ignored. */
  agentKind: agentKindSchema.nullable(),
  /** What was typed for each kind of agent that tasks have settings for. */
  settings: z.record(agentKindSchema, z.record(z.string(), z.string())),
  automation: z.enum(AUTOMATION_CHOICES),
  every: durationOrEmpty,
  pattern: z.string().trim(),
  timezone: z.string().trim(),
  priority: z.enum(['0', '1', '2', '3', '4']),
  maxTopics: wholeOrEmpty,
  endAt: z.string(),
  lease: durationOrEmpty,
  pacingMin: durationOrEmpty,
  pacingMax: durationOrEmpty,
  report: z.enum(REPORT_RULES),
  /** Whether the agent may complete the task. */
  completion: z.enum(['ask', 'complete']),
});
export type TaskFields = z.input<typeof fieldsSchema>;
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
  const { pacingMin: min, pacingMax: max } = fields;
  if ((min === null) !== (max === null)) {
    yield [min === null ? 'pacingMin' : 'pacingMax', 'Fill in both, or neither'];
  } else if (min !== null && max !== null && min > max) {
    yield ['pacingMax', 'The longest wait must not be shorter than the shortest'];
  }
}

export const taskFormSchema = fieldsSchema.superRefine((fields, context) => {
  for (const [field, message] of problemsOf(fields)) {
    context.addIssue({ code: 'custom', path: field.split('.'), message });
  }
});
export type TaskFormValues = z.output<typeof taskFormSchema>;
export type TaskFormApi = UseFormReturn<TaskFields, unknown, TaskFormValues>;

/** The form's texts for the task's settings, for each kind of agent. */
const settingsTexts = (config: TaskView['config']): TaskFields['settings'] =>
  perAgentKind((kind) => textsOf(KIND_FORMS[kind].taskSettings?.fields ?? {}, config[kind]));

export const emptyFields = (agentId: string): TaskFields => ({
  instruction: '',
  name: '',
  agentId,
  agentKind: null,
  settings: settingsTexts({}),
  automation: 'heartbeat',
  every: '15 minutes',
  pattern: '0 9 * * 1-5',
  timezone: browserTimezone(),
  priority: '0',
  maxTopics: '',
  endAt: '',
  lease: '',
  pacingMin: '',
  pacingMax: '',
  report: 'agent',
  completion: 'ask',
});

const durationText = (seconds: number | null | undefined): string =>
  seconds == null ? '' : formatDuration(seconds);

export function fieldsOf(task: TaskView): TaskFields {
  const empty = emptyFields(task.agentId ?? '');
  const { endAt, pacing } = task.config;
  const priority = fieldsSchema.shape.priority.safeParse(String(task.priority));
  return {
    ...empty,
    instruction: task.instruction,
    name: task.name,
    settings: settingsTexts(task.config),
    automation: task.automationMode ?? 'once',
    every: durationText(task.heartbeatInterval) || empty.every,
    pattern: task.schedulePattern ?? empty.pattern,
    timezone: task.scheduleTimezone ?? empty.timezone,
    priority: priority.success ? priority.data : '0',
    maxTopics: String(task.maxTopics ?? ''),
    endAt: toLocalInput(endAt),
    lease: durationText(task.heartbeatTimeout),
    pacingMin: durationText(pacing?.minSeconds),
    pacingMax: durationText(pacing?.maxSeconds),
    report: task.config.report ?? 'agent',
    completion: task.config.mayComplete === true ? 'complete' : 'ask',
  };
}

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
  return config;
}

export function toTaskInput(values: TaskFormValues): TaskCreateInput {
  const schedule = values.automation === 'schedule';
  return {
    instruction: values.instruction,
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
