import { lockWait } from '../sql/lockWait';
import { allRows, type Queryable } from '../sql/queryable';
import { COUNTED_COLUMNS, countRuns } from './runDays';

/** Deleted tasks whose rows are not all removed yet, the longest deleted first. Reads tasks_deleted_idx. */
export async function findDeletedTasks(db: Queryable, limit: number): Promise<string[]> {
  const rows = await allRows<{ id: string }>(db, {
    name: 'everbeat_find_deleted_tasks',
    text: 'select id from everbeat.tasks where deleted_at is not null order by deleted_at, id limit $1',
    values: [limit],
  });
  return rows.map(({ id }) => id);
}

/** How many topics are removed at once, after their messages. */
const TOPICS_PER_STATEMENT = 500;

/**
 * Removes up to $2 rows that `rows` selects, named `r`, of the task $1. A row that another session holds is
 * passed over.
 */
const removal = (table: string, rows: string): string => `
  delete from everbeat.${table} where ctid = any(array(
    select r.ctid from ${rows} limit $2 for update of r skip locked))`;

const OLDEST_TOPICS = `select p.id from everbeat.topics p where p.task_id = $1::uuid order by p.id limit ${TOPICS_PER_STATEMENT}`;

const COUNTERS_OF_TASK = `everbeat.budget_counters r where r.scope = 'task' and r.scope_id = $1::uuid::text`;

/** The runs of a deleted task stay counted for their days. */
const OPERATIONS_REMOVAL = `
  with removed as (${removal('operations', 'everbeat.operations r where r.task_id = $1::uuid')}
    returning ${COUNTED_COLUMNS.join(', ')}
  ), counted as (${countRuns('removed')}
  )
  select from removed`;

/** What belongs to a task, in the order in which it is removed: what refers to other rows goes first. */
const REMOVALS: readonly { name: string; text: string }[] = [
  {
    name: 'operation_steps',
    text: removal(
      'operation_steps',
      `everbeat.operations o join everbeat.operation_steps r on r.operation_id = o.id where o.task_id = $1::uuid`,
    ),
  },
  ...[
    'briefs',
    'task_comments',
    'task_ticks',
    'task_dependencies',
    'task_memories',
    'task_documents',
    'task_pictures',
    'prompt_parts',
  ].map((table) => ({ name: table, text: removal(table, `everbeat.${table} r where r.task_id = $1::uuid`) })),
  { name: 'operations', text: OPERATIONS_REMOVAL },
  {
    name: 'dependents',
    text: removal('task_dependencies', 'everbeat.task_dependencies r where r.depends_on_id = $1::uuid'),
  },
  {
    name: 'messages',
    text: removal('messages', `everbeat.messages r where r.topic_id = any(array(${OLDEST_TOPICS}))`),
  },
  {
    name: 'topics',
    text: `delete from everbeat.topics using ${lockWait('alone')}
      where id = any(array(${OLDEST_TOPICS})) and $2::int > 0`,
  },
  {
    name: 'subtasks',
    text: `update everbeat.tasks set parent_task_id = null where id = any(array(
      select r.id from everbeat.tasks r where r.parent_task_id = $1::uuid limit $2 for update of r skip locked))`,
  },
  {
    // Its owner's and its agent's count what it has spent. A call of a subtask that was reserved for here is
    // settled here.
    name: 'counters',
    text: removal('budget_counters', `${COUNTERS_OF_TASK} and r.reserved_usd = 0 and r.reserved_tokens = 0`),
  },
  {
    name: 'activities',
    // The row that tells of the deletion stays for pages that connect later.
    text: removal(
      'task_activities',
      `everbeat.task_activities r where r.task_id = $1::uuid and r.kind <> 'deleted'`,
    ),
  },
  {
    name: 'task',
    text: `delete from everbeat.tasks t using ${lockWait('alone')}
      where t.id = $1::uuid and t.deleted_at is not null and $2::int > 0 and not exists (select from ${COUNTERS_OF_TASK})`,
  },
];

/**
 * Removes up to `limit` rows of a deleted task in one small statement, whatever the task has left behind.
 * Returns how many were removed: 0 once nothing is left that can be removed now.
 * @throws contention when another session holds a row that the rest depends on
 */
export async function removeDeletedTaskRows(db: Queryable, taskId: string, limit: number): Promise<number> {
  for (const { name, text } of REMOVALS) {
    const { rowCount } = await db.query({ name: `everbeat_remove_${name}`, text, values: [taskId, limit] });
    if (rowCount !== null && rowCount > 0) return rowCount;
  }
  return 0;
}
