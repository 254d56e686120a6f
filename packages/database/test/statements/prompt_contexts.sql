
  select k.position::int,
    json_build_object('identifier', t.identifier, 'name', left(t.name, 201),
      'instruction', left(t.instruction, 50001), 'instructionAuthor', t.instruction_author,
      'automationMode', t.automation_mode,
      'heartbeatInterval', t.heartbeat_interval, 'schedulePattern', t.schedule_pattern,
      'scheduleTimezone', t.schedule_timezone, 'maxTopics', t.max_topics, 'config', t.config,
      'automationRuns', t.context -> 'scheduler' -> 'automationRuns') as task,
    p.number as "topicNumber",
    (
  select coalesce(json_agg(json_build_object('name', d.name, 'version', d.version, 'bytes', octet_length(d.content),
      'updatedAt', d.created_at, 'updatedBy', d.author, 'content', case when d.name = 'Memory' then
        left(d.content, 8001) end) order by d.name), '[]')
  from (
  with recursive newest as (
    (select d.* from everbeat.task_documents d
     where d.task_id = t.id and true and d.id < k.before
     order by d.name desc, d.version desc limit 1)
    union all
    select f.* from newest v cross join lateral (select d.* from everbeat.task_documents d
     where d.task_id = t.id and d.name < v.name and d.id < k.before
     order by d.name desc, d.version desc limit 1) f
  )
  select d.* from newest d where d.user_id = t.user_id order by d.name) d) as documents,
    (select row_to_json(r) from (
      select n.identifier, left(n.name, 201) as name, n.status, (
  select coalesce(json_agg(r), '[]') from (
    select left(d.name, 81) as name, d.created_at as "updatedAt",
      left(d.content, 2001) as content
    from (
  with recursive newest as (
    (select d.* from everbeat.task_documents d
     where d.task_id = n.id and true and d.id < k.before
     order by d.name desc, d.version desc limit 1)
    union all
    select f.* from newest v cross join lateral (select d.* from everbeat.task_documents d
     where d.task_id = n.id and d.name < v.name and d.id < k.before
     order by d.name desc, d.version desc limit 1) f
  )
  select d.* from newest d where d.user_id = t.user_id and d.name <> 'Memory' order by d.name) d order by d.id desc limit 3) r) as documents, left(n.instruction, 4001) as instruction
      from everbeat.tasks n where n.id = t.parent_task_id and n.user_id = t.user_id and n.deleted_at is null) r) as parent,
    json_build_object(
  'items', (select coalesce(json_agg(r), '[]') from (
    select n.identifier, left(n.name, 201) as name, n.status from everbeat.tasks n where n.parent_task_id = t.parent_task_id and n.id <> t.id and n.user_id = t.user_id and n.deleted_at is null order by n.number desc limit 20) r),
  'total', (select count(*)::int from (select 1 from everbeat.tasks n where n.parent_task_id = t.parent_task_id and n.id <> t.id and n.user_id = t.user_id and n.deleted_at is null limit 1000) c)) as siblings,
    json_build_object(
  'items', (select coalesce(json_agg(r), '[]') from (
    select n.identifier, left(n.name, 201) as name, n.status, (
  select coalesce(json_agg(r), '[]') from (
    select left(d.name, 81) as name, d.created_at as "updatedAt",
      left(d.content, 2001) as content
    from (
  with recursive newest as (
    (select d.* from everbeat.task_documents d
     where d.task_id = n.id and true and d.id < k.before
     order by d.name desc, d.version desc limit 1)
    union all
    select f.* from newest v cross join lateral (select d.* from everbeat.task_documents d
     where d.task_id = n.id and d.name < v.name and d.id < k.before
     order by d.name desc, d.version desc limit 1) f
  )
  select d.* from newest d where d.user_id = t.user_id and d.name <> 'Memory' order by d.name) d order by d.id desc limit 3) r) as documents, case when n.status = 'completed' then (
  select left(h.handoff, 2001) from (select r.id, r.status, r.handoff from everbeat.topics r  where r.task_id >= n.id
    and (r.task_id, r.id) < (n.id, k.before) and r.user_id = t.user_id order by r.task_id desc, r.id desc limit 5) h
  where h.status = 'done' and h.handoff is not null order by h.id desc limit 1) end as result, (
  select coalesce(json_agg(r), '[]') from (
    select b.identifier, b.status
    from everbeat.task_dependencies d join everbeat.tasks b on b.id = d.depends_on_id and b.user_id = t.user_id and b.deleted_at is null
    where d.task_id = n.id and b.status <> 'completed' order by d.depends_on_id limit 5) r
  ) as "waitsFor" from everbeat.tasks n where n.parent_task_id = t.id and n.user_id = t.user_id and n.deleted_at is null order by n.number desc limit 30) r),
  'total', (select count(*)::int from (select 1 from everbeat.tasks n where n.parent_task_id = t.id and n.user_id = t.user_id and n.deleted_at is null limit 1000) c)) as subtasks,
    json_build_object(
  'items', (select coalesce(json_agg(r), '[]') from (
    select n.identifier, left(n.name, 201) as name, n.status, (
  select coalesce(json_agg(r), '[]') from (
    select left(d.name, 81) as name, d.created_at as "updatedAt",
      left(d.content, 2001) as content
    from (
  with recursive newest as (
    (select d.* from everbeat.task_documents d
     where d.task_id = n.id and true and d.id < k.before
     order by d.name desc, d.version desc limit 1)
    union all
    select f.* from newest v cross join lateral (select d.* from everbeat.task_documents d
     where d.task_id = n.id and d.name < v.name and d.id < k.before
     order by d.name desc, d.version desc limit 1) f
  )
  select d.* from newest d where d.user_id = t.user_id and d.name <> 'Memory' order by d.name) d order by d.id desc limit 3) r) as documents, (
  select left(h.handoff, 2001) from (select r.id, r.status, r.handoff from everbeat.topics r  where r.task_id >= n.id
    and (r.task_id, r.id) < (n.id, k.before) and r.user_id = t.user_id order by r.task_id desc, r.id desc limit 5) h
  where h.status = 'done' and h.handoff is not null order by h.id desc limit 1) as result from everbeat.task_dependencies d join everbeat.tasks n on n.id = d.depends_on_id and n.user_id = t.user_id and n.deleted_at is null where d.task_id = t.id order by d.depends_on_id desc limit 20) r),
  'total', (select count(*)::int from (select 1 from everbeat.task_dependencies d join everbeat.tasks n on n.id = d.depends_on_id and n.user_id = t.user_id and n.deleted_at is null where d.task_id = t.id limit 1000) c)) as dependencies,
    json_build_object(
  'items', (select coalesce(json_agg(r), '[]') from (
    select h.number, h.trigger, h.status, h.created_at as "createdAt",
  left(h.title, 201) as title, left(h.handoff, 4001) as handoff,
  left(h.error, 1001) as error from everbeat.topics h  where h.task_id >= t.id
    and (h.task_id, h.id) < (t.id, k.before) and h.user_id = t.user_id and h.id <> p.id order by h.task_id desc, h.id desc limit 10) r),
  'total', greatest(t.total_topics - 1, 0)) as topics,
    json_build_object(
  'items', (select coalesce(json_agg(r), '[]') from (
    select b.type, b.priority, b.occurrences, b.created_at as "createdAt",
  left(b.title, 201) as title, left(b.summary, 3001) as summary,
  case when b.resolved_at is not null then json_build_object('action', left(b.resolved_action, 201),
    'label', (select left(a.value ->> 'label', 81) from jsonb_array_elements(
      case when jsonb_typeof(b.actions) = 'array' then b.actions else '[]' end) a
      where a.value ->> 'key' = b.resolved_action limit 1),
    'comment', left(b.resolved_comment, 4001), 'at', b.resolved_at,
    'isUnanswered', coalesce(b.resolved_effect ->> 'isUnanswered' = 'true', false),
    'isDefault', coalesce(b.resolved_action = b.default_action, false)) end as resolution from everbeat.briefs b where b.id in (
    (select b.id from everbeat.briefs b  where b.task_id >= t.id
    and (b.task_id, b.id) < (t.id, k.before) and b.user_id = t.user_id order by b.task_id desc, b.id desc limit 15)
    union
    (select b.id from everbeat.briefs b
     where (b.task_id::text) = t.id::text and b.resolved_at <= k.as_of and b.resolved_at is not null and (b.resolved_comment is not null
    or b.resolved_action not in ('recovered', 'dismiss', 'acknowledge'))
       and b.user_id = t.user_id
     order by b.resolved_at desc, b.id desc limit 15)) order by greatest(b.created_at, b.resolved_at) desc, b.id desc limit 30) r),
  'total', (select count(*)::int from (select 1 from everbeat.briefs b  where b.task_id >= t.id
    and (b.task_id, b.id) < (t.id, k.before) and b.user_id = t.user_id limit 1000) c)) as briefs,
    json_build_object(
  'items', (select coalesce(json_agg(r), '[]') from (
    select c.author, c.created_at as "createdAt", left(c.content, 4001) as content from everbeat.task_comments c  where c.task_id >= t.id
    and (c.task_id, c.id) < (t.id, k.before) and c.user_id = t.user_id order by c.task_id desc, c.id desc limit 20) r),
  'total', (select count(*)::int from (select 1 from everbeat.task_comments c  where c.task_id >= t.id
    and (c.task_id, c.id) < (t.id, k.before) and c.user_id = t.user_id limit 1000) c)) as comments,
    json_build_object(
  'items', (select coalesce(json_agg(r), '[]') from (
    select m.role, m.created_at as "createdAt", left(m.content, 4001) as content from everbeat.messages m  where m.topic_id >= p.id
    and (m.topic_id, m.id) < (p.id, k.before) and m.user_id = t.user_id and m.operation_id is distinct from k.operation_id and m.recipe is null
          and not exists (select 1 from everbeat.operations v where v.id = m.operation_id and v.trigger = 'review') order by m.topic_id desc, m.id desc limit 20) r),
  'total', (select count(*)::int from (select 1 from everbeat.messages m  where m.topic_id >= p.id
    and (m.topic_id, m.id) < (p.id, k.before) and m.user_id = t.user_id and m.operation_id is distinct from k.operation_id and m.recipe is null
          and not exists (select 1 from everbeat.operations v where v.id = m.operation_id and v.trigger = 'review') limit 1000) c)) as conversation
  from unnest($1::text[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::timestamptz[]) with ordinality
      as k (user_id, task_id, topic_id, operation_id, before, as_of, position)
    join everbeat.tasks t on t.id = k.task_id and t.user_id = k.user_id and t.deleted_at is null
    join everbeat.topics p on p.id = k.topic_id and p.task_id = t.id and p.user_id = t.user_id