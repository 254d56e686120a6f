
      with input as (
        select i.* from jsonb_to_recordset($1::jsonb) as i(
          id uuid, "topicId" uuid, "operationId" uuid, role text, content text, recipe text), (select set_config('lock_timeout', '500ms', true)) lock_wait
      ), added as (
        insert into everbeat.messages (id, topic_id, user_id, operation_id, role, content, recipe, created_at)
        select i.id, o.topic_id, o.user_id, o.id, i.role, i.content, decode(i.recipe, 'base64'), $2::timestamptz
        from input i join everbeat.operations o on o.id = i."operationId" and o.topic_id = i."topicId" and o.status = 'running'
        on conflict (id) do nothing
        returning topic_id, user_id, operation_id
      )
      insert into everbeat.task_activities (task_id, user_id, kind, reason, ref_id, created_at)
      select distinct o.task_id, a.user_id, 'transcript', null, a.topic_id, $2::timestamptz
      from added a join everbeat.operations o on o.id = a.operation_id