
      select t.id, t.user_id as "userId", t.identifier, t.agent_id as "agentId", t.parent_task_id as "parentTaskId", t.status, t.priority, t.automation_mode as "automationMode", t.heartbeat_interval as "heartbeatInterval", t.heartbeat_timeout as "heartbeatTimeout", t.schedule_pattern as "schedulePattern", t.schedule_timezone as "scheduleTimezone", t.error, t.total_topics as "totalTopics", t.max_topics as "maxTopics", t.config, t.revision, t.seen_at as "seenAt", t.context -> 'scheduler' as scheduler,
        exists (select 1 from everbeat.briefs b where b.task_id = t.id
     and b.resolved_at is null and b.priority = 'urgent' and b.type <> 'error' and b.id is distinct from $2::uuid
          and b.purpose is distinct from 'dependency') as "humanWaiting", (t.muted_at is null and exists (select 1 from everbeat.briefs b
     where b.task_id = t.id and b.resolved_at is null and b.read_at is null and not b.snoozed_at is not null
       and b.purpose is distinct from 'absence')) as "hasUnread",
        (select coalesce(json_agg(json_build_object('id', p.id, 'identifier', p.identifier, 'ended', case
            when p.deleted_at is not null then 'deleted'
            when p.status in ('canceled', 'failed') then p.status end) order by p.number), '[]')
          from everbeat.task_dependencies d join everbeat.tasks p on p.id = d.depends_on_id
          where d.task_id = t.id and p.status <> 'completed') as "waitsFor",
        a.kind as "agentKind", o.id as "operationId", o.status as "operationStatus", o.topic_id as "topicId", o.trigger, o.tick_token as "tickToken", o.occurrence, o.attempt, o.claimed_from as "claimedFrom", o.continues_topic as "continuesTopic", o.lease_epoch as "leaseEpoch", o.losses
      from everbeat.tasks t
      left join everbeat.operations o on o.task_id = t.id and o.status in ('running', 'waiting')
      left join everbeat.agents a on a.user_id = t.user_id
        and a.id = case when coalesce(o.trigger, t.context -> 'scheduler' ->> 'trigger') = 'review' then coalesce(case when (t.config -> 'review' ->> 'agentId') ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then ((t.config -> 'review' ->> 'agentId'))::uuid end, t.agent_id) else t.agent_id end
      where t.id = any($1::uuid[]) and t.deleted_at is null