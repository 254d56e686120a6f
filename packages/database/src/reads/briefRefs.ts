import type { BriefAction, BriefPurpose } from '@everbeat/domain';
import type { Queryable } from '../sql/queryable';

export interface BriefRef {
  id: string;
  taskId: string;
  purpose: BriefPurpose | null;
  actions: BriefAction[];
  isResolved: boolean;
}

/** What resolving a brief needs to know of it; null when this user has no such brief. */
export async function findBrief(db: Queryable, userId: string, briefId: string): Promise<BriefRef | null> {
  const { rows } = await db.query<{
    id: string;
    task_id: string;
    purpose: BriefPurpose | null;
    actions: BriefAction[];
    is_resolved: boolean;
  }>({
    name: 'everbeat_find_brief',
    text: `select id, task_id, purpose, actions, resolved_at is not null as is_resolved
      from briefs where id = $1::uuid and user_id = $2`,
    values: [briefId, userId],
  });
  const [row] = rows;
  if (row === undefined) return null;
  return {
    id: row.id,
    taskId: row.task_id,
    purpose: row.purpose,
    actions: row.actions,
    isResolved: row.is_resolved,
  };
}
