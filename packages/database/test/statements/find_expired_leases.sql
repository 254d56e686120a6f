
      select task_id as "taskId", id as "operationId" from operations
      where finished_at is null and lease_expires_at < $1::timestamptz
      order by lease_expires_at limit $2