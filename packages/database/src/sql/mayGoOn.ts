import { OPEN_STATUSES } from '@everbeat/domain';
import { quoted } from './quoted';

/**
 * Whether work on an occurrence may go on, in SQL: a run of it is under way or waits for a person, or it is
 * to be tried again. It is also to be tried again once the person takes back an answer that has taken the
 * place of the next attempt. Reads operations_one_running_per_task, tasks_pkey and inbox_undos_expires_idx.
 */
export const mayGoOn = ({
  taskId,
  occurrence,
  now,
}: {
  taskId: string;
  occurrence: string;
  now: string;
}): string => `(
    exists (
      select 1 from everbeat.operations g
      where g.task_id = ${taskId} and g.status in (${quoted(OPEN_STATUSES)}) and g.occurrence = ${occurrence})
    or exists (
      select 1 from everbeat.tasks g
      where g.id = ${taskId} and g.context -> 'scheduler' -> 'retry' ->> 'occurrence' = ${occurrence}::text)
    or exists (
      select 1 from everbeat.inbox_undos g
      where g.expires_at > ${now} and g.answer -> 'before' -> 'scheduler' -> 'retry' ->> 'occurrence' = ${occurrence}::text))`;
