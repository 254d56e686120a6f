
      select t.id as "taskId", t.user_id as "userId", t.context -> 'scheduler' ->> 'tickToken' as "tickToken", t.context -> 'scheduler' ->> 'dueAt' as "dueAt",
        1 as publication
      from everbeat.tasks t
      where t.status = 'scheduled' and (t.context -> 'scheduler' ->> 'tickToken') is not null
        and (t.context -> 'scheduler' ->> 'dueAt') >= $1 and (t.context -> 'scheduler' ->> 'dueAt') < $2 and (t.context -> 'scheduler' ->> 'dueAt') ~
  '^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$'
        and ((t.context -> 'scheduler' ->> 'dueAt'), (t.context -> 'scheduler' ->> 'tickToken')) > ($3, $4)
      order by (t.context -> 'scheduler' ->> 'dueAt'), (t.context -> 'scheduler' ->> 'tickToken')
      limit $5