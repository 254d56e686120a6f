import { LIMITS, type StoredTask, type TaskDetailView, type TaskView } from '@everbeat/domain';
import { newestDocuments } from '../sql/newestDocuments';
import { newestRows } from '../sql/newestRows';
import { firstRow, type Queryable } from '../sql/queryable';
import { IS_OPEN } from '../state/taskState';
import { DOCUMENT_HEAD, toDocumentHead } from './documents';
import { LEDGER_FROM, LEDGER_ORDER } from './ledger';
import {
  ACTIVITY,
  type ActivityRow,
  briefColumns,
  COMMENT,
  linkedTaskColumns,
  OPERATION,
  RUN_MARK,
  TASK,
  type TaskRow,
  tickColumns,
  toActivityView,
  toBriefView,
  topicColumns,
  topicWork,
  toStoredTask,
  toTickView,
  toTopicView,
} from './rows';
import { IS_HISTORY } from './taskHistory';

/** How many of the newest rows of each list are included. Dependencies are all included: there are few. */
const SHOWN = {
  topics: 20,
  runs: 30,
  briefs: 20,
  comments: 50,
  activities: 50,
  subtasks: 50,
  dependents: 50,
  ticks: 20,
} as const;

type DetailRow = TaskRow &
  Omit<TaskDetailView, keyof TaskView | 'activities' | 'hasOlderTicks' | 'hasOlderActivities'> & {
    activities: ActivityRow[];
  };

const oneOf = (select: string): string => `(select row_to_json(r) from (${select}) r)`;
/** The aggregate keeps the order of its subquery. */
const listOf = (select: string): string => `(select coalesce(json_agg(r), '[]') from (${select}) r)`;

/** Bounded, because it is counted with every look at the page. */
const countOf = (from: string): string =>
  `(select count(*)::int from (select 1 from ${from} limit ${LIMITS.countedTasksMax}) r)`;

const TABLES = {
  topics: 'everbeat.topics',
  briefs: 'everbeat.briefs',
  comments: 'everbeat.task_comments',
} as const;

/** The newest rows of one of the task's lists. */
function newestOf(list: keyof typeof TABLES, row: string, columns: string, join = ''): string {
  const { from, newestFirst } = newestRows(TABLES[list], row, { column: 'task_id', value: '$2::uuid', join });
  return listOf(`select ${columns} from ${from} order by ${newestFirst} limit ${SHOWN[list]}`);
}

const NEWEST_RUNS = newestRows('everbeat.operations', 'o', {
  column: 'task_id',
  value: '$2::uuid',
  also: "o.trigger <> 'review'",
});
const RECENT_RUNS =
  listOf(`select ${RUN_MARK.of('o')}, (select p.number from everbeat.topics p where p.id = o.topic_id) as number
  from ${NEWEST_RUNS.from} order by ${NEWEST_RUNS.newestFirst} limit ${SHOWN.runs}`);

