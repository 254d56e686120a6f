import type { TaskConfig } from '@everbeat/domain';

type Rule<Name extends keyof TaskConfig> = NonNullable<TaskConfig[Name]>;

export const REPORT_LABELS: Readonly<Record<Rule<'report'>, string>> = {
  agent: 'Only what the agent sends',
  changes: 'When the report differs from the last one',
  always: 'After every run',
};

/** Whether the agent may complete the task. */
export const COMPLETION_LABELS = {
  ask: 'Ask me',
  complete: 'Complete the task',
} as const;

export const SUBTASKS_LABELS: Readonly<Record<Rule<'subtasks'>, string>> = {
  ask: 'Ask me whether to start them',
  start: 'Start them at once',
  backlog: 'Leave them in the backlog',
};

export const ABSENCE_LABELS: Readonly<Record<Rule<'absence'>, string>> = {
  slow: 'Run less often, down to once a day',
  keep: 'Keep its rhythm',
};
