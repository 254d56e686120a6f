import type { TaskDetailView } from '@everbeat/domain';
import { newestRows } from '../sql/newestRows';
import type { Queryable } from '../sql/queryable';
import { LEDGER_ORDER } from './ledger';
import {
  ACTIVITY_COLUMNS,
  type ActivityRow,
  BRIEF_COLUMNS,
  type BriefRow,
  COMMENT_COLUMNS,
  type CommentRow,
  OPERATION_COLUMNS,
  type OperationRow,
  TASK_COLUMNS,
  TASK_REF_COLUMNS,
  type TaskRefRow,
  type TaskRow,
  TICK_COLUMNS,
  type TickRow,
  TOPIC_COLUMNS,
  type TopicRow,
  toActivityView,
  toBriefView,
  toCommentView,
  toOperationView,
  toTaskView,
  toTickView,
  toTopicView,
} from './rows';

/** How many of the newest rows of each list a detail holds. */
const SHOWN = {
  topics: 20,
  briefs: 20,
  comments: 50,
  activities: 50,
  subtasks: 50,
  links: 100,
  ticks: 20,
} as const;

interface DetailRow extends TaskRow {
  agent: TaskDetailView['agent'];
  parent: TaskRefRow | null;
  running_operation: OperationRow | null;
  topics: TopicRow[];
  briefs: BriefRow[];
  comments: CommentRow[];
  activities: ActivityRow[];
  subtasks: TaskRefRow[];
  dependencies: TaskRefRow[];
  dependents: TaskRefRow[];
  ticks: TickRow[];
}

const oneOf = (select: string): string => `(select row_to_json(r) from (${select}) r)`;
/** The aggregate keeps the order of its subquery. */
const listOf = (select: string): string => `(select coalesce(json_agg(r), '[]') from (${select}) r)`;

const TABLES = { topics: 'topics', briefs: 'briefs', comments: 'task_comments' } as const;

/** The newest rows of the task in one of these lists. */
function newestOf(list: keyof typeof TABLES, row: string, columns: string): string {
  const { from, newestFirst } = newestRows(TABLES[list], row, { column: 'task_id', value: '$2::uuid' });
  return listOf(`select ${columns} from ${from} order by ${newestFirst} limit ${SHOWN[list]}`);
}

const DETAIL_SQL = `
  select ${TASK_COLUMNS},
    ${oneOf('select a.id, a.name, a.kind from agents a where a.id = t.agent_id')} as agent,
    ${oneOf(`select ${TASK_REF_COLUMNS} from tasks n where n.id = t.parent_task_id`)} as parent,
    ${oneOf(`select ${OPERATION_COLUMNS} from operations o where o.task_id = $2::uuid and o.status = 'running'`)}
      as running_operation,
    ${newestOf('topics', 'p', TOPIC_COLUMNS)} as topics,
    ${newestOf('briefs', 'b', BRIEF_COLUMNS)} as briefs,
    ${newestOf('comments', 'c', COMMENT_COLUMNS)} as comments,
    ${listOf(`select ${ACTIVITY_COLUMNS} from task_activities a
      where a.task_id = $2::uuid and a.kind not in ('transcript', 'arm')
      order by a.id desc limit ${SHOWN.activities}`)} as activities,
    ${listOf(`select ${TASK_REF_COLUMNS} from tasks n where n.parent_task_id = $2::uuid
      order by n.number desc limit ${SHOWN.subtasks}`)} as subtasks,
    ${listOf(`select ${TASK_REF_COLUMNS} from task_dependencies d join tasks n on n.id = d.depends_on_id
      where d.task_id = $2::uuid order by n.id desc limit ${SHOWN.links}`)} as dependencies,
    ${listOf(`select ${TASK_REF_COLUMNS} from task_dependencies d join tasks n on n.id = d.task_id
      where d.depends_on_id = $2::uuid order by n.id desc limit ${SHOWN.links}`)} as dependents,
    ${listOf(`select ${TICK_COLUMNS} from task_ticks k where k.task_id = $2::uuid
      order by ${LEDGER_ORDER} limit ${SHOWN.ticks + 1}`)} as ticks
  from tasks t
  where t.id = $2::uuid and t.user_id = $1`;

/** One statement, so of one moment. Every list newest first. Null: no such task of this user. */
export async function readTaskDetail(
  db: Queryable,
  userId: string,
  taskId: string,
): Promise<TaskDetailView | null> {
  const { rows } = await db.query<DetailRow>({
    name: 'everbeat_task_detail',
    text: DETAIL_SQL,
    values: [userId, taskId],
  });
  const [row] = rows;
  if (row === undefined) return null;
  return {
    ...toTaskView(row),
    agent: row.agent,
    parent: row.parent,
    runningOperation: row.running_operation === null ? null : toOperationView(row.running_operation),
    topics: row.topics.map(toTopicView),
    briefs: row.briefs.map(toBriefView),
    comments: row.comments.map(toCommentView),
    activities: row.activities.map(toActivityView),
    subtasks: row.subtasks,
    dependencies: row.dependencies,
    dependents: row.dependents,
    ticks: row.ticks.slice(0, SHOWN.ticks).map(toTickView),
    hasOlderTicks: row.ticks.length > SHOWN.ticks,
  };
}
