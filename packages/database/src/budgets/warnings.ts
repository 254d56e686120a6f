import { toInstant } from '@everbeat/domain';
import type { BriefWrite } from '../commit/briefs';
import { lockWait } from '../sql/lockWait';
import type { Queryable } from '../sql/queryable';
import type { CapUse } from './counters';

/** Most of a cap is spent: what the person is told, and with which task. */
export interface BudgetWarning {
  /** Null: an agent was tried without one. */
  taskId: string | null;
  /** Who has spent it last. */
  agentId: string | null;
  userId: string;
  counter: Pick<CapUse, 'scope' | 'scopeId' | 'period' | 'periodKey'>;
  brief: Pick<BriefWrite, 'id' | 'type' | 'priority' | 'title' | 'summary' | 'actions' | 'purpose'>;
}

/**
 * Tells the person once in each period, however many runs come upon it: the brief is written with the mark
 * that it is. One that is still open from an earlier period tells of this one then. That of a trial belongs
 * to a task of its agent, one that runs by itself if there is any, else to the newest of the person. Where
 * there is none, nothing is written, and the first run that spends anything tells it. Reads tasks_agent_idx
 * and tasks_user_number_unique.
 */
export async function writeBudgetWarning(db: Queryable, warning: BudgetWarning, now: Date): Promise<void> {
  const { taskId, userId, agentId, counter, brief } = warning;
  await db.query({
    name: 'everbeat_write_budget_warning',
    text: `
      with told as (
        select coalesce($1::uuid, (
          select t.id from everbeat.tasks t where t.agent_id = $6::uuid and t.user_id = $2 and t.deleted_at is null
          order by t.status in ('scheduled', 'running') desc, t.number desc limit 1
        ), (
          select t.id from everbeat.tasks t where t.user_id = $2 and t.deleted_at is null order by t.number desc limit 1
        )) as task_id
      ), warned as (
        update everbeat.budget_counters c set warned_at = $5::timestamptz
        from ${lockWait('alone')}, told, jsonb_to_record($3::jsonb) as k(scope text, "scopeId" text, period text, "periodKey" text)
        where c.scope = k.scope and c.scope_id = k."scopeId" and c.period = k.period and c.period_key = k."periodKey"
          and c.user_id = $2 and c.warned_at is null and told.task_id is not null
        returning told.task_id
      ), opened as (
        insert into everbeat.briefs (id, task_id, user_id, type, priority, title, summary, actions, purpose, created_at, updated_at)
        select n.id, warned.task_id, $2, n.type, n.priority, n.title, n.summary, n.actions, n.purpose, $5::timestamptz, $5::timestamptz
        from warned cross join jsonb_to_record($4::jsonb) as n(id uuid, type text, priority text, title text, summary text, actions jsonb, purpose text)
        on conflict (task_id, purpose) where resolved_at is null and purpose is not null do update set
          occurrences = briefs.occurrences + 1, title = excluded.title, summary = excluded.summary, actions = excluded.actions,
          read_at = null, snoozed_at = null, snoozed_until = null, updated_at = excluded.updated_at
        returning id, task_id, user_id, case when occurrences = 1 then 'opened' else 'repeated' end as change
      )
      insert into everbeat.task_activities (task_id, user_id, kind, reason, ref_id, created_at)
      select task_id, user_id, 'brief', change, id, $5::timestamptz from opened`,
    values: [taskId, userId, JSON.stringify(counter), JSON.stringify(brief), toInstant(now), agentId],
  });
}
