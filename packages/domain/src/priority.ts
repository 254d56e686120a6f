/** The priorities of a task: 0 none, 1 urgent, 2 high, 3 medium, 4 low. */
const NONE = 0;
const MEDIUM = 3;

/** The order of priorities, lowest first: a task without one counts as medium. */
export const priorityRank = (priority: number): number => (priority === NONE ? MEDIUM : priority);

/** How a list of tasks is ordered. */
export const TASK_SORTS = ['newest', 'priority'] as const;
export type TaskSort = (typeof TASK_SORTS)[number];
