
  with input as (
    select i.* from json_to_recordset($1::json) as i("operationId" uuid, "leaseEpoch" int, steps json, documents jsonb, spent json, reserve json), (select set_config('lock_timeout', '100ms', true)) lock_wait
  ), writers as (
    select t.id from input i join everbeat.operations o on o.id = i."operationId" join everbeat.tasks t on t.id = o.task_id
    where jsonb_array_length(i.documents) > 0
    order by t.id
    for no key update of t
  ), held as (
    select o.id, o.task_id, o.user_id, o.lease_epoch, i.steps, i.documents, i.spent, i.reserve
    from input i join everbeat.operations o on o.id = i."operationId"
    where o.status = 'running' and o.lease_epoch = i."leaseEpoch" and (select count(*) from writers) >= 0
    order by o.id
    for share of o
  ), settling as materialized (
      select s.id, s.outcome, s.micros, s."inputTokens" as input_tokens, s."outputTokens" as output_tokens
      from held h cross join lateral json_to_recordset(h.spent) as s(id uuid, outcome text, micros bigint, "inputTokens" bigint, "outputTokens" bigint)
        join everbeat.spend_entries o on o.id = s.id and o.operation_id is not distinct from h.id
      union all
      select o.id, 'assumed', 0, 0, 0 from held h join everbeat.spend_entries o on o.operation_id = h.id
      where o.state = 'reserved' and o.lease_epoch < h.lease_epoch
  ), settled as (
    update everbeat.spend_entries e set state = case s.outcome when 'released' then 'released' else 'spent' end,
      is_assumed = s.outcome = 'assumed', reserved_usd = 0, settled_at = $2::timestamptz,
      spent_usd = case s.outcome when 'released' then 0 when 'assumed' then e.worst_usd else s.micros * 0.000001 end,
      input_tokens = case s.outcome when 'released' then 0 when 'assumed' then e.worst_tokens else s.input_tokens end,
      output_tokens = case s.outcome when 'spent' then s.output_tokens else 0 end
    from settling s
    where e.id = s.id and e.state = 'reserved'
    returning e.*
  ), settled_deltas as materialized (
    select x.scope, x.id as scope_id, p.period, p.period_key, -sum(e.worst_usd) as reserved_usd, sum(e.spent_usd) as spent_usd,
      sum(greatest(0, e.spent_usd - e.worst_usd)) as unforeseen_usd, -sum(e.worst_tokens) as reserved_tokens,
      sum(e.input_tokens) as input_tokens, sum(e.output_tokens) as output_tokens,
      sum(greatest(0, e.input_tokens + e.output_tokens - e.worst_tokens)) as unforeseen_tokens
    from settled e cross join lateral jsonb_to_recordset(e.scopes) as x(scope text, id text, day text, month text) cross join lateral (values ('day', x.day), ('month', x.month), ('total', '')) p(period, period_key)
    group by 1, 2, 3, 4
  ), asked as (
    select h.id as operation_id, h.lease_epoch, r.id, r."stepIndex" as step_index, r."taskId" as task_id, r."agentId" as agent_id, r."userId" as user_id,
      r.occurrence, r.model, r."isPriced" as is_priced, r."isCostedLater" as is_costed_later, r."worstMicros" * 0.000001 as worst_usd, r."worstTokens" as worst_tokens,
      r.scopes, row_number() over (order by h.id) as turn
    from held h cross join lateral json_to_record(h.reserve) as r(id uuid, "stepIndex" int, "taskId" uuid, "agentId" uuid, "userId" text, occurrence uuid,
      model text, "isPriced" boolean, "isCostedLater" boolean, "worstMicros" bigint, "worstTokens" bigint, scopes jsonb)
    where r.id is not null and not exists (select 1 from everbeat.spend_entries e where e.id = r.id)
  ), wanted as (
    select a.id, a.operation_id, a.turn, a.occurrence, a.is_costed_later, a.worst_usd, a.worst_tokens, x.scope, x.id as scope_id, p.period, p.period_key,
      case p.period when 'day' then case when jsonb_typeof(b.budget -> 'perDayUsd') = 'number' then (b.budget ->> 'perDayUsd')::numeric end when 'month' then case when jsonb_typeof(b.budget -> 'perMonthUsd') = 'number' then (b.budget ->> 'perMonthUsd')::numeric end
        when 'total' then case when jsonb_typeof(b.budget -> 'totalUsd') = 'number' then (b.budget ->> 'totalUsd')::numeric end else case when jsonb_typeof(b.budget -> 'perRunUsd') = 'number' then (b.budget ->> 'perRunUsd')::numeric end end as cap_usd, case when p.period = 'day' then case when jsonb_typeof(b.budget -> 'perDayTokens') = 'number' then (b.budget ->> 'perDayTokens')::numeric end end as cap_tokens
    from asked a cross join lateral jsonb_to_recordset(a.scopes) as x(scope text, id text, day text, month text)
      cross join lateral (select case x.scope
        when 'task' then (select t.config -> 'budget' from everbeat.tasks t where t.id = x.id::uuid)
        when 'agent' then (select g.config -> 'budget' from everbeat.agents g where g.id = x.id::uuid)
        else (select u.budget from everbeat.users u where u.id = x.id) end as budget) b
      cross join lateral (values ('day', x.day), ('month', x.month), ('total', ''), ('run', '')) p(period, period_key)
  ), counters as (
    select c.* from (select scope, scope_id, period, period_key from settled_deltas union select scope, scope_id, period, period_key from wanted where period <> 'run') k
      join everbeat.budget_counters c on c.scope = k.scope and c.scope_id = k.scope_id and c.period = k.period and c.period_key = k.period_key
    order by c.scope, c.scope_id, c.period, c.period_key
    for update of c
  ), filled as (
    select w.*, w.period <> 'run' and c.scope is null as is_missing,
      case when w.period = 'run' then (select coalesce(sum(e.spent_usd + e.reserved_usd), 0) from everbeat.spend_entries e
          where e.occurrence = w.occurrence and not exists (select 1 from settled s where s.id = e.id))
        + (select coalesce(sum(s.spent_usd), 0) from settled s where s.occurrence = w.occurrence)
        else c.spent_usd + c.reserved_usd + coalesce(d.spent_usd + d.reserved_usd, 0)
          + sum(w.worst_usd) over before - w.worst_usd end as used_usd,
      c.input_tokens + c.output_tokens + c.reserved_tokens
        + coalesce(d.input_tokens + d.output_tokens + d.reserved_tokens, 0)
        + sum(w.worst_tokens) over before - w.worst_tokens as used_tokens
    from wanted w left join counters c on c.scope = w.scope and c.scope_id = w.scope_id and c.period = w.period and c.period_key = w.period_key left join settled_deltas d on d.scope = w.scope and d.scope_id = w.scope_id and d.period = w.period and d.period_key = w.period_key
    window before as (partition by w.scope, w.scope_id, w.period, w.period_key order by w.turn)
  ), judged as (
    select f.id, f.operation_id, bool_or(f.is_missing) as is_missing, coalesce(bool_or(case when f.is_costed_later then f.used_usd >= f.cap_usd
        else f.worst_usd > 0 and f.used_usd + f.worst_usd > f.cap_usd end) or bool_or(f.used_tokens + f.worst_tokens > f.cap_tokens), false) as is_full,
      coalesce(json_agg(json_build_object('scope', f.scope, 'scopeId', f.scope_id, 'cap', case f.period when 'day' then 'perDayUsd' when 'month' then 'perMonthUsd' when 'total' then 'totalUsd' else 'perRunUsd' end,
        'limit', round(f.cap_usd * 1000000)::float8, 'used', round(f.used_usd * 1000000)::float8, 'asked', round(f.worst_usd * 1000000)::float8)) filter (where case when f.is_costed_later then f.used_usd >= f.cap_usd
        else f.worst_usd > 0 and f.used_usd + f.worst_usd > f.cap_usd end), '[]') as full_usd,
      coalesce(json_agg(json_build_object('scope', f.scope, 'scopeId', f.scope_id, 'cap', 'perDayTokens',
        'limit', f.cap_tokens, 'used', f.used_tokens, 'asked', f.worst_tokens)) filter (where f.used_tokens + f.worst_tokens > f.cap_tokens), '[]') as full_tokens
    from filled f group by f.id, f.operation_id
  ), granted as (
    select a.* from asked a join judged j on j.id = a.id where not j.is_missing and not j.is_full
  ), granted_deltas as materialized (
    select w.scope, w.scope_id, w.period, w.period_key, sum(w.worst_usd) as reserved_usd, sum(w.worst_tokens) as reserved_tokens,
      max(w.cap_usd) as cap_usd, max(w.cap_tokens) as cap_tokens
    from wanted w join granted g on g.id = w.id where w.period <> 'run' group by 1, 2, 3, 4
  ), new_entries as (
    insert into everbeat.spend_entries (id, operation_id, step_index, task_id, agent_id, user_id, occurrence, model, lease_epoch, scopes, is_priced,
      worst_usd, worst_tokens, reserved_usd, state, created_at)
    select id, operation_id, step_index, task_id, agent_id, user_id, occurrence, model, lease_epoch, scopes, is_priced,
      worst_usd, worst_tokens, worst_usd, 'reserved', $2::timestamptz
    from granted
  ), counted as (
    update everbeat.budget_counters c set reserved_usd = k.reserved_usd + coalesce(settled_deltas.reserved_usd, 0) + coalesce(granted_deltas.reserved_usd, 0), spent_usd = k.spent_usd + coalesce(settled_deltas.spent_usd, 0), unforeseen_usd = k.unforeseen_usd + coalesce(settled_deltas.unforeseen_usd, 0), reserved_tokens = k.reserved_tokens + coalesce(settled_deltas.reserved_tokens, 0) + coalesce(granted_deltas.reserved_tokens, 0), input_tokens = k.input_tokens + coalesce(settled_deltas.input_tokens, 0), output_tokens = k.output_tokens + coalesce(settled_deltas.output_tokens, 0), unforeseen_tokens = k.unforeseen_tokens + coalesce(settled_deltas.unforeseen_tokens, 0), cap_usd = case when granted_deltas.scope is null then k.cap_usd else granted_deltas.cap_usd end, cap_tokens = case when granted_deltas.scope is null then k.cap_tokens else granted_deltas.cap_tokens end
    from counters k left join settled_deltas on settled_deltas.scope = k.scope and settled_deltas.scope_id = k.scope_id and settled_deltas.period = k.period and settled_deltas.period_key = k.period_key left join granted_deltas on granted_deltas.scope = k.scope and granted_deltas.scope_id = k.scope_id and granted_deltas.period = k.period and granted_deltas.period_key = k.period_key
    where c.scope = k.scope and c.scope_id = k.scope_id and c.period = k.period and c.period_key = k.period_key and (settled_deltas.scope is not null or granted_deltas.scope is not null)
  ), recorded as (
    insert into everbeat.operation_steps (operation_id, index, kind, name, status, policy, occurrence, input, result, usage,
      brief_id, started_at, ended_at)
    select h.id, s.index, s.kind, s.name, s.status, s.policy, s.occurrence, nullif(s.input::text, 'null')::json, nullif(s.result::text, 'null')::json,
      nullif(s.usage, 'null'), s."briefId", $2::timestamptz,
      case when s.status not in ('started', 'waiting') then $2::timestamptz end
    from held h cross join lateral json_to_recordset(h.steps) as s(index int, kind text, name text, status text, policy text,
      occurrence text, input json, result json, usage jsonb, "briefId" uuid)
    where not exists (
      select 1 from asked a where a.operation_id = h.id and a.step_index = s.index and not exists (select 1 from granted g where g.id = a.id))
    on conflict (operation_id, index) do update set
      name = excluded.name, status = excluded.status, input = coalesce(excluded.input, operation_steps.input), result = excluded.result,
      usage = excluded.usage, brief_id = coalesce(excluded.brief_id, operation_steps.brief_id),
      started_at = case when operation_steps.ended_at is null then operation_steps.started_at else excluded.started_at end,
      ended_at = excluded.ended_at
    where operation_steps.ended_at is null or (operation_steps.kind = 'model' and operation_steps.status = 'failed')
    returning operation_id, index, ended_at
  ), written as (
    select h.id as operation_id, h.task_id, h.user_id, h.documents from held h
    where jsonb_array_length(h.documents) > 0 and exists (
      select 1 from recorded r where r.operation_id = h.id and r.ended_at is not null
        and r.index = (select max(s.index) from json_to_recordset(h.steps) as s(index int)))
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
    insert into everbeat.task_activities (task_id, user_id, kind, reason, ref_id, created_at)
    select task_id, user_id, 'document', name, operation_id, $2::timestamptz from new_documents
  )
  select h.id, j.is_missing as "isMissing", j.full_usd as "fullUsd", j.full_tokens as "fullTokens"
  from held h left join judged j on j.operation_id = h.id and (j.is_missing or j.is_full)