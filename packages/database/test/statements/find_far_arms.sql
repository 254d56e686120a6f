
      select t.id, t.user_id as "userId", t.identifier, t.agent_id as "agentId", t.parent_task_id as "parentTaskId", t.status, t.priority, t.automation_mode as "automationMode", t.heartbeat_interval as "heartbeatInterval", t.heartbeat_timeout as "heartbeatTimeout", t.schedule_pattern as "schedulePattern", t.schedule_timezone as "scheduleTimezone", t.error, t.total_topics as "totalTopics", t.max_topics as "maxTopics", t.config, t.revision, t.seen_at as "seenAt", t.context -> 'scheduler' as scheduler, t.context -> 'scheduler' ->> 'dueAt' as "dueAt", t.context -> 'scheduler' ->> 'tickToken' as "tickToken"
      from everbeat.tasks t
      where t.status = 'scheduled' and (t.context -> 'scheduler' ->> 'tickToken') is not null and (t.context -> 'scheduler' ->> 'dueAt') > $1
        and ((t.context -> 'scheduler' ->> 'dueAt'), (t.context -> 'scheduler' ->> 'tickToken')) < ($2, $3)
      order by (t.context -> 'scheduler' ->> 'dueAt') desc, (t.context -> 'scheduler' ->> 'tickToken') desc
      limit $4