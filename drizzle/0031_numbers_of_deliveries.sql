-- Deliveries that have ended are removed after 90 days, also while their brief is open. So the next one has the number
-- after the highest, not after how many there are: a number that is taken would fail the statement that writes the
-- brief. Its id holds the time as well, because all may have been removed, and a far side may still know the first.
CREATE OR REPLACE FUNCTION "everbeat"."tell_channels"() RETURNS trigger
LANGUAGE plpgsql AS $$
declare
  news text := coalesce(tg_argv[0], everbeat.news_kind(new.type, new.priority, new.purpose));
begin
  if current_setting('everbeat.restoring', true) = 'on' then
    return null;
  end if;
  insert into everbeat.deliveries (id, brief_id, channel_id, task_id, user_id, kind, number, status, due_at, created_at)
  select (substr(h.hash, 1, 12) || '8' || substr(h.hash, 14, 3) || '8' || substr(h.hash, 18, 15))::uuid,
    new.id, c.id, new.task_id, new.user_id, news, n.next, 'pending', new.updated_at, new.updated_at
  from everbeat.channels c
  left join everbeat.channel_task_rules r on r.task_id = new.task_id and r.channel_id = c.id
  cross join lateral (
    select coalesce(max(d.number), 0) + 1 as next,
      coalesce(bool_or(d.status = 'pending'), false) as is_pending,
      coalesce(bool_or(d.kind <> 'recovered' and d.status in ('sending', 'sent', 'unknown')), false) as is_told
    from everbeat.deliveries d where d.brief_id = new.id and d.channel_id = c.id
  ) n
  cross join lateral (
    select encode(sha256(convert_to(concat_ws(' ', new.id, c.id, n.next, extract(epoch from new.updated_at)), 'UTF8')), 'hex') as hash
  ) h
  where c.user_id = new.user_id and c.is_enabled and c.id is distinct from new.channel_id
    and coalesce(r.rules ->> news, c.rules ->> news, 'never') <> 'never'
    and case when news = 'recovered' then n.is_told else not n.is_pending end;
  return null;
end $$;
