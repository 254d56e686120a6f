
      select a.tx::text as tx, a.user_id, a.id, a.task_id, a.kind, a.from_status, a.to_status, a.reason, a.ref_id, a.created_at from task_activities a
      where (a.tx, a.id) > ($1::xid8, $2::bigint) and a.tx < pg_snapshot_xmin(pg_current_snapshot())
      order by a.tx, a.id
      limit $3