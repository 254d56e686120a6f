import {
  type AgentKind,
  agentKindSchema,
  type KindSettings,
  type TaskDetailView,
  type TaskUpdateInput,
} from '@everbeat/domain';
import { KIND_FORMS } from '@/features/agents/kinds';
import { type EditedTask, fieldsOf, type TaskFields } from './taskFields';
import { type TaskFormValues, toTaskInput } from './taskForm';
import { changedParts } from './taskParts';

/** A task as it was read for editing. */
export interface TaskBase extends EditedTask {
  revision: number;
  agentKind: AgentKind | null;
}

export const baseOf = ({ agent, ...task }: TaskDetailView): TaskBase => ({
  revision: task.revision,
  agentKind: agent?.kind ?? null,
  instruction: task.instruction,
  name: task.name,
  agentId: task.agentId,
  automationMode: task.automationMode,
  heartbeatInterval: task.heartbeatInterval,
  heartbeatTimeout: task.heartbeatTimeout,
  schedulePattern: task.schedulePattern,
  scheduleTimezone: task.scheduleTimezone,
  priority: task.priority,
  maxTopics: task.maxTopics,
  config: task.config,
});

export const fieldsOfBase = (base: TaskBase): TaskFields => fieldsOf(base, base.agentKind);

/** What is sent to save an edit: the parts that were changed, with the values that they were changed from. */
export function editOf(
  values: TaskFormValues,
  typed: TaskFields,
  base: TaskBase,
): Omit<TaskUpdateInput, 'id'> {
  const input = toTaskInput(values);
  const parts = changedParts(typed, fieldsOfBase(base));
  const columns = parts.flatMap((part) => part.columns ?? []);
  const keys = parts.flatMap((part) => part.config ?? []);
  const hasConfig = keys.length > 0;
  const config = {
    ...base.config,
    ...Object.fromEntries(
      keys.map((key) => {
        const kind = agentKindSchema.safeParse(key);
        const given = input.config?.[key];
        return [
          key,
          kind.success ? withHidden(kind.data, base.config[kind.data], input.config?.[kind.data]) : given,
        ];
      }),
    ),
  };
  return {
    ...Object.fromEntries(columns.map((column) => [column, input[column]])),
    ...(hasConfig && { config }),
    revision: base.revision,
    base: {
      ...Object.fromEntries(columns.map((column) => [column, base[column]])),
      ...(hasConfig && { config: base.config }),
    },
  };
}

/**
 * The settings of a kind with those that the form does not show, such as the tools that a person has allowed.
 */
function withHidden(
  kind: AgentKind,
  stored: KindSettings = {},
  given: KindSettings | undefined,
): KindSettings | undefined {
  const shown = KIND_FORMS[kind].taskSettings?.fields ?? {};
  const hidden = Object.entries(stored).filter(([name]) => !(name in shown));
  return hidden.length === 0 ? given : { ...Object.fromEntries(hidden), ...given };
}
