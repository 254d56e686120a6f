import type { ActivityView, CommentView, Page, TopicView } from '@everbeat/domain';
import { newestRows } from '../sql/newestRows';
import { firstRow, type Queryable } from '../sql/queryable';
import { type PageRequest, pageSize, toPage } from './filter';
import { ACTIVITY, type ActivityRow, COMMENT, toActivityView, topicColumns, topicWork } from './rows';

/** What the detail of a task holds the newest rows of, page by page, newest first. */

/** The comments of one task. Reads task_comments_task_idx. */
export async function readComments(
  db: Queryable,
  userId: string,
  taskId: string,
  { cursor, limit }: PageRequest,
): Promise<Page<CommentView>> {
  const size = pageSize(limit);
  const { from, newestFirst } = newestRows('everbeat.task_comments', 'c', {
    column: 'task_id',
    value: '$2::uuid',
    also: 'c.user_id = $1',
    ...(cursor !== undefined && { before: '$4::uuid' }),
  });
  const { rows } = await db.query<CommentView>(
    `select ${COMMENT.of('c')} from ${from} order by ${newestFirst} limit $3`,
    [userId, taskId, size + 1, ...(cursor === undefined ? [] : [cursor])],
  );
  return toPage(rows, size, ({ id }) => id);
}

/** Activities that only refresh live pages are no part of the history. */
export const IS_HISTORY = "kind not in ('transcript', 'arm')";

/** After every id of an activity. */
const AFTER_ALL = "'9223372036854775807'::bigint";

/** The changes of one task. Reads task_activities_task_idx. */
export async function readActivities(
  db: Queryable,
  userId: string,
  taskId: string,
  { cursor, limit }: PageRequest,
): Promise<Page<ActivityView>> {
  const size = pageSize(limit);
  const { from, newestFirst } = newestRows('everbeat.task_activities', 'a', {
    column: 'task_id',
    value: '$2::uuid',
    also: `a.user_id = $1 and a.${IS_HISTORY}`,
    before: cursor === undefined ? AFTER_ALL : '$4::bigint',
  });
  const { rows } = await db.query<ActivityRow>(
    `select ${ACTIVITY.of('a')} from ${from} order by ${newestFirst} limit $3`,
    [userId, taskId, size + 1, ...(cursor === undefined ? [] : [cursor])],
  );
  return toPage(rows.map(toActivityView), size, ({ id }) => id);
}

/** The topic of a task with this number. Null: there is none, or it is no longer kept. */
export const readTopic = (
  db: Queryable,
  userId: string,
  { taskId, number }: { taskId: string; number: number },
): Promise<TopicView | null> =>
  firstRow<TopicView>(db, {
    text: `select ${topicColumns('p', 'w')} from everbeat.topics p ${topicWork('p', 'w', '$2::uuid')}
      where p.task_id = $2::uuid and p.user_id = $1 and p.number = $3`,
    values: [userId, taskId, number],
  });
