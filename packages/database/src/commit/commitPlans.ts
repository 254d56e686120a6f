import type {
  ActivityKind,
  Author,
  BriefAction,
  BriefPriority,
  BriefPurpose,
  BriefType,
  MessageRole,
  PlanReason,
  SchedulerState,
  SettledStatus,
  SkipReason,
  SupersedeReason,
  TaskStatus,
  Trigger,
} from '@everbeat/domain';
import { SETTLED_STATUSES, toInstant } from '@everbeat/domain';
import { asToken, contextOf } from '../sql/arm';
import type { Queryable } from '../sql/queryable';

export interface BriefWrite {
  id: string;
  type: BriefType;
  priority: BriefPriority;
  title: string;
  summary: string;
  actions: BriefAction[];
  /** With a purpose, an open brief of the same purpose is updated instead of a second one added. */
  purpose: BriefPurpose | null;
}

/** The columns a person may edit; absent keys stay as they are. */
export type TaskFieldsWrite = Partial<{
  name: string;
  instruction: string;
  agent_id: string | null;
  parent_task_id: string | null;
  priority: number;
  automation_mode: string | null;
  heartbeat_interval: number | null;
  heartbeat_timeout: number;
  schedule_pattern: string | null;
  schedule_timezone: string | null;
  max_topics: number | null;
  config: object;
}>;

/** How the running operation ends, and what it leaves. */
export interface OperationWrite {
  id: string;
  status: SettledStatus;
  error_code: string | null;
  error_message: string | null;
  usage: object | null;
  title: string | null;
  handoff: string | null;
}

/** One task's part of a commit: all of it is written, or none. */
export interface PlanWrite {
  /** Writes of one group are written together or not at all; a group has `group_size` of them. */
  group: number;
  group_size: number;
  task_id: string;
  user_id: string;
  /** The state the decision was made from: another revision or status, and nothing is written. */
  revision: number;
  from_status: TaskStatus;
  to_status: TaskStatus;
  /** The new state; null leaves it as it is, message id included. */
  scheduler: SchedulerState | null;
  error: string | null;
  /** Recorded in the history when the status or the arm changes; null for a write that changes neither. */
  reason: PlanReason | null;
  fields: TaskFieldsWrite | null;
  operation: OperationWrite | null;
  /** With the scheduler's id of its first message, where that is known before it is published. */
  arm: { token: string; due_at: string; trigger: Trigger; message_id: string | null } | null;
  /** The end of the arm that was current, if there was one. One in a state that could not be read ends as unreadable. */
  end_tick: { token: string; outcome: 'superseded' | 'skipped'; reason: SupersedeReason | SkipReason } | null;
  briefs: BriefWrite[];
  resolved: { id: string; action: string; comment: string | null }[];
  /** Resolves the open failure brief, if there is one, as recovered. */
  recover: boolean;
  messages: { id: string; role: MessageRole; content: string }[];
  comments: { id: string; author: Author; content: string }[];
  subtasks: { id: string; name: string; instruction: string }[];
  /** `{value}` replaces what the runtime keeps for the next run; null leaves it. */
  memory: { value: unknown } | null;
  activities: { kind: ActivityKind; reason: string | null; ref_id: string | null }[];
}

const list = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(', ');

const IS_RUNNING = `o.status not in (${list(SETTLED_STATUSES)})`;

/**
 * Tables are met by their primary keys here, whatever their size was when the statement was planned: what else a row must
 * fulfil is said in forms that no index serves (`is not distinct from`, a list of the statuses it must not have).
 *
 * The operations that groups of several end are locked before it is decided which groups are whole. A write alone, which is
 * nearly every one, is spared that: its operation is looked at once, when it is ended, and it is left out with it.
 */
