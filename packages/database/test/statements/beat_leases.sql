
      update operations o set heartbeat_at = $2::timestamptz,
        lease_expires_at = greatest(o.lease_expires_at, $2::timestamptz + make_interval(secs => t.heartbeat_timeout))
      from tasks t
      where o.id = any($1::uuid[]) and o.status = 'running' and t.id = o.task_id
      returning o.id