import { briefs } from '../schema';
import { type SelectedBy, selection } from '../sql/columns';
import { firstRow, type Queryable } from '../sql/queryable';
import { questionHash } from '../sql/question';

const REF = selection(briefs, [
  'id',
  'taskId',
  'topicId',
  'type',
  'priority',
  'purpose',
  'actions',
  'subjectIds',
  'title',
  'expiresAt',
  'defaultAction',
  'createdAt',
  'updatedAt',
]);

export type BriefRef = SelectedBy<typeof REF> & { isResolved: boolean; questionHash: string };

/** What resolving a brief needs to know about it. Null: no such brief of this user. */
export async function findBrief(db: Queryable, userId: string, briefId: string): Promise<BriefRef | null> {
  return firstRow<BriefRef>(db, {
    name: 'everbeat_find_brief',
    text: `select ${REF.of('b')}, b.resolved_at is not null as "isResolved", ${questionHash('b')} as "questionHash"
      from everbeat.briefs b join everbeat.tasks t on t.id = b.task_id
      where b.id = $1::uuid and b.user_id = $2 and t.deleted_at is null`,
    values: [briefId, userId],
  });
}

/** Whether any of these briefs is the user's. */
export async function ownsSomeBrief(
  db: Queryable,
  userId: string,
  briefIds: readonly string[],
): Promise<boolean> {
  const row = await firstRow(db, {
    name: 'everbeat_owns_some_brief',
    text: `select 1 from everbeat.briefs b join everbeat.tasks t on t.id = b.task_id
      where b.id = any($1::uuid[]) and b.user_id = $2 and t.deleted_at is null limit 1`,
    values: [briefIds, userId],
  });
  return row !== null;
}
