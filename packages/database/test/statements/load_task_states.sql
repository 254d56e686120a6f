
      select t.id, t.user_id, t.identifier, t.revision, t.status, t.automation_mode,
  t.heartbeat_interval, t.heartbeat_timeout, t.schedule_pattern, t.schedule_timezone, t.parent_task_id,
  t.total_topics, t.max_topics, t.error, t.config, t.context -> 'scheduler' as scheduler,
        exists (select 1 from briefs b where b.task_id = t.id
     and b.resolved_at is null and b.priority = 'urgent' and b.type <> 'error' and b.id is distinct from $2::uuid) as human_waiting,
        not exists (
          select 1 from task_dependencies d join tasks p on p.id = d.depends_on_id
          where d.task_id = t.id and p.status <> 'completed' and p.id <> all($3::uuid[])
        ) as dependencies_met,
        o.id as operation_id, o.topic_id as operation_topic_id, o.trigger as operation_trigger,
        o.tick_token as operation_tick_token, o.claimed_from as operation_claimed_from
      from tasks t
      left join operations o on o.task_id = t.id and o.status = 'running'
      where t.id = any($1::uuid[])