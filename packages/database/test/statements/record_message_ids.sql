
      with input as (
        select * from unnest($1::uuid[], $2::text[], $3::text[]) as i(task_id, tick_token, message_id)
      ), locked as (
        select i.* from input i join everbeat.tasks t on t.id = i.task_id
        where t.context -> 'scheduler' ->> 'tickToken' = i.tick_token
        order by t.id
        for update of t skip locked
      ), recorded as (
        update everbeat.tasks t set context = jsonb_set(t.context, '{scheduler,tickMessageId}', to_jsonb(l.message_id))
        from locked l where t.id = l.task_id
        returning t.id
      ), ticks as (
        select k.token, i.message_id from input i join everbeat.task_ticks k on k.token = i.tick_token::uuid
        for no key update of k skip locked
      )
      update everbeat.task_ticks k set message_id = c.message_id from ticks c where k.token = c.token