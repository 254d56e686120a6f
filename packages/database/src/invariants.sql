-- The invariants of PROTOCOL §8 that can be checked in one snapshot of the database: one row per violation.
-- $1: now. $2: seconds after its due time by which a row of the ledger must have ended, and by which a due time
-- may exceed its rule until the watchdog has repaired it.

select '1: more than one running or waiting operation' as violation, task_id
  from everbeat.operations where status in ('running', 'waiting') group by task_id having count(*) > 1
union all
select '1: running without a running operation', t.id
  from everbeat.tasks t where t.status = 'running'
    and not exists (select 1 from everbeat.operations o where o.task_id = t.id and o.status in ('running', 'waiting'))
union all
select '1: a running operation of a task that is not running', o.task_id
  from everbeat.operations o join everbeat.tasks t on t.id = o.task_id
  where o.status in ('running', 'waiting') and t.status <> 'running'
union all
select '1: a run waits for a person, and nobody is asked', o.task_id
  from everbeat.operations o where o.status = 'waiting'
    and not exists (
      select 1 from everbeat.briefs b where b.task_id = o.task_id and b.purpose = 'tool' and b.resolved_at is null)
union all
select '1: a question of a run is open although it does not wait', b.task_id
  from everbeat.briefs b where b.purpose = 'tool' and b.resolved_at is null
    and not exists (select 1 from everbeat.operations o where o.task_id = b.task_id and o.status = 'waiting')
union all
select '4: a question has a default that it does not offer', task_id
  from everbeat.briefs where default_action is not null
    and not actions @> jsonb_build_array(jsonb_build_object('key', default_action))
union all
select '9: a question is open although its time is over', b.task_id
  from everbeat.briefs b join everbeat.tasks t on t.id = b.task_id
  where b.resolved_at is null and t.deleted_at is null and b.expires_at < $1::timestamptz - make_interval(secs => $2)
union all
select '12: a call was made that nobody has approved', o.task_id
  from everbeat.operation_steps s join everbeat.operations o on o.id = s.operation_id
  where s.policy = 'ask' and s.status = 'done'
    and not exists (
      select 1 from everbeat.briefs b where b.id = s.brief_id and b.resolved_action in ('approve', 'always'))
union all
select '4: work counts that did not pass its check', a.task_id
  from everbeat.operations o join everbeat.task_activities a
    on a.task_id = o.task_id and a.kind = 'status' and a.ref_id = o.id and a.from_status = 'running'
  where o.trigger = 'review' and o.status = 'done' and o.review ->> 'verdict' in ('failed', 'uncertain')
    and a.to_status <> 'scheduled'
union all
select '4: a check ended as done and found nothing, or another run found something', task_id
  from everbeat.operations
  where (trigger = 'review' and status = 'done') <> (review is not null)
union all
select '4: the work of a run was judged twice', min(task_id::text)::uuid
  from everbeat.operations where review is not null and review ->> 'workOperationId' is not null
  group by review ->> 'workOperationId' having count(*) > 1
union all
select '2: armed to go on with work that was not handed in', id
  from everbeat.tasks
  where (context -> 'scheduler' ->> 'tickToken') is not null
    and context -> 'scheduler' ->> 'trigger' in ('review', 'rework')
    and context -> 'scheduler' -> 'review' ->> 'phase' is distinct from context -> 'scheduler' ->> 'trigger'
union all
select '2: scheduled with neither arm nor blocker, or with both', id
  from everbeat.tasks
  where status = 'scheduled'
    and ((context -> 'scheduler' ->> 'tickToken') is null) = ((context -> 'scheduler' ->> 'blockedBy') is null)
union all
select '2: an arm without a due time', id
  from everbeat.tasks
  where (context -> 'scheduler' ->> 'tickToken') is not null and (context -> 'scheduler' ->> 'dueAt') is null
