
      update everbeat.task_ticks k set publications = k.publications + 1, published_at = $3::timestamptz
      from everbeat.tasks t left join everbeat.agents a on a.id = t.agent_id and a.user_id = t.user_id, (select set_config('lock_timeout', '500ms', true)) lock_wait
      where k.token = $2::uuid and k.task_id = $1::uuid and k.outcome is null
        and t.id = k.task_id and t.status = 'scheduled' and t.context -> 'scheduler' ->> 'tickToken' = $2::text
        and (t.context -> 'scheduler' ->> 'dueAt') ~
  '^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$'
      returning k.task_id as "taskId", k.user_id as "userId", k.token::text as "tickToken", t.context -> 'scheduler' ->> 'dueAt' as "dueAt",
        k.publications as publication, a.kind as "agentKind", t.priority