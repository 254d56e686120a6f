/**
 * The arm in `tasks.context` as statements read it. A hand edit may leave anything there: one bad row must not fail
 * a statement that serves all of them.
 */

/** Of a task `t`. */
export const ARM = "t.context -> 'scheduler'";

/** The text as a uuid, or null where it is none. */
export const asToken = (text: string): string =>
  `case when ${text} ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then (${text})::uuid end`;

export const ARM_TOKEN = asToken(`(${ARM} ->> 'tickToken')`);

/** Whether the due time has the one textual form whose order is the order of time. Any other is the watchdog's to mend. */
export const IS_DUE_READABLE = `(${ARM} ->> 'dueAt') ~
  '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d\\.\\d{3}Z$'`;

/** The context of a row, ready to have a key set; what is no object holds nobody's keys. */
export const contextOf = (context: string): string =>
  `case when jsonb_typeof(${context}) = 'object' then ${context} else '{}' end`;
