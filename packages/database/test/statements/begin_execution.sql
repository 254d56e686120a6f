
      with begun as (
        update operations o set executed_at = $2::timestamptz, heartbeat_at = $2::timestamptz, callback_hash = $3,
          lease_expires_at = $2::timestamptz + make_interval(secs => t.heartbeat_timeout)
        from tasks t
        where o.id = $1::uuid and o.status = 'running' and o.executed_at is null and t.id = o.task_id
        returning o.*
      )
      select t.id, t.user_id, t.identifier, t.revision, t.status, t.automation_mode,
  t.heartbeat_interval, t.heartbeat_timeout, t.schedule_pattern, t.schedule_timezone, t.parent_task_id,
  t.total_topics, t.max_topics, t.error, t.config, t.context -> 'scheduler' as scheduler, t.instruction, t.agent_id,
        exists (select 1 from briefs b where b.task_id = t.id
     and b.resolved_at is null and b.priority = 'urgent' and b.type <> 'error') as human_waiting,
        o.id as operation_id, o.topic_id, o.trigger, o.tick_token, o.claimed_from, o.extra_prompt,
        a.kind as agent_kind, a.config as agent_config, m.memory, null as superseded_message_id
      from begun o join tasks t on t.id = o.task_id
      left join agents a on a.id = t.agent_id and a.user_id = t.user_id
      left join task_memories m on m.task_id = t.id