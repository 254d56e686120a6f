
  with input as (
    select i.* from jsonb_to_recordset($1::jsonb) as i(
      "group" int, "group_size" int, "task_id" uuid, "user_id" text, "revision" int, "from_status" text, "to_status" text, "scheduler" jsonb, "error" text, "reason" text, "fields" jsonb, "dropped" uuid[], "operation" jsonb, "arm" jsonb, "end_tick" jsonb, "briefs" jsonb, "resolved" jsonb, "recover" text[], "outage" jsonb, "messages" jsonb, "comments" jsonb, "subtasks" jsonb, "memory" jsonb, "documents" jsonb, "spend" jsonb, "is_idle" boolean, "activities" jsonb), (select set_config('lock_timeout', '500ms', true)) lock_wait
  ), locked as (
    select i.*, case when i.fields is not null then jsonb_populate_record(t, i.fields) end as edited,
      t.context -> 'scheduler' ->> 'tickToken' as current_token, t.muted_at
    from input i join everbeat.tasks t on t.id = i.task_id
    where t.user_id = i.user_id and t.revision = i.revision and t.status = i.from_status
      and (i.arm ->> 'due_reason' is distinct from 'absence'
      or t.seen_at is null or t.seen_at <= (i.scheduler -> 'absence' ->> 'since')::timestamptz)
    order by t.id
    for update of t 
  ), running as (
    select o.id from locked l join everbeat.operations o on o.id = (l.operation ->> 'id')::uuid
    where l.group_size > 1 and o.task_id is not distinct from l.task_id and o.status not in ('done', 'error', 'interrupted', 'timeout', 'budget')
    order by o.id
    for update of o
  ), whole as (
    select *, count(*) filter (
      where group_size = 1 or operation is null or (operation ->> 'id')::uuid in (select id from running)
    ) over (partition by "group") as group_found
    from locked
  ), ended_operations as (
    update everbeat.operations o set
      status = w.operation ->> 'status', finished_at = case when w.operation ->> 'status' in ('running', 'waiting') then null else $2::timestamptz end,
      executed_at = case when w.operation ->> 'status' in ('running', 'waiting') then null else o.executed_at end,
      lease_epoch = o.lease_epoch + case when w.operation ->> 'status' in ('running', 'waiting') then 1 else 0 end,
      lease_expires_at = coalesce((w.operation ->> 'lease_expires_at')::timestamptz, o.lease_expires_at),
      error_code = w.operation ->> 'error_code', error_message = w.operation ->> 'error_message',
      failure_class = w.operation ->> 'failure_class',
      usage = nullif(w.operation -> 'usage', 'null'), review = nullif(w.operation -> 'review', 'null')
    from whole w
    where w.group_found = w.group_size and o.id = (w.operation ->> 'id')::uuid
      and o.task_id is not distinct from w.task_id and o.status not in ('done', 'error', 'interrupted', 'timeout', 'budget')
      and o.lease_epoch = coalesce((w.operation ->> 'lease_epoch')::int, o.lease_epoch)
    returning w.*, o.id as operation_id, o.topic_id, o.started_at
  ), written as (
    select * from ended_operations
    union all
    select *, null, null, null from whole where group_found = group_size and operation is null
  ), undone_topics as (
    delete from everbeat.topics p using written w where p.id = w.topic_id and (coalesce((w.operation ->> 'is_undone')::boolean, false) and p.created_at = w.started_at)
    returning p.task_id
  ), updated as (
    update everbeat.tasks t set
      status = w.to_status, error = w.error, revision = t.revision + 1, updated_at = $2::timestamptz,
      completed_at = case when w.to_status = 'completed' then coalesce(case when w.fields is null then t.completed_at else (w.edited).completed_at end, $2::timestamptz) end,
      paused_reason = case when w.to_status = 'paused' then case when w.fields is null then t.paused_reason else (w.edited).paused_reason end end,
      total_topics = t.total_topics - (select count(*)::int from undone_topics u where u.task_id = t.id),
      context = case when w.scheduler is null then t.context else jsonb_set(case when jsonb_typeof(t.context) = 'object' then t.context else '{}' end, '{scheduler}', w.scheduler) end,
      name = case when w.fields is null then t.name else (w.edited).name end,
      instruction = case when w.fields is null then t.instruction else (w.edited).instruction end,
      agent_id = case when w.fields is null then t.agent_id else (w.edited).agent_id end,
      parent_task_id = case when w.fields is null then t.parent_task_id else (w.edited).parent_task_id end,
      priority = case when w.fields is null then t.priority else (w.edited).priority end,
      automation_mode = case when w.fields is null then t.automation_mode else (w.edited).automation_mode end,
      heartbeat_interval = case when w.fields is null then t.heartbeat_interval else (w.edited).heartbeat_interval end,
      heartbeat_timeout = case when w.fields is null then t.heartbeat_timeout else (w.edited).heartbeat_timeout end,
      schedule_pattern = case when w.fields is null then t.schedule_pattern else (w.edited).schedule_pattern end,
      schedule_timezone = case when w.fields is null then t.schedule_timezone else (w.edited).schedule_timezone end,
      max_topics = case when w.fields is null then t.max_topics else (w.edited).max_topics end,
      config = case when w.fields is null then t.config else (w.edited).config end,
      instruction_author = case when w.fields is null or (w.edited).instruction = t.instruction then t.instruction_author else 'user' end,
      deleted_at = case when w.fields is null then t.deleted_at else (w.edited).deleted_at end,
      thin_at_topics = case when w.fields -> 'config' is null then t.thin_at_topics else 0 end
    from written w where t.id = w.task_id
    returning t.id
  ), dropped_dependencies as (
    delete from everbeat.task_dependencies d using written w
    where d.task_id = w.task_id and d.depends_on_id = any(w.dropped)
    returning d.task_id, d.depends_on_id, d.user_id
  ), counters as (
    update everbeat.users u set task_counter = u.task_counter + n.size
    from (
      select user_id, sum(jsonb_array_length(subtasks))::int as size
      from written where jsonb_array_length(subtasks) > 0 group by user_id
    ) n
    where u.id = n.user_id
    returning u.id, u.task_counter - n.size as base
  ), new_subtasks as (
    insert into everbeat.tasks (id, user_id, number, identifier, name, instruction, instruction_author, agent_id, parent_task_id,
      status, context, created_at, updated_at)
    select s.id, s.user_id, s.number, 'T-' || s.number, s.name, s.instruction, 'agent', p.agent_id, s.task_id,
      case when s.scheduler is null then 'backlog' else 'scheduled' end,
      case when s.scheduler is null then '{}'::jsonb else jsonb_build_object('scheduler', s.scheduler) end,
      $2::timestamptz, $2::timestamptz
    from (
      select w.task_id, w.user_id, n.id, n.name, n.instruction, nullif(n.scheduler, 'null') as scheduler,
        c.base + row_number() over (partition by w.user_id order by n.id) as number
      from written w cross join lateral jsonb_to_recordset(w.subtasks) as n(
        id uuid, name text, instruction text, scheduler jsonb)
      join counters c on c.id = w.user_id
    ) s join everbeat.tasks p on p.id = s.task_id
    returning id, user_id, parent_task_id, status, context -> 'scheduler' as scheduler
  ), ended_topics as (
    update everbeat.topics p set
      status = case when (w.operation ? 'review' and not w.operation ->> 'status' in ('running', 'waiting')) then 'done' else w.operation ->> 'status' end,
      ended_at = case when w.operation ->> 'status' in ('running', 'waiting') then null else $2::timestamptz end,
      error = case when not (w.operation ? 'review' and not w.operation ->> 'status' in ('running', 'waiting')) then w.operation ->> 'error_message' end,
      failure_class = case when not (w.operation ? 'review' and not w.operation ->> 'status' in ('running', 'waiting')) then w.operation ->> 'failure_class' end,
      usage = case when w.operation -> 'usage' = 'null' then p.usage when p.usage is null then w.operation -> 'usage' else (
        select jsonb_object_agg(u.field, u.amount) from (
          select e.key as field, sum(e.value::numeric) as amount
          from (values (p.usage), (w.operation -> 'usage')) v(usage) cross join lateral jsonb_each_text(v.usage) e
          group by e.key) u) end,
      title = coalesce(w.operation ->> 'title', p.title), handoff = coalesce(w.operation ->> 'handoff', p.handoff)
    from written w where p.id = w.topic_id and not (coalesce((w.operation ->> 'is_undone')::boolean, false) and p.created_at = w.started_at)
  ), ended_ticks as (
    update everbeat.task_ticks k set outcome = coalesce(w.end_tick ->> 'outcome', 'superseded'),
      reason = coalesce(w.end_tick ->> 'reason', 'unreadable'), ended_at = $2::timestamptz
    from written w
    where w.scheduler is not null and k.token = coalesce((w.end_tick ->> 'token')::uuid, case when w.current_token ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then (w.current_token)::uuid end)
      and k.task_id is not distinct from w.task_id and k.outcome is null
  ), armed as (
    insert into everbeat.task_ticks (token, task_id, user_id, trigger, due_at, due_reason, armed_at, published_at, message_id)
    select (arm ->> 'token')::uuid, task_id, user_id, arm ->> 'trigger', (arm ->> 'due_at')::timestamptz, arm ->> 'due_reason',
      $2::timestamptz, $2::timestamptz, arm ->> 'message_id'
    from written where arm is not null
    union all
    select (scheduler ->> 'tickToken')::uuid, id, user_id, scheduler ->> 'trigger', (scheduler ->> 'dueAt')::timestamptz, null,
      $2::timestamptz, $2::timestamptz, scheduler ->> 'tickMessageId'
    from new_subtasks where scheduler is not null
  ), resolved_briefs as (
    update everbeat.briefs b set resolved_at = $2::timestamptz, updated_at = $2::timestamptz,
      resolved_action = r.action, resolved_comment = r.comment, resolved_effect = r.effect
    from written w cross join lateral jsonb_to_recordset(w.resolved)
      as r(id uuid, action text, comment text, effect jsonb)
    where b.id = r.id and b.task_id is not distinct from w.task_id and b.resolved_at is null
    returning b.id, b.task_id, b.user_id,
      case when b.resolved_effect ->> 'isUnanswered' = 'true' then 'default-taken' else 'resolved' end as change
  ), recovered_briefs as (
    update everbeat.briefs b set resolved_at = $2::timestamptz, updated_at = $2::timestamptz, resolved_action = 'recovered'
    from written w cross join lateral (
      select f.id from everbeat.briefs f
      where f.task_id = w.task_id and f.purpose = any(w.recover) and f.resolved_at is null
        and not exists (select 1 from jsonb_to_recordset(w.resolved) as r(id uuid) where r.id = f.id) offset 0) f
    where b.id = f.id and b.resolved_at is null
    returning b.id, b.task_id, b.user_id, 'recovered' as change
  ), opened_briefs as (
    insert into everbeat.briefs (id, task_id, topic_id, user_id, type, priority, title, summary, actions, purpose, key,
      document, subject_ids, pictures, expires_at, default_action, escalate_at, read_at, created_at, updated_at)
    select n.id, w.task_id, w.topic_id, w.user_id, n.type, n.priority, n.title, n.summary, n.actions, n.purpose, n.key,
      n.document, n."subjectIds", n.pictures, n."expiresAt", n."defaultAction", coalesce(n."escalateAt", case when n.priority = 'urgent' and n.type <> 'error'
        then $2::timestamptz + make_interval(secs => 14400) end), case when w.muted_at is not null and not (n.priority = 'urgent' or n.type = 'decision' or coalesce(n.purpose, '') = 'approval') then $2::timestamptz end, $2::timestamptz, $2::timestamptz
    from written w cross join lateral jsonb_to_recordset(w.briefs) as n(
      id uuid, type text, priority text, title text, summary text, actions jsonb, purpose text, key text, document text,
      "subjectIds" uuid[], pictures uuid[], "expiresAt" timestamptz, "defaultAction" text, "escalateAt" timestamptz)
    where n.key is null
    on conflict (task_id, purpose) where resolved_at is null and purpose is not null do update set
      occurrences = briefs.occurrences + 1, priority = case when 'urgent' in (briefs.priority, excluded.priority) then 'urgent'
        when 'normal' in (briefs.priority, excluded.priority) then 'normal' else 'info' end, title = excluded.title, summary = case when excluded.purpose = 'change' and (briefs.read_at is null or excluded.read_at is not null)
        then left(excluded.summary || E'\n\n---\n\n' || briefs.summary, 20000)
        else excluded.summary end,
      actions = excluded.actions, document = excluded.document, subject_ids = briefs.subject_ids || excluded.subject_ids,
      pictures = case when (briefs.read_at is null or excluded.read_at is not null) and cardinality(briefs.pictures) = 2 and cardinality(excluded.pictures) > 0
        then array[briefs.pictures[1], excluded.pictures[cardinality(excluded.pictures)]] else excluded.pictures end, expires_at = case when excluded.expires_at is not null and briefs.default_action is not distinct from excluded.default_action
          and everbeat.question_hash(briefs.type, briefs.priority, briefs.purpose, briefs.title, briefs.summary, briefs.actions) = everbeat.question_hash(briefs.type, briefs.priority, briefs.purpose, excluded.title, excluded.summary, excluded.actions)
        then least(briefs.expires_at, excluded.expires_at) else excluded.expires_at end, default_action = excluded.default_action,
      escalate_at = case when everbeat.question_hash(briefs.type, briefs.priority, briefs.purpose, briefs.title, briefs.summary, briefs.actions) = everbeat.question_hash(briefs.type, briefs.priority, briefs.purpose, excluded.title, excluded.summary, excluded.actions)
        then case when briefs.escalated_at is null then coalesce(briefs.escalate_at, excluded.escalate_at) end
        else excluded.escalate_at end, escalated_at = case when everbeat.question_hash(briefs.type, briefs.priority, briefs.purpose, briefs.title, briefs.summary, briefs.actions) = everbeat.question_hash(briefs.type, briefs.priority, briefs.purpose, excluded.title, excluded.summary, excluded.actions) then briefs.escalated_at end, asked_at = case when everbeat.question_hash(briefs.type, briefs.priority, briefs.purpose, briefs.title, briefs.summary, briefs.actions) = everbeat.question_hash(briefs.type, briefs.priority, briefs.purpose, excluded.title, excluded.summary, excluded.actions) then briefs.asked_at else excluded.updated_at end, topic_id = excluded.topic_id,
      updated_at = excluded.updated_at, read_at = excluded.read_at, snoozed_at = null, snoozed_until = null
    returning id, task_id, user_id, case when occurrences = 1 then 'opened' else 'repeated' end as change
  ), opened_keyed_briefs as (
    insert into everbeat.briefs (id, task_id, topic_id, user_id, type, priority, title, summary, actions, purpose, key,
      document, subject_ids, pictures, expires_at, default_action, escalate_at, read_at, created_at, updated_at)
    select n.id, w.task_id, w.topic_id, w.user_id, n.type, n.priority, n.title, n.summary, n.actions, n.purpose, n.key,
      n.document, n."subjectIds", n.pictures, n."expiresAt", n."defaultAction", coalesce(n."escalateAt", case when n.priority = 'urgent' and n.type <> 'error'
        then $2::timestamptz + make_interval(secs => 14400) end), case when w.muted_at is not null and not (n.priority = 'urgent' or n.type = 'decision' or coalesce(n.purpose, '') = 'approval') then $2::timestamptz end, $2::timestamptz, $2::timestamptz
    from written w cross join lateral jsonb_to_recordset(w.briefs) as n(
      id uuid, type text, priority text, title text, summary text, actions jsonb, purpose text, key text, document text,
      "subjectIds" uuid[], pictures uuid[], "expiresAt" timestamptz, "defaultAction" text, "escalateAt" timestamptz)
    where n.key is not null
    on conflict (task_id, type, key) where resolved_at is null and key is not null do update set
      occurrences = briefs.occurrences + 1, priority = case when 'urgent' in (briefs.priority, excluded.priority) then 'urgent'
        when 'normal' in (briefs.priority, excluded.priority) then 'normal' else 'info' end, title = excluded.title, summary = case when excluded.purpose = 'change' and (briefs.read_at is null or excluded.read_at is not null)
        then left(excluded.summary || E'\n\n---\n\n' || briefs.summary, 20000)
        else excluded.summary end,
      actions = excluded.actions, document = excluded.document, subject_ids = briefs.subject_ids || excluded.subject_ids,
      pictures = case when (briefs.read_at is null or excluded.read_at is not null) and cardinality(briefs.pictures) = 2 and cardinality(excluded.pictures) > 0
        then array[briefs.pictures[1], excluded.pictures[cardinality(excluded.pictures)]] else excluded.pictures end, expires_at = case when excluded.expires_at is not null and briefs.default_action is not distinct from excluded.default_action
          and everbeat.question_hash(briefs.type, briefs.priority, briefs.purpose, briefs.title, briefs.summary, briefs.actions) = everbeat.question_hash(briefs.type, briefs.priority, briefs.purpose, excluded.title, excluded.summary, excluded.actions)
        then least(briefs.expires_at, excluded.expires_at) else excluded.expires_at end, default_action = excluded.default_action,
      escalate_at = case when everbeat.question_hash(briefs.type, briefs.priority, briefs.purpose, briefs.title, briefs.summary, briefs.actions) = everbeat.question_hash(briefs.type, briefs.priority, briefs.purpose, excluded.title, excluded.summary, excluded.actions)
        then case when briefs.escalated_at is null then coalesce(briefs.escalate_at, excluded.escalate_at) end
        else excluded.escalate_at end, escalated_at = case when everbeat.question_hash(briefs.type, briefs.priority, briefs.purpose, briefs.title, briefs.summary, briefs.actions) = everbeat.question_hash(briefs.type, briefs.priority, briefs.purpose, excluded.title, excluded.summary, excluded.actions) then briefs.escalated_at end, asked_at = case when everbeat.question_hash(briefs.type, briefs.priority, briefs.purpose, briefs.title, briefs.summary, briefs.actions) = everbeat.question_hash(briefs.type, briefs.priority, briefs.purpose, excluded.title, excluded.summary, excluded.actions) then briefs.asked_at else excluded.updated_at end, topic_id = excluded.topic_id,
      updated_at = excluded.updated_at, read_at = excluded.read_at, snoozed_at = null, snoozed_until = null
    returning id, task_id, user_id, case when occurrences = 1 then 'opened' else 'repeated' end as change
  ), opened_outages as (
    insert into everbeat.briefs (id, task_id, topic_id, user_id, type, priority, title, summary, actions, far_side,
      created_at, updated_at)
    select (w.outage -> 'brief' ->> 'id')::uuid, w.task_id, w.topic_id, w.user_id, 'error',
      w.outage -> 'brief' ->> 'priority', w.outage -> 'brief' ->> 'title', w.outage -> 'brief' ->> 'summary',
      w.outage -> 'brief' -> 'actions', w.outage ->> 'far_side', $2::timestamptz, $2::timestamptz
    from (
      select distinct on (user_id, outage ->> 'far_side') * from written where outage ->> 'act' = 'open'
      order by user_id, outage ->> 'far_side', task_id
    ) w
    where not exists (
        select 1 from everbeat.briefs b where b.user_id = w.user_id and b.far_side = w.outage ->> 'far_side'
          and (b.resolved_at is null
            or (b.resolved_action <> 'recovered' and b.created_at >= (w.outage ->> 'since')::timestamptz)))
      and pg_try_advisory_xact_lock(hashtext('everbeat outage'), hashtext(w.user_id || ' ' || (w.outage ->> 'far_side')))
    on conflict do nothing
    returning id, task_id, user_id, 'opened' as change
  ), raised_outages as (
    update everbeat.briefs b set priority = 'urgent', title = f.brief ->> 'title', summary = f.brief ->> 'summary',
      read_at = null, snoozed_at = null, snoozed_until = null, updated_at = $2::timestamptz
    from (
      select o.id, w.outage -> 'brief' as brief
      from written w cross join lateral (
      select f.id from everbeat.briefs f
      where f.user_id = w.user_id and f.far_side = w.outage ->> 'far_side' and f.resolved_at is null and f.priority <> 'urgent'
      offset 0 for update skip locked) o
      where w.outage ->> 'act' = 'open' and w.outage -> 'brief' ->> 'priority' = 'urgent'
    ) f
    where b.id = f.id
    returning b.id, b.task_id, b.user_id, 'repeated' as change
  ), closed_outages as (
    update everbeat.briefs b set resolved_at = $2::timestamptz, updated_at = $2::timestamptz, resolved_action = 'recovered'
    from (
      select o.id from written w cross join lateral (
      select f.id from everbeat.briefs f
      where f.user_id = w.user_id and f.far_side = w.outage ->> 'far_side' and f.resolved_at is null and true
      offset 0 for update skip locked) o where w.outage ->> 'act' = 'close'
    ) f
    where b.id = f.id
    returning b.id, b.task_id, b.user_id, 'recovered' as change
  ), new_messages as (
    insert into everbeat.messages (id, topic_id, user_id, operation_id, role, content, recipe, created_at)
    select n.id, w.topic_id, w.user_id, w.operation_id, n.role, n.content, decode(n.recipe, 'base64'), $2::timestamptz
    from written w cross join lateral jsonb_to_recordset(w.messages) as n(id uuid, role text, content text, recipe text)
    where w.topic_id is not null
    on conflict (id) do nothing
  ), new_comments as (
    insert into everbeat.task_comments (id, task_id, user_id, author, content, created_at)
    select n.id, w.task_id, w.user_id, n.author, n.content, $2::timestamptz
    from written w cross join lateral jsonb_to_recordset(w.comments) as n(id uuid, author text, content text)
    returning id, task_id, user_id
  ), memories as (
    insert into everbeat.task_memories (task_id, user_id, memory, updated_at)
    select task_id, user_id, memory -> 'value', $2::timestamptz from written where memory is not null
    on conflict (task_id) do update set memory = excluded.memory, updated_at = excluded.updated_at
  ), new_documents as (
    insert into everbeat.task_documents (id, task_id, user_id, name, version, content, author, operation_id, created_at)
    select n.id, w.task_id, w.user_id, n.name, n.version, n.text, 'agent', w.operation_id, $2::timestamptz
    from written w cross join lateral (
      select n.id, n.name, n.version, d.content as before, case when n.append
        then coalesce(d.content || case when right(d.content, 1) in ('', E'\n') then '' else E'\n' end, '') || n.content else n.content end as text
      from jsonb_to_recordset(w.documents) as n(id uuid, name text, version int, content text, append boolean)
        left join everbeat.task_documents d
          on d.task_id = w.task_id and d.name = n.name and d.version = n.version - 1) n
    where n.text is distinct from n.before and w.operation_id is not null
    returning task_id, user_id, name, version, operation_id
  ), old_documents as (
    delete from everbeat.task_documents d using new_documents n
    where d.task_id = n.task_id and d.name = n.name and d.version <= n.version - 50
  ), history as (
    insert into everbeat.task_activities (task_id, user_id, kind, from_status, to_status, reason, ref_id, created_at, changes)
    select task_id, user_id, 'status', from_status, to_status, reason, operation_id, $2::timestamptz, null::jsonb
      from written where from_status <> to_status
    union all
    select w.task_id, w.user_id, n.kind, null, null, n.reason, n.ref_id, $2::timestamptz, n.changes
      from written w cross join lateral jsonb_to_recordset(w.activities) as n(kind text, reason text, ref_id uuid, changes jsonb)
    union all
    select task_id, user_id, 'arm', null, null, reason, null, $2::timestamptz, null
      from written where arm is not null and from_status = to_status
    union all
    select task_id, user_id, 'brief', null, null, change, id, $2::timestamptz, null from opened_briefs
    union all
    select task_id, user_id, 'brief', null, null, change, id, $2::timestamptz, null from opened_keyed_briefs
    union all
    select task_id, user_id, 'brief', null, null, change, id, $2::timestamptz, null from resolved_briefs
    union all
    select task_id, user_id, 'brief', null, null, change, id, $2::timestamptz, null from recovered_briefs
    union all
    select task_id, user_id, 'brief', null, null, change, id, $2::timestamptz, null from opened_outages
    union all
    select task_id, user_id, 'brief', null, null, change, id, $2::timestamptz, null from raised_outages
    union all
    select task_id, user_id, 'brief', null, null, change, id, $2::timestamptz, null from closed_outages
    union all
    select task_id, user_id, 'comment', null, null, 'added', id, $2::timestamptz, null from new_comments
    union all
    select task_id, user_id, 'document', null, null, name, operation_id, $2::timestamptz, null from new_documents
    union all
    select task_id, user_id, 'edit', null, null, 'dependency-removed', depends_on_id, $2::timestamptz, null from dropped_dependencies
    union all
    select depends_on_id, user_id, 'edit', null, null, 'dependent-removed', task_id, $2::timestamptz, null from dropped_dependencies
    union all
    select id, user_id, 'status', null, status, 'created-by-agent', null, $2::timestamptz, null from new_subtasks
    union all
    select parent_task_id, user_id, 'edit', null, null, 'subtask-added', id, $2::timestamptz, null from new_subtasks
  )
  select id, exists (select from recovered_briefs r where r.task_id = updated.id) as "hasRecovered" from updated