
      with page as (
        select d.task_id, d.depends_on_id from everbeat.task_dependencies d
        where (d.task_id, d.depends_on_id) > ($1::uuid, $2::uuid)
        order by d.task_id, d.depends_on_id limit $3
      ), stranded as (
        select distinct t.id as "taskId", t.user_id as "userId" from page d
        cross join lateral (
          select n.id, n.user_id, n.status, n.deleted_at, n.context -> 'scheduler' as scheduler
          from everbeat.tasks n where n.id = d.task_id offset 0) t
        cross join lateral (
          select n.id, n.status, n.deleted_at from everbeat.tasks n where n.id = d.depends_on_id offset 0) p
        where t.status = 'backlog' and t.deleted_at is null
          and (p.status in ('canceled', 'failed') or (p.deleted_at is not null and p.status <> 'completed'))
          and not coalesce(t.scheduler -> 'ignoredDependencies' ? p.id::text, false)
          and not coalesce(
            t.scheduler -> 'endedDependencies' @> jsonb_build_array(jsonb_build_object('id', p.id)), false)
      )
      select (select coalesce(json_agg(s), '[]') from stranded s) as tasks,
        (select count(*)::int from page) as looked,
        (select json_build_object('taskId', l.task_id, 'dependsOnId', l.depends_on_id)
          from page l order by l.task_id desc, l.depends_on_id desc limit 1) as end