
      select pg_current_snapshot()::text as snapshot, (
        select coalesce(json_agg(r order by r.tx::xid8, r.id), '[]') from (
          select * from (
            (select a.tx::text as tx, a.user_id as "userId", a.id, a.task_id as "taskId", a.kind, a.from_status as "fromStatus", a.to_status as "toStatus", a.reason, a.ref_id as "refId", a.created_at as "createdAt" from everbeat.task_activities a
             where a.user_id = $1 and ($2::uuid is null or a.task_id = $2::uuid)
               and (a.tx, a.id) > ($3::xid8, $4::bigint)
             order by a.tx desc, a.id desc limit $6)
            union all
            (select a.tx::text as tx, a.user_id as "userId", a.id, a.task_id as "taskId", a.kind, a.from_status as "fromStatus", a.to_status as "toStatus", a.reason, a.ref_id as "refId", a.created_at as "createdAt" from everbeat.task_activities a
             where a.user_id = $1 and ($2::uuid is null or a.task_id = $2::uuid)
               and a.tx = any($5::xid8[])
             order by a.tx desc, a.id desc limit $6)
          ) u order by u.tx::xid8 desc, u.id desc limit $6
        ) r
      ) as rows