import { AFTER_ALL_IDS } from './newestRows';

/**
 * The newest version of each document of the task `taskId` (SQL), as rows `d`, by name. One look at the
 * primary key for each document, however many versions there are, and one for a task without documents.
 * `before` (SQL): only versions whose ids come before this one. `also` (SQL): a further condition on `d`.
 * @returns the text after `from`
 */
export const newestDocuments = (
  taskId: string,
  { before = `'${AFTER_ALL_IDS}'::uuid`, also = 'true' }: { before?: string; also?: string } = {},
): string => `(
  with recursive newest as (
    (${newestAfter(taskId, 'true', before)})
    union all
    select f.* from newest v cross join lateral (${newestAfter(taskId, 'd.name < v.name', before)}) f
  )
  select d.* from newest d where ${also} order by d.name) d`;

const newestAfter = (taskId: string, condition: string, before: string): string =>
  `select d.* from everbeat.task_documents d
     where d.task_id = ${taskId} and ${condition} and d.id < ${before}
     order by d.name desc, d.version desc limit 1`;
