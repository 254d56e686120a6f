
      select a.tx::text as tx, a.user_id as "userId", a.id, a.task_id as "taskId", a.kind, a.from_status as "fromStatus", a.to_status as "toStatus", a.reason, a.ref_id as "refId", a.created_at as "createdAt" from everbeat.task_activities a
      where (a.tx, a.id) > ($1::xid8, $2::bigint) and a.tx < pg_snapshot_xmin(pg_current_snapshot())
      order by a.tx, a.id
      limit $3