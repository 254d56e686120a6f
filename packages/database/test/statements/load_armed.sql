
      select t.id as "taskId", t.user_id as "userId", t.context -> 'scheduler' ->> 'tickToken' as "tickToken", t.context -> 'scheduler' ->> 'dueAt' as "dueAt",
        1 as publication, a.kind as "agentKind", t.priority
      from everbeat.tasks t left join everbeat.agents a on a.id = t.agent_id and a.user_id = t.user_id
      where t.status = 'scheduled' and (t.context -> 'scheduler' ->> 'tickToken') is not null
        and (t.context -> 'scheduler' ->> 'dueAt') < $1 and (t.context -> 'scheduler' ->> 'dueAt') ~
  '^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$'
        and ((t.context -> 'scheduler' ->> 'dueAt'), (t.context -> 'scheduler' ->> 'tickToken')) > ($2, $3)
      order by (t.context -> 'scheduler' ->> 'dueAt'), (t.context -> 'scheduler' ->> 'tickToken')
      limit $4