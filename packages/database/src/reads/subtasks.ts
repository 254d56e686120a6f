import { LIMITS, type TaskStatus, TERMINAL_STATUSES } from '@everbeat/domain';
import { allRows, firstRow, type Queryable } from '../sql/queryable';
import { quoted } from '../sql/quoted';

const OPEN = `n.deleted_at is null and n.status not in (${quoted(TERMINAL_STATUSES)})`;

export interface SubtaskSituation {
  /** How many subtasks are open, counted up to the bound for what agents create. */
  open: number;
  /** How deep the task is nested; 1 without a parent. */
  depth: number;
  /** Those that an open brief asks about already, with how their instructions begin. */
  asked: { name: string; instruction: string }[];
}

/** What limits the subtasks that an agent may create for a task, and what is asked about them. */
export async function readSubtaskSituation(db: Queryable, taskId: string): Promise<SubtaskSituation> {
  const row = await firstRow<SubtaskSituation>(db, {
    name: 'everbeat_subtask_situation',
    text: `
      with recursive lineage(id, depth) as (
        select $1::uuid, 1
        union all
        select t.parent_task_id, l.depth + 1 from lineage l join everbeat.tasks t on t.id = l.id
        where t.parent_task_id is not null and l.depth <= ${LIMITS.ancestorsDepthMax}
      )
      select (select max(depth) from lineage) as depth,
        (select count(*)::int from (
          select 1 from everbeat.tasks n where n.parent_task_id = $1::uuid and ${OPEN}
          limit ${LIMITS.openSubtasksMax}) o) as open,
        array(select json_build_object('name', n.name, 'instruction', left(n.instruction, ${2 * LIMITS.excerptCharsMax})) from everbeat.briefs b cross join lateral unnest(b.subject_ids) s(id)
          join everbeat.tasks n on n.id = s.id and n.deleted_at is null and n.status = 'backlog'
          where b.task_id = $1::uuid and b.purpose = 'subtasks' and b.resolved_at is null
          order by n.number limit 100) as asked`,
    values: [taskId],
  });
  return row ?? { open: 0, depth: 1, asked: [] };
}

/** A page of the open subtasks of a user's task, by their numbers. Reads tasks_parent_idx. */
export async function findSubtasks(
  db: Queryable,
  parent: { taskId: string; userId: string },
  { after, limit }: { after: number; limit: number },
): Promise<{ id: string; number: number; status: TaskStatus }[]> {
  return allRows<{ id: string; number: number; status: TaskStatus }>(db, {
    name: 'everbeat_find_subtasks',
    text: `select n.id, n.number, n.status from everbeat.tasks n
      where n.parent_task_id = $1::uuid and n.user_id = $2 and n.number > $3 and ${OPEN}
      order by n.number limit $4`,
    values: [parent.taskId, parent.userId, after, limit],
  });
}

/**
 * The open brief that asks whether to start subtasks of a task, and which of them are still in the backlog.
 * Null: there is none.
 */
export async function findSubtasksQuestion(
  db: Queryable,
  parent: { taskId: string; userId: string },
): Promise<{ id: string; undecidedIds: string[] } | null> {
  return firstRow<{ id: string; undecidedIds: string[] }>(db, {
    name: 'everbeat_find_subtasks_question',
    text: `select b.id, array(select n.id from everbeat.tasks n
        where n.id = any(b.subject_ids) and n.status = 'backlog' and n.deleted_at is null) as "undecidedIds"
      from everbeat.briefs b
      where b.task_id = $1::uuid and b.user_id = $2 and b.purpose = 'subtasks' and b.resolved_at is null
        and b.actions @> '[{"key": "start"}]'`,
    values: [parent.taskId, parent.userId],
  });
}

/** How many subtasks a task has beside those that a commit writes. */
export interface SubtaskCounts {
  parentId: string;
  name: string;
  /** Those that are in no terminal status. */
  open: number;
  /** Those that have completed. */
  done: number;
  failed: number;
  /** Whether an open brief asks whether to start some of them. */
  isAsked: boolean;
  /** Those it asks about that are still in the backlog. */
  undecided: number;
}

/**
 * The subtasks of these tasks without those of `changedIds`, whose statuses a commit is about to change. Must
 * be read after the revisions of the parents.
 */
export async function loadSubtaskCounts(
  db: Queryable,
  parentIds: readonly string[],
  changedIds: readonly string[],
): Promise<SubtaskCounts[]> {
  return allRows<SubtaskCounts>(db, {
    name: 'everbeat_load_parts',
    text: `
      select p.id as "parentId", p.name, n.open, n.done, n.failed, b.id is not null as "isAsked",
        (select count(*)::int from everbeat.tasks u where u.id = any(b.subject_ids) and u.id <> all($2::uuid[])
          and u.parent_task_id = p.id and u.status = 'backlog' and u.deleted_at is null) as undecided
      from everbeat.tasks p
      cross join lateral (
        select (count(*) filter (where ${OPEN}))::int as open,
          (count(*) filter (where n.status = 'completed'))::int as done,
          (count(*) filter (where n.status = 'failed'))::int as failed
        from everbeat.tasks n
        where n.parent_task_id = p.id and n.deleted_at is null and n.id <> all($2::uuid[])) n
      left join everbeat.briefs b on b.task_id = p.id and b.purpose = 'subtasks' and b.resolved_at is null
        and b.actions @> '[{"key": "start"}]'
      where p.id = any($1::uuid[]) and p.deleted_at is null`,
    values: [parentIds, changedIds],
  });
}
