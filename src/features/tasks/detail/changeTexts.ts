import {
  AGENT_KINDS,
  CAPS,
  type Cap,
  type EDIT_FIELDS,
  type FieldChange,
  type TaskConfig,
} from '@everbeat/domain';
import { KIND_LOOKS } from '@/features/agents/kindLooks';
import { amountText } from '@/features/spend/budgetTexts';
import { formatDuration, formatInterval } from '@/lib/format/duration';
import { formatDateTime } from '@/lib/format/time';
import { labelOf } from '@/lib/labelOf';
import { PRIORITY_LABELS } from '../shared/priorityLabels';
import { ABSENCE_LABELS, COMPLETION_LABELS, REPORT_LABELS, SUBTASKS_LABELS } from '../shared/ruleLabels';

/** What was changed in one setting, in words. Null: it was not set. */
export interface ChangeText {
  label: string;
  from: string | null;
  to: string | null;
  /** A secret: that it was changed is all that is told. */
  isHidden: boolean;
}

type Value = FieldChange['from'];
type Show = (value: NonNullable<Value>) => string;
interface Look {
  label: string;
  show?: Show;
}

const seconds =
  (format: (amount: number) => string): Show =>
  (value) =>
    typeof value === 'number' ? format(value) : String(value);
const duration = seconds(formatDuration);

const oneOf =
  (labels: Readonly<Record<string, string>>): Show =>
  (value) =>
    labelOf(labels, String(value)) ?? String(value);

const COLUMNS: Record<Exclude<(typeof EDIT_FIELDS)[number], 'config'> | 'parentTaskId', Look> = {
  name: { label: 'Name' },
  instruction: { label: 'Instruction' },
  agentId: { label: 'Agent' },
  parentTaskId: { label: 'Part of' },
  priority: { label: 'Priority', show: (value) => PRIORITY_LABELS[Number(value)] ?? String(value) },
  automationMode: {
    label: 'When it runs',
    show: (value) => (value === 'heartbeat' ? 'again and again' : 'at fixed times'),
  },
  heartbeatInterval: { label: 'Interval', show: seconds(formatInterval) },
  heartbeatTimeout: { label: 'A run counts as lost after', show: duration },
  schedulePattern: { label: 'Schedule' },
  scheduleTimezone: { label: 'Time zone' },
  maxTopics: { label: 'Maximum number of runs' },
};

const BUDGETS: Record<Cap, string> = {
  perRunUsd: 'Budget for a run',
  perDayUsd: 'Budget for a day',
  perMonthUsd: 'Budget for a month',
  totalUsd: 'Budget in all',
  perDayTokens: 'Tokens for a day',
};

type Common = Exclude<keyof TaskConfig, (typeof AGENT_KINDS)[number]>;

/** The parts of a group of settings have labels of their own. */
const SETTINGS: Record<Common, Look & { parts?: Readonly<Record<string, Look>> }> = {
  endAt: { label: 'Ends on', show: (value) => formatDateTime(new Date(String(value))) },
  retention: { label: 'Runs that are kept whole' },
  mayComplete: {
    label: 'When the goal is met',
    show: (value) => COMPLETION_LABELS[value === true ? 'complete' : 'ask'],
  },
  report: { label: 'Reports in the inbox', show: oneOf(REPORT_LABELS) },
  subtasks: { label: 'Parts that the agent creates', show: oneOf(SUBTASKS_LABELS) },
  absence: { label: 'While nobody looks at it', show: oneOf(ABSENCE_LABELS) },
  pacing: {
    label: 'Wait the agent may choose',
    parts: {
      minSeconds: { label: 'Shortest wait the agent may choose', show: duration },
      maxSeconds: { label: 'Longest wait the agent may choose', show: duration },
    },
  },
  review: {
    label: 'Check of the work',
    parts: {
      requirement: { label: 'What the work must fulfil' },
      maxIterations: { label: 'Tries before you are asked' },
      agentId: { label: 'Checked by' },
    },
  },
  budget: {
    label: 'Budget',
    parts: Object.fromEntries(
      CAPS.map((cap): [string, Look] => [
        cap,
        {
          label: BUDGETS[cap],
          show: (value) => (typeof value === 'number' ? amountText(cap, value) : String(value)),
        },
      ]),
    ),
  },
};

/** The fields that name an agent by its id. */
const AGENT_FIELDS = new Set(['agentId', 'config.review.agentId']);

/** "ignoreSelectors" as "ignore selectors", for a setting that no label is known for. */
const spelled = (name: string): string =>
  name.replace(/([a-z])([A-Z])/g, (_, a, b) => `${a} ${b.toLowerCase()}`);

function lookOf(field: string): Look {
  const [root = '', name = '', part] = field.split('.');
  if (root !== 'config') return labelOf(COLUMNS, field) ?? { label: spelled(field) };
  const common = labelOf(SETTINGS, name);
  if (common !== undefined) return (part !== undefined && labelOf(common.parts ?? {}, part)) || common;
  const kind = AGENT_KINDS.find((each) => each === name);
  const fact = kind !== undefined && part !== undefined ? labelOf(KIND_LOOKS[kind].facts, part) : undefined;
  return { label: fact?.label ?? spelled(part ?? name) };
}

const plain: Show = (value) => (value === true ? 'yes' : value === false ? 'no' : String(value));

/** `agentNames`: by their ids; an agent that is not among them was deleted. */
export function changeText(
  { field, from, to }: FieldChange,
  agentNames: ReadonlyMap<string, string>,
): ChangeText {
  const { label, show = plain } = lookOf(field);
  const text = (value: Value): string | null => {
    if (value === null || value === '') return null;
    return AGENT_FIELDS.has(field) ? (agentNames.get(String(value)) ?? 'a deleted agent') : show(value);
  };
  return { label, from: text(from), to: text(to), isHidden: from !== null && from === to };
}