const DETAIL_SQL = `
  select ${TASK.of('t')},
    ${oneOf('select a.id, a.name, a.kind from everbeat.agents a where a.id = t.agent_id')} as agent,
    ${oneOf(`select ${linkedTaskColumns('n')} from everbeat.tasks n
      where n.id = t.parent_task_id and n.deleted_at is null`)} as parent,
    ${oneOf(`select ${OPERATION.of('o')} from everbeat.operations o where o.task_id = $2::uuid and ${IS_OPEN}`)}
      as "runningOperation",
    ${newestOf('topics', 'p', topicColumns('p', 'w'), topicWork('p', 'w', '$2::uuid'))} as topics,
    ${RECENT_RUNS} as "recentRuns",
    ${newestOf('briefs', 'b', briefColumns('b', 't'))} as briefs,
    ${newestOf('comments', 'c', COMMENT.of('c'))} as comments,
    ${listOf(`select ${ACTIVITY.of('a')} from everbeat.task_activities a
      where a.task_id = $2::uuid and a.${IS_HISTORY}
      order by a.id desc limit ${SHOWN.activities + 1}`)} as activities,
    ${listOf(`select ${linkedTaskColumns('n')} from everbeat.tasks n where n.parent_task_id = $2::uuid and n.deleted_at is null
      order by n.number desc limit ${SHOWN.subtasks}`)} as subtasks,
    json_build_object('comments', ${countOf('everbeat.task_comments c where c.task_id = $2::uuid')},
      'openBriefs', ${countOf('everbeat.briefs b where b.task_id = $2::uuid and b.resolved_at is null')},
      'continuedRuns', ${countOf(`everbeat.operations o where o.task_id = $2::uuid and o.continues_topic
        and o.trigger <> 'review'`)},
      'subtasks', ${countOf('everbeat.tasks n where n.parent_task_id = $2::uuid and n.deleted_at is null')},
      'dependents', ${countOf(`everbeat.task_dependencies d join everbeat.tasks n on n.id = d.task_id
        where d.depends_on_id = $2::uuid and n.deleted_at is null`)}) as counts,
    ${oneOf(`select count(*)::int as total, (count(*) filter (where s.status = 'completed'))::int as done,
        (count(*) filter (where s.status in ('backlog', 'paused')))::int as resting
      from (select n.status from everbeat.tasks n
        where n.parent_task_id = $2::uuid and n.deleted_at is null and n.status <> 'canceled'
        limit ${LIMITS.countedTasksMax}) s`)} as "subtaskCounts",
    ${listOf(`select ${linkedTaskColumns('n')} from everbeat.task_dependencies d join everbeat.tasks n on n.id = d.depends_on_id
      where d.task_id = $2::uuid and n.deleted_at is null order by n.id desc limit ${LIMITS.dependenciesPerTaskMax}`)} as dependencies,
    ${listOf(`select ${linkedTaskColumns('n')} from everbeat.task_dependencies d join everbeat.tasks n on n.id = d.task_id
      where d.depends_on_id = $2::uuid and n.deleted_at is null order by d.task_id desc limit ${SHOWN.dependents}`)} as dependents,
    ${listOf(`select ${DOCUMENT_HEAD} from ${newestDocuments('$2::uuid')} order by d.name`)} as documents,
    ${listOf(`select ${tickColumns('k', 'o')} from ${LEDGER_FROM} where k.task_id = $2::uuid
      order by ${LEDGER_ORDER} limit ${SHOWN.ticks + 1}`)} as ticks
  from everbeat.tasks t
  where t.id = $2::uuid and t.user_id = $1 and t.deleted_at is null`;

/** One statement, and so one snapshot. Every list is newest first. Null: no such task of this user. */
export async function readTaskDetail(
  db: Queryable,
  userId: string,
  taskId: string,
): Promise<StoredTask<TaskDetailView> | null> {
  const row = await firstRow<DetailRow>(db, {
    name: 'everbeat_task_detail',
    text: DETAIL_SQL,
    values: [userId, taskId],
  });
  if (row === null) return null;
  const {
    agent,
    parent,
    subtasks,
    subtaskCounts,
    counts,
    dependencies,
    dependents,
    runningOperation,
    ...rest
  } = row;
  const { topics, recentRuns, briefs, comments, activities, documents, ticks, ...task } = rest;
  return {
    ...toStoredTask(TASK.parse(task)),
    agent,
    parent,
    subtasks,
    subtaskCounts,
    counts,
    dependencies,
    dependents,
    runningOperation: runningOperation === null ? null : OPERATION.parse(runningOperation),
    topics: topics.map(toTopicView),
    recentRuns: recentRuns.map((run) => ({ ...run, ...RUN_MARK.parse(run) })),
    briefs: briefs.map(toBriefView),
    comments: comments.map(COMMENT.parse),
    activities: activities.slice(0, SHOWN.activities).map(toActivityView),
    hasOlderActivities: activities.length > SHOWN.activities,
    documents: documents.map(toDocumentHead),
    ticks: ticks.slice(0, SHOWN.ticks).map(toTickView),
    hasOlderTicks: ticks.length > SHOWN.ticks,
  };
}
