/** The priorities of a task: 0 none, 1 urgent, 2 high, 3 medium, 4 low. */
const NONE = 0;
const MEDIUM = 3;

/** The order of priorities, lowest first: a task without one counts as medium. */
export const priorityRank = (priority: number): number => (priority === NONE ? MEDIUM : priority);

/** How a list of tasks is ordered: the newest or the most urgent first, by the next run, by the name. */
export const TASK_SORTS = ['newest', 'priority', 'next', 'name'] as const;
export type TaskSort = (typeof TASK_SORTS)[number];

/** By what a list of tasks is grouped. */
export const TASK_GROUPS = ['status', 'agent', 'parent'] as const;
export type TaskGroup = (typeof TASK_GROUPS)[number];
