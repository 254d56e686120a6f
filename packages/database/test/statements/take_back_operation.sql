
      update everbeat.operations o set executed_at = $2::timestamptz, heartbeat_at = $2::timestamptz,
        lease_expires_at = $2::timestamptz + make_interval(secs => t.heartbeat_timeout)
      from everbeat.tasks t, (select set_config('lock_timeout', '500ms', true)) lock_wait
      where o.id = $1::uuid and o.status = 'running' and o.executed_at is null and t.id = o.task_id
      returning o.id