/**
 * Assigns the columns that have a value in one status only, for an update of tasks `t` to the status `to`.
 * @param value the SQL of a column's value before the update, with the edits of the same write
 */
export const statusColumns = (to: string, value: (column: string) => string): string =>
  [
    `completed_at = case when ${to} = 'completed' then coalesce(${value('completed_at')}, $2::timestamptz) end`,
    `paused_reason = case when ${to} = 'paused' then ${value('paused_reason')} end`,
  ].join(',\n      ');
