import type { TaskStatus } from '@everbeat/domain';

/** What can be done to many tasks at once. */
export const BULK_ACTS = ['pause', 'resume'] as const;
export type BulkAct = (typeof BULK_ACTS)[number];

const APPLIES: Record<BulkAct, (status: TaskStatus) => boolean> = {
  pause: (status) => status === 'scheduled' || status === 'running',
  resume: (status) => status === 'paused',
};

/** Of these tasks, those that the act changes. */
export const concernedBy = <Task extends { status: TaskStatus }>(
  act: BulkAct,
  tasks: readonly Task[],
): Task[] => tasks.filter(({ status }) => APPLIES[act](status));

const PAST: Record<BulkAct, string> = { pause: 'paused', resume: 'resumed' };

/** "12 tasks were paused. 1 could not be: open it to see why." */
export function bulkText(act: BulkAct, { done, refused }: { done: number; refused: number }): string {
  const text = `${done} ${done === 1 ? 'task was' : 'tasks were'} ${PAST[act]}.`;
  if (refused === 0) return text;
  return `${text} ${refused} could not be: open ${refused === 1 ? 'it' : 'them'} to see why.`;
}
