
      (select o.task_id as "taskId", o.id as "operationId", o.lease_epoch as "leaseEpoch",
        o.lease_expires_at as "leaseExpiresAt" from everbeat.operations o
        where o.finished_at is null and o.status = 'running' and o.lease_expires_at < $1::timestamptz
        order by o.lease_expires_at limit $2)
      union all
      (select o.task_id as "taskId", o.id as "operationId", o.lease_epoch as "leaseEpoch",
        o.lease_expires_at as "leaseExpiresAt" from everbeat.operations o join everbeat.tasks t on t.id = o.task_id
        where o.finished_at is null and o.status = 'running'
          and o.lease_expires_at > $1::timestamptz + make_interval(secs => 7200)
          and o.lease_expires_at > $1::timestamptz + make_interval(secs => $3 + greatest(t.heartbeat_timeout, 7200))
        order by o.lease_expires_at desc limit $2)