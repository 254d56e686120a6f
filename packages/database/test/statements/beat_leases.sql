
      update operations o set heartbeat_at = $2::timestamptz,
        lease_expires_at = least(
          greatest(o.lease_expires_at, $2::timestamptz + make_interval(secs => t.heartbeat_timeout)),
          $2::timestamptz + make_interval(secs => greatest(t.heartbeat_timeout, 7200)))
      from tasks t
      where o.id = any($1::uuid[]) and o.status = 'running' and t.id = o.task_id
      returning o.id