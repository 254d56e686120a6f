import {
  ABSENCE_RULES,
  type AgentKind,
  AUTOMATION_MODES,
  agentKindSchema,
  CAPS,
  perAgentKind,
  REPORT_RULES,
  SUBTASK_RULES,
  type TaskView,
} from '@everbeat/domain';
import { z } from 'zod';
import { textsOf } from '@/features/agents/kindForm';
import { KIND_FORMS, madeInstruction } from '@/features/agents/kinds';
import { budgetTexts } from '@/features/spend/budgetTexts';
import { formatDuration } from '@/lib/format/duration';
import { browserTimezone, toLocalInput } from '@/lib/format/time';

export const AUTOMATION_CHOICES = ['once', ...AUTOMATION_MODES] as const;
const PRIORITIES = ['0', '1', '2', '3', '4'] as const;

/** The form's fields as typed, right or wrong. */
export const taskFieldsSchema = z.object({
  instruction: z.string(),
  name: z.string(),
  agentId: z.string(),
  /** The kind of the chosen agent. The settings of other kinds are ignored. */
  agentKind: agentKindSchema.nullable(),
  /** What was typed for each kind of agent that tasks have settings for. */
  settings: z.record(agentKindSchema, z.record(z.string(), z.string())),
  automation: z.enum(AUTOMATION_CHOICES),
  /** Times in words, such as "10 minutes". */
  every: z.string(),
  pattern: z.string(),
  timezone: z.string(),
  priority: z.enum(PRIORITIES),
  maxTopics: z.string(),
  /** As a `datetime-local` input has it. */
  endAt: z.string(),
  lease: z.string(),
  pacingMin: z.string(),
  pacingMax: z.string(),
  report: z.enum(REPORT_RULES),
  /** Whether the agent may complete the task. */
  completion: z.enum(['ask', 'complete']),
  /** What happens to subtasks that the agent creates. */
  subtasks: z.enum(SUBTASK_RULES),
  /** Whether it is slowed down while nobody looks at it. */
  absence: z.enum(ABSENCE_RULES),
  /** What the work must fulfil. Empty: it is not checked. */
  reviewRequirement: z.string(),
  reviewTimes: z.string(),
  /** Empty: the task's own agent checks it. */
  reviewAgentId: z.string(),
  /** The caps of what it may spend. */
  budget: z.record(z.enum(CAPS), z.string()),
  /** The key of the template that the form was begun with. */
  template: z.string().optional(),
});
export type TaskFields = z.infer<typeof taskFieldsSchema>;

/** The form's texts for the task's settings, for each kind of agent. */
const settingsTexts = (config: TaskView['config']): TaskFields['settings'] =>
  perAgentKind((kind) => textsOf(KIND_FORMS[kind].taskSettings?.fields ?? {}, config[kind]));

const isSecret = (kind: AgentKind, name: string): boolean =>
  KIND_FORMS[kind].taskSettings?.fields[name]?.isSecret === true;

/** As a draft in the browser keeps it. */
export const withoutSecrets = (fields: TaskFields): TaskFields => ({
  ...fields,
  settings: perAgentKind((kind) =>
    Object.fromEntries(Object.entries(fields.settings[kind]).filter(([name]) => !isSecret(kind, name))),
  ),
});

/** A draft with what it does not keep, as it is stored. */
export const withSecretsOf = (stored: TaskFields, draft: TaskFields): TaskFields => ({
  ...draft,
  settings: perAgentKind((kind) => ({ ...stored.settings[kind], ...draft.settings[kind] })),
});

/** What the person wrote, or what is made of the settings for an agent that reads no instruction. */
export const instructionOf = ({
  instruction,
  agentKind,
  settings,
}: Pick<TaskFields, 'instruction' | 'agentKind' | 'settings'>): string =>
  instruction.trim() || ((agentKind === null ? null : madeInstruction(agentKind, settings[agentKind])) ?? '');

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
  subtasks: 'ask',
  absence: 'slow',
  reviewRequirement: '',
  reviewTimes: '',
  reviewAgentId: '',
  budget: budgetTexts(),
});

const durationText = (seconds: number | null | undefined): string =>
  seconds == null ? '' : formatDuration(seconds);

const priorityText = (priority: number): TaskFields['priority'] =>
  PRIORITIES.find((text) => Number(text) === priority) ?? '0';

/** What of a task the form shows. */
export type EditedTask = Pick<
  TaskView,
  | 'instruction'
  | 'name'
  | 'agentId'
  | 'automationMode'
  | 'heartbeatInterval'
  | 'heartbeatTimeout'
  | 'schedulePattern'
  | 'scheduleTimezone'
  | 'priority'
  | 'maxTopics'
  | 'config'
>;

export function fieldsOf(task: EditedTask, agentKind: AgentKind | null = null): TaskFields {
  const empty = emptyFields(task.agentId ?? '');
  const { endAt, pacing, review } = task.config;
  const settings = settingsTexts(task.config);
  const made = agentKind === null ? null : madeInstruction(agentKind, settings[agentKind]);
  return {
    ...empty,
    agentKind,
    // Made again from what is typed.
    instruction: task.instruction === made ? '' : task.instruction,
    name: task.name,
    settings,
    automation: task.automationMode ?? 'once',
    every: durationText(task.heartbeatInterval) || empty.every,
    pattern: task.schedulePattern ?? empty.pattern,
    timezone: task.scheduleTimezone ?? empty.timezone,
    priority: priorityText(task.priority),
    maxTopics: String(task.maxTopics ?? ''),
    endAt: toLocalInput(endAt),
    lease: durationText(task.heartbeatTimeout),
    pacingMin: durationText(pacing?.minSeconds),
    pacingMax: durationText(pacing?.maxSeconds),
    report: task.config.report ?? 'agent',
    completion: task.config.mayComplete === true ? 'complete' : 'ask',
    subtasks: task.config.subtasks ?? 'ask',
    absence: task.config.absence ?? 'slow',
    reviewRequirement: review?.requirement ?? '',
    reviewTimes: String(review?.maxIterations ?? ''),
    reviewAgentId: review?.agentId ?? '',
    budget: budgetTexts(task.config.budget),
  };
}
