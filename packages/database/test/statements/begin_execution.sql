
      with begun as (
        update everbeat.operations o set executed_at = $2::timestamptz, heartbeat_at = $2::timestamptz, callback_hash = $3,
          lease_expires_at = $2::timestamptz + make_interval(secs => t.heartbeat_timeout)
        from everbeat.tasks t, (select set_config('lock_timeout', '500ms', true)) lock_wait
        where o.id = $1::uuid and o.status = 'running' and o.executed_at is null and t.id = o.task_id
        returning o.*
      )
      select t.id, t.user_id as "userId", t.identifier, t.agent_id as "agentId", t.parent_task_id as "parentTaskId", t.status, t.priority, t.automation_mode as "automationMode", t.heartbeat_interval as "heartbeatInterval", t.heartbeat_timeout as "heartbeatTimeout", t.schedule_pattern as "schedulePattern", t.schedule_timezone as "scheduleTimezone", t.error, t.total_topics as "totalTopics", t.max_topics as "maxTopics", t.config, t.revision, t.seen_at as "seenAt", t.context -> 'scheduler' as scheduler, t.instruction, t.instruction_author as "instructionAuthor",
        exists (select 1 from everbeat.briefs b where b.task_id = t.id
     and b.resolved_at is null and b.priority = 'urgent' and b.type <> 'error') as "humanWaiting", (t.muted_at is null and exists (select 1 from everbeat.briefs b
     where b.task_id = t.id and b.resolved_at is null and b.read_at is null and not b.snoozed_at is not null
       and b.purpose is distinct from 'absence')) as "hasUnread", o.id as "operationId", o.status as "operationStatus", o.topic_id as "topicId", o.trigger, o.tick_token as "tickToken", o.occurrence, o.attempt, o.claimed_from as "claimedFrom", o.continues_topic as "continuesTopic", o.lease_epoch as "leaseEpoch", o.losses, o.extra_prompt as "extraPrompt",
        a.id as "runAgentId", a.kind as "agentKind", a.config as "agentConfig", case when pg_column_size(m.memory) <= 4000 then m.memory end as memory,
    coalesce(pg_column_size(m.memory) > 4000, false) as "hasLargeMemory", coalesce((select u.budget <> '{}' from everbeat.users u where u.id = t.user_id), false) as "hasOwnerBudget", null as "supersededMessageId"
      from begun o join everbeat.tasks t on t.id = o.task_id
      left join everbeat.agents a on a.user_id = t.user_id and a.id = case when o.trigger = 'review' then coalesce(case when (t.config -> 'review' ->> 'agentId') ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then ((t.config -> 'review' ->> 'agentId'))::uuid end, t.agent_id) else t.agent_id end
      left join everbeat.task_memories m on m.task_id = t.id