
      (select task_id as "taskId", id as "operationId" from everbeat.operations
        where finished_at is null and lease_expires_at < $1::timestamptz
        order by lease_expires_at limit $2)
      union all
      (select o.task_id, o.id from everbeat.operations o join everbeat.tasks t on t.id = o.task_id
        where o.finished_at is null
          and o.lease_expires_at > $1::timestamptz + make_interval(secs => 7200)
          and o.lease_expires_at > $1::timestamptz + make_interval(secs => $3 + greatest(t.heartbeat_timeout, 7200))
        order by o.lease_expires_at desc limit $2)