union all
select '2: an arm that the ledger does not know as open', t.id
  from everbeat.tasks t
  where (t.context -> 'scheduler' ->> 'tickToken') is not null
    and not exists (
      select 1 from everbeat.task_ticks k
      where k.token = (t.context -> 'scheduler' ->> 'tickToken')::uuid and k.task_id = t.id and k.outcome is null
        and k.due_at = (t.context -> 'scheduler' ->> 'dueAt')::timestamptz)
union all
select '2: blocked by an urgent brief that is not open', t.id
  from everbeat.tasks t
  where t.status = 'scheduled' and t.context -> 'scheduler' ->> 'blockedBy' = 'urgent-brief'
    and not exists (
      select 1 from everbeat.briefs b
      where b.task_id = t.id and b.resolved_at is null and b.priority = 'urgent' and b.type <> 'error')
union all
select '3: an operation from a tick that did not fire it, or before its time', o.task_id
  from everbeat.operations o join everbeat.tasks t on t.id = o.task_id left join everbeat.task_ticks k on k.token = o.tick_token
  where o.tick_token is not null and t.deleted_at is null
    -- The ledger is kept for a year, the runs that are left longer.
    and (k.token is not null or o.started_at > $1::timestamptz - interval '366 days')
    and (k.outcome is distinct from 'fired' or k.operation_id is distinct from o.id
      or o.started_at < k.due_at - interval '1 second')
union all
select '5: armed although the fuse has blown', id
  from everbeat.tasks
  where (context -> 'scheduler' ->> 'consecutiveFailures')::int >= 3
    and (status = 'scheduled' or (context -> 'scheduler' ->> 'tickToken') is not null)
union all
select '6: a paused or ended task that is armed', id
  from everbeat.tasks
  where status in ('backlog', 'paused', 'completed', 'failed', 'canceled')
    and (context -> 'scheduler' ->> 'tickToken') is not null
union all
select '8: an open row of the ledger that is not the arm of its task', k.task_id
  from everbeat.task_ticks k join everbeat.tasks t on t.id = k.task_id
  where k.outcome is null and (t.context -> 'scheduler' ->> 'tickToken') is distinct from k.token::text
union all
select '8: a row of the ledger still open long after its due time', k.task_id
  from everbeat.task_ticks k join everbeat.tasks t on t.id = k.task_id
  where k.outcome is null and k.due_at < $1::timestamptz - make_interval(secs => $2)
union all
select '8: a tick that fired without an operation', k.task_id
  from everbeat.task_ticks k join everbeat.tasks t on t.id = k.task_id
  where k.outcome = 'fired' and not exists (select 1 from everbeat.operations o where o.id = k.operation_id)
    -- Of old runs only some are kept.
    and t.deleted_at is null and t.thinned_to is null
union all
select '13: more is spent and reserved than the cap allowed', t.id
  from everbeat.budget_counters c join everbeat.tasks t on c.scope = 'task' and t.id = c.scope_id::uuid
  where c.reserved_usd + c.spent_usd - c.unforeseen_usd > c.cap_usd
    or c.reserved_tokens + c.input_tokens + c.output_tokens - c.unforeseen_tokens > c.cap_tokens
union all
select '13: more is spent and reserved than the cap of an agent or an owner allowed', null
  from everbeat.budget_counters c
  where c.scope <> 'task' and (c.reserved_usd + c.spent_usd - c.unforeseen_usd > c.cap_usd
    or c.reserved_tokens + c.input_tokens + c.output_tokens - c.unforeseen_tokens > c.cap_tokens)