const COMMIT_SQL = `
  with input as (
    select * from jsonb_to_recordset($1::jsonb) as i(
      "group" int, group_size int, task_id uuid, user_id text, revision int, from_status text, to_status text,
      scheduler jsonb, error text, reason text, fields jsonb, operation jsonb, arm jsonb, end_tick jsonb,
      briefs jsonb, resolved jsonb, recover boolean, messages jsonb, comments jsonb, subtasks jsonb, memory jsonb,
      activities jsonb)
  ), locked as (
    select i.*, case when i.fields is not null then jsonb_populate_record(t, i.fields) end as edited,
      t.context -> 'scheduler' ->> 'tickToken' as current_token
    from input i join tasks t on t.id = i.task_id
    where t.user_id = i.user_id and t.revision = i.revision and t.status = i.from_status
    order by t.id
    for update of t
  ), running as (
    select o.id from locked l join operations o on o.id = (l.operation ->> 'id')::uuid
    where l.group_size > 1 and o.task_id is not distinct from l.task_id and ${IS_RUNNING}
    order by o.id
    for update of o
  ), whole as (
    select *, count(*) filter (
      where group_size = 1 or operation is null or (operation ->> 'id')::uuid in (select id from running)
    ) over (partition by "group") as group_found
    from locked
  ), ended_operations as (
    update operations o set
      status = w.operation ->> 'status', finished_at = $2::timestamptz,
      error_code = w.operation ->> 'error_code', error_message = w.operation ->> 'error_message',
      usage = nullif(w.operation -> 'usage', 'null')
    from whole w
    where w.group_found = w.group_size and o.id = (w.operation ->> 'id')::uuid
      and o.task_id is not distinct from w.task_id and ${IS_RUNNING}
    returning w.*, o.id as operation_id, o.topic_id
  ), written as (
    select * from ended_operations
    union all
    select *, null, null from whole where group_found = group_size and operation is null
  ), updated as (
    update tasks t set
      status = w.to_status, error = w.error, revision = t.revision + 1, updated_at = $2::timestamptz,
      completed_at = case when w.to_status = 'completed' then coalesce(t.completed_at, $2::timestamptz) end,
      context = case when w.scheduler is null then t.context else jsonb_set(${contextOf('t.context')}, '{scheduler}', w.scheduler) end,
      name = case when w.fields is null then t.name else (w.edited).name end,
      instruction = case when w.fields is null then t.instruction else (w.edited).instruction end,
      agent_id = case when w.fields is null then t.agent_id else (w.edited).agent_id end,
      parent_task_id = case when w.fields is null then t.parent_task_id else (w.edited).parent_task_id end,
      priority = case when w.fields is null then t.priority else (w.edited).priority end,
      automation_mode = case when w.fields is null then t.automation_mode else (w.edited).automation_mode end,
      heartbeat_interval = case when w.fields is null then t.heartbeat_interval else (w.edited).heartbeat_interval end,
      heartbeat_timeout = case when w.fields is null then t.heartbeat_timeout else (w.edited).heartbeat_timeout end,
      schedule_pattern = case when w.fields is null then t.schedule_pattern else (w.edited).schedule_pattern end,
      schedule_timezone = case when w.fields is null then t.schedule_timezone else (w.edited).schedule_timezone end,
      max_topics = case when w.fields is null then t.max_topics else (w.edited).max_topics end,
      config = case when w.fields is null then t.config else (w.edited).config end
    from written w where t.id = w.task_id
    returning t.id
  ), ended_topics as (
    update topics p set
      status = w.operation ->> 'status', ended_at = $2::timestamptz, error = w.operation ->> 'error_message',
      title = coalesce(w.operation ->> 'title', p.title), handoff = coalesce(w.operation ->> 'handoff', p.handoff)
    from written w where p.id = w.topic_id
  ), ended_ticks as (
    update task_ticks k set outcome = coalesce(w.end_tick ->> 'outcome', 'superseded'),
      reason = coalesce(w.end_tick ->> 'reason', 'unreadable'), ended_at = $2::timestamptz
    from written w
    where w.scheduler is not null and k.token = coalesce((w.end_tick ->> 'token')::uuid, ${asToken('w.current_token')})
      and k.task_id is not distinct from w.task_id and k.outcome is null
  ), armed as (
    insert into task_ticks (token, task_id, user_id, trigger, due_at, armed_at, published_at, message_id)
    select (arm ->> 'token')::uuid, task_id, user_id, arm ->> 'trigger', (arm ->> 'due_at')::timestamptz,
      $2::timestamptz, $2::timestamptz, arm ->> 'message_id'
    from written where arm is not null
  ), resolved_briefs as (
    update briefs b set resolved_at = $2::timestamptz, updated_at = $2::timestamptz,
      resolved_action = r.action, resolved_comment = r.comment
    from written w cross join lateral jsonb_to_recordset(w.resolved) as r(id uuid, action text, comment text)
    where b.id = r.id and b.task_id is not distinct from w.task_id and b.resolved_at is null
    returning b.id, b.task_id, b.user_id, 'resolved' as change
  ), recovered_briefs as (
    update briefs b set resolved_at = $2::timestamptz, updated_at = $2::timestamptz, resolved_action = 'recovered'
    from written w cross join lateral (
      select f.id from briefs f
      where f.task_id = w.task_id and f.purpose = 'failure' and f.resolved_at is null offset 0) f
    where w.recover and b.id = f.id and b.resolved_at is null
    returning b.id, b.task_id, b.user_id, 'recovered' as change
  ), opened_briefs as (
    insert into briefs (id, task_id, topic_id, user_id, type, priority, title, summary, actions, purpose,
      created_at, updated_at)
    select n.id, w.task_id, w.topic_id, w.user_id, n.type, n.priority, n.title, n.summary, n.actions, n.purpose,
      $2::timestamptz, $2::timestamptz
    from written w cross join lateral jsonb_to_recordset(w.briefs) as n(
      id uuid, type text, priority text, title text, summary text, actions jsonb, purpose text)
    on conflict (task_id, purpose) where resolved_at is null and purpose is not null do update set
      occurrences = briefs.occurrences + 1, title = excluded.title, summary = excluded.summary, actions = excluded.actions,
      topic_id = excluded.topic_id, updated_at = excluded.updated_at, read_at = null
    returning id, task_id, user_id, case when occurrences = 1 then 'opened' else 'repeated' end as change
  ), new_messages as (
    insert into messages (id, topic_id, user_id, operation_id, role, content, created_at)
    select n.id, w.topic_id, w.user_id, w.operation_id, n.role, n.content, $2::timestamptz
    from written w cross join lateral jsonb_to_recordset(w.messages) as n(id uuid, role text, content text)
    where w.topic_id is not null
    on conflict (id) do nothing
  ), new_comments as (
    insert into task_comments (id, task_id, user_id, author, content, created_at)
    select n.id, w.task_id, w.user_id, n.author, n.content, $2::timestamptz
    from written w cross join lateral jsonb_to_recordset(w.comments) as n(id uuid, author text, content text)
    returning id, task_id, user_id
  ), counters as (
    update users u set task_counter = u.task_counter + n.size
    from (
      select user_id, sum(jsonb_array_length(subtasks))::int as size
      from written where jsonb_array_length(subtasks) > 0 group by user_id
    ) n
    where u.id = n.user_id
    returning u.id, u.task_counter - n.size as base
  ), new_subtasks as (
    insert into tasks (id, user_id, number, identifier, name, instruction, agent_id, parent_task_id, created_at, updated_at)
    select s.id, s.user_id, s.number, 'T-' || s.number, s.name, s.instruction, p.agent_id, s.task_id,
      $2::timestamptz, $2::timestamptz
    from (
      select w.task_id, w.user_id, n.id, n.name, n.instruction,
        c.base + row_number() over (partition by w.user_id order by n.id) as number
      from written w cross join lateral jsonb_to_recordset(w.subtasks) as n(id uuid, name text, instruction text)
      join counters c on c.id = w.user_id
    ) s join tasks p on p.id = s.task_id
    returning id, user_id
  ), memories as (
    insert into task_memories (task_id, user_id, memory, updated_at)
    select task_id, user_id, memory -> 'value', $2::timestamptz from written where memory is not null
    on conflict (task_id) do update set memory = excluded.memory, updated_at = excluded.updated_at
  ), history as (
    insert into task_activities (task_id, user_id, kind, from_status, to_status, reason, ref_id, created_at)
    select task_id, user_id, 'status', from_status, to_status, reason, operation_id, $2::timestamptz
      from written where from_status <> to_status
    union all
    select w.task_id, w.user_id, n.kind, null, null, n.reason, n.ref_id, $2::timestamptz
      from written w cross join lateral jsonb_to_recordset(w.activities) as n(kind text, reason text, ref_id uuid)
    union all
    select task_id, user_id, 'arm', null, null, reason, null, $2::timestamptz
      from written where arm is not null and from_status = to_status
    union all
    select task_id, user_id, 'brief', null, null, change, id, $2::timestamptz from opened_briefs
    union all
    select task_id, user_id, 'brief', null, null, change, id, $2::timestamptz from resolved_briefs
    union all
    select task_id, user_id, 'brief', null, null, change, id, $2::timestamptz from recovered_briefs
    union all
    select task_id, user_id, 'comment', null, null, 'added', id, $2::timestamptz from new_comments
    union all
    select id, user_id, 'status', null, 'backlog', 'created-by-agent', null, $2::timestamptz from new_subtasks
  )
  select id from updated`;

/**
 * The one way in which a decision reaches the database: every write names the revision and the status it was decided
 * from, and the operation it ends must still be running. One statement and so one commit, for any number of tasks;
 * rows are locked in the order of their ids. A write whose task or operation has moved on is left out whole, and its group with it.
 * Answers the ids of the tasks that were written.
 */
export async function commitPlans(
  db: Queryable,
  writes: readonly PlanWrite[],
  now: Date,
): Promise<Set<string>> {
  const { rows } = await db.query<{ id: string }>({
    name: 'everbeat_commit_plans',
    text: COMMIT_SQL,
    values: [JSON.stringify(writes), toInstant(now)],
  });
  return new Set(rows.map((row) => row.id));
}
