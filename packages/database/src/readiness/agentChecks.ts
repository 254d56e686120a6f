import {
  type AgentReadiness,
  type BriefActionView,
  type BriefPriority,
  LIMITS,
  type StoredAgent,
  toInstant,
} from '@everbeat/domain';
import { AGENT } from '../reads/rows';
import { lockWait } from '../sql/lockWait';
import { allRows, firstRow, type Queryable } from '../sql/queryable';

/** An agent that is to be checked. */
export interface AgentToCheck extends StoredAgent {
  userId: string;
  /** When its present verdict was given first. */
  checkSince: Date | null;
  checkDueAt: Date;
}

const TO_CHECK = `${AGENT.of('a')}, a.user_id as "userId", a.check_since as "checkSince", a.check_due_at as "checkDueAt"`;

/** A task that runs by itself. */
const LIVE = `t.deleted_at is null and t.status in ('scheduled', 'running')`;

/** How long a check is left to the process that took it. */
const TAKEN_SECONDS = 600;

/**
 * Takes agents that are due to be checked, those that have waited longest first: no other process takes them
 * until long after a check has ended. Of those that no task uses at present, one is taken only if it was
 * changed since its last check, or an open brief tells of it; the others are due again in a day. Reads
 * agents_check_due_idx.
 */
export async function takeDueAgents(
  db: Queryable,
  { now, limit }: { now: Date; limit: number },
): Promise<AgentToCheck[]> {
  const rows = await allRows<AgentToCheck & { isWanted: boolean }>(db, {
    name: 'everbeat_take_due_agents',
    text: `
      update everbeat.agents a
      set check_due_at = $1::timestamptz
        + make_interval(secs => case when d.is_wanted then ${TAKEN_SECONDS} else ${LIMITS.agentCheckSeconds} end)
      from (
        select id, checked_at is null
          or exists (select 1 from everbeat.tasks t where t.agent_id = due.id and ${LIVE})
          or exists (select 1 from everbeat.briefs b where b.agent_id = due.id and b.resolved_at is null) as is_wanted
        from everbeat.agents due where check_due_at <= $1::timestamptz
        order by check_due_at limit $2 for no key update skip locked
      ) d
      where a.id = d.id
      returning ${TO_CHECK}, d.is_wanted as "isWanted"`,
    values: [toInstant(now), limit],
  });
  return rows.filter(({ isWanted }) => isWanted).map(({ isWanted: _, ...agent }) => agent);
}

/** Null: no such agent of this user. */
export async function readAgentToCheck(
  db: Queryable,
  userId: string,
  agentId: string,
): Promise<AgentToCheck | null> {
  return firstRow<AgentToCheck>(db, {
    name: 'everbeat_read_agent_to_check',
    text: `select ${TO_CHECK} from everbeat.agents a where a.id = $2::uuid and a.user_id = $1`,
    values: [userId, agentId],
  });
}

/** The agent of a task that is to be started. */
export interface AgentOfTask extends AgentToCheck {
  task: { id: string; identifier: string; config: unknown };
}

/** Left out: what is no task of this user, and tasks without an agent. */
export async function readAgentsOfTasks(
  db: Queryable,
  userId: string,
  taskIds: readonly string[],
): Promise<AgentOfTask[]> {
  return allRows<AgentOfTask>(db, {
    name: 'everbeat_read_agents_of_tasks',
    text: `select ${TO_CHECK},
        json_build_object('id', t.id, 'identifier', t.identifier, 'config', t.config) as task
      from everbeat.tasks t join everbeat.agents a on a.id = t.agent_id
      where t.id = any($2::uuid[]) and t.user_id = $1 and t.deleted_at is null
      order by t.number`,
    values: [userId, taskIds],
  });
}

/** What was found about an agent, and what becomes of the one brief that tells of it. */
export interface AgentCheckWrite {
  /** As it was read before the check. */
  agent: Pick<AgentToCheck, 'id' | 'userId' | 'updatedAt' | 'checkedAt' | 'checkDueAt'>;
  readiness: AgentReadiness;
  since: Date;
  nextAt: Date;
  brief:
    | { act: 'close' | 'keep' }
    | {
        act: 'open';
        id: string;
        priority: BriefPriority;
        title: string;
        summary: string;
        actions: BriefActionView[];
      };
}

/**
 * Records a check, unless the agent has been changed since it was read, or another check of it was recorded,
 * which may know better. A next check that was set meanwhile stays. In the same statement its brief is
 * opened, updated or closed. A brief belongs to the task that runs next of those the agent works for; without
 * one, nobody has to be told. One that a person has put aside is not opened again while the verdict stays the
 * same. Returns whether it was recorded.
 * @throws 55P03 when another session holds the agent or the task; nothing was written then
 */
