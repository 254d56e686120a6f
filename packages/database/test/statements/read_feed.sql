
      select pg_current_snapshot()::text as snapshot, (
        select coalesce(json_agg(r order by r.tx::xid8, r.id), '[]') from (
          select * from (
            (select a.tx::text as tx, a.user_id as "userId", a.id, a.task_id as "taskId", a.kind, a.from_status as "fromStatus", a.to_status as "toStatus", a.reason, a.ref_id as "refId", a.created_at as "createdAt" from everbeat.task_activities a
             where (a.tx, a.id) > ($1::xid8, $2::bigint) and (a.tx, a.id) > ($4::xid8, $5::bigint)
               and ($6::text is null or pg_visible_in_snapshot(a.tx, $6::pg_snapshot))
             order by a.tx, a.id limit $7)
            union all
            (select a.tx::text as tx, a.user_id as "userId", a.id, a.task_id as "taskId", a.kind, a.from_status as "fromStatus", a.to_status as "toStatus", a.reason, a.ref_id as "refId", a.created_at as "createdAt" from everbeat.task_activities a
             where a.tx = any($3::xid8[]) and (a.tx, a.id) > ($4::xid8, $5::bigint)
               and ($6::text is null or pg_visible_in_snapshot(a.tx, $6::pg_snapshot))
             order by a.tx, a.id limit $7)
          ) u order by u.tx::xid8, u.id limit $7
        ) r
      ) as rows