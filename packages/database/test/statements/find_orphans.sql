
      (select t.id as "taskId", t.user_id as "userId", t.revision from everbeat.tasks t
        where t.status = 'scheduled' and (t.context -> 'scheduler' ->> 'tickToken') is null
          and ((t.context -> 'scheduler' ->> 'blockedBy') is distinct from 'urgent-brief' or not exists (select 1 from everbeat.briefs b where b.task_id = t.id
     and b.resolved_at is null and b.priority = 'urgent' and b.type <> 'error'))
        order by t.id limit $2)
      union all
      (select t.id as "taskId", t.user_id as "userId", t.revision from everbeat.tasks t
        where t.status = 'scheduled' and (t.context -> 'scheduler' ->> 'tickToken') is not null and (t.context -> 'scheduler' ->> 'dueAt') <= $1
          and not exists (
            select 1 from everbeat.task_ticks k where k.token = case when (t.context -> 'scheduler' ->> 'tickToken') ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then ((t.context -> 'scheduler' ->> 'tickToken'))::uuid end and k.outcome is null and k.task_id = t.id)
        order by (t.context -> 'scheduler' ->> 'dueAt') limit $2)
      union all
      (select t.id as "taskId", t.user_id as "userId", t.revision from everbeat.tasks t where t.status = 'scheduled' and (t.context -> 'scheduler' ->> 'tickToken') is not null and (t.context -> 'scheduler' ->> 'dueAt') is null order by (t.context -> 'scheduler' ->> 'dueAt'), (t.context -> 'scheduler' ->> 'tickToken') limit $2)
      union all
      (select t.id as "taskId", t.user_id as "userId", t.revision from everbeat.tasks t where t.status = 'scheduled' and (t.context -> 'scheduler' ->> 'tickToken') is not null and (t.context -> 'scheduler' ->> 'dueAt') > '9999-12-31T23:59:59.999Z' order by (t.context -> 'scheduler' ->> 'dueAt'), (t.context -> 'scheduler' ->> 'tickToken') limit $2)