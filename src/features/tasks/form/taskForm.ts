import {
  AppError,
  AUTOMATION_MODES,
  errorMessage,
  LIMITS,
  nextCronTime,
  type TaskCreateInput,
  type TaskView,
} from '@everbeat/domain';
import { z } from 'zod';
import { browserTimezone, fromLocalInput, toLocalInput } from '@/lib/format/time';
import { pageAddressSchema, withScheme } from '@/lib/webAddress';

/** The form's fields as they are typed, and the API input made from them. The server validates that again. */

export const UNITS = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 } as const;
export type Unit = keyof typeof UNITS;
const UNIT_NAMES = ['seconds', 'minutes', 'hours', 'days'] as const satisfies readonly Unit[];

export const AUTOMATION_CHOICES = ['once', ...AUTOMATION_MODES] as const;

const wholeOrEmpty = z
  .string()
  .trim()
  .refine((text) => text === '' || /^\d{1,9}$/.test(text), {
    message: 'Enter a whole number, or leave it empty',
  })
  .transform((text) => (text === '' ? null : Number(text)));

const fieldsSchema = z.object({
  instruction: z.string().trim().min(1, 'Say what the agent should do').max(LIMITS.instructionCharsMax),
  name: z.string().trim().max(LIMITS.nameCharsMax),
  agentId: z.string(),
  /** Whether the chosen agent is of kind `watch`; otherwise the next two fields are ignored. */
  watches: z.boolean(),
  watchUrl: z.string(),
  watchSelector: z.string().trim().max(500),
  automation: z.enum(AUTOMATION_CHOICES),
  every: wholeOrEmpty,
  unit: z.enum(UNIT_NAMES),
  pattern: z.string().trim(),
  timezone: z.string().trim(),
  priority: z.enum(['0', '1', '2', '3', '4']),
  maxTopics: wholeOrEmpty,
  endAt: z.string(),
  leaseSeconds: wholeOrEmpty,
  pacingMinSeconds: wholeOrEmpty,
  pacingMaxSeconds: wholeOrEmpty,
});
export type TaskFields = z.input<typeof fieldsSchema>;
type Checked = z.output<typeof fieldsSchema>;
type FieldProblem = [field: keyof TaskFields, message: string];

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
  return times.length > 0 ? { times } : { problem: ['pattern', 'This pattern has no next date'] };
}

function* problemsOf(fields: Checked): Generator<FieldProblem> {
  if (fields.automation === 'heartbeat' && !fields.every) yield ['every', 'Enter how often the task runs'];
  if (fields.automation === 'schedule') {
    const preview = previewSchedule(fields.pattern, fields.timezone, new Date());
    if ('problem' in preview) yield preview.problem;
  }
  if (fields.watches && fields.watchUrl.trim() !== '') {
    const address = pageAddressSchema.safeParse(fields.watchUrl);
    if (!address.success) yield ['watchUrl', address.error.issues[0]?.message ?? 'This is not an address'];
  }
  const { pacingMinSeconds: min, pacingMaxSeconds: max } = fields;
  if ((min === null) !== (max === null)) {
    yield [min === null ? 'pacingMinSeconds' : 'pacingMaxSeconds', 'Fill in both, or neither'];
  } else if (min !== null && max !== null && min > max) {
    yield ['pacingMaxSeconds', 'The longest wait must not be shorter than the shortest'];
  }
}

export const taskFormSchema = fieldsSchema.superRefine((fields, context) => {
  for (const [field, message] of problemsOf(fields)) {
    context.addIssue({ code: 'custom', path: [field], message });
  }
});
export type TaskFormValues = z.output<typeof taskFormSchema>;

export const emptyFields = (agentId: string): TaskFields => ({
  instruction: '',
  name: '',
  agentId,
  watches: false,
  watchUrl: '',
  watchSelector: '',
  automation: 'heartbeat',
  every: '15',
  unit: 'minutes',
  pattern: '0 9 * * 1-5',
  timezone: browserTimezone(),
  priority: '0',
  maxTopics: '',
  endAt: '',
  leaseSeconds: '',
  pacingMinSeconds: '',
  pacingMaxSeconds: '',
});

/** The interval in the largest unit that divides it: 5400 seconds → 90 minutes. */
function splitInterval(seconds: number): { every: string; unit: Unit } {
  const unit = UNIT_NAMES.findLast((name) => seconds % UNITS[name] === 0) ?? 'seconds';
  return { every: String(seconds / UNITS[unit]), unit };
}

const textOf = (value: number | null | undefined): string => (value == null ? '' : String(value));

export function fieldsOf(task: TaskView): TaskFields {
  const empty = emptyFields(task.agentId ?? '');
  const { watch, endAt, pacing } = task.config;
  const priority = fieldsSchema.shape.priority.safeParse(String(task.priority));
  return {
    ...empty,
    ...(task.heartbeatInterval === null ? {} : splitInterval(task.heartbeatInterval)),
    instruction: task.instruction,
    name: task.name,
    watchUrl: String(watch?.url ?? ''),
    watchSelector: String(watch?.selector ?? ''),
    automation: task.automationMode ?? 'once',
    pattern: task.schedulePattern ?? empty.pattern,
    timezone: task.scheduleTimezone ?? empty.timezone,
    priority: priority.success ? priority.data : '0',
    maxTopics: textOf(task.maxTopics),
    endAt: toLocalInput(endAt),
    leaseSeconds: textOf(task.heartbeatTimeout),
    pacingMinSeconds: textOf(pacing?.minSeconds),
    pacingMaxSeconds: textOf(pacing?.maxSeconds),
  };
}

function configOf(values: TaskFormValues): NonNullable<TaskCreateInput['config']> {
  const config: NonNullable<TaskCreateInput['config']> = {};
  const { watches, watchUrl, watchSelector, pacingMinSeconds, pacingMaxSeconds } = values;
  if (watches && watchUrl.trim() !== '') {
    config.watch = {
      url: withScheme(watchUrl),
      ...(watchSelector === '' ? {} : { selector: watchSelector }),
    };
  }
  const endAt = fromLocalInput(values.endAt);
  if (endAt !== undefined) config.endAt = endAt;
  if (pacingMinSeconds !== null && pacingMaxSeconds !== null) {
    config.pacing = { minSeconds: pacingMinSeconds, maxSeconds: pacingMaxSeconds };
  }
  return config;
}

export function toTaskInput(values: TaskFormValues): TaskCreateInput {
  const heartbeat = values.automation === 'heartbeat' && values.every !== null;
  const schedule = values.automation === 'schedule';
  return {
    instruction: values.instruction,
    name: values.name,
    agentId: values.agentId === '' ? null : values.agentId,
    automationMode: values.automation === 'once' ? null : values.automation,
    heartbeatInterval: heartbeat ? (values.every ?? 0) * UNITS[values.unit] : null,
    schedulePattern: schedule ? values.pattern : null,
    scheduleTimezone: schedule ? values.timezone : null,
    priority: Number(values.priority),
    maxTopics: values.maxTopics,
    ...(values.leaseSeconds === null ? {} : { heartbeatTimeout: values.leaseSeconds }),
    config: configOf(values),
  };
}