union all
select '13: a counter that is not the sum of what was reserved and spent', null
  from everbeat.budget_counters c full join (
    select x.scope, x.id as scope_id, p.period, p.period_key, sum(e.reserved_usd) as reserved_usd, sum(e.spent_usd) as spent_usd,
      sum(case e.state when 'reserved' then e.worst_tokens else 0 end) as reserved_tokens, sum(e.input_tokens + e.output_tokens) as tokens
    from everbeat.spend_entries e cross join lateral jsonb_to_recordset(e.scopes) as x(scope text, id text, day text, month text)
      cross join lateral (values ('day', x.day), ('month', x.month), ('total', '')) p(period, period_key)
    group by 1, 2, 3, 4) e using (scope, scope_id, period, period_key)
  where (coalesce(c.reserved_usd, 0) <> coalesce(e.reserved_usd, 0) or coalesce(c.spent_usd, 0) <> coalesce(e.spent_usd, 0)
    or coalesce(c.reserved_tokens, 0) <> coalesce(e.reserved_tokens, 0)
    or coalesce(c.input_tokens + c.output_tokens, 0) <> coalesce(e.tokens, 0))
    -- Of old calls the sums alone are kept, and of those of a deleted task the ones of its agent and its owner: its own
    -- counters are removed, and made anew, at zero, by the run of a subtask that began before.
    and (period_key > to_char(($1::timestamptz - interval '364 days') at time zone 'UTC', 'YYYY-MM-DD')
      or (period = 'total' and not exists (
        select 1 from everbeat.budget_counters o
        where o.user_id = c.user_id and o.scope = 'owner' and o.period = 'day'
          and o.period_key <= to_char(($1::timestamptz - interval '364 days') at time zone 'UTC', 'YYYY-MM-DD'))))
    and not (scope = 'task' and not exists (select 1 from everbeat.tasks t where t.id::text = scope_id and t.deleted_at is null))
union all
select '13: a call of a model that nothing was reserved for', o.task_id
  from everbeat.operation_steps s join everbeat.operations o on o.id = s.operation_id
  where s.kind = 'model' and not exists (
    select 1 from everbeat.spend_entries e where e.operation_id = s.operation_id and e.step_index = s.index)
    and s.started_at > $1::timestamptz - interval '365 days'
union all
select '16: a task left its loop without a brief that says why', t.id
  from everbeat.tasks t cross join lateral (
    select a.to_status, a.reason, a.tx from everbeat.task_activities a
    where a.task_id = t.id and a.kind = 'status' order by a.id desc limit 1) a
  where t.automation_mode is not null and t.status in ('paused', 'completed', 'failed') and a.to_status = t.status
    and t.deleted_at is null
    -- Rows of versions that did not write such briefs have no such key.
    and t.context -> 'scheduler' ? 'automationRuns'
    and a.reason in ('error', 'timeout', 'fuse', 'needs-person', 'lost', 'transient', 'rate-limit', 'no-automation', 'no-interval', 'bad-pattern', 'goal-met',
      'max-topics', 'end-date', 'no-next-run')
    and not exists (
      select 1 from everbeat.task_activities n join everbeat.briefs b on b.id = n.ref_id
      where n.task_id = t.id and n.kind = 'brief' and n.reason in ('opened', 'repeated') and n.tx = a.tx
        and b.purpose in ('failure', 'end'))
union all
select '2: a task went on although a question of its agent is open', t.id
  from everbeat.tasks t cross join lateral (
    select a.reason, a.tx from everbeat.task_activities a
    where a.task_id = t.id and a.kind = 'status' order by a.id desc limit 1) a
  where t.status in ('paused', 'completed')
    and a.reason in ('subtask-done', 'awaits-approval', 'goal-met', 'max-topics', 'end-date', 'no-next-run')
    and exists (
      select 1 from everbeat.task_activities n join everbeat.briefs b on b.id = n.ref_id
      where n.task_id = t.id and n.kind = 'brief' and n.reason = 'opened' and n.tx <= a.tx
        and b.resolved_at is null and b.priority = 'urgent' and b.type <> 'error')
union all
select '4: waits for a task that ended without completing, and nobody is asked', t.id
  from everbeat.tasks t join everbeat.task_dependencies d on d.task_id = t.id
    join everbeat.tasks p on p.id = d.depends_on_id
  where t.status = 'backlog' and t.deleted_at is null
    and (p.status in ('canceled', 'failed') or (p.deleted_at is not null and p.status <> 'completed'))
    and not coalesce(t.context -> 'scheduler' -> 'ignoredDependencies' ? p.id::text, false)
    and not exists (
      select 1 from everbeat.briefs b where b.task_id = t.id and b.purpose = 'dependency' and b.resolved_at is null)
