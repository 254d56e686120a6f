import type { TaskGroup, TaskListItemView } from '@everbeat/domain';
import { STATUS_LABELS } from '../shared/statusLabels';

export const GROUP_LABELS: Record<TaskGroup, string> = {
  status: 'By status',
  agent: 'By agent',
  parent: 'By parent task',
};

/** The tasks that stand below one heading. */
export interface Section<Task> {
  /** The same as long as it stands for the same group: headings may be the same, such as names of agents. */
  key: string;
  /** Null: the list is not grouped. */
  heading: string | null;
  tasks: Task[];
}

type Grouped = Pick<TaskListItemView, 'status' | 'agentId' | 'parent'>;

const HEADINGS: Record<TaskGroup, (task: Grouped, agentNames: ReadonlyMap<string, string>) => string> = {
  status: ({ status }) => STATUS_LABELS[status].label,
  agent: ({ agentId }, names) => (agentId === null ? 'No agent' : (names.get(agentId) ?? 'An agent')),
  parent: ({ parent }) =>
    parent === null ? 'Part of no other task' : `Part of ${parent.identifier} ${parent.name}`,
};

const keyOf: Record<TaskGroup, (task: Grouped) => string> = {
  status: ({ status }) => status,
  agent: ({ agentId }) => agentId ?? 'none',
  parent: ({ parent }) => parent?.identifier ?? 'none',
};

/** The list, which arrives in the order of its groups, with its headings. */
export function sectionsOf<Task extends Grouped>(
  tasks: readonly Task[],
  group: TaskGroup | null,
  agentNames: ReadonlyMap<string, string>,
): Section<Task>[] {
  if (group === null) return [{ key: 'all', heading: null, tasks: [...tasks] }];
  const sections = new Map<string, Section<Task>>();
  for (const task of tasks) {
    const key = keyOf[group](task);
    const section = sections.get(key);
    if (section !== undefined) section.tasks.push(task);
    else sections.set(key, { key, heading: HEADINGS[group](task, agentNames), tasks: [task] });
  }
  return [...sections.values()];
}