export async function recordAgentCheck(
  db: Queryable,
  { agent, readiness, since, nextAt, brief }: AgentCheckWrite,
  now: Date,
): Promise<boolean> {
  const opened = brief.act === 'open' ? brief : null;
  const { rows } = await db.query({
    name: 'everbeat_record_agent_check',
    text: RECORD,
    values: [
      agent.id,
      agent.userId,
      toInstant(agent.updatedAt),
      toInstant(now),
      readiness.verdict,
      readiness.problem,
      readiness.cure,
      toInstant(since),
      toInstant(nextAt),
      brief.act,
      opened?.id,
      opened?.priority,
      opened?.title,
      opened?.summary,
      opened === null ? null : JSON.stringify(opened.actions),
      agent.checkedAt && toInstant(agent.checkedAt),
      toInstant(agent.checkDueAt),
    ],
  });
  return rows.length > 0;
}

const RECORD = `
  with checked as (
    update everbeat.agents a set check_verdict = $5, check_problem = $6, check_cure = $7,
      check_since = $8::timestamptz, checked_at = $4::timestamptz,
      check_due_at = case when a.check_due_at = $17::timestamptz then $9::timestamptz else a.check_due_at end
    from ${lockWait('alone')}
    where a.id = $1::uuid and a.user_id = $2 and a.updated_at = $3::timestamptz
      and a.checked_at is not distinct from $16::timestamptz
    returning a.id, a.user_id
  ), closed as (
    update everbeat.briefs b set resolved_at = $4::timestamptz, updated_at = $4::timestamptz, resolved_action = 'recovered'
    from checked c
    where $10 = 'close' and b.agent_id = c.id and b.resolved_at is null
    returning b.id, b.task_id, b.user_id, 'recovered' as change
  ), told as (
    select t.id, t.user_id from checked c join everbeat.tasks t on t.agent_id = c.id
    where $10 = 'open' and ${LIVE}
      and not exists (
        select 1 from everbeat.briefs b where b.agent_id = c.id and b.created_at >= $8::timestamptz
          and b.resolved_at is not null and b.resolved_action <> 'recovered')
    order by t.context -> 'scheduler' ->> 'dueAt' limit 1
  ), opened as (
    insert into everbeat.briefs (id, task_id, user_id, type, priority, title, summary, actions, agent_id, created_at, updated_at)
    select $11::uuid, t.id, t.user_id, 'error', $12, $13, $14, $15::jsonb, $1::uuid, $4::timestamptz, $4::timestamptz
    from told t
    on conflict (agent_id) where resolved_at is null and agent_id is not null do update set
      occurrences = briefs.occurrences + 1, priority = excluded.priority, title = excluded.title,
      summary = excluded.summary, actions = excluded.actions, updated_at = excluded.updated_at,
      read_at = case when briefs.summary = excluded.summary then briefs.read_at end,
      snoozed_at = case when briefs.summary = excluded.summary then briefs.snoozed_at end,
      snoozed_until = case when briefs.summary = excluded.summary then briefs.snoozed_until end
    returning id, task_id, user_id, case when occurrences = 1 then 'opened' else 'repeated' end as change
  ), history as (
    insert into everbeat.task_activities (task_id, user_id, kind, reason, ref_id, created_at)
    select task_id, user_id, 'brief', change, id, $4::timestamptz from closed
    union all
    select task_id, user_id, 'brief', change, id, $4::timestamptz from opened
  )
  select id from checked`;

/**
 * Has the agents of a user checked soon, because something that they may need has changed. What was found
 * about those that were not ready says nothing any more.
 */
export async function recheckAgents(db: Queryable, userId: string, now: Date): Promise<void> {
  await db.query({
    name: 'everbeat_recheck_agents',
    text: `
      update everbeat.agents set check_due_at = $2::timestamptz,
        checked_at = case when check_verdict = 'ready' then checked_at end
      where user_id = $1`,
    values: [userId, toInstant(now)],
  });
}

/** Has all agents checked soon that were not ready. Reads agents_not_ready_idx. */
export async function recheckAgentsNotReady(db: Queryable, now: Date): Promise<void> {
  await db.query({
    name: 'everbeat_recheck_agents_not_ready',
    text: `update everbeat.agents set check_due_at = $1::timestamptz, checked_at = null where check_verdict <> 'ready'`,
    values: [toInstant(now)],
  });
}

/**
 * The agents of a user that are not ready, by the last check, and that tasks use. Oldest first. As a rule
 * there are none, and then no task is looked at. Reads agents_not_ready_idx.
 */
export async function readAgentsNotReady(db: Queryable, userId: string): Promise<StoredAgent[]> {
  const notReady = await allRows<StoredAgent>(db, {
    name: 'everbeat_read_agents_not_ready',
    text: `
      select ${AGENT.of('a')} from everbeat.agents a
      where a.user_id = $1 and a.checked_at is not null and a.check_verdict <> 'ready'
      order by a.id`,
    values: [userId],
  });
  if (notReady.length === 0) return [];
  const used = await allRows<{ id: string }>(db, {
    name: 'everbeat_read_used_agents',
    text: `
      select u.id from unnest($1::uuid[]) as u(id)
      where exists (select 1 from everbeat.tasks t where t.agent_id = u.id and ${LIVE})`,
    values: [notReady.map(({ id }) => id)],
  });
  const usedIds = new Set(used.map(({ id }) => id));
  return notReady.filter(({ id }) => usedIds.has(id));
}