union all
select '4: a question about dependencies is open although the task does not wait', b.task_id
  from everbeat.briefs b join everbeat.tasks t on t.id = b.task_id
  where b.purpose = 'dependency' and b.resolved_at is null
    and (t.status <> 'backlog' or jsonb_typeof(t.context -> 'scheduler' -> 'endedDependencies') is distinct from 'array')
union all
select '18: due further ahead than the rule allows', id
  from everbeat.tasks
  where status = 'scheduled' and (context -> 'scheduler' ->> 'tickToken') is not null
    and (automation_mode is null or (automation_mode = 'heartbeat' and heartbeat_interval > 0))
    and (context -> 'scheduler' ->> 'dueAt')::timestamptz > $1::timestamptz + make_interval(secs => $2 + greatest(
      case when jsonb_typeof(context -> 'scheduler' -> 'retry' -> 'waitSeconds') = 'number'
        then (context -> 'scheduler' -> 'retry' ->> 'waitSeconds')::float8 else 0 end,
      case when context -> 'scheduler' -> 'waitsForBudget' = 'true' then 32 * 86400 else 0 end,
      -- Somebody has looked since: it is not slowed down any more (PROTOCOL §4.5).
      case when context -> 'scheduler' -> 'absence' -> 'slowed' = 'true' and config ->> 'absence' is distinct from 'keep'
          and coalesce(seen_at <= (context -> 'scheduler' -> 'absence' ->> 'since')::timestamptz, true)
        then 86400 else 0 end,
      case
        when automation_mode is null then 0
        when jsonb_typeof(config -> 'pacing' -> 'maxSeconds') = 'number'
          then greatest(heartbeat_interval, (config -> 'pacing' ->> 'maxSeconds')::float8)
        else heartbeat_interval end))
union all
select '18: a beat is put off because nobody reads what its task has never told', t.id
  from everbeat.tasks t join everbeat.task_ticks k on k.task_id = t.id and k.outcome is null
  where k.due_reason = 'absence'
    and not exists (select 1 from everbeat.briefs b where b.task_id = t.id and b.purpose is distinct from 'absence')
union all
select '7: a version of a document is missing between others, or was removed before its time', task_id
  from everbeat.task_documents group by task_id, name
  having max(version) - min(version) + 1 <> count(*) or (min(version) > 1 and count(*) < 50)
union all
select '4: a document of a run that has left no report', d.task_id
  from everbeat.task_documents d join everbeat.operations o on o.id = d.operation_id
  where o.status not in ('done', 'error', 'budget') and not exists (select 1 from everbeat.operation_steps s where s.operation_id = o.id)
union all
select '4: a run has written two versions of a document', task_id
  from everbeat.task_documents d
  where operation_id is not null
    and not exists (select 1 from everbeat.operation_steps s where s.operation_id = d.operation_id)
  group by task_id, name, operation_id having count(*) > 1
union all
select '12: a run has written more versions of documents than its steps', d.task_id
  from (select task_id, operation_id, count(*) as versions from everbeat.task_documents
    where operation_id is not null group by task_id, operation_id) d
  where exists (select 1 from everbeat.operation_steps s where s.operation_id = d.operation_id)
    and d.versions > (select count(*) from everbeat.operation_steps s
      where s.operation_id = d.operation_id and s.name = 'write_document' and s.status = 'done')
union all
select '10: a row of another owner than its task''s', t.id
  from everbeat.tasks t
  where exists (select 1 from everbeat.operations o where o.task_id = t.id and o.user_id <> t.user_id)
    or exists (select 1 from everbeat.topics p where p.task_id = t.id and p.user_id <> t.user_id)
    or exists (select 1 from everbeat.briefs b where b.task_id = t.id and b.user_id <> t.user_id)
    or exists (select 1 from everbeat.task_ticks k where k.task_id = t.id and k.user_id <> t.user_id)
    or exists (select 1 from everbeat.task_documents d where d.task_id = t.id and d.user_id <> t.user_id)
