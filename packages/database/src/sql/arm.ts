/**
 * SQL that reads the arm in `tasks.context`. A hand edit may leave anything there, and one bad row must not
 * fail a statement that handles many tasks.
 */

/** The scheduler's state of a task `t`. */
export const ARM = "t.context -> 'scheduler'";

/** The text as a uuid, or null if it is not one. */
export const asToken = (text: string): string =>
  `case when ${text} ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then (${text})::uuid end`;

export const ARM_TOKEN = asToken(`(${ARM} ->> 'tickToken')`);

/**
 * The id of the agent of a run of task `t` that was started by `trigger`: of the reviewer, if it checks the
 * work of another run and the task names one, else the task's own.
 */
export const agentOfRun = (trigger: string): string =>
  `case when ${trigger} = 'review' then coalesce(${asToken("(t.config -> 'review' ->> 'agentId')")}, t.agent_id) else t.agent_id end`;

/**
 * Whether the due time has the textual form whose order is the order of time. The watchdog repairs any other.
 */
export const IS_DUE_READABLE = `(${ARM} ->> 'dueAt') ~
  '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d\\.\\d{3}Z$'`;

/** The context of a row for `jsonb_set`. If it is not an object, start from `{}`. */
export const contextOf = (context: string): string =>
  `case when jsonb_typeof(${context}) = 'object' then ${context} else '{}' end`;
