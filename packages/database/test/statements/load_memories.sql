
      select m.task_id as "taskId", m.memory
      from unnest($1::uuid[], $2::text[]) as k(task_id, user_id)
        join everbeat.task_memories m on m.task_id = k.task_id and m.user_id = k.user_id