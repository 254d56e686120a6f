
      with due as (
        select k.token, k.task_id
        from everbeat.tasks t join everbeat.task_ticks k on k.token = case when (t.context -> 'scheduler' ->> 'tickToken') ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then ((t.context -> 'scheduler' ->> 'tickToken'))::uuid end
        where t.status = 'scheduled' and (t.context -> 'scheduler' ->> 'tickToken') is not null
          and k.outcome is null and k.published_at <> $1::timestamptz
          and (k.published_at <= $1::timestamptz - make_interval(secs => $4 * power(2, least(k.publications - 1, 6)))
            or k.published_at > $1::timestamptz + make_interval(secs => $4))
          and (t.context -> 'scheduler' ->> 'dueAt') <= $2
        order by (t.context -> 'scheduler' ->> 'dueAt')
        limit $3
        for update of k skip locked
      )
      update everbeat.task_ticks k set publications = k.publications + 1, published_at = $1::timestamptz
      from due
        join everbeat.tasks t on t.id = due.task_id
        left join everbeat.agents a on a.id = t.agent_id and a.user_id = t.user_id
      where k.token = due.token
      returning k.task_id as "taskId", k.user_id as "userId", k.token as "tickToken", k.due_at as "dueAt",
        k.publications as publication, a.kind as "agentKind", t.priority