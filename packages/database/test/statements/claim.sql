
  with input as (
    select i.* from jsonb_to_recordset($1::jsonb) as i(
      task_id uuid, user_id text, tick_token text, revision int, operation_id uuid, topic_id uuid,
      continue_topic_id uuid, extra_prompt text, callback_hash text, deferred boolean, pools text[]), (select set_config('lock_timeout', '100ms', true)) lock_wait
  ), locked as (
    select i.*, t.status as claimed_from, t.context -> 'scheduler' as arm,
      a.id as run_agent_id, a.kind as agent_kind, a.config as agent_config,
      exists (select 1 from everbeat.briefs b where b.task_id = t.id
     and b.resolved_at is null and b.priority = 'urgent' and b.type <> 'error') as human_waiting, (t.muted_at is null and exists (select 1 from everbeat.briefs b
     where b.task_id = t.id and b.resolved_at is null and b.read_at is null and not b.snoozed_at is not null
       and b.purpose is distinct from 'absence')) as has_unread,
      case when i.tick_token is null then 'manual'
           when t.context -> 'scheduler' ->> 'trigger' in ('manual', 'heartbeat', 'schedule', 'brief', 'dependency', 'review', 'rework')
             then t.context -> 'scheduler' ->> 'trigger'
           else coalesce(t.automation_mode, 'manual') end as trigger,
      case when i.tick_token is null then i.continue_topic_id
           when t.context -> 'scheduler' ? 'continueTopicId' then (
             select p.id from everbeat.topics p
             where p.id = case when (t.context -> 'scheduler' ->> 'continueTopicId') ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then ((t.context -> 'scheduler' ->> 'continueTopicId'))::uuid end and p.task_id = t.id)
      end as continued_topic_id
    from input i join everbeat.tasks t on t.id = i.task_id
    left join everbeat.agents a on a.user_id = t.user_id
      and a.id = case when case when i.tick_token is not null then t.context -> 'scheduler' ->> 'trigger' end = 'review' then coalesce(case when (t.config -> 'review' ->> 'agentId') ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then ((t.config -> 'review' ->> 'agentId'))::uuid end, t.agent_id) else t.agent_id end
    where t.user_id = i.user_id
      and (i.pools is null or coalesce(a.kind, 'none') = any(i.pools))
      and case when i.tick_token is null then
        t.status <> 'running' and t.revision = i.revision
        and (i.continue_topic_id is null
          or exists (select 1 from everbeat.topics p where p.id = i.continue_topic_id and p.task_id = t.id))
      else
        t.status = 'scheduled'
        and t.context -> 'scheduler' ->> 'tickToken' = i.tick_token
        and t.context -> 'scheduler' ->> 'dueAt' <= $3
        and t.context -> 'scheduler' ->> 'blockedBy' is null
        and coalesce(t.context -> 'scheduler' ->> 'endAt' >= $4, true)
        and not exists (select 1 from everbeat.briefs b where b.task_id = t.id
     and b.resolved_at is null and b.priority = 'urgent' and b.type <> 'error')
        and (t.context -> 'scheduler' ->> 'trigger' is null
          or t.context -> 'scheduler' ->> 'trigger' not in ('heartbeat', 'schedule')
          or t.context -> 'scheduler' ->> 'trigger' = t.automation_mode)
        and (t.automation_mode is distinct from 'heartbeat' or t.heartbeat_interval > 0)
      end
      and not exists (select 1 from everbeat.operations o where o.task_id = t.id and o.status in ('running', 'waiting'))
    order by t.id
    for update of t skip locked
  ), chosen as (
    select distinct on (task_id) * from locked
  ), claimed as (
    update everbeat.tasks t set
      status = 'running', revision = t.revision + 1, updated_at = $2::timestamptz,
      completed_at = case when 'running' = 'completed' then coalesce(t.completed_at, $2::timestamptz) end,
      paused_reason = case when 'running' = 'paused' then t.paused_reason end,
      total_topics = t.total_topics + case when c.continued_topic_id is null then 1 else 0 end,
      context = jsonb_set(case when jsonb_typeof(t.context) = 'object' then t.context else '{}' end, '{scheduler}',
        coalesce(t.context -> 'scheduler', '{}') || '{"tickToken":null,"tickMessageId":null}')
    from chosen c where t.id = c.task_id
    returning t.id, t.user_id, t.identifier, t.revision, t.status, t.priority, t.automation_mode, t.heartbeat_interval, t.heartbeat_timeout, t.schedule_pattern, t.schedule_timezone, t.parent_task_id, t.agent_id, t.total_topics, t.max_topics, t.error, t.seen_at, t.config, t.context -> 'scheduler' as scheduler, t.instruction, t.instruction_author, c.human_waiting, c.has_unread, c.claimed_from, c.trigger,
      c.tick_token, case when c.tick_token is null then c.operation_id else coalesce(case when (c.arm -> 'retry' ->> 'occurrence') ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then ((c.arm -> 'retry' ->> 'occurrence'))::uuid end, c.tick_token::uuid) end as occurrence, case when c.tick_token is not null and jsonb_typeof(c.arm -> 'retry' -> 'attempt') = 'number'
        then greatest(1, least(1000000, (c.arm -> 'retry' ->> 'attempt')::numeric))::int else 1 end as attempt,
      c.operation_id, c.continued_topic_id, coalesce(c.continued_topic_id, c.topic_id) as topic_id,
      case when c.tick_token is null or c.arm -> 'retry' is null then c.extra_prompt
        else (select p.extra_prompt from everbeat.operations p where p.id = case when (c.arm -> 'retry' ->> 'occurrence') ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then ((c.arm -> 'retry' ->> 'occurrence'))::uuid end and p.task_id is not distinct from t.id) end as extra_prompt, c.callback_hash, c.deferred, c.arm, c.run_agent_id, c.agent_kind, c.agent_config,
      $2::timestamptz + make_interval(secs => t.heartbeat_timeout) as lease_expires_at
  ), new_topics as (
    insert into everbeat.topics (id, task_id, user_id, number, trigger, status, created_at)
    select topic_id, id, user_id, total_topics, trigger, 'running', $2::timestamptz
    from claimed where continued_topic_id is null
  ), continued_topics as (
    update everbeat.topics p set status = 'running', ended_at = null, error = null, failure_class = null
    from claimed c where p.id = c.continued_topic_id
  ), new_operations as (
    insert into everbeat.operations (id, task_id, topic_id, user_id, trigger, status, tick_token, occurrence, attempt, claimed_from,
      continues_topic, extra_prompt, callback_hash, started_at, executed_at, heartbeat_at, lease_expires_at)
    select operation_id, id, topic_id, user_id, trigger, 'running', tick_token::uuid, occurrence, attempt, claimed_from,
      continued_topic_id is not null, extra_prompt, callback_hash, $2::timestamptz, case when not deferred then $2::timestamptz end, $2::timestamptz, lease_expires_at
    from claimed
  ), ended_ticks as (
    update everbeat.task_ticks k set
      outcome = case when c.tick_token is null then 'superseded' else 'fired' end,
      reason = case when c.tick_token is null then 'manual-run' end,
      operation_id = c.operation_id,
      late_ms = case when c.tick_token is null then null
        else greatest(0, round(extract(epoch from ($2::timestamptz - k.due_at)) * 1000)) end,
      ended_at = $2::timestamptz
    from claimed c
    where k.token = case when coalesce(c.tick_token, c.arm ->> 'tickToken') ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then (coalesce(c.tick_token, c.arm ->> 'tickToken'))::uuid end and k.outcome is null
  ), history as (
    insert into everbeat.task_activities (task_id, user_id, kind, from_status, to_status, reason, ref_id, created_at)
    select id, user_id, 'status', claimed_from, 'running', trigger, operation_id, $2::timestamptz from claimed
  )
  select c.id, c.user_id as "userId", c.identifier, c.agent_id as "agentId", c.parent_task_id as "parentTaskId", c.status, c.priority, c.automation_mode as "automationMode", c.heartbeat_interval as "heartbeatInterval", c.heartbeat_timeout as "heartbeatTimeout", c.schedule_pattern as "schedulePattern", c.schedule_timezone as "scheduleTimezone", c.error, c.total_topics as "totalTopics", c.max_topics as "maxTopics", c.config, c.revision, c.seen_at as "seenAt", c.scheduler, c.human_waiting as "humanWaiting", c.has_unread as "hasUnread", c.instruction,
    c.instruction_author as "instructionAuthor",
    c.operation_id as "operationId", c.topic_id as "topicId", c.trigger, c.tick_token as "tickToken",
    c.occurrence, c.attempt, c.claimed_from as "claimedFrom",
    c.continued_topic_id is not null as "continuesTopic", c.extra_prompt as "extraPrompt",
    c.run_agent_id as "runAgentId", c.agent_kind as "agentKind", c.agent_config as "agentConfig",
    case when pg_column_size(m.memory) <= 4000 then m.memory end as memory,
    coalesce(pg_column_size(m.memory) > 4000, false) as "hasLargeMemory", coalesce((select u.budget <> '{}' from everbeat.users u where u.id = c.user_id), false) as "hasOwnerBudget", case when c.tick_token is null then c.arm ->> 'tickMessageId' end as "supersededMessageId"
  from claimed c
  left join everbeat.task_memories m on m.task_id = c.id