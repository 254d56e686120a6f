/**
 * The runs of the user `$1`, to be followed by further conditions and by the order of their ids, which is
 * that of time: an index by user and time would cost every run. So they are the runs of the user's tasks, and
 * Postgres chooses: one who has most of all runs is read by the primary key, one who has few by
 * operations_task_idx. A statement with this has no name, since a plan for all users alike would read the
 * runs of everybody for those who have few.
 */
export const RUNS_OF_USER =
  'everbeat.tasks u join everbeat.operations o on o.task_id = u.id where u.user_id = $1';
