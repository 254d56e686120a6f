import type { BriefActionView } from '@everbeat/domain';
import { allRows, type Queryable } from '../sql/queryable';

/** A task that goes on once the caps have room that a question about its budget names. */
export interface BudgetWait {
  taskId: string;
  /** The question. */
  briefId: string;
  actions: BriefActionView[];
  /** Nobody has answered it yet; otherwise the answer was to wait. */
  isOpen: boolean;
  agentId: string | null;
  /** The agent that checks the work, where the task names another one. */
  reviewerId: string | null;
}

const READ_MAX = 1_000;
const WAIT = `t.id as "taskId", b.id as "briefId", b.actions, t.agent_id as "agentId", t.config -> 'review' ->> 'agentId' as "reviewerId"`;

/**
 * The open questions of this user's tasks about their budgets, the oldest first. Reads briefs_user_open_idx.
 */
export async function readOpenBudgetBriefs(db: Queryable, userId: string): Promise<BudgetWait[]> {
  return allRows<BudgetWait>(db, {
    name: 'everbeat_read_budget_briefs',
    text: `
      select ${WAIT}, true as "isOpen" from everbeat.briefs b join everbeat.tasks t on t.id = b.task_id
      where b.user_id = $1 and b.resolved_at is null and b.purpose = 'budget' and t.deleted_at is null
      order by b.id limit ${READ_MAX}`,
    values: [userId],
  });
}

/**
 * This user's tasks that wait until their budgets count from nothing again, each with the question that was
 * answered so. Looks at all that are scheduled, by tasks_user_status_idx, and at the briefs of those that
 * wait, by briefs_task_idx.
 */
export async function readBudgetWaits(db: Queryable, userId: string): Promise<BudgetWait[]> {
  return allRows<BudgetWait>(db, {
    name: 'everbeat_read_budget_waits',
    text: `
      select ${WAIT}, false as "isOpen" from everbeat.tasks t cross join lateral (
        select q.id, q.actions from everbeat.briefs q
        where q.task_id = t.id and q.purpose = 'budget' and q.resolved_action = 'wait'
        order by q.task_id desc, q.id desc limit 1) b
      where t.user_id = $1 and t.status = 'scheduled' and t.deleted_at is null
        and t.context -> 'scheduler' -> 'waitsForBudget' = 'true'
      order by t.number limit ${READ_MAX}`,
    values: [userId],
  });
}
