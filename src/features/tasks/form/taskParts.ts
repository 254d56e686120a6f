import { AGENT_KINDS, readsWords, type TaskConfig } from '@everbeat/domain';
import { KIND_FORMS } from '@/features/agents/kinds';
import { budgetText, readBudget } from '@/features/spend/budgetTexts';
import { PRIORITY_LABELS } from '../shared/priorityLabels';
import { ABSENCE_LABELS, COMPLETION_LABELS, REPORT_LABELS, SUBTASKS_LABELS } from '../shared/ruleLabels';
import { type EditedTask, instructionOf, type TaskFields, withoutSecrets } from './taskFields';

/**
 * A part of the form that is edited as a whole: compared, sent when a person has changed it, and chosen
 * between when somebody else has changed it too.
 */
export interface TaskPart {
  label: string;
  /** The value, to compare. Undefined where the rest of the form hides the part. */
  value: (fields: TaskFields) => unknown;
  /** The value as a person reads it. `agentNames`: by their ids. */
  show: (fields: TaskFields, agentNames: ReadonlyMap<string, string>) => string;
  /** `to` with the value of `from`. */
  copy: (from: TaskFields, to: TaskFields) => TaskFields;
  /** What it is on the server: columns of the task, or a key of its configuration. */
  columns?: readonly Exclude<keyof EditedTask, 'config'>[];
  config?: keyof TaskConfig;
}

type Name = Exclude<keyof TaskFields, 'settings' | 'agentKind' | 'budget' | 'template'>;

const copyFields = (names: readonly (keyof TaskFields)[]): TaskPart['copy'] => {
  return (from, to) => ({ ...to, ...Object.fromEntries(names.map((name) => [name, from[name]])) });
};

/** A part of one field. */
const field = (
  label: string,
  name: Name,
  target: Pick<TaskPart, 'columns' | 'config'>,
  show: TaskPart['show'] = (fields) => fields[name] || 'not set',
): TaskPart => ({
  label,
  value: (fields) => fields[name].trim(),
  show,
  copy: copyFields([name]),
  ...target,
});

const agentPart: TaskPart = {
  ...field(
    'Agent',
    'agentId',
    { columns: ['agentId'] },
    ({ agentId }, agentNames) => agentNames.get(agentId) ?? (agentId === '' ? 'not set' : 'a deleted agent'),
  ),
  copy: copyFields(['agentId', 'agentKind']),
};

/** The fields of the rules that are not chosen are hidden, and do not count. */
const rulePart: TaskPart = {
  label: 'When it runs',
  value: ({ automation, every, pattern, timezone }) =>
    ({ once: ['once'], heartbeat: [every.trim()], schedule: [pattern.trim(), timezone.trim()] })[automation],
  show: ({ automation, every, pattern, timezone }) =>
    ({ once: 'Once', heartbeat: `Every ${every}`, schedule: `${pattern} (${timezone})` })[automation],
  copy: copyFields(['automation', 'every', 'pattern', 'timezone']),
  columns: ['automationMode', 'heartbeatInterval', 'schedulePattern', 'scheduleTimezone'],
};

const pacingPart: TaskPart = {
  label: 'Wait the agent may choose',
  value: ({ pacingMin, pacingMax }) => [pacingMin.trim(), pacingMax.trim()],
  show: ({ pacingMin, pacingMax }) => (pacingMin === '' ? 'not allowed' : `${pacingMin} to ${pacingMax}`),
  copy: copyFields(['pacingMin', 'pacingMax']),
  config: 'pacing',
};

const budgetPart: TaskPart = {
  label: 'Budget',
  value: ({ budget }) => Object.values(budget).map((text) => text.trim()),
  show: ({ budget }) => budgetText(readBudget(budget).budget),
  copy: copyFields(['budget']),
  config: 'budget',
};

/** What a task sets for agents of each kind. */
const settingParts = AGENT_KINDS.flatMap((kind): TaskPart[] => {
  const { taskSettings } = KIND_FORMS[kind];
  if (taskSettings === undefined) return [];
  const textsOf = ({ settings }: TaskFields) => Object.values(settings[kind] ?? {});
  return [
    {
      label: taskSettings.label,
      value: (fields) => (fields.agentKind === kind ? textsOf(fields) : undefined),
      show: (fields) => textsOf(withoutSecrets(fields)).filter(Boolean).join(', ') || 'not set',
      copy: (from, to) => ({ ...to, settings: { ...to.settings, [kind]: from.settings[kind] } }),
      config: kind,
    },
  ];
});

const reviewPart: TaskPart = {
  label: 'Check of the work',
  value: ({ agentKind, reviewRequirement, reviewTimes, reviewAgentId }) => {
    if (!readsWords(agentKind)) return undefined;
    const requirement = reviewRequirement.trim();
    return requirement === '' ? [] : [requirement, reviewTimes.trim(), reviewAgentId];
  },
  show: ({ reviewRequirement }) => reviewRequirement.trim() || 'not checked',
  copy: copyFields(['reviewRequirement', 'reviewTimes', 'reviewAgentId']),
  config: 'review',
};

const TASK_PARTS: readonly TaskPart[] = [
  {
    ...field('Instruction', 'instruction', { columns: ['instruction'] }, instructionOf),
    value: instructionOf,
  },
  field('Name', 'name', { columns: ['name'] }),
  agentPart,
  ...settingParts,
  rulePart,
  field('Priority', 'priority', { columns: ['priority'] }, ({ priority }) => PRIORITY_LABELS[priority] ?? ''),
  field('Maximum number of runs', 'maxTopics', { columns: ['maxTopics'] }),
  field('Ends on', 'endAt', { config: 'endAt' }, ({ endAt }) => endAt.replace('T', ' ') || 'not set'),
  field('A run counts as lost after', 'lease', { columns: ['heartbeatTimeout'] }),
  pacingPart,
  field('Reports in the inbox', 'report', { config: 'report' }, ({ report }) => REPORT_LABELS[report]),
  field('When the goal is met', 'completion', { config: 'mayComplete' }, ({ completion }) => {
    return COMPLETION_LABELS[completion];
  }),
  field('Parts that the agent creates', 'subtasks', { config: 'subtasks' }, ({ subtasks }) => {
    return SUBTASKS_LABELS[subtasks];
  }),
  field(
    'While nobody looks at it',
    'absence',
    { config: 'absence' },
    ({ absence }) => ABSENCE_LABELS[absence],
  ),
  reviewPart,
  budgetPart,
];

function differs(part: TaskPart, fields: TaskFields, base: TaskFields): boolean {
  const value = part.value(fields);
  const { agentKind } = fields;
  return value !== undefined && JSON.stringify(value) !== JSON.stringify(part.value({ ...base, agentKind }));
}

/** The parts that a person has changed from `base`. */
export const changedParts = (fields: TaskFields, base: TaskFields): TaskPart[] =>
  TASK_PARTS.filter((part) => differs(part, fields, base));

/** The parts that both have changed from `base`, to different values. */
export const conflictsOf = (mine: TaskFields, theirs: TaskFields, base: TaskFields): TaskPart[] =>
  changedParts(mine, base).filter((part) => differs(part, theirs, base) && differs(part, mine, theirs));

/**
 * What others have saved, with what a person has changed from `base` beside it, except in `dropped` parts.
 */
export const rebased = (
  mine: TaskFields,
  theirs: TaskFields,
  base: TaskFields,
  dropped: readonly TaskPart[],
): TaskFields =>
  changedParts(mine, base)
    .filter((part) => !dropped.includes(part))
    .reduce((merged, part) => part.copy(mine, merged), theirs);